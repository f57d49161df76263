#include "gimp2/arguments.h"

#include <string.h>

#include "core/texts.h"

#define FULL "-with-options"

static GimpPDBArgType
type_of (const SmearArg *arg)
{
  switch (arg->kind)
    {
    case SMEAR_ARG_BOOLEAN:
    case SMEAR_ARG_INT:
      return GIMP_PDB_INT32;
    case SMEAR_ARG_DOUBLE:
      return GIMP_PDB_FLOAT;
    case SMEAR_ARG_DOUBLE_ARRAY:
      return GIMP_PDB_FLOATARRAY;
    case SMEAR_ARG_IMAGE:
      return GIMP_PDB_IMAGE;
    default:
      return GIMP_PDB_STRING;
    }
}

/* What the procedure browser says: the title and what may be given. */
static char *
describe (const SmearArg *arg)
{
  g_autofree char *choices = NULL;

  switch (arg->kind)
    {
    case SMEAR_ARG_BOOLEAN:
      return g_strdup_printf ("%s { FALSE, TRUE }", _ (arg->title));
    case SMEAR_ARG_INT:
    case SMEAR_ARG_DOUBLE:
      if (arg->minimum < arg->maximum)
        return g_strdup_printf ("%s (%g <= %s <= %g)", _ (arg->title), arg->minimum,
                                arg->name, arg->maximum);
      return g_strdup (_ (arg->title));
    case SMEAR_ARG_CHOICE:
      choices = g_strjoinv ("\", \"", (char **)arg->choices);
      return g_strdup_printf ("%s { \"%s\" }", _ (arg->title), choices);
    default:
      return g_strdup (_ (arg->title));
    }
}

static void
add_def (GArray *defs, GimpPDBArgType type, const char *name, char *description)
{
  GimpParamDef def = { type, g_strdup (name), description };
  g_array_append_val (defs, def);
}

gint
smear_gimp2_first (const SmearProcedure *procedure)
{
  return procedure->on == SMEAR_ON_DRAWABLE ? 3 : procedure->on == SMEAR_ON_IMAGE ? 2 : 1;
}

/* For counting up: NULL past the last. */
static const SmearArg *
nth_arg (const SmearGimp2Call *call, guint n)
{
  if (call->full)
    return smear_procedure_arg (call->procedure, n);
  return call->procedure->arguments[n].name ? &call->procedure->arguments[n] : NULL;
}

gboolean
smear_gimp2_call_find (const char *name, SmearGimp2Call *call)
{
  g_autofree char *plain = g_strdup (name);

  call->full = g_str_has_suffix (name, FULL);
  if (call->full)
    plain[strlen (name) - strlen (FULL)] = '\0';
  call->procedure = smear_procedure_find (plain);
  return call->procedure != NULL;
}

static GArray *
parameters_of (const SmearGimp2Call *call)
{
  GArray *params = g_array_new (FALSE, FALSE, sizeof (GimpParamDef));
  const SmearArg *arg;

  add_def (params, GIMP_PDB_INT32, "run-mode",
           g_strdup ("The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), "
                     "RUN-WITH-LAST-VALS (2) }"));
  if (call->procedure->on != SMEAR_ON_NOTHING)
    add_def (params, GIMP_PDB_IMAGE, "image", g_strdup ("Input image"));
  if (call->procedure->on == SMEAR_ON_DRAWABLE)
    add_def (params, GIMP_PDB_DRAWABLE, "drawable", g_strdup ("Input layer"));
  for (guint i = 0; (arg = nth_arg (call, i)); i++)
    add_def (params, type_of (arg), arg->name, describe (arg));
  return params;
}

static GArray *
values_of (const SmearProcedure *procedure)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (GimpParamDef));

  for (const SmearArg *arg = procedure->results; arg->name; arg++)
    {
      if (arg->kind == SMEAR_ARG_DOUBLE_ARRAY)
        {
          g_autofree char *count = g_strconcat ("n-", arg->name, NULL);
          add_def (values, GIMP_PDB_INT32, count, g_strdup ("How many numbers follow"));
        }
      add_def (values, type_of (arg), arg->name, describe (arg));
    }
  return values;
}

/* The definitions live as long as the process, of which one registers them once. */
static void
install (const SmearGimp2Call *call, GimpRunProc run)
{
  const SmearProcedure *procedure = call->procedure;
  g_autofree char *name = g_strconcat (procedure->name, call->full ? FULL : NULL, NULL);
  g_autoptr (GArray) params = parameters_of (call);
  g_autoptr (GArray) values = values_of (procedure);
  GimpParamDef *param_defs = (GimpParamDef *)(gpointer)params->data;
  GimpParamDef *value_defs = (GimpParamDef *)(gpointer)values->data;
  const char *types = procedure->on == SMEAR_ON_NOTHING ? "" : "*";
  const char *label = call->full || run ? NULL : procedure->menu_label;

  if (run)
    gimp_install_temp_proc (name, procedure->blurb, procedure->help, "Smearscope",
                            "Smearscope", "2026", NULL, types, GIMP_TEMPORARY,
                            params->len, values->len, param_defs, value_defs, run);
  else
    gimp_install_procedure (name, procedure->blurb, procedure->help, "Smearscope",
                            "Smearscope", "2026", label, types, GIMP_PLUGIN, params->len,
                            values->len, param_defs, value_defs);
  if (label)
    gimp_plugin_menu_register (name, SMEAR_MENU);
}

void
smear_gimp2_install (const SmearProcedure *procedure, GimpRunProc run)
{
  install (&(SmearGimp2Call){ procedure, FALSE }, run);
  if (procedure->more->name)
    install (&(SmearGimp2Call){ procedure, TRUE }, run);
}

gboolean
smear_gimp2_pack (const SmearGimp2Call *call, gint n_params, const GimpParam *params,
                  GVariantDict *arguments)
{
  const SmearArg *arg;
  gint i = smear_gimp2_first (call->procedure);

  for (guint n = 0; (arg = nth_arg (call, n)); n++, i++)
    {
      if (i >= n_params)
        return FALSE;
      switch (arg->kind)
        {
        case SMEAR_ARG_BOOLEAN:
          g_variant_dict_insert (arguments, arg->name, "b", params[i].data.d_int32 != 0);
          break;
        case SMEAR_ARG_INT:
          g_variant_dict_insert (arguments, arg->name, "i", params[i].data.d_int32);
          break;
        case SMEAR_ARG_DOUBLE:
          g_variant_dict_insert (arguments, arg->name, "d", params[i].data.d_float);
          break;
        default:
          g_variant_dict_insert (arguments, arg->name, "s",
                                 params[i].data.d_string ? params[i].data.d_string : "");
        }
    }
  return i == n_params;
}

static void
append_array (GArray *values, GVariantDict *results, const char *name)
{
  g_autoptr (GVariant) array = g_variant_dict_lookup_value (results, name,
                                                            G_VARIANT_TYPE ("ad"));
  gsize n = 0;
  const gdouble *numbers = array ? g_variant_get_fixed_array (array, &n, sizeof (gdouble))
                                 : NULL;
  GimpParam count = { .type = GIMP_PDB_INT32, .data.d_int32 = n };
  GimpParam value = { .type = GIMP_PDB_FLOATARRAY,
                      .data.d_floatarray = g_memdup2 (numbers, n * sizeof (gdouble)) };

  g_array_append_val (values, count);
  g_array_append_val (values, value);
}

GimpParam *
smear_gimp2_unpack (const SmearProcedure *procedure, GVariantDict *results,
                    gint *n_values)
{
  GArray *values = g_array_new (FALSE, TRUE, sizeof (GimpParam));
  GimpParam status = { .type = GIMP_PDB_STATUS, .data.d_status = GIMP_PDB_SUCCESS };

  g_array_append_val (values, status);
  for (const SmearArg *arg = procedure->results; arg->name; arg++)
    {
      GimpParam value = { .type = type_of (arg) };

      if (arg->kind == SMEAR_ARG_DOUBLE_ARRAY)
        {
          append_array (values, results, arg->name);
          continue;
        }
      if (arg->kind == SMEAR_ARG_BOOLEAN)
        g_variant_dict_lookup (results, arg->name, "b", &value.data.d_int32);
      else if (arg->kind == SMEAR_ARG_INT)
        g_variant_dict_lookup (results, arg->name, "i", &value.data.d_int32);
      else if (arg->kind == SMEAR_ARG_IMAGE)
        g_variant_dict_lookup (results, arg->name, "i", &value.data.d_image);
      else if (arg->kind == SMEAR_ARG_DOUBLE)
        g_variant_dict_lookup (results, arg->name, "d", &value.data.d_float);
      else
        g_variant_dict_lookup (results, arg->name, "s", &value.data.d_string);
      g_array_append_val (values, value);
    }
  *n_values = values->len;
  return (GimpParam *)(gpointer)g_array_free (values, FALSE);
}
