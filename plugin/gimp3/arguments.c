#include "gimp3/arguments.h"

#include "core/labels.h"
#include "core/texts.h"

/* GIMP 3.0 puts the default in the place of a choice that there is not, and tells nobody.
   As texts they reach plugin/core, which refuses what is wrong; the reader is told what
   is right. */
static void
declare_choice (GimpProcedure *target, const SmearArg *arg)
{
  g_autofree char *choices = g_strjoinv (", ", (char **)arg->choices);
  g_autofree char *blurb = g_strdup_printf ("%s (%s)", _ (arg->title), choices);

  gimp_procedure_add_string_argument (target, arg->name, smear_arg_label (arg), blurb,
                                      arg->choices[0], G_PARAM_READWRITE);
}

static void
declare_argument (GimpProcedure *target, const SmearArg *arg)
{
  const char *label = smear_arg_label (arg), *title = _ (arg->title);

  switch (arg->kind)
    {
    case SMEAR_ARG_BOOLEAN:
      gimp_procedure_add_boolean_argument (target, arg->name, label, title,
                                           arg->fallback != 0, G_PARAM_READWRITE);
      break;
    case SMEAR_ARG_INT:
      gimp_procedure_add_int_argument (target, arg->name, label, title,
                                       (gint)arg->minimum, (gint)arg->maximum,
                                       (gint)arg->fallback, G_PARAM_READWRITE);
      break;
    case SMEAR_ARG_DOUBLE:
      gimp_procedure_add_double_argument (target, arg->name, label, title, arg->minimum,
                                          arg->maximum, arg->fallback, G_PARAM_READWRITE);
      break;
    case SMEAR_ARG_STRING:
      gimp_procedure_add_string_argument (target, arg->name, label, title, arg->text,
                                          G_PARAM_READWRITE);
      break;
    case SMEAR_ARG_CHOICE:
      declare_choice (target, arg);
      break;
    default: /* results only */
      g_assert_not_reached ();
    }
}

static void
declare_result (GimpProcedure *target, const SmearArg *arg)
{
  const char *title = _ (arg->title);

  switch (arg->kind)
    {
    case SMEAR_ARG_BOOLEAN:
      gimp_procedure_add_boolean_return_value (target, arg->name, title, title, FALSE,
                                               G_PARAM_READWRITE);
      break;
    case SMEAR_ARG_INT:
      gimp_procedure_add_int_return_value (target, arg->name, title, title, G_MININT,
                                           G_MAXINT, 0, G_PARAM_READWRITE);
      break;
    case SMEAR_ARG_DOUBLE:
      gimp_procedure_add_double_return_value (target, arg->name, title, title,
                                              -G_MAXDOUBLE, G_MAXDOUBLE, 0,
                                              G_PARAM_READWRITE);
      break;
    case SMEAR_ARG_STRING:
    case SMEAR_ARG_CHOICE:
      gimp_procedure_add_string_return_value (target, arg->name, title, title, "",
                                              G_PARAM_READWRITE);
      break;
    case SMEAR_ARG_DOUBLE_ARRAY:
      gimp_procedure_add_double_array_return_value (target, arg->name, title, title,
                                                    G_PARAM_READWRITE);
      break;
    case SMEAR_ARG_IMAGE:
      gimp_procedure_add_image_return_value (target, arg->name, title, title, TRUE,
                                             G_PARAM_READWRITE);
      break;
    }
}

void
smear_gimp3_declare (GimpProcedure *target, const SmearProcedure *procedure)
{
  const SmearArg *arg;

  for (guint i = 0; (arg = smear_procedure_arg (procedure, i)) != NULL; i++)
    declare_argument (target, arg);
  for (arg = procedure->results; arg->name != NULL; arg++)
    declare_result (target, arg);
}

static void
pack (const SmearArg *arg, GObject *config, GVariantDict *arguments)
{
  g_autofree char *text = NULL;
  gboolean truth;
  gdouble number;
  gint integer;

  switch (arg->kind)
    {
    case SMEAR_ARG_BOOLEAN:
      g_object_get (config, arg->name, &truth, NULL);
      g_variant_dict_insert (arguments, arg->name, "b", truth);
      break;
    case SMEAR_ARG_INT:
      g_object_get (config, arg->name, &integer, NULL);
      g_variant_dict_insert (arguments, arg->name, "i", integer);
      break;
    case SMEAR_ARG_DOUBLE:
      g_object_get (config, arg->name, &number, NULL);
      g_variant_dict_insert (arguments, arg->name, "d", number);
      break;
    default:
      g_object_get (config, arg->name, &text, NULL);
      g_variant_dict_insert (arguments, arg->name, "s", text != NULL ? text : "");
      break;
    }
}

GVariantDict *
smear_gimp3_pack (const SmearProcedure *procedure, GimpProcedureConfig *config)
{
  GVariantDict *arguments = g_variant_dict_new (NULL);
  const SmearArg *arg;

  for (guint i = 0; (arg = smear_procedure_arg (procedure, i)) != NULL; i++)
    pack (arg, G_OBJECT (config), arguments);
  return arguments;
}

void
smear_gimp3_repack (const SmearProcedure *procedure, GVariantDict *arguments,
                    GimpProcedureConfig *config)
{
  for (const SmearArg *arg = procedure->arguments; arg->name != NULL; arg++)
    {
      const char *text;
      gint integer;

      if (g_variant_dict_lookup (arguments, arg->name, "&s", &text))
        g_object_set (config, arg->name, text, NULL);
      else if (g_variant_dict_lookup (arguments, arg->name, "i", &integer))
        g_object_set (config, arg->name, integer, NULL);
    }
}

void
smear_gimp3_forget (const SmearProcedure *procedure, GimpProcedureConfig *config)
{
  const SmearArg *arg;

  for (guint i = 0; (arg = smear_procedure_arg (procedure, i)) != NULL; i++)
    if (arg->of_one_image)
      {
        GParamSpec *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (config),
                                                         arg->name);

        g_object_set_property (G_OBJECT (config), arg->name,
                               g_param_spec_get_default_value (spec));
      }
}

static void
unpack (const SmearArg *arg, GVariant *value, GimpValueArray *values, gint index)
{
  gconstpointer numbers;
  gsize n_numbers;

  switch (arg->kind)
    {
    case SMEAR_ARG_BOOLEAN:
      GIMP_VALUES_SET_BOOLEAN (values, index, g_variant_get_boolean (value));
      break;
    case SMEAR_ARG_INT:
      GIMP_VALUES_SET_INT (values, index, g_variant_get_int32 (value));
      break;
    case SMEAR_ARG_DOUBLE:
      GIMP_VALUES_SET_DOUBLE (values, index, g_variant_get_double (value));
      break;
    case SMEAR_ARG_STRING:
    case SMEAR_ARG_CHOICE:
      GIMP_VALUES_SET_STRING (values, index, g_variant_get_string (value, NULL));
      break;
    case SMEAR_ARG_DOUBLE_ARRAY:
      numbers = g_variant_get_fixed_array (value, &n_numbers, sizeof (gdouble));
      GIMP_VALUES_SET_DOUBLE_ARRAY (values, index, numbers, n_numbers);
      break;
    case SMEAR_ARG_IMAGE:
      GIMP_VALUES_SET_IMAGE (values, index,
                             gimp_image_get_by_id (g_variant_get_int32 (value)));
      break;
    }
}

void
smear_gimp3_unpack (const SmearProcedure *procedure, GVariantDict *results,
                    GimpValueArray *values)
{
  /* The first value is GIMP's own: the status. */
  for (gint i = 0; procedure->results[i].name != NULL; i++)
    {
      g_autoptr (GVariant) value = g_variant_dict_lookup_value (
          results, procedure->results[i].name, NULL);

      if (value != NULL)
        unpack (&procedure->results[i], value, values, i + 1);
    }
}
