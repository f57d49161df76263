#include "nn/architectures.h"
#include "pipeline/model-file.h"
#include "pipeline/preprocess.h"
#include "train/contest-private.h"
#include "train/experiment.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The pictures of a rival, with the folds of a protocol. */
static SmearDataset *
dataset_of (SmearContest *c, const SmearRival *rival,
            const SmearContestProtocol *protocol, GError **error)
{
  gboolean cell = rival->kind == SMEAR_RIVAL_CELL;
  SmearDataset **dataset = cell ? &c->cells : &c->fields;

  if (*dataset == NULL)
    {
      g_autoptr (SmearDataset) read = smear_dataset_new (c->labelled);
      if (!smear_dataset_read (read, cell, cell ? SMEAR_CELL_SIZE : c->plan->size,
                               c->pool, error))
        return NULL;
      *dataset = g_steal_pointer (&read);
    }
  for (guint i = 0; i < (*dataset)->samples->len; i++)
    smear_dataset_sample (*dataset, i)->fold = protocol->fold[i];
  return *dataset;
}

typedef struct
{
  const SmearContestWatch *watch;
  const char *curves;
  gint fold;
} Epochs;

static void
report_progress (const char *stage, gdouble fraction, gpointer user_data)
{
  const SmearContestWatch *watch = ((Epochs *)user_data)->watch;

  if (watch->progress != NULL)
    watch->progress (stage, fraction, watch->user_data);
}

static void
report_epoch (const SmearEpoch *epoch, gint n_epochs, gpointer user_data)
{
  Epochs *epochs = user_data;
  FILE *file = fopen (epochs->curves, "a");

  if (file != NULL)
    {
      fprintf (file, "%d,%d,%.6f,%.6f,%.6f,%.6f,%.4f\n", epochs->fold, epoch->epoch,
               epoch->loss, epoch->accuracy, epoch->validation_loss,
               epoch->validation_accuracy, epoch->seconds);
      fclose (file);
    }
  if (epochs->watch->epoch != NULL)
    epochs->watch->epoch (epoch, n_epochs, epochs->watch->user_data);
}

/* Seconds of all epochs. One that was done twice, because the program was killed before
 * its checkpoint was written, counts once. */
static gdouble
seconds_of (const char *curves)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gdouble sum = 0;
  gint epoch = 0;

  if (!g_file_get_contents (curves, &text, NULL, NULL))
    return 0;
  lines = g_strsplit (text, "\n", -1);
  for (gint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ",", -1);
      if (g_strv_length (fields) != 7 || atoi (fields[1]) <= epoch)
        continue;
      epoch = atoi (fields[1]);
      sum += g_ascii_strtod (fields[6], NULL);
    }
  return sum;
}

static SmearTraining
recipe (const SmearContest *c, const SmearRival *rival, gint seed)
{
  SmearTraining published = SMEAR_TRAINING_PUBLISHED, cell = SMEAR_TRAINING_CELL;
  SmearTraining how = rival->kind == SMEAR_RIVAL_CELL ? cell : published;

  how.epochs = c->plan->epochs;
  how.seed = seed;
  return how;
}

static gboolean
save_facts (const char *answers, const SmearNetwork *net, gdouble seconds, GError **error)
{
  g_autoptr (GKeyFile) facts = g_key_file_new ();
  g_autofree char *path = smear_contest_facts (answers);

  g_key_file_set_double (facts, "facts", "train_seconds", seconds);
  g_key_file_set_int64 (facts, "facts", "parameters", smear_network_n_parameters (net));
  g_key_file_set_int64 (facts, "facts", "multiply_adds",
                        smear_network_multiply_adds (net));
  return g_key_file_save_to_file (facts, path, error);
}

/* The answers come last: where they are, nothing is missing. */
static gboolean
save (SmearContest *c, const SmearRival *rival, const SmearNetwork *net,
      const SmearDataset *dataset, const SmearTraining *how, GArray *train, GArray *kept,
      const char *answers, const char *curves, gboolean audited, GError **error)
{
  g_autoptr (GArray) predicted = smear_experiment_predictions_new (dataset);

  if (audited)
    {
      g_autofree char *weights = smear_contest_file (c, "%s.safetensors", rival->name);
      g_autoptr (GHashTable) metadata = smear_experiment_metadata (dataset, train, how);
      g_hash_table_insert (metadata, g_strdup ("name"), g_strdup (rival->name));
      if (!smear_model_write (weights, net, metadata, error))
        return FALSE;
    }
  smear_experiment_predict (net, dataset, kept, c->pool, predicted);
  return save_facts (answers, net, seconds_of (curves), error)
         && smear_experiment_write_predictions (dataset, predicted, answers, error);
}

gboolean
smear_contest_train (SmearContest *c, const SmearRival *rival,
                     const SmearContestProtocol *protocol, gint seed, gint fold,
                     gboolean audited, GError **error)
{
  SmearDataset *dataset = dataset_of (c, rival, protocol, error);
  g_autofree char *answers = smear_contest_answers (c, rival, protocol, seed, fold);
  g_autofree char *checkpoint = g_strconcat (answers, ".checkpoint", NULL);
  g_autofree char *curves = g_strconcat (answers, ".curves", NULL);
  SmearTraining how = recipe (c, rival, seed);
  Epochs epochs = { c->watch, curves, fold };
  g_autoptr (GArray) train = NULL, kept = NULL;

  if (dataset == NULL)
    return FALSE;
  g_autoptr (SmearNetwork) net = smear_architecture_new (rival->name, dataset->size,
                                                         SMEAR_N_CLASSES, error);
  if (net == NULL)
    return FALSE;
  if (!g_file_test (checkpoint, G_FILE_TEST_EXISTS)
      && !g_file_set_contents (
          curves,
          "fold,epoch,loss,accuracy,validation_loss,validation_accuracy,seconds\n", -1,
          error))
    return FALSE;
  smear_experiment_split (dataset, fold, 0, seed, &train, &kept);
  if (!smear_train (net, dataset, train, kept, &how, c->pool, checkpoint, NULL,
                    report_progress, report_epoch, &epochs, error))
    return FALSE;
  smear_network_prepare (net, smear_kernels_get (smear_cpu_isa ()));
  if (!save (c, rival, net, dataset, &how, train, kept, answers, curves, audited, error))
    return FALSE;
  g_unlink (checkpoint);
  return TRUE;
}

/* Milliseconds from a decoded image to its class, after one that warms up. */
static gboolean
time_answers (SmearModel *model, const SmearDataset *dataset, gdouble *milliseconds,
              GError **error)
{
  guint n = MIN (SMEAR_CONTEST_TIMED, dataset->samples->len);
  gint64 spent = 0;

  for (guint i = 0; i <= n; i++)
    {
      const SmearSample *sample = smear_dataset_sample (dataset, i % n);
      g_autoptr (SmearImage) image = smear_image_load (sample->path, error);
      if (image == NULL)
        return FALSE;
      gint64 began = g_get_monotonic_time ();
      g_autoptr (SmearFinding) finding = smear_classify (model, image, NULL, NULL, NULL,
                                                         NULL, NULL, error);
      if (finding == NULL)
        return FALSE;
      spent += i > 0 ? g_get_monotonic_time () - began : 0;
    }
  *milliseconds = spent / 1e3 / n;
  return TRUE;
}

gboolean
smear_contest_audit_network (SmearContest *c, const SmearRival *rival, GError **error)
{
  g_autofree char *weights = smear_contest_file (c, "%s.safetensors", rival->name);
  g_autoptr (SmearModel) model = smear_model_load (weights, error);
  g_autoptr (SmearDataset) dataset = smear_contest_audited (c);
  SmearAudit audit;
  gdouble milliseconds;

  return model != NULL && time_answers (model, dataset, &milliseconds, error)
         && smear_audit (&(SmearAuditPart){ model, dataset }, 1, c->plan->audit_limit, 1,
                         NULL, c->pool, c->watch->progress, c->watch->user_data, &audit,
                         error)
         && smear_contest_save_audit (c, rival, audit.scores, &audit, milliseconds,
                                      error);
}
