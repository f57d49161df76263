#include "cli/commands.h"
#include "train/labelled.h"
#include "cli/options.h"
#include "cli/score-sheet.h"

static char *model_name, *data, *folds, *fold, *csv;
static gboolean json, show_progress;
static gint jobs;

static const GOptionEntry entries[]
    = { { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
          "Weights file or name of a shipped model", "MODEL" },
        { "data", 'd', 0, G_OPTION_ARG_FILENAME, &data, "Folder with one folder a class",
          "DIR" },
        { "folds", 0, 0, G_OPTION_ARG_FILENAME, &folds,
          "Table with the columns path and class, and perhaps smear and fold; paths "
          "start at the "
          "table or at DIR",
          "CSV" },
        { "fold", 0, 0, G_OPTION_ARG_STRING, &fold, "Only the images of this fold", "K" },
        { "csv", 0, 0, G_OPTION_ARG_FILENAME, &csv,
          "Write the answer to every image to a table", "FILE" },
        { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
        { "jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "Images at a time (default: one a core)",
          "N" },
        { "progress", 0, 0, G_OPTION_ARG_NONE, &show_progress,
          "Show progress even if standard error is no terminal", NULL },
        G_OPTION_ENTRY_NULL };

typedef struct
{
  SmearScoreSheet *sheet;
  SmearCliProgress progress;
} Evaluation;

static void
take_row (const SmearBatchRow *row, guint n_files, gpointer user_data)
{
  Evaluation *evaluation = user_data;
  if (row->error)
    {
      smear_cli_progress_clear (&evaluation->progress);
      smear_cli_error (row->error->message);
    }
  smear_score_sheet_add (evaluation->sheet, row);
  smear_cli_progress_row (&evaluation->progress, row, n_files);
}

static SmearLabelled *
load_labels (void)
{
  g_autoptr (GError) error = NULL;
  SmearLabelled *labelled = folds ? smear_labelled_from_table (folds, data, fold, &error)
                                  : smear_labelled_from_folder (data, &error);
  if (labelled == NULL)
    smear_cli_error (error->message);
  return labelled;
}

int
smear_cmd_evaluate (int argc, char **argv)
{
  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Compares a model's answers with the truth. An image that is refused, "
          "has no leukocytes or cannot be read counts as wrong, and is listed. "
          "Exit status: 0 all judged, 1 some could not be read, 2 could not run."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (argc > 1 || (!data && !folds) || (fold && !folds) || jobs < 0)
    {
      smear_cli_error ("give --data DIR or --folds CSV, and --fold only with --folds");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  g_autoptr (SmearLabelled) labelled = load_labels ();
  g_autoptr (SmearModel) model = labelled ? smear_cli_model (model_name) : NULL;
  if (model == NULL)
    return SMEAR_EXIT_COULD_NOT_RUN;

  g_autoptr (SmearScoreSheet) sheet = smear_score_sheet_new (labelled);
  SmearBatchOptions options = SMEAR_BATCH_OPTIONS_DEFAULT;
  options.n_jobs = jobs;
  options.csv = csv;
  g_autoptr (GError) error = NULL;
  SmearBatchTotals totals;
  Evaluation evaluation = { .sheet = sheet };
  smear_cli_progress_init (&evaluation.progress, show_progress);
  gboolean done = smear_batch_run (model, labelled->files, &options, NULL, take_row,
                                   &evaluation, &totals, &error);
  smear_cli_progress_clear (&evaluation.progress);
  if (!done)
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (json)
    smear_score_sheet_print_json (sheet, model, data, folds, fold);
  else
    smear_score_sheet_print (sheet);
  return totals.n_failed > 0 ? SMEAR_EXIT_SOME_FAILED : SMEAR_EXIT_OK;
}
