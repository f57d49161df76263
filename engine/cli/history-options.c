#include "cli/history-options.h"

#include "cli/options.h"

#include <string.h>

char *smear_cli_history_path, *smear_cli_key_file;
char *smear_cli_query_name, *smear_cli_query_class, *smear_cli_query_verdict,
    *smear_cli_query_model, *smear_cli_query_since, *smear_cli_query_until;

gboolean
smear_cli_time (const char *text, gint64 *time)
{
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  g_autofree char *whole = strchr (text, 'T') ? g_strdup (text)
                                              : g_strconcat (text, "T00:00:00", NULL);
  g_autoptr (GDateTime) parsed = g_date_time_new_from_iso8601 (whole, local);

  if (!parsed)
    {
      fprintf (stderr, "%s: “%s” is no date; write 2026-03-31 or 2026-03-31T08:00:00\n",
               g_get_prgname (), text);
      return FALSE;
    }
  *time = MAX (1, g_date_time_to_unix (parsed) * G_USEC_PER_SEC); /* 0: no limit */
  return TRUE;
}

char *
smear_cli_local_time (gint64 time)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return g_date_time_format (local, "%Y-%m-%d %H:%M:%S");
}

gboolean
smear_cli_id (const char *text, gint64 *id)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &number, NULL))
    {
      fprintf (stderr, "%s: “%s” is no entry; entries are numbered from 1\n",
               g_get_prgname (), text);
      return FALSE;
    }
  *id = number;
  return TRUE;
}

static gboolean
verdict_from_name (const char *name, gint *verdict)
{
  for (*verdict = SMEAR_VERDICT_ANSWERED; *verdict <= SMEAR_VERDICT_NOT_A_SMEAR;
       ++*verdict)
    if (g_ascii_strcasecmp (name, smear_verdict_name (*verdict)) == 0)
      return TRUE;
  fprintf (stderr,
           "%s: --verdict: “%s”: choose answered, uncertain, “no leukocytes” or "
           "“not a smear”\n",
           g_get_prgname (), name);
  return FALSE;
}

gboolean
smear_cli_query (SmearHistoryQuery *query)
{
  *query = (SmearHistoryQuery)SMEAR_HISTORY_QUERY_ALL;
  query->name = smear_cli_query_name;
  query->model = smear_cli_query_model;
  return smear_cli_class (smear_cli_query_class, &query->klass)
         && (!smear_cli_query_verdict
             || verdict_from_name (smear_cli_query_verdict, &query->verdict))
         && (!smear_cli_query_since
             || smear_cli_time (smear_cli_query_since, &query->since))
         && (!smear_cli_query_until
             || smear_cli_time (smear_cli_query_until, &query->until));
}

gboolean
smear_cli_query_is_empty (void)
{
  return !smear_cli_query_name && !smear_cli_query_class && !smear_cli_query_verdict
         && !smear_cli_query_model && !smear_cli_query_since && !smear_cli_query_until;
}

SmearHistorySettings *
smear_cli_settings (void)
{
  g_autoptr (GError) error = NULL;
  SmearHistorySettings *settings = smear_history_settings_load (&error);

  if (!settings)
    smear_cli_error (error->message);
  else if (smear_cli_key_file)
    {
      g_free (settings->key_file);
      settings->key_file = g_strdup (smear_cli_key_file);
    }
  return settings;
}

SmearHistory *
smear_cli_history (gboolean writable)
{
  g_autoptr (SmearHistorySettings) settings = smear_cli_settings ();
  g_autoptr (GError) error = NULL;
  SmearHistory *history = NULL;

  if (!settings)
    return NULL;
  if (writable)
    history = smear_history_open (smear_cli_history_path, settings, &error);
  else
    history = smear_history_open_existing (smear_cli_history_path, settings, &error);
  if (!history)
    smear_cli_error (error->message);
  return history;
}
