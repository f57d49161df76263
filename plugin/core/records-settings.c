/* The procedure plug-in-smearscope-history-settings. */
#include "core/records.h"

#include "core/texts.h"

static const char *const recordings[] = { "off", "on", "ask" };

static void
read_switch (GVariantDict *arguments, const char *name, gboolean *setting)
{
  const char *value = "";

  g_variant_dict_lookup (arguments, name, "&s", &value);
  if (g_str_equal (value, "yes") || g_str_equal (value, "no"))
    *setting = g_str_equal (value, "yes");
}

/* An old key is taken where there is one: what it sealed has to stay readable. */
static gboolean
have_key (const char *path, GError **error)
{
  g_autoptr (GError) inner = NULL;

  if ((path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
      || smear_history_key_new (path, &inner)
      || g_error_matches (inner, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&inner));
  return FALSE;
}

static gboolean
wants_key (const SmearHistorySettings *settings)
{
  return settings->key_file != NULL || settings->secret_service;
}

/* From one key to another in one step: with a new key that cannot be read, the history
 * stays sealed by the old one. */
static gboolean
seal (const SmearHistorySettings *before, const SmearHistorySettings *settings,
      GError **error)
{
  g_autoptr (SmearHistory) history = smear_history_open (NULL, before, error);

  if (history == NULL)
    return FALSE;
  return wants_key (settings) ? smear_history_encrypt (history, settings, error)
                              : smear_history_decrypt (history, error);
}

/* The settings may name a key and the history be readable all the same, as after a switch
 * that failed. One that is not there yet, or that nobody can read, needs nothing. */
static gboolean
is_sealed_so (const SmearHistorySettings *settings)
{
  g_autoptr (SmearHistory) history = smear_history_open_existing (NULL, settings, NULL);

  return history == NULL || smear_history_is_encrypted (history) == wants_key (settings);
}

static gboolean
set_encryption (SmearHistorySettings *settings, GVariantDict *arguments, GError **error)
{
  g_autoptr (SmearHistorySettings) before = NULL;
  const char *where = "", *path = "";

  g_variant_dict_lookup (arguments, "encryption", "&s", &where);
  g_variant_dict_lookup (arguments, "key-file", "&s", &path);
  if (g_str_equal (where, "leave"))
    return TRUE;
  before = smear_history_settings_load (error);
  if (before == NULL)
    return FALSE;
  g_clear_pointer (&settings->key_file, g_free);
  settings->secret_service = g_str_equal (where, "secret-service");
  if (g_str_equal (where, "key-file"))
    {
      if (*path == '\0')
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                       _ ("key-file: name the file that the key is in, or shall be."));
          return FALSE;
        }
      settings->key_file = g_canonicalize_filename (path, NULL);
    }
  if (g_strcmp0 (before->key_file, settings->key_file) == 0
      && before->secret_service == settings->secret_service && is_sealed_so (before))
    return TRUE;
  if (wants_key (settings) && !have_key (settings->key_file, error))
    return FALSE;
  return seal (before, settings, error);
}

static char *
settings_text (const SmearHistorySettings *settings)
{
  g_autofree char *path = smear_history_default_path ();

  return g_strdup_printf (
      "record=%s\npseudonyms=%s\npixels=%s\nretention-days=%d\nkey-file=%s\n"
      "secret-service=%s\nhistory: %s",
      recordings[settings->recording], settings->pseudonyms ? "yes" : "no",
      settings->pixels ? "yes" : "no", settings->retention_days,
      settings->key_file != NULL ? settings->key_file : "",
      settings->secret_service ? "yes" : "no", path);
}

gboolean
smear_run_history_settings (SmearHost *host, GVariantDict *arguments,
                            GVariantDict *results, GError **error)
{
  g_autoptr (SmearHistorySettings) settings = smear_history_settings_load (error);
  g_autofree char *text = NULL;
  const char *recording = "";
  gint days = -1;

  if (settings == NULL)
    return FALSE;
  g_variant_dict_lookup (arguments, "recording", "&s", &recording);
  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++)
    if (g_str_equal (recording, recordings[i]))
      settings->recording = i;
  read_switch (arguments, "pseudonyms", &settings->pseudonyms);
  read_switch (arguments, "pixels", &settings->pixels);
  g_variant_dict_lookup (arguments, "retention-days", "i", &days);
  if (days >= 0)
    settings->retention_days = days;
  if (!set_encryption (settings, arguments, error)
      || !smear_history_settings_save (settings, error))
    return FALSE;
  text = settings_text (settings);
  g_variant_dict_insert (results, "text", "s", text);
  return TRUE;
}

void
smear_history_settings_to_arguments (GVariantDict *arguments)
{
  g_autoptr (SmearHistorySettings) settings = smear_history_settings_load (NULL);
  g_autofree char *suggested = g_build_filename (g_get_user_config_dir (), "smearscope",
                                                 "history.key", NULL);

  if (settings == NULL)
    return;
  g_variant_dict_insert (arguments, "recording", "s", recordings[settings->recording]);
  g_variant_dict_insert (arguments, "pseudonyms", "s",
                         settings->pseudonyms ? "yes" : "no");
  g_variant_dict_insert (arguments, "pixels", "s", settings->pixels ? "yes" : "no");
  g_variant_dict_insert (arguments, "retention-days", "i", settings->retention_days);
  g_variant_dict_insert (arguments, "encryption", "s",
                         settings->key_file != NULL ? "key-file"
                         : settings->secret_service ? "secret-service"
                                                    : "none");
  g_variant_dict_insert (arguments, "key-file", "s",
                         settings->key_file != NULL ? settings->key_file : suggested);
}
