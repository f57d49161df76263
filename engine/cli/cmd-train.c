#include "cli/commands.h"
#include "cli/figures.h"
#include "cli/options.h"
#include "nn/architectures.h"
#include "pipeline/json-line.h"
#include "pipeline/model-file.h"
#include "pipeline/preprocess.h"
#include "train/experiment.h"
#include "train/protocol.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static char *data, *folds, *architecture, *output, *checkpoint, *curves, *predictions;
static char *model_title, *notes;
static gint fold = -1, epochs, batch, threads, pictures, input_size = 224;
static gint64 seed = 1;
static gdouble rate, split, restain = NAN, temperature = 1, few_cells, threshold;
static gboolean cross_validate, no_augmentation, quiet;

static const GOptionEntry entries[] = {
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &data, "Folder with one folder a class",
    "DIR" },
  { "folds", 0, 0, G_OPTION_ARG_FILENAME, &folds,
    "Table with the columns path and class, and perhaps smear and fold; paths start at "
    "the "
    "table or at DIR",
    "CSV" },
  { "from", 0, 0, G_OPTION_ARG_FILENAME, &folds, "The same: a training list of reviewers",
    "CSV" },
  { "fold", 0, 0, G_OPTION_ARG_INT, &fold, "Keep this fold back for validation", "K" },
  { "split", 0, 0, G_OPTION_ARG_DOUBLE, &split,
    "Keep this share, drawn at random, back for validation", "SHARE" },
  { "cross-validate", 0, 0, G_OPTION_ARG_NONE, &cross_validate,
    "Train once for each fold, each time keeping it back, and report on all", NULL },
  { "architecture", 'a', 0, G_OPTION_ARG_STRING, &architecture,
    "published-cnn (default), cell, vgg16, resnet50 or inception-v3", "NAME" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    "Weights file to write; of a cross-validation FILE.foldK.safetensors each", "FILE" },
  { "name", 0, 0, G_OPTION_ARG_STRING, &model_title, "Name of the model in its metadata",
    "NAME" },
  { "notes", 0, 0, G_OPTION_ARG_STRING, &notes, "What else the metadata should say",
    "TEXT" },
  { "checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &checkpoint,
    "Written after each epoch; continued from if it exists", "FILE" },
  { "curves", 0, 0, G_OPTION_ARG_FILENAME, &curves, "Loss and accuracy by epoch", "CSV" },
  { "predictions", 0, 0, G_OPTION_ARG_FILENAME, &predictions,
    "Probabilities of the images kept back", "CSV" },
  { "epochs", 'e', 0, G_OPTION_ARG_INT, &epochs, "Times through the images (50)", "N" },
  { "batch", 'b', 0, G_OPTION_ARG_INT, &batch, "Images a step (32)", "N" },
  { "input-size", 0, 0, G_OPTION_ARG_INT, &input_size,
    "Side of the fields that the network gets (224); not for cell", "PIXELS" },
  { "pictures", 0, 0, G_OPTION_ARG_INT, &pictures,
    "Cells of an image in an epoch (cell: 4)", "N" },
  { "restain", 0, 0, G_OPTION_ARG_DOUBLE, &restain,
    "Of cells: how often they are stained like those of another image (0.67)", "SHARE" },
  { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &rate, "Adam's rate (0.001; cell: 0.002)", "R" },
  { "seed", 's', 0, G_OPTION_ARG_INT64, &seed, "Of everything drawn (1)", "N" },
  { "no-augmentation", 0, 0, G_OPTION_ARG_NONE, &no_augmentation, "Images as they are",
    NULL },
  { "temperature", 0, 0, G_OPTION_ARG_DOUBLE, &temperature, "Calibration to store (1)",
    "T" },
  { "few-cells", 0, 0, G_OPTION_ARG_DOUBLE, &few_cells,
    "Of the calibration: cells at which the temperature is that times the root of two "
    "(0)",
    "N" },
  { "threshold", 0, 0, G_OPTION_ARG_DOUBLE, &threshold,
    "Confidence below which the model says uncertain (0)", "P" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "At most (default: one a core)", "N" },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "No progress", NULL },
  G_OPTION_ENTRY_NULL
};

typedef struct
{
  FILE *curves;
  gint fold;
  gint64 began;
} Report;

static void
report_epoch (const SmearEpoch *epoch, gint n_epochs, gpointer user_data)
{
  Report *report = user_data;

  if (report->curves != NULL)
    {
      fprintf (report->curves, "%d,%d,%.6f,%.6f,%.6f,%.6f,%.1f\n", report->fold,
               epoch->epoch, epoch->loss, epoch->accuracy, epoch->validation_loss,
               epoch->validation_accuracy, epoch->seconds);
      fflush (report->curves);
    }
  if (quiet)
    return;
  gint left = (gint)(epoch->seconds * (n_epochs - epoch->epoch));
  fprintf (stderr, "%sfold %d  epoch %2d/%d  loss %.4f  accuracy %.2f %%",
           isatty (2) ? "\r" : "", report->fold, epoch->epoch, n_epochs, epoch->loss,
           100 * epoch->accuracy);
  if (!isnan (epoch->validation_loss))
    fprintf (stderr, "  validation loss %.4f  accuracy %.2f %%", epoch->validation_loss,
             100 * epoch->validation_accuracy);
  fprintf (stderr, "  %.0f s, %d:%02d left\n", epoch->seconds, left / 60, left % 60);
}

static void
report_progress (const char *stage, gdouble fraction, gpointer user_data)
{
  if (!quiet && isatty (2))
    fprintf (stderr, "\r%s %3.0f %%", stage, 100 * fraction);
}

static SmearTraining
recipe (void)
{
  SmearTraining published = SMEAR_TRAINING_PUBLISHED, cell = SMEAR_TRAINING_CELL;
  SmearTraining how = g_strcmp0 (architecture, "cell") == 0 ? cell : published;

  if (epochs > 0)
    how.epochs = epochs;
  if (batch > 0)
    how.batch = batch;
  if (rate > 0)
    how.rate = rate;
  if (pictures > 0)
    how.pictures = pictures;
  if (no_augmentation)
    how.augmentation = (SmearAugmentation){ 0 };
  if (!isnan (restain))
    how.restain = restain;
  how.seed = seed;
  return how;
}

static gboolean
save (SmearNetwork *net, const SmearDataset *dataset, GArray *train,
      const SmearTraining *how, gint back, GError **error)
{
  g_autofree char *path = cross_validate
                              ? g_strdup_printf ("%s.fold%d.safetensors", output, back)
                              : g_strdup (output);
  g_autoptr (GHashTable) metadata = smear_experiment_metadata (dataset, train, how);

  g_hash_table_insert (metadata, g_strdup ("name"),
                       g_strdup (model_title != NULL ? model_title : architecture));
  g_hash_table_insert (metadata, g_strdup ("temperature"),
                       g_strdup_printf ("%.4f", temperature));
  g_hash_table_insert (metadata, g_strdup ("few_cells"),
                       g_strdup_printf ("%g", few_cells));
  g_hash_table_insert (metadata, g_strdup ("threshold"),
                       g_strdup_printf ("%.4f", threshold));
  if (notes != NULL)
    g_hash_table_insert (metadata, g_strdup ("notes"), g_strdup (notes));
  return smear_model_write (path, net, metadata, error);
}

/* Returns: (transfer full) (nullable) */
static char *
checkpoint_of (gint back)
{
  return checkpoint != NULL && cross_validate
             ? g_strdup_printf ("%s.%d", checkpoint, back)
             : g_strdup (checkpoint);
}

/* A training that goes on from a checkpoint goes on with its curves. */
static FILE *
open_curves (const GArray *kept, GError **error)
{
  g_autofree char *first = checkpoint_of (g_array_index (kept, gint, 0));
  gboolean resumed = first != NULL && g_file_test (first, G_FILE_TEST_EXISTS)
                     && g_file_test (curves, G_FILE_TEST_EXISTS);
  FILE *file = fopen (curves, resumed ? "a" : "w");

  if (file == NULL)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO,
                 "%s: the curves cannot be written: %s", curves, g_strerror (errno));
  else if (!resumed)
    fputs ("fold,epoch,loss,accuracy,validation_loss,validation_accuracy,seconds\n",
           file);
  return file;
}

/* On what was kept back, with the calibration that fits it best. */
static void
print_figures (const SmearDataset *dataset, GArray *predicted)
{
  g_autoptr (GArray) answers = smear_experiment_answers (dataset, predicted);
  g_autoptr (GPtrArray) runs = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new ("{");
  SmearProtocol kept;

  if (answers->len == 0)
    return;
  SmearCalibration fits = smear_answers_calibration (answers);
  g_ptr_array_add (runs, answers);
  smear_protocol_rate ("kept back", runs, &kept);
  smear_figures_json_accuracy (text, &kept.metrics);
  if (kept.n_smears > 0)
    smear_figures_json_smears (text, kept.n_smears, kept.accuracy_smears,
                               kept.macro_f1_smears);
  smear_figures_json_classes (text, &kept.metrics);
  smear_figures_json_calibration (text, &kept.metrics);
  smear_json_member_number (text, "temperature", fits.temperature);
  smear_json_member_number (text, "few_cells", fits.few_cells);
  smear_json_member_boolean (text, "research_use_only", TRUE);
  g_string_append_c (text, '}');
  puts (text->str);
}

static gboolean
split_by (const SmearDataset *dataset, gint back, GArray **train, GArray **validation,
          GError **error)
{
  smear_experiment_split (dataset, back, split, seed, train, validation);
  if ((*train)->len > 0 && (back < 0 || (*validation)->len > 0))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT, "%s: %s",
               folds != NULL ? folds : data,
               (*train)->len == 0 ? "no image is left to learn from"
                                  : "no image is of the fold to keep back");
  return FALSE;
}

/* One training, or one for each fold; what was kept back is predicted and kept. */
static gboolean
run (SmearDataset *dataset, SmearPool *pool, GError **error)
{
  SmearTraining how = recipe ();
  g_autoptr (GArray) kept = cross_validate ? smear_experiment_folds (dataset)
                                           : g_array_new (FALSE, FALSE, sizeof (gint));
  g_autoptr (GArray) predicted = smear_experiment_predictions_new (dataset);
  Report report = { 0 };
  gboolean ok = TRUE;

  if (!cross_validate)
    g_array_append_val (kept, fold);
  if (kept->len == 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "%s: no image has a fold; --cross-validate needs the column fold",
                   folds);
      return FALSE;
    }
  if (curves != NULL && (report.curves = open_curves (kept, error)) == NULL)
    return FALSE;
  for (guint i = 0; ok && i < kept->len; i++)
    {
      g_autoptr (GArray) train = NULL, validation = NULL;
      g_autoptr (SmearNetwork) net = smear_architecture_new (architecture, dataset->size,
                                                             SMEAR_N_CLASSES, error);
      gint back = g_array_index (kept, gint, i);
      g_autofree char *own_checkpoint = checkpoint_of (back);
      report.fold = back;
      ok = split_by (dataset, back, &train, &validation, error)
           && smear_train (net, dataset, train, validation, &how, pool, own_checkpoint,
                           NULL, report_progress, report_epoch, &report, error);
      if (!ok)
        break;
      smear_network_prepare (net, smear_kernels_get (smear_cpu_isa ()));
      smear_experiment_predict (net, dataset, validation, pool, predicted);
      if (output != NULL)
        ok = save (net, dataset, train, &how, back, error);
    }
  if (report.curves != NULL)
    fclose (report.curves);
  if (ok && predictions != NULL)
    ok = smear_experiment_write_predictions (dataset, predicted, predictions, error);
  if (ok)
    print_figures (dataset, predicted);
  return ok;
}

/* Better now than after all images are read. */
static gboolean
architecture_fits (gint size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearNetwork) net = smear_architecture_new (
      architecture, CLAMP (size, 16, 1024), SMEAR_N_CLASSES, &error);

  if (size < 16 || size > 1024)
    smear_cli_error ("--input-size is 16 to 1024 pixels");
  else if (net == NULL)
    smear_cli_error (error->message);
  else
    return TRUE;
  return FALSE;
}

/* Better now than after an hour. */
static gboolean
folder_is_there (const char *file)
{
  g_autofree char *folder = file != NULL ? g_path_get_dirname (file) : NULL;

  if (folder == NULL || g_access (folder, W_OK | X_OK) == 0)
    return TRUE;
  fprintf (stderr, "%s: %s: the folder does not exist or cannot be written to\n",
           g_get_prgname (), file);
  return FALSE;
}

/* What is wrong with the options, or NULL. The calibration is what a model can have
 * (see smear_model_load()). */
static const char *
objection (int argc, gboolean cells)
{
  if (argc > 1)
    return "there are no arguments but options";
  if (!data && !folds)
    return "give --data DIR or --folds CSV";
  if ((fold >= 0 || cross_validate) && !folds)
    return "--fold and --cross-validate go with --folds";
  if ((fold >= 0) + (split != 0) + cross_validate > 1)
    return "of --fold, --split and --cross-validate only one can be";
  if (!output && !predictions && !cross_validate)
    return "give --output FILE, --predictions FILE or --cross-validate: else nothing is "
           "left";
  if (!(split >= 0 && split < 1))
    return "--split is a share, from 0 to less than 1";
  if (epochs < 0 || batch < 0 || pictures < 0 || threads < 0 || !(rate >= 0))
    return "--epochs, --batch, --pictures, --threads and --rate are not negative";
  if (!(temperature >= 0.05 && temperature <= 20))
    return "--temperature is 0.05 to 20";
  if (!(few_cells >= 0 && few_cells <= 100))
    return "--few-cells is 0 to 100";
  if (!(threshold >= 0 && threshold <= 1))
    return "--threshold is a probability, 0 to 1";
  if (restain < 0 || restain > 1 || (restain > 0 && !cells))
    return "--restain is a share, 0 to 1, and for the architecture cell only";
  return NULL;
}

int
smear_cmd_train (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Trains a network from labelled images by the published recipe (Adam "
          "0.001, 50 epochs, batches of 32, rotation, flips, zoom, brightness), or, "
          "for the architecture cell, by ours. Prints one JSON object with the "
          "figures on what was kept back."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (architecture == NULL)
    architecture = "published-cnn";
  gboolean cells = g_strcmp0 (architecture, "cell") == 0;
  gint size = cells ? SMEAR_CELL_SIZE : input_size;
  const char *wrong = objection (argc, cells);
  if (wrong != NULL)
    {
      smear_cli_error (wrong);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (!folder_is_there (output) || !folder_is_there (predictions)
      || !folder_is_there (checkpoint) || !folder_is_there (curves))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (!architecture_fits (size))
    return SMEAR_EXIT_COULD_NOT_RUN;
  g_autoptr (SmearPool) pool = smear_pool_new (threads);
  g_autoptr (SmearLabelled) labelled = folds != NULL
                                           ? smear_labelled_from_table (folds, data, NULL,
                                                                        &error)
                                           : smear_labelled_from_folder (data, &error);
  g_autoptr (SmearDataset) dataset = labelled != NULL ? smear_dataset_new (labelled)
                                                      : NULL;
  if (dataset == NULL || !smear_dataset_read (dataset, cells, size, pool, &error)
      || !run (dataset, pool, &error))
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  return SMEAR_EXIT_OK;
}
