/* Defaults, checks and last-used values of the procedures' arguments. */
#include "core/procedures.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/texts.h"

static const char *const types[] = { "b", "i", "d", "s", "s", "ad", "i" };

static GVariant *
fallback (const SmearArg *arg)
{
  switch (arg->kind)
    {
    case SMEAR_ARG_BOOLEAN:
      return g_variant_new_boolean (arg->fallback != 0);
    case SMEAR_ARG_INT:
      return g_variant_new_int32 ((gint)arg->fallback);
    case SMEAR_ARG_DOUBLE:
      return g_variant_new_double (arg->fallback);
    case SMEAR_ARG_CHOICE:
      return g_variant_new_string (*arg->text ? arg->text : arg->choices[0]);
    default:
      return g_variant_new_string (arg->text);
    }
}

static gboolean
check_choice (const SmearArg *arg, GVariantDict *arguments, const char *value,
              GError **error)
{
  if (*value == '\0')
    g_variant_dict_insert (arguments, arg->name, "s", arg->choices[0]);
  else if (!g_strv_contains (arg->choices, value))
    {
      g_autofree char *choices = g_strjoinv (", ", (char **)arg->choices);
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("%s: \"%s\" is not one of %s."), arg->name, value, choices);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check (const SmearArg *arg, GVariantDict *arguments, GError **error)
{
  g_autoptr (GVariant) value = g_variant_dict_lookup_value (
      arguments, arg->name, G_VARIANT_TYPE (types[arg->kind]));
  gdouble number;

  if (value == NULL)
    {
      g_variant_dict_insert_value (arguments, arg->name, fallback (arg));
      return TRUE;
    }
  if (arg->kind == SMEAR_ARG_CHOICE)
    return check_choice (arg, arguments, g_variant_get_string (value, NULL), error);
  if (arg->kind != SMEAR_ARG_DOUBLE && arg->kind != SMEAR_ARG_INT)
    return TRUE;
  number = arg->kind == SMEAR_ARG_INT ? g_variant_get_int32 (value)
                                      : g_variant_get_double (value);
  if (isnan (number) || number < arg->minimum || number > arg->maximum)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("%s: %g is outside %g to %g."), arg->name, number, arg->minimum,
                   arg->maximum);
      return FALSE;
    }
  return TRUE;
}

void
smear_procedure_complete (const SmearProcedure *procedure, GVariantDict *arguments)
{
  const SmearArg *arg;

  for (guint i = 0; (arg = smear_procedure_arg (procedure, i)); i++)
    if (!g_variant_dict_contains (arguments, arg->name))
      g_variant_dict_insert_value (arguments, arg->name, fallback (arg));
}

gboolean
smear_procedure_run (const SmearProcedure *procedure, SmearHost *host,
                     GVariantDict *arguments, GVariantDict *results, GError **error)
{
  const SmearArg *arg;

  for (guint i = 0; (arg = smear_procedure_arg (procedure, i)); i++)
    if (!check (arg, arguments, error))
      return FALSE;
  return procedure->run (host, arguments, results, error);
}

static char *
last_values_path (SmearHost *host)
{
  return g_build_filename (host->profile_dir, "smearscope", "last-values.ini", NULL);
}

/* A value that no longer parses or fits counts as never used. */
static GVariant *
recalled (GKeyFile *file, const SmearProcedure *procedure, const SmearArg *arg)
{
  g_autofree char *text = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariantDict) one = g_variant_dict_new (NULL);

  if (!arg->of_one_image)
    text = g_key_file_get_string (file, procedure->name, arg->name, NULL);
  if (text)
    value = g_variant_parse (G_VARIANT_TYPE (types[arg->kind]), text, NULL, NULL, NULL);
  if (value)
    g_variant_dict_insert_value (one, arg->name, value);
  return value && check (arg, one, NULL) ? g_steal_pointer (&value)
                                         : g_variant_ref_sink (fallback (arg));
}

void
smear_procedure_recall (const SmearProcedure *procedure, SmearHost *host,
                        GVariantDict *arguments)
{
  const SmearArg *arg;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = last_values_path (host);

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  for (guint i = 0; (arg = smear_procedure_arg (procedure, i)); i++)
    if (!g_variant_dict_contains (arguments, arg->name))
      {
        g_autoptr (GVariant) value = recalled (file, procedure, arg);
        g_variant_dict_insert_value (arguments, arg->name, value);
      }
}

void
smear_procedure_remember (const SmearProcedure *procedure, SmearHost *host,
                          GVariantDict *arguments)
{
  const SmearArg *arg;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = last_values_path (host);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
  for (guint i = 0; (arg = smear_procedure_arg (procedure, i)); i++)
    {
      g_autoptr (GVariant) value = g_variant_dict_lookup_value (
          arguments, arg->name, G_VARIANT_TYPE (types[arg->kind]));
      if (value && !arg->of_one_image)
        {
          g_autofree char *text = g_variant_print (value, FALSE);
          g_key_file_set_string (file, procedure->name, arg->name, text);
        }
    }
  /* Forgetting a setting must not fail the run that it was made for. */
  if (g_mkdir_with_parents (folder, 0700) != 0)
    g_warning ("%s: %s", folder, g_strerror (errno));
  else if (!g_key_file_save_to_file (file, path, &error))
    g_warning ("%s", error->message);
}
