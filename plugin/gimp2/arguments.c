#include "gimp2/arguments.h"

#include "core/texts.h"

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

/* The query's definitions live as long as the process, which ends after it. */
void
smear_gimp2_install (const SmearProcedure *procedure)
{
  g_autoptr (GArray) params = g_array_new (FALSE, FALSE, sizeof (GimpParamDef));
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (GimpParamDef));

  add_def (params, GIMP_PDB_INT32, "run-mode",
           g_strdup ("The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), "
                     "RUN-WITH-LAST-VALS (2) }"));
  if (procedure->on != SMEAR_ON_NOTHING)
    add_def (params, GIMP_PDB_IMAGE, "image", g_strdup ("Input image"));
  if (procedure->on == SMEAR_ON_DRAWABLE)
    add_def (params, GIMP_PDB_DRAWABLE, "drawable", g_strdup ("Input layer"));
  for (const SmearArg *arg = procedure->arguments; arg->name; arg++)
    add_def (params, type_of (arg), arg->name, describe (arg));
  for (const SmearArg *arg = procedure->results; arg->name; arg++)
    {
      if (arg->kind == SMEAR_ARG_DOUBLE_ARRAY)
        {
          g_autofree char *count = g_strconcat ("n-", arg->name, NULL);
          add_def (values, GIMP_PDB_INT32, count, g_strdup ("How many numbers follow"));
        }
      add_def (values, type_of (arg), arg->name, describe (arg));
    }
  gimp_install_procedure (
      procedure->name, procedure->blurb, procedure->help, "Smearscope", "Smearscope",
      "2026", procedure->menu_label, procedure->on == SMEAR_ON_NOTHING ? "" : "*",
      GIMP_PLUGIN, params->len, values->len, (GimpParamDef *)(gpointer)params->data,
      (GimpParamDef *)(gpointer)values->data);
  if (procedure->menu_label)
    gimp_plugin_menu_register (procedure->name, SMEAR_MENU);
}

gboolean
smear_gimp2_pack (const SmearProcedure *procedure, gint n_params, const GimpParam *params,
                  GVariantDict *arguments)
{
  gint i = smear_gimp2_first (procedure);

  for (const SmearArg *arg = procedure->arguments; arg->name; arg++, i++)
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
      else if (arg->kind == SMEAR_ARG_DOUBLE)
        g_variant_dict_lookup (results, arg->name, "d", &value.data.d_float);
      else
        g_variant_dict_lookup (results, arg->name, "s", &value.data.d_string);
      g_array_append_val (values, value);
    }
  *n_values = values->len;
  return (GimpParam *)(gpointer)g_array_free (values, FALSE);
}
