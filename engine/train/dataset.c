#include "train/dataset.h"
#include "pipeline/preprocess.h"
#include "train/distort.h"

#include <stdlib.h>
#include <string.h>

static void
clear_sample (gpointer data)
{
  SmearSample *sample = data;

  g_free (sample->path);
  g_free (sample->smear);
  g_free (sample->pictures);
  g_free (sample->twins);
}

SmearDataset *
smear_dataset_new (const SmearLabelled *labelled)
{
  SmearDataset *dataset = g_new0 (SmearDataset, 1);

  dataset->samples = g_array_new (FALSE, TRUE, sizeof (SmearSample));
  g_array_set_clear_func (dataset->samples, clear_sample);
  for (guint i = 0; i < labelled->files->len; i++)
    {
      const SmearBatchFile *file = g_ptr_array_index (labelled->files, i);
      const SmearLabel *label = &g_array_index (labelled->labels, SmearLabel, i);
      SmearSample sample = { .path = g_strdup (file->path),
                             .label = label->klass,
                             .fold = label->fold != NULL ? atoi (label->fold) : -1,
                             .smear = g_strdup (label->smear) };
      g_array_append_val (dataset->samples, sample);
    }
  return dataset;
}

void
smear_dataset_free (SmearDataset *dataset)
{
  g_array_unref (dataset->samples);
  g_free (dataset);
}

typedef struct
{
  SmearDataset *dataset;
  gboolean cells;
  gint twins;
  GCancellable *cancellable;
  GMutex mutex;
  GError *error;
} Reading;

/* Returns: (transfer full) (nullable): @n pictures, of all cells of the image */
static guint8 *
cell_pictures (SmearImage *image, gint *n, GError **error)
{
  g_autoptr (SmearLeukocytes) found = smear_leukocytes_find (image, 0, 0, error);

  if (found == NULL)
    return NULL;
  smear_drop_fragments (found);
  *n = found->cells->len;
  return smear_preprocess_cells (image, found);
}

static gboolean
add_twin (const Reading *reading, SmearSample *sample, SmearImage *image, guint64 seed,
          GError **error)
{
  gsize picture = (gsize)reading->dataset->size * reading->dataset->size * 3;
  gint n;
  g_autoptr (SmearImage) twin = smear_distort_twin (image, seed, error);
  g_autofree guint8 *own = twin != NULL ? cell_pictures (twin, &n, error) : NULL;

  if (own == NULL)
    return FALSE;
  sample->twins = g_realloc (sample->twins, MAX (1, (sample->n_twins + n) * picture));
  memcpy (sample->twins + sample->n_twins * picture, own, n * picture);
  sample->n_twins += n;
  return TRUE;
}

static gboolean
read_pictures (Reading *reading, SmearSample *sample, guint64 seed, GError **error)
{
  gint size = reading->dataset->size;
  g_autoptr (SmearImage) image = smear_image_load (sample->path, error);

  if (image == NULL)
    return FALSE;
  if (reading->cells)
    {
      sample->pictures = cell_pictures (image, &sample->n_pictures, error);
      for (gint t = 0; sample->pictures != NULL && t < reading->twins; t++)
        if (!add_twin (reading, sample, image, smear_hash (seed, t), error))
          return FALSE;
      return sample->pictures != NULL;
    }
  g_autoptr (SmearImage) field = smear_preprocess_field (image, size, error);
  if (field == NULL)
    return FALSE;
  sample->pictures = g_memdup2 (smear_image_get_pixels (field), (gsize)size * size * 3);
  sample->n_pictures = 1;
  return TRUE;
}

static void
read_one (gpointer data, gint i, gint thread)
{
  Reading *reading = data;
  GError *error = NULL;

  if (g_atomic_pointer_get (&reading->error) != NULL
      || g_cancellable_set_error_if_cancelled (reading->cancellable, &error)
      || !read_pictures (reading, smear_dataset_sample (reading->dataset, i), i, &error))
    {
      g_mutex_lock (&reading->mutex);
      if (reading->error == NULL && error != NULL)
        g_atomic_pointer_set (&reading->error, g_steal_pointer (&error));
      g_mutex_unlock (&reading->mutex);
      g_clear_error (&error);
    }
}

gboolean
smear_dataset_read (SmearDataset *dataset, gboolean cells, gint size, gint twins,
                    SmearPool *pool, GCancellable *cancellable, GError **error)
{
  Reading reading = {
    .dataset = dataset, .cells = cells, .twins = twins, .cancellable = cancellable
  };

  dataset->size = size;
  g_mutex_init (&reading.mutex);
  smear_pool_run (pool, read_one, &reading, dataset->samples->len);
  g_mutex_clear (&reading.mutex);
  if (reading.error == NULL)
    return TRUE;
  g_propagate_error (error, reading.error);
  return FALSE;
}
