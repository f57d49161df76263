/* smearscope feedback: a reviewer's word on findings, and what comes of it. */
#include "cli/commands.h"
#include "cli/history-options.h"
#include "cli/options.h"

#include <math.h>
#include <string.h>

static char *who, *note, *crops, *since, *until;
static gint cell;
static gboolean by_month;

static const GOptionEntry entries[] = {
  SMEAR_CLI_HISTORY_ENTRIES,
  { "who", 0, 0, G_OPTION_ARG_STRING, &who,
    "Reviewer (default: the login name; for statistics: all)", "NAME" },
  { "note", 0, 0, G_OPTION_ARG_STRING, &note, "What else there is to say", "TEXT" },
  { "cell", 0, 0, G_OPTION_ARG_INT, &cell,
    "A cell of the finding, from 1 (default: the region)", "N" },
  { "crops", 0, 0, G_OPTION_ARG_FILENAME, &crops,
    "export: cut regions and cells out into this folder", "DIR" },
  { "since", 0, 0, G_OPTION_ARG_STRING, &since, "statistics: not before", "YYYY-MM-DD" },
  { "until", 0, 0, G_OPTION_ARG_STRING, &until, "statistics: before", "YYYY-MM-DD" },
  { "by-month", 0, 0, G_OPTION_ARG_NONE, &by_month, "statistics: also month by month",
    NULL },
  G_OPTION_ENTRY_NULL
};

static gint
fail (GError *error)
{
  smear_cli_error (error->message);
  return SMEAR_EXIT_COULD_NOT_RUN;
}

static gint
wrong_usage (const char *message)
{
  smear_cli_error (message);
  return SMEAR_EXIT_COULD_NOT_RUN;
}

static gint
add (SmearFeedbackKind kind, gint argc, char **argv)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  SmearFeedback feedback = { kind, SMEAR_CLASS_NONE, cell - 1, who, note };
  gint64 id, said;

  if (argc != (kind == SMEAR_FEEDBACK_CORRECT ? 3 : 2))
    return wrong_usage ("say which finding: agree ID, flag ID, or correct ID CLASS");
  if (cell < 0)
    return wrong_usage ("--cell: cells are numbered from 1");
  if (!smear_cli_id (argv[1], &id)
      || (kind == SMEAR_FEEDBACK_CORRECT && !smear_cli_class (argv[2], &feedback.klass)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  history = smear_cli_history (TRUE);
  if (!history)
    return SMEAR_EXIT_COULD_NOT_RUN;
  said = smear_feedback_add (history, id, &feedback, &error);
  if (said == 0)
    return fail (error);
  printf ("entry %" G_GINT64_FORMAT "\n", said);
  return SMEAR_EXIT_OK;
}

static gint export(gint argc, char **argv)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  SmearTrainingList list;

  if (argc != 2)
    return wrong_usage ("name the list: smearscope feedback export FILE.csv");
  history = smear_cli_history (FALSE);
  if (!history)
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (!smear_feedback_export (history, argv[1], crops, &list, &error))
    return fail (error);
  printf ("%u images, %u cut out; left out: %u disputed, %u %s\n", list.n_images,
          list.n_crops, list.n_disputed, list.n_unavailable,
          crops ? "not available" : "not available or only part of an image (--crops)");
  return SMEAR_EXIT_OK;
}

static void
print_confusion (const SmearAgreement *agreement)
{
  printf ("%-14s  model\n%-14s", "reviewer", "");
  for (guint k = 0; k < SMEAR_N_CLASSES; k++)
    printf (" %11s", smear_class_title (k));
  putchar ('\n');
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      printf ("%-14s", smear_class_title (i));
      for (guint k = 0; k < SMEAR_N_CLASSES; k++)
        printf (" %11u", agreement->confusion[i][k]);
      putchar ('\n');
    }
}

static void
print_figures (const SmearAgreement *agreement)
{
  if (agreement->n == 0)
    printf ("no opinions on answered findings; %u flagged\n", agreement->n_flagged);
  else if (isnan (agreement->kappa))
    printf ("%u opinions, agreement %.1f %%, kappa not defined (one class only); %u "
            "flagged\n",
            agreement->n, 100 * agreement->observed, agreement->n_flagged);
  else
    printf ("%u opinions, agreement %.1f %%, Cohen's kappa %.3f (95 %% about %.3f to "
            "%.3f); %u "
            "flagged\n",
            agreement->n, 100 * agreement->observed, agreement->kappa, agreement->low,
            agreement->high, agreement->n_flagged);
}

/* From the month of the first to that of the last; months without a word are left out. */
static gint
print_months (SmearHistory *history, gint64 from, gint64 to)
{
  g_autoptr (GDateTime) first = g_date_time_new_from_unix_local (from / G_USEC_PER_SEC);
  g_autoptr (GDateTime) month = g_date_time_new_local (
      g_date_time_get_year (first), g_date_time_get_month (first), 1, 0, 0, 0);

  while (g_date_time_to_unix (month) * G_USEC_PER_SEC < to)
    {
      g_autoptr (GDateTime) next = g_date_time_add_months (month, 1);
      g_autoptr (GError) error = NULL;
      g_autofree char *name = g_date_time_format (month, "%Y-%m");
      SmearAgreement agreement;

      if (!smear_feedback_agreement (
              history, who, MAX (from, g_date_time_to_unix (month) * G_USEC_PER_SEC),
              MIN (to, g_date_time_to_unix (next) * G_USEC_PER_SEC), &agreement, &error))
        return fail (error);
      if (agreement.n + agreement.n_flagged > 0)
        {
          printf ("\n%s  ", name);
          print_figures (&agreement);
          if (agreement.n > 0)
            print_confusion (&agreement);
        }
      g_date_time_unref (month);
      month = g_steal_pointer (&next);
    }
  return SMEAR_EXIT_OK;
}

/* A clock that was set back may have made a later entry the earliest. */
static gboolean
note_earliest (const SmearRecord *record, gpointer user_data)
{
  gint64 *earliest = user_data;

  *earliest = *earliest == 0 ? record->time : MIN (*earliest, record->time);
  return TRUE;
}

static gint
statistics (gint argc, char **argv)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  SmearHistoryQuery feedback = SMEAR_HISTORY_QUERY_ALL;
  SmearAgreement agreement;
  gint64 from = 0, to = 0, first = 0, now = g_get_real_time ();

  if (argc > 1)
    return wrong_usage ("statistics takes no names; say --who, --since or --until");
  if ((since && !smear_cli_time (since, &from)) || (until && !smear_cli_time (until, &to))
      || !(history = smear_cli_history (FALSE)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (!smear_feedback_agreement (history, who, from, to, &agreement, &error))
    return fail (error);
  print_figures (&agreement);
  if (agreement.n > 0)
    print_confusion (&agreement);
  if (!by_month)
    return SMEAR_EXIT_OK;
  feedback.kind = SMEAR_RECORD_FEEDBACK;
  feedback.since = from;
  if (!smear_history_foreach (history, &feedback, note_earliest, &first, &error))
    return fail (error);
  return first == 0 ? SMEAR_EXIT_OK
                    : print_months (history, first, to > 0 ? MIN (to, now) : now);
}

int
smear_cmd_feedback (int argc, char **argv)
{
  if (!smear_cli_parse (&argc, &argv, entries,
                        "agree ID|correct ID CLASS|flag ID|statistics|export FILE",
                        "What a reviewer says of a recorded finding is a new entry of "
                        "the history; the\n"
                        "finding stays as it was. “statistics” compares reviewers with "
                        "the model; “export”\n"
                        "writes what reviewers agree on for “smearscope train --from”. "
                        "That list names the\n"
                        "files, so it is not pseudonymous."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  const char *action = argc > 1 ? argv[1] : "";
  for (SmearFeedbackKind kind = SMEAR_FEEDBACK_AGREE; kind <= SMEAR_FEEDBACK_FLAG; kind++)
    if (g_str_equal (action, smear_feedback_kind_name (kind)))
      return add (kind, argc - 1, argv + 1);
  if (g_str_equal (action, "statistics"))
    return statistics (argc - 1, argv + 1);
  if (g_str_equal (action, "export"))
    return export(argc - 1, argv + 1);
  return wrong_usage ("say what to do: agree, correct, flag, statistics or export");
}
