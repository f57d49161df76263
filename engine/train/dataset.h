/* Labelled images in memory, ready for the network. */
#pragma once

#include "base/pool.h"
#include "train/density.h"
#include "train/labelled.h"

/**
 * SmearSample:
 * @path: file
 * @label: its class
 * @fold: from the table, -1 without one
 * @smear: (nullable): group it belongs to
 * @pictures: RGB bytes, @n_pictures of size² each: the whole field, or each of its cells
 * @shrunk: (nullable): the same cells with a rim less and their colour blurred once more,
 * as finder and camera leave them in another light; NULL where pictures are fields
 * @density: of the cells, where pictures are cells
 */
typedef struct
{
  char *path;
  SmearClass label;
  gint fold;
  char *smear;
  guint8 *pictures, *shrunk;
  gint n_pictures;
  SmearDensity density;
} SmearSample;

typedef struct
{
  gint size;
  gboolean cells;  /* pictures are cells, not fields */
  GArray *samples; /* SmearSample */
} SmearDataset;

/** smear_dataset_new: who and what; pictures come with smear_dataset_read(). */
SmearDataset *smear_dataset_new (const SmearLabelled *labelled);
void smear_dataset_free (SmearDataset *dataset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearDataset, smear_dataset_free)

/**
 * smear_dataset_read:
 * @cells: pictures are the leukocytes found instead of the field
 * @size: side of a picture
 *
 * Decodes and preprocesses all samples. A file that cannot be read is an error.
 */
gboolean smear_dataset_read (SmearDataset *dataset, gboolean cells, gint size,
                             SmearPool *pool, GError **error);

static inline SmearSample *
smear_dataset_sample (const SmearDataset *dataset, gint i)
{
  return &g_array_index (dataset->samples, SmearSample, i);
}
