/* smearscope history settings: key=value, checked before any of it is kept. */
#include "cli/commands.h"
#include "cli/history-options.h"
#include "cli/options.h"

#include <string.h>

static const char *const recordings[] = { "off", "on", "ask" };

static gboolean
set_yes_no (const char *value, gboolean *setting)
{
  *setting = g_str_equal (value, "yes");
  return *setting || g_str_equal (value, "no");
}

static gboolean
set_number (const char *value, gint *setting)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &number, NULL))
    return FALSE;
  *setting = number;
  return TRUE;
}

static gboolean
set_recording (const char *value, SmearRecording *setting)
{
  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++)
    if (g_str_equal (value, recordings[i]))
      {
        *setting = i;
        return TRUE;
      }
  return FALSE;
}

/* An absolute path, since the next program to read it starts somewhere else. */
static gboolean
set_key_file (const char *value, char **setting)
{
  g_free (*setting);
  *setting = *value ? g_canonicalize_filename (value, NULL) : NULL;
  return TRUE;
}

static gboolean
set_one (const char *text, SmearHistorySettings *settings)
{
  const char *value = strchr (text, '=');
  g_autofree char *key = value ? g_strndup (text, value - text) : NULL;

  if (!value)
    return FALSE;
  value++;
  if (g_str_equal (key, "record"))
    return set_recording (value, &settings->recording);
  if (g_str_equal (key, "pseudonyms"))
    return set_yes_no (value, &settings->pseudonyms);
  if (g_str_equal (key, "pixels"))
    return set_yes_no (value, &settings->pixels);
  if (g_str_equal (key, "retention-days"))
    return set_number (value, &settings->retention_days);
  if (g_str_equal (key, "timeout-ms"))
    return set_number (value, &settings->timeout_ms);
  if (g_str_equal (key, "secret-service"))
    return set_yes_no (value, &settings->secret_service);
  if (g_str_equal (key, "key-file"))
    return set_key_file (value, &settings->key_file);
  return FALSE;
}

int
smear_cli_history_set (int argc, char **argv)
{
  g_autoptr (SmearHistorySettings) settings = smear_cli_settings ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = smear_cli_history_path ? g_strdup (smear_cli_history_path)
                                                 : smear_history_default_path ();

  if (!settings)
    return SMEAR_EXIT_COULD_NOT_RUN;
  for (gint i = 1; i < argc; i++)
    if (!set_one (argv[i], settings))
      {
        fprintf (
            stderr,
            "%s: “%s”: known are record=off|on|ask, pseudonyms=yes|no, pixels=yes|no, "
            "retention-days=N, key-file=FILE, secret-service=yes|no, timeout-ms=N\n",
            g_get_prgname (), argv[i]);
        return SMEAR_EXIT_COULD_NOT_RUN;
      }
  if (argc > 1 && !smear_history_settings_save (settings, &error))
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  printf ("record=%s\npseudonyms=%s\npixels=%s\nretention-days=%d\nkey-file=%s\n"
          "secret-service=%s\ntimeout-ms=%d\nhistory: %s\n",
          recordings[settings->recording], settings->pseudonyms ? "yes" : "no",
          settings->pixels ? "yes" : "no", settings->retention_days,
          settings->key_file ? settings->key_file : "",
          settings->secret_service ? "yes" : "no", settings->timeout_ms, path);
  return SMEAR_EXIT_OK;
}
