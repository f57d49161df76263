#include "train/experiment.h"
#include "train/answers.h"

#include <math.h>
#include <string.h>

static gint
compare (gconstpointer a, gconstpointer b)
{
  return *(const gint *)a - *(const gint *)b;
}

GArray *
smear_experiment_folds (const SmearDataset *dataset)
{
  GArray *folds = g_array_new (FALSE, FALSE, sizeof (gint));

  for (guint i = 0; i < dataset->samples->len; i++)
    {
      gint fold = smear_dataset_sample (dataset, i)->fold;
      guint k = 0;
      while (k < folds->len && g_array_index (folds, gint, k) != fold)
        k++;
      if (fold >= 0 && k == folds->len)
        g_array_append_val (folds, fold);
    }
  g_array_sort (folds, compare);
  return folds;
}

void
smear_experiment_split (const SmearDataset *dataset, gint fold, gdouble share,
                        guint64 seed, GArray **train, GArray **validation)
{
  SmearRandom random = smear_random (smear_hash (seed, 80));

  *train = g_array_new (FALSE, FALSE, sizeof (gint));
  *validation = g_array_new (FALSE, FALSE, sizeof (gint));
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (gint));
      for (gint i = 0; i < (gint)dataset->samples->len; i++)
        if ((gint)smear_dataset_sample (dataset, i)->label == c)
          g_array_append_val (own, i);
      if (fold < 0)
        smear_random_shuffle (&random, (gint *)own->data, own->len);
      for (guint i = 0; i < own->len; i++)
        {
          gint index = g_array_index (own, gint, i);
          gboolean back = fold >= 0 ? smear_dataset_sample (dataset, index)->fold == fold
                                    : i < lrint (share * own->len);
          g_array_append_val (back ? *validation : *train, index);
        }
    }
}

GArray *
smear_experiment_predictions_new (const SmearDataset *dataset)
{
  GArray *predicted = g_array_new (FALSE, TRUE, sizeof (SmearKept));

  return g_array_set_size (predicted, dataset->samples->len);
}

void
smear_experiment_predict (const SmearNetwork *net, const SmearDataset *dataset,
                          GArray *validation, SmearPool *pool, GArray *predicted)
{
  g_autofree gfloat *p = g_new0 (gfloat, validation->len * SMEAR_N_CLASSES);
  g_autofree gfloat *logits = g_new0 (gfloat, validation->len * SMEAR_N_CLASSES);

  smear_predict_samples (net, dataset, validation, G_MAXINT, smear_pool_n_threads (pool),
                         p, logits);
  for (guint i = 0; i < validation->len; i++)
    {
      SmearKept *kept = &g_array_index (predicted, SmearKept,
                                        g_array_index (validation, gint, i));
      kept->kept = TRUE;
      memcpy (kept->probabilities, p + i * SMEAR_N_CLASSES, sizeof kept->probabilities);
      memcpy (kept->logits, logits + i * SMEAR_N_CLASSES, sizeof kept->logits);
    }
}

GArray *
smear_experiment_answers (const SmearDataset *dataset, GArray *predicted)
{
  GArray *answers = smear_answers_new ();

  for (guint i = 0; i < predicted->len; i++)
    {
      const SmearSample *sample = smear_dataset_sample (dataset, i);
      const SmearKept *kept = &g_array_index (predicted, SmearKept, i);
      SmearAnswer answer = { .truth = sample->label,
                             .predicted = smear_answers_winner (kept->probabilities) };
      if (!kept->kept)
        continue;
      answer.n_cells = dataset->cells ? sample->n_pictures : 0;
      answer.file = g_path_get_basename (sample->path);
      answer.smear = g_strdup (sample->smear);
      answer.fold = sample->fold >= 0 ? g_strdup_printf ("%d", sample->fold) : NULL;
      memcpy (answer.probabilities, kept->probabilities, sizeof answer.probabilities);
      memcpy (answer.logits, kept->logits, sizeof answer.logits);
      g_array_append_val (answers, answer);
    }
  return answers;
}

gboolean
smear_experiment_write_predictions (const SmearDataset *dataset, GArray *predicted,
                                    const char *path, GError **error)
{
  g_autoptr (GArray) answers = smear_experiment_answers (dataset, predicted);

  return smear_answers_write (answers, path, error);
}

static char *
data_hash (const SmearDataset *dataset, GArray *samples)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize picture = (gsize)dataset->size * dataset->size * 3;

  for (guint i = 0; i < samples->len; i++)
    {
      const SmearSample *sample = smear_dataset_sample (dataset,
                                                        g_array_index (samples, gint, i));
      guint8 label = sample->label;
      g_checksum_update (sum, &label, 1);
      g_checksum_update (sum, sample->pictures, sample->n_pictures * picture);
    }
  return g_strdup (g_checksum_get_string (sum));
}

GHashTable *
smear_experiment_metadata (const SmearDataset *dataset, GArray *train,
                           const SmearTraining *how)
{
  GHashTable *m = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

#define PUT(key, value) g_hash_table_insert (m, g_strdup (key), (value))
  PUT ("training_data_sha256", data_hash (dataset, train));
  PUT ("training_samples", g_strdup_printf ("%u", train->len));
  PUT ("epochs", g_strdup_printf ("%d", how->epochs));
  PUT ("seed", g_strdup_printf ("%" G_GUINT64_FORMAT, how->seed));
  PUT ("intended_use", g_strdup (SMEAR_DISCLAIMER));
#undef PUT
  return m;
}
