/* smearscope history: look into what was recorded, prove it whole, erase from it. */
#include "cli/commands.h"
#include "cli/history-options.h"
#include "cli/options.h"

#include <string.h>

static char *expected_head, *reason;
static gint limit = 50, older_than;
static gboolean with_feedback, secret_service;

static gint
fail (GError *error)
{
  smear_cli_error (error->message);
  return SMEAR_EXIT_COULD_NOT_RUN;
}

static gboolean
takes_nothing (gint argc, const char *words)
{
  if (argc > 1)
    smear_cli_error (words);
  return argc <= 1;
}

static void
print_entry (const SmearRecord *record)
{
  g_autofree char *time = smear_cli_local_time (record->time);
  g_autofree char *what = NULL;

  if (record->kind == SMEAR_RECORD_FINDING)
    {
      g_autofree char *title = smear_finding_title (record->finding);
      const char *name = record->finding->source;
      what = g_strdup_printf ("%-28s  %s", title,
                              record->erased ? "(erased)"
                              : name         ? name
                                             : "");
    }
  else if (record->kind == SMEAR_RECORD_FEEDBACK)
    {
      const SmearFeedback *feedback = record->feedback;
      g_autofree char *cell = feedback->cell < 0
                                  ? g_strdup ("")
                                  : g_strdup_printf (" cell %d", feedback->cell + 1);
      what = g_strdup_printf (
          "%s on %" G_GINT64_FORMAT "%s: %s  by %s",
          smear_feedback_kind_name (feedback->kind), record->about, cell,
          feedback->klass == SMEAR_CLASS_NONE ? "no class"
                                              : smear_class_title (feedback->klass),
          record->erased ? "(erased)" : feedback->who);
    }
  else
    what = g_strdup_printf ("erased %" G_GINT64_FORMAT "%s%s", record->about,
                            record->reason ? ": " : "",
                            record->reason ? record->reason : "");
  printf ("%6" G_GINT64_FORMAT "  %s  %s\n", record->id, time, what);
}

static gint
list (gint argc, char **argv)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;
  SmearHistoryQuery query;
  gint64 n;

  if (!takes_nothing (argc, "list takes no names; say --name TEXT, --class NAME, …")
      || !smear_cli_query (&query))
    return SMEAR_EXIT_COULD_NOT_RUN;
  history = smear_cli_history (FALSE);
  if (!history)
    return SMEAR_EXIT_COULD_NOT_RUN;
  query.limit = MAX (0, limit);
  if (with_feedback)
    query.kind = -1;
  found = smear_history_search (history, &query, &error);
  n = found ? smear_history_count (history, &query, &error) : -1;
  if (n < 0)
    return fail (error);
  for (guint i = 0; i < found->len; i++)
    print_entry (found->pdata[i]);
  if (n > found->len)
    printf ("%u of %" G_GINT64_FORMAT "; --limit 0 shows all\n", found->len, n);
  puts (SMEAR_DISCLAIMER);
  return SMEAR_EXIT_OK;
}

static void
print_member (const char *name, const char *value)
{
  if (value)
    printf ("%-16s %s\n", name, value);
}

static void
print_finding (const SmearRecord *record)
{
  const SmearFinding *finding = record->finding;
  g_autofree char *title = smear_finding_title (finding);

  print_member ("image", record->erased ? "(erased)" : finding->source);
  print_member ("file", record->path);
  printf ("%-16s %d, %d, %d × %d\n", "region", finding->region.x, finding->region.y,
          finding->region.width, finding->region.height);
  print_member ("finding", title);
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    printf ("  %-14s %6.2f %%\n", smear_class_title (i), 100 * finding->probabilities[i]);
  printf ("%-16s %u\n", "cells", finding->cells ? finding->cells->len : 0);
  for (guint i = 0; record->warnings && record->warnings[i]; i++)
    print_member (i == 0 ? "warnings" : "", record->warnings[i]);
  print_member ("model", finding->model_name);
  print_member ("model SHA-256", finding->model_hash);
  print_member ("pixels SHA-256", record->pixel_hash);
  print_member ("user", record->user);
  print_member ("program", record->program);
}

static gboolean
print_about (const SmearRecord *record, gpointer user_data)
{
  print_entry (record);
  return TRUE;
}

static gint
show (gint argc, char **argv)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (SmearRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *time = NULL;
  SmearHistoryQuery about = SMEAR_HISTORY_QUERY_ALL;

  if (argc != 2)
    {
      smear_cli_error ("name one entry: smearscope history show ID");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (!smear_cli_id (argv[1], &about.about) || !(history = smear_cli_history (FALSE)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  record = smear_history_get (history, about.about, &error);
  if (!record)
    return fail (error);
  time = smear_cli_local_time (record->time);
  printf ("%-16s %" G_GINT64_FORMAT "\n%-16s %s\n", "entry", record->id, "time", time);
  if (record->finding)
    print_finding (record);
  else
    print_entry (record);
  if (record->feedback)
    print_member ("note", record->feedback->note);
  print_member ("version", record->version);
  print_member ("hash", record->hash);
  print_member ("entry before", record->previous);
  about.kind = -1;
  if (!smear_history_foreach (history, &about, print_about, NULL, &error))
    return fail (error);
  puts (SMEAR_DISCLAIMER);
  return SMEAR_EXIT_OK;
}

static SmearRecord *
get_finding (SmearHistory *history, const char *text)
{
  g_autoptr (GError) error = NULL;
  SmearRecord *record = NULL;
  gint64 id;

  if (!smear_cli_id (text, &id))
    return NULL;
  record = smear_history_get (history, id, &error);
  if (!record)
    smear_cli_error (error->message);
  else if (!record->finding)
    {
      fprintf (stderr, "%s: entry %s is no finding\n", g_get_prgname (), text);
      g_clear_pointer (&record, smear_record_free);
    }
  return record;
}

static gint
compare (gint argc, char **argv)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (SmearRecord) first = NULL, second = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  if (argc != 3)
    {
      smear_cli_error ("name two findings: smearscope history compare ID ID");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (!(history = smear_cli_history (FALSE)) || !(first = get_finding (history, argv[1]))
      || !(second = get_finding (history, argv[2])))
    return SMEAR_EXIT_COULD_NOT_RUN;
  rows = smear_record_compare (first, second);
  for (guint i = 0; i < rows->len; i++)
    {
      const SmearComparison *row = rows->pdata[i];
      if (row->same)
        printf ("  %-17s %s\n", row->what, row->first);
      else
        printf ("* %-17s %s\n  %-17s %s\n", row->what, row->first, "", row->second);
    }
  puts (SMEAR_DISCLAIMER);
  return SMEAR_EXIT_OK;
}

static gint export(gint argc, char **argv)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  SmearHistoryQuery query;

  if (argc != 2)
    {
      smear_cli_error ("name the table: smearscope history export FILE.csv (or .jsonl)");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (!smear_cli_query (&query) || !(history = smear_cli_history (FALSE)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  return smear_history_export (history, &query, argv[1], &error) ? SMEAR_EXIT_OK
                                                                 : fail (error);
}

static gint
purge_ids (SmearHistory *history, gint argc, char **argv)
{
  for (gint i = 1; i < argc; i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 id;

      if (!smear_cli_id (argv[i], &id))
        return SMEAR_EXIT_COULD_NOT_RUN;
      if (!smear_history_erase (history, id, reason, &error))
        return fail (error);
    }
  printf ("%d erased\n", argc - 1);
  return SMEAR_EXIT_OK;
}

/* Everything at once only by an explicit range: a forgotten option must not empty it. */
static gint
purge (gint argc, char **argv)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  SmearHistoryQuery query;
  gint64 n;

  if ((argc < 2 && smear_cli_query_is_empty () && older_than <= 0)
      || (argc >= 2 && !(smear_cli_query_is_empty () && older_than <= 0)))
    {
      smear_cli_error (
          "say what to erase: entries by their numbers, or --older-than DAYS, "
          "--name TEXT, --until DATE, …");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (smear_cli_query_name && !*smear_cli_query_name)
    {
      smear_cli_error ("--name is empty, which fits every name; say which are meant");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (!smear_cli_query (&query) || !(history = smear_cli_history (TRUE)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (argc >= 2)
    return purge_ids (history, argc, argv);
  if (older_than > 0)
    {
      gint64 end = smear_history_days_ago (older_than);
      query.until = query.until > 0 ? MIN (query.until, end) : end;
    }
  n = smear_history_purge (history, &query, reason, &error);
  if (n < 0)
    return fail (error);
  printf ("%" G_GINT64_FORMAT " erased\n", n);
  return SMEAR_EXIT_OK;
}

static gint
verify (gint argc, char **argv)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (SmearHistoryCheck) check = { 0 };

  if (!takes_nothing (argc, "a hash to look for is given as --head HASH")
      || !(history = smear_cli_history (FALSE)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (!smear_history_verify (history, expected_head, &check, &error))
    return fail (error);
  if (check.intact)
    {
      printf ("intact: %" G_GINT64_FORMAT " entries, %" G_GINT64_FORMAT
              " with their personal "
              "part erased\nhead %s\n",
              check.n_entries, check.n_erased, check.head);
      return SMEAR_EXIT_OK;
    }
  if (check.broken > 0)
    printf ("broken at entry %" G_GINT64_FORMAT ": %s. Entries before it are intact\n",
            check.broken, check.why);
  else
    printf ("broken: %s\n", check.why);
  return SMEAR_EXIT_SOME_FAILED;
}

static gint
encrypt (gint argc, char **argv)
{
  g_autoptr (SmearHistorySettings) settings = NULL;
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GError) error = NULL;

  if (!takes_nothing (argc, "the history and the key are given as --history FILE and "
                            "--key-file FILE")
      || !(settings = smear_cli_settings ()) || !(history = smear_cli_history (TRUE)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (!smear_history_encrypt (history, settings, &error))
    return fail (error);
  printf ("%s is encrypted. Without the key nobody can read it again: keep a copy of the "
          "key\n",
          smear_history_get_path (history));
  return SMEAR_EXIT_OK;
}

static gint
decrypt (gint argc, char **argv)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GError) error = NULL;

  if (!takes_nothing (argc, "the history and the key are given as --history FILE and "
                            "--key-file FILE")
      || !(history = smear_cli_history (TRUE)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  return smear_history_decrypt (history, &error) ? SMEAR_EXIT_OK : fail (error);
}

static gint
key (gint argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if ((argc == 2) == secret_service)
    {
      smear_cli_error ("say where the new key goes: smearscope history key FILE, or "
                       "--secret-service");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (!smear_history_key_new (secret_service ? NULL : argv[1], &error))
    return fail (error);
  puts (secret_service ? "a new key is in the desktop's secret service" : argv[1]);
  return SMEAR_EXIT_OK;
}

static const struct
{
  const char *name;
  gint (*run) (gint argc, char **argv);
} actions[] = {
  { "list", list },
  { "show", show },
  { "compare", compare },
  { "export", export },
  { "purge", purge },
  { "verify", verify },
  { "settings", smear_cli_history_set },
  { "encrypt", encrypt },
  { "decrypt", decrypt },
  { "key", key },
};

static const GOptionEntry entries[] = {
  SMEAR_CLI_HISTORY_ENTRIES,
  SMEAR_CLI_QUERY_ENTRIES,
  { "limit", 'n', 0, G_OPTION_ARG_INT, &limit,
    "list: at most so many (default 50; 0 for all)", "N" },
  { "feedback", 0, 0, G_OPTION_ARG_NONE, &with_feedback,
    "list: feedback and erasures too", NULL },
  { "head", 0, 0, G_OPTION_ARG_STRING, &expected_head,
    "verify: hash of an entry noted earlier, which has to be there", "HASH" },
  { "older-than", 0, 0, G_OPTION_ARG_INT, &older_than, "purge: what is older", "DAYS" },
  { "reason", 0, 0, G_OPTION_ARG_STRING, &reason,
    "purge: kept with the erasure; no names", "TEXT" },
  { "secret-service", 0, 0, G_OPTION_ARG_NONE, &secret_service,
    "key: into the desktop's secret service", NULL },
  G_OPTION_ENTRY_NULL
};

int
smear_cmd_history (int argc, char **argv)
{
  if (!smear_cli_parse (
          &argc, &argv, entries,
          "list|show ID|compare ID ID|export "
          "FILE|purge|verify|settings|key|encrypt|decrypt",
          "What was found, when and by whom. “compare” marks with * what differs. "
          "“purge” erases names, paths, users, notes "
          "and\n"
          "pictures and leaves the chain of hashes whole; “verify” names the first entry "
          "that\n"
          "was changed; “settings” shows and changes what is recorded (settings "
          "record=on\n"
          "pseudonyms=yes …). Exit status of verify: 0 intact, 1 broken, 2 could not "
          "run."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (argv[1], actions[i].name))
      return actions[i].run (argc - 1, argv + 1);
  smear_cli_error (
      argc > 1
          ? "no such action; “smearscope history --help” lists them"
          : "say what to do: list, show, compare, export, purge, verify, settings, key, "
            "encrypt or decrypt");
  return SMEAR_EXIT_COULD_NOT_RUN;
}
