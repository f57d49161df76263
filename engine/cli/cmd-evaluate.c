#include "cli/commands.h"
#include "cli/options.h"
#include "cli/protocol-sheet.h"
#include "cli/score-sheet.h"
#include "train/labelled.h"

#include <string.h>

static char *model_name, *data, *folds, *fold, *csv, *predictions;
static char **protocols;
static SmearCalibrating calibrating;
static gboolean json, show_progress;
static gint jobs;

static const GOptionEntry entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
    "Weights file or name of a shipped model; “FILE.fold*.safetensors” judges each "
    "image by the model that kept its fold back",
    "MODEL" },
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
  { "predictions", 0, 0, G_OPTION_ARG_FILENAME, &predictions,
    "Write truth and probabilities of every image, for --protocol", "FILE" },
  { "protocol", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &protocols,
    "Instead of a model: rate this table of answers to images that were kept back; "
    "given again, the protocols stand side by side (random, smears, looks), the "
    "tables of one name as runs of several seeds",
    "NAME=CSV" },
  { "temperature", 0, 0, G_OPTION_ARG_DOUBLE, &calibrating.given.temperature,
    "Calibrate the tables by this temperature", "T" },
  { "few-cells", 0, 0, G_OPTION_ARG_DOUBLE, &calibrating.given.few_cells,
    "With --temperature: it is that times the root of two at so many cells (0: their "
    "number is no matter)",
    "N" },
  { "one-cell", 0, 0, G_OPTION_ARG_DOUBLE, &calibrating.given.one_cell,
    "With --temperature: the one for an answer from a single cell (0: follows from the "
    "others)",
    "T" },
  { "calibrate", 0, 0, G_OPTION_ARG_NONE, &calibrating.cross,
    "Calibrate each fold of the tables by the answers of the others", NULL },
  { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
  { "jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "Images at a time (default: one a core)",
    "N" },
  { "progress", 0, 0, G_OPTION_ARG_NONE, &show_progress,
    "Show progress even if standard error is no terminal", NULL },
  G_OPTION_ENTRY_NULL
};

/* @indices: (element-type guint): where the files of the run stand in the whole list */
typedef struct
{
  const SmearModel *model;
  SmearScoreSheet *sheet;
  GArray *indices;
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
  smear_score_sheet_add (evaluation->sheet,
                         g_array_index (evaluation->indices, guint, row->index), row,
                         evaluation->model);
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

/* Judges the images of one fold, or all without one. */
static gboolean
judge (SmearModel *model, const SmearLabelled *labelled, const char *of_fold,
       Evaluation *evaluation, guint *n_failed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  SmearBatchOptions options = SMEAR_BATCH_OPTIONS_DEFAULT;
  SmearBatchTotals totals;

  evaluation->model = model;
  g_array_set_size (evaluation->indices, 0);
  for (guint i = 0; i < labelled->files->len; i++)
    if (of_fold == NULL
        || g_strcmp0 (g_array_index (labelled->labels, SmearLabel, i).fold, of_fold) == 0)
      {
        g_array_append_val (evaluation->indices, i);
        g_ptr_array_add (files, labelled->files->pdata[i]);
      }
  options.n_jobs = jobs;
  options.csv = csv;
  gboolean done = smear_batch_run (model, files, &options, NULL, take_row, evaluation,
                                   &totals, &error);
  smear_cli_progress_clear (&evaluation->progress);
  if (!done)
    smear_cli_error (error->message);
  *n_failed += totals.n_failed;
  return done;
}

/* Each fold by the model that did not learn from it. */
static gboolean
judge_by_folds (const SmearLabelled *labelled, Evaluation *evaluation, guint *n_failed)
{
  gboolean complete;
  g_autoptr (GPtrArray) all = smear_labelled_folds (labelled, &complete);

  if (!complete)
    smear_cli_error (SMEAR_CLI_FOLDS_WANTED);
  for (guint i = 0; complete && i < all->len; i++)
    {
      g_autoptr (SmearModel) model = smear_cli_model_of_fold (model_name, all->pdata[i]);
      if (model == NULL || !judge (model, labelled, all->pdata[i], evaluation, n_failed))
        return FALSE;
    }
  return complete;
}

static gboolean
write_predictions (const SmearScoreSheet *sheet)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) answers = smear_score_sheet_answers (sheet);

  if (predictions == NULL || smear_answers_write (answers, predictions, &error))
    return TRUE;
  smear_cli_error (error->message);
  return FALSE;
}

static int
rate_model (void)
{
  gboolean by_folds = model_name != NULL && strchr (model_name, '*') != NULL;
  g_autoptr (SmearLabelled) labelled = load_labels ();
  g_autoptr (SmearModel) model = labelled && !by_folds ? smear_cli_model (model_name)
                                                       : NULL;
  guint n_failed = 0;

  if (labelled == NULL || (model == NULL && !by_folds))
    return SMEAR_EXIT_COULD_NOT_RUN;
  g_autoptr (SmearScoreSheet) sheet = smear_score_sheet_new (labelled);
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint));
  Evaluation evaluation = { .sheet = sheet, .indices = indices };
  smear_cli_progress_init (&evaluation.progress, show_progress);
  if (!(by_folds ? judge_by_folds (labelled, &evaluation, &n_failed)
                 : judge (model, labelled, NULL, &evaluation, &n_failed))
      || !write_predictions (sheet))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (json)
    smear_score_sheet_print_json (
        sheet, by_folds ? model_name : smear_model_get_name (model),
        by_folds ? NULL : smear_model_get_hash (model), data, folds, fold);
  else
    smear_score_sheet_print (sheet);
  return n_failed > 0 ? SMEAR_EXIT_SOME_FAILED : SMEAR_EXIT_OK;
}

/* What is wrong with the options, or NULL. */
static const char *
objection (int argc)
{
  if (argc > 1 || jobs < 0)
    return "there are no arguments but options, and --jobs is at least 0";
  if ((calibrating.given.few_cells != 0 || calibrating.given.one_cell != 0)
      && calibrating.given.temperature == 0)
    return "--few-cells and --one-cell go with --temperature";
  if (protocols)
    return data || folds || model_name || fold || csv || predictions
               ? "--protocol rates tables: it goes without a model and images"
               : NULL;
  if ((!data && !folds) || (fold && !folds))
    return "give --data DIR or --folds CSV, and --fold only with --folds; or --protocol";
  if (calibrating.cross || calibrating.given.temperature != 0)
    return "--temperature and --calibrate go with --protocol; a model has its own";
  if (model_name && strchr (model_name, '*') && (!folds || csv))
    return "a model for each fold goes with --folds, and writes --predictions, not --csv";
  return NULL;
}

int
smear_cmd_evaluate (int argc, char **argv)
{
  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Compares a model's answers with the truth. An image that is refused, "
          "has no leukocytes or cannot be read counts as wrong, and is listed. "
          "With --protocol, rates answers that trainings gave to images kept back. "
          "Exit status: 0 all judged, 1 some could not be read, 2 could not run."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  const char *wrong = objection (argc);
  if (wrong != NULL || calibrating.given.temperature < 0
      || calibrating.given.few_cells < 0 || calibrating.given.one_cell < 0)
    {
      smear_cli_error (wrong != NULL
                           ? wrong
                           : "a temperature is larger than 0, and --few-cells not less");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (protocols == NULL)
    return rate_model ();
  g_autoptr (GError) error = NULL;
  if (smear_protocol_sheet (protocols, &calibrating, json, &error))
    return SMEAR_EXIT_OK;
  smear_cli_error (error->message);
  return SMEAR_EXIT_COULD_NOT_RUN;
}
