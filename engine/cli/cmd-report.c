/* smearscope report: images, or findings of the history, as a document to file. */
#include "cli/commands.h"
#include "cli/history-options.h"
#include "cli/options.h"

#include <string.h>

static char *model_name, *output, *paper, *title, *laboratory, *colour_map, *ids;
static char **paths;
static gboolean recursive;
static gint max_pages = 50;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Report to write (.pdf or .html)",
    "FILE" },
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
    "Weights file or name of a shipped model", "MODEL" },
  { "id", 0, 0, G_OPTION_ARG_STRING, &ids,
    "Findings of the history, such as 3,7,12-19, instead of images", "LIST" },
  { "paper", 0, 0, G_OPTION_ARG_STRING, &paper, "a4 (default) or letter", "NAME" },
  { "title", 0, 0, G_OPTION_ARG_STRING, &title, "Title of the report", "TEXT" },
  { "laboratory", 0, 0, G_OPTION_ARG_STRING, &laboratory,
    "Who issues it: head of each page", "TEXT" },
  { "colour-map", 0, 0, G_OPTION_ARG_STRING, &colour_map,
    "viridis, magma, inferno, turbo or grey", "NAME" },
  { "pages", 0, 0, G_OPTION_ARG_INT, &max_pages,
    "At most so many findings get a page of their own (default 50)", "N" },
  { "recursive", 'r', 0, G_OPTION_ARG_NONE, &recursive, "Descend into sub-directories",
    NULL },
  SMEAR_CLI_HISTORY_ENTRIES,
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "FILE|DIR…" },
  G_OPTION_ENTRY_NULL
};

static gint
fail (const char *message)
{
  smear_cli_error (message);
  return SMEAR_EXIT_COULD_NOT_RUN;
}

static gboolean
read_options (SmearReportOptions *options)
{
  SmearMapStyle style = SMEAR_MAP_STYLE_DEFAULT;
  g_autoptr (GError) error = NULL;

  if (!output || !smear_report_check_path (output, &error))
    {
      smear_cli_error (error ? error->message
                             : "name the report with --output FILE.pdf or FILE.html");
      return FALSE;
    }
  if (paper && g_ascii_strcasecmp (paper, "letter") == 0)
    options->paper = SMEAR_PAPER_LETTER;
  else if (paper && g_ascii_strcasecmp (paper, "a4") != 0)
    {
      smear_cli_error ("--paper: choose a4 or letter");
      return FALSE;
    }
  if (!smear_cli_map_style (colour_map, options->opacity, 0, FALSE, &style))
    return FALSE;
  options->colours = style.colours;
  options->title = title;
  options->laboratory = laboratory;
  options->max_pages = max_pages;
  return TRUE;
}

typedef struct
{
  SmearReport *report;
  gboolean failed;
} Run;

static void
add_row (const SmearBatchRow *row, guint n_files, gpointer user_data)
{
  Run *run = user_data;

  if (row->finding)
    smear_report_add (run->report, row->finding, row->image, NULL);
  if (row->error)
    {
      smear_cli_error (row->error->message);
      run->failed = TRUE;
    }
}

static gint
add_images (Run *run)
{
  SmearBatchOptions options = SMEAR_BATCH_OPTIONS_DEFAULT;
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearModel) model = smear_cli_model (model_name);
  g_autoptr (GPtrArray) files = NULL;

  if (!model)
    return SMEAR_EXIT_COULD_NOT_RUN;
  files = smear_batch_collect ((const char *const *)paths, recursive, NULL, NULL, NULL,
                               &error);
  if (!files)
    return fail (error->message);
  smear_report_set_model (run->report, model);
  options.want_map = options.want_image = TRUE;
  if (!smear_batch_run (model, files, &options, NULL, add_row, run, NULL, &error))
    return fail (error->message);
  return run->failed ? SMEAR_EXIT_SOME_FAILED : SMEAR_EXIT_OK;
}

static gboolean
add_recorded (Run *run, SmearHistory *history, gint64 id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearRecord) record = smear_history_get (history, id, &error);
  g_autofree char *without = NULL;

  if (record && record->kind != SMEAR_RECORD_FINDING)
    g_set_error (&error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                 "entry %" G_GINT64_FORMAT " is no finding", id);
  if (error)
    {
      smear_cli_error (error->message);
      return FALSE;
    }
  smear_report_add_record (run->report, record, model_name, &without);
  if (without)
    fprintf (stderr, "%s: finding %" G_GINT64_FORMAT " goes without pictures: %s\n",
             g_get_prgname (), id, without);
  return TRUE;
}

static gint
add_findings (Run *run)
{
  g_auto (GStrv) parts = g_strsplit (ids, ",", -1);
  g_autoptr (SmearHistory) history = smear_cli_history (FALSE);

  if (!history)
    return SMEAR_EXIT_COULD_NOT_RUN;
  for (guint i = 0; parts[i]; i++)
    {
      char *dash = strchr (parts[i], '-');
      gint64 first, last;

      if (dash)
        *dash++ = '\0';
      if (!smear_cli_id (parts[i], &first)
          || !smear_cli_id (dash ? dash : parts[i], &last))
        return SMEAR_EXIT_COULD_NOT_RUN;
      for (gint64 id = first; id <= last; id++)
        if (!add_recorded (run, history, id))
          return SMEAR_EXIT_COULD_NOT_RUN;
    }
  return SMEAR_EXIT_OK;
}

int
smear_cmd_report (int argc, char **argv)
{
  SmearReportOptions options = SMEAR_REPORT_OPTIONS_DEFAULT;
  g_autoptr (SmearReport) report = NULL;
  g_autoptr (GError) error = NULL;
  Run run = { NULL };
  gint status;

  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Writes what is found in images, or what the history holds, as a report\n"
          "to sign and file."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (!paths == !ids)
    return fail ("name images, or findings of the history with --id");
  if (!read_options (&options))
    return SMEAR_EXIT_COULD_NOT_RUN;
  run.report = report = smear_report_new (&options);
  status = ids ? add_findings (&run) : add_images (&run);
  if (status == SMEAR_EXIT_COULD_NOT_RUN)
    return status;
  return smear_report_write (report, output, &error) ? status : fail (error->message);
}
