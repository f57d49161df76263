#include "train/dataset.h"
#include "image/image-private.h"
#include "pipeline/preprocess.h"

#include <math.h>
#include <stdlib.h>

static void
clear_sample (gpointer data)
{
  SmearSample *sample = data;

  g_free (sample->path);
  g_free (sample->smear);
  g_free (sample->pictures);
  g_free (sample->shrunk);
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

/* Takes from each cell the pixels at its edge. */
static void
peel (SmearLeukocytes *found)
{
  gint w = found->width, h = found->height;
  g_autofree guint16 *from = g_memdup2 (found->labels, (gsize)w * h * sizeof (guint16));

  for (gint y = 0; y < h; y++)
    for (gint x = 0; x < w; x++)
      {
        gsize at = (gsize)y * w + x;
        if ((x > 0 && from[at - 1] != from[at]) || (x + 1 < w && from[at + 1] != from[at])
            || (y > 0 && from[at - w] != from[at])
            || (y + 1 < h && from[at + w] != from[at]))
          found->labels[at] = 0;
      }
}

/* How much nearer the middle the finder may see a cell's edge in another light, in µm: a
 * pixel of the training images. */
#define RIM_UM 0.5

static void
shrink (SmearLeukocytes *found)
{
  SmearCellWindow w;

  if (found->cells->len == 0)
    return;
  smear_cell_window (found, &g_array_index (found->cells, SmearCell, 0), &w);
  gdouble pixels = RIM_UM * sqrt (w.step_x * w.step_y) / SMEAR_CELL_UM_PER_PIXEL;
  for (gint i = 0; i < MAX (1, lrint (pixels)); i++)
    peel (found);
}

typedef struct
{
  SmearDataset *dataset;
  gboolean cells;
  GMutex mutex;
  GError *error;
} Reading;

static gboolean
read_pictures (Reading *reading, SmearSample *sample, GError **error)
{
  gint size = reading->dataset->size;
  g_autoptr (SmearImage) image = smear_image_load (sample->path, error);

  if (image == NULL)
    return FALSE;
  if (reading->cells)
    {
      g_autoptr (SmearImage) coarse = NULL;
      g_autoptr (SmearLeukocytes) found = smear_find_cells (image, 0, &coarse, error);
      if (found == NULL)
        return FALSE;
      smear_drop_fragments (found);
      sample->pictures = smear_preprocess_cells (coarse, found);
      sample->n_pictures = found->cells->len;
      sample->density = smear_density_measure (image, found);
      shrink (found);
      smear_image_smooth_colour (coarse, 1, 1);
      sample->shrunk = smear_preprocess_cells (coarse, found);
      return TRUE;
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
      || !read_pictures (reading, smear_dataset_sample (reading->dataset, i), &error))
    {
      g_mutex_lock (&reading->mutex);
      if (reading->error == NULL && error != NULL)
        g_atomic_pointer_set (&reading->error, g_steal_pointer (&error));
      g_mutex_unlock (&reading->mutex);
      g_clear_error (&error);
    }
}

gboolean
smear_dataset_read (SmearDataset *dataset, gboolean cells, gint size, SmearPool *pool,
                    GError **error)
{
  Reading reading = { .dataset = dataset, .cells = cells };

  dataset->size = size;
  dataset->cells = cells;
  g_mutex_init (&reading.mutex);
  smear_pool_run (pool, read_one, &reading, dataset->samples->len);
  g_mutex_clear (&reading.mutex);
  if (reading.error == NULL)
    return TRUE;
  g_propagate_error (error, reading.error);
  return FALSE;
}
