#include "records/history-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *const recording_names[] = { "off", "on", "ask" };

char *
smear_history_config_path (const char *name)
{
  return g_build_filename (g_get_user_config_dir (), "smearscope", name, NULL);
}

char *
smear_history_default_path (void)
{
  const char *path = g_getenv ("SMEARSCOPE_HISTORY");

  if (path && *path)
    return g_strdup (path);
  return g_build_filename (g_get_user_data_dir (), "smearscope", "history.sqlite", NULL);
}

static SmearHistorySettings *
settings_new (void)
{
  SmearHistorySettings *settings = g_new0 (SmearHistorySettings, 1);

  settings->recording = SMEAR_RECORDING_ASK;
  settings->timeout_ms = 30000;
  return settings;
}

SmearHistorySettings *
smear_history_settings_copy (const SmearHistorySettings *settings)
{
  SmearHistorySettings *copy = g_memdup2 (settings, sizeof *settings);

  copy->key_file = g_strdup (settings->key_file);
  return copy;
}

void
smear_history_settings_free (SmearHistorySettings *settings)
{
  if (!settings)
    return;
  g_free (settings->key_file);
  g_free (settings);
}

static gboolean
read_recording (GKeyFile *file, SmearRecording *recording, GError **error)
{
  g_autofree char *name = g_key_file_get_string (file, "history", "record", error);

  if (!name)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (recording_names); i++)
    if (g_str_equal (name, recording_names[i]))
      {
        *recording = i;
        return TRUE;
      }
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
               "record is “%s”; off, on or ask are known", name);
  return FALSE;
}

static gboolean
read_boolean (GKeyFile *file, const char *key, gboolean *value, GError **error)
{
  g_autoptr (GError) inner = NULL;
  gboolean read = g_key_file_get_boolean (file, "history", key, &inner);

  if (inner)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return FALSE;
    }
  *value = read;
  return TRUE;
}

static gboolean
read_count (GKeyFile *file, const char *key, gint *value, GError **error)
{
  g_autoptr (GError) inner = NULL;
  gint read = g_key_file_get_integer (file, "history", key, &inner);

  if (inner)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return FALSE;
    }
  if (read < 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD, "%s is %d; 0 is the least",
                   key, read);
      return FALSE;
    }
  *value = read;
  return TRUE;
}

static gboolean
read_settings (GKeyFile *file, SmearHistorySettings *settings, GError **error)
{
#define HAS(key) g_key_file_has_key (file, "history", key, NULL)
  if (HAS ("key-file"))
    settings->key_file = g_key_file_get_string (file, "history", "key-file", NULL);
  return (!HAS ("record") || read_recording (file, &settings->recording, error))
         && (!HAS ("pseudonyms")
             || read_boolean (file, "pseudonyms", &settings->pseudonyms, error))
         && (!HAS ("pixels") || read_boolean (file, "pixels", &settings->pixels, error))
         && (!HAS ("secret-service")
             || read_boolean (file, "secret-service", &settings->secret_service, error))
         && (!HAS ("retention-days")
             || read_count (file, "retention-days", &settings->retention_days, error))
         && (!HAS ("timeout-ms")
             || read_count (file, "timeout-ms", &settings->timeout_ms, error));
#undef HAS
}

SmearHistorySettings *
smear_history_settings_load (GError **error)
{
  g_autoptr (SmearHistorySettings) settings = settings_new ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = smear_history_config_path ("history.ini");
  g_autoptr (GError) inner = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &inner))
    {
      if (g_error_matches (inner, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer (&settings);
    }
  else if (read_settings (file, settings, &inner))
    return g_steal_pointer (&settings);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
               "%s: %s. Mend the line or remove the file", path, inner->message);
  return NULL;
}

gboolean
smear_history_settings_save (const SmearHistorySettings *settings, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = smear_history_config_path ("history.ini");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;
  g_autoptr (GError) inner = NULL;
  gsize length;

  g_return_val_if_fail (settings != NULL, FALSE);
  g_key_file_set_string (file, "history", "record", recording_names[settings->recording]);
  g_key_file_set_boolean (file, "history", "pseudonyms", settings->pseudonyms);
  g_key_file_set_boolean (file, "history", "pixels", settings->pixels);
  g_key_file_set_integer (file, "history", "retention-days", settings->retention_days);
  g_key_file_set_boolean (file, "history", "secret-service", settings->secret_service);
  g_key_file_set_integer (file, "history", "timeout-ms", settings->timeout_ms);
  if (settings->key_file)
    g_key_file_set_string (file, "history", "key-file", settings->key_file);
  text = g_key_file_to_data (file, &length, NULL);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD, "%s: cannot be made: %s",
                   folder, g_strerror (errno));
      return FALSE;
    }
  if (g_file_set_contents_full (path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                &inner))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s", path, inner->message);
  return FALSE;
}
