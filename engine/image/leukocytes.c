/* From pixels to white cells. */
#include "image/leukocytes-private.h"

#include <math.h>
#include <string.h>

#define LEAST_SIDE 16

/* A field reduced to this many pixels a side is still seen well enough, and costs a few
 * milliseconds. Where its red cells then come out too small, it is reduced less. */
#define WORK_SIDE 512
#define MOST_WORK_SIDE 4096
#define LEAST_WORK_RED_CELL 9.0f
/* The same where no red cells are seen at all. */
#define MOST_BLIND_FACTOR 4.0

/* Whether more can be seen with less reduction than by @factor. */
static gboolean
is_too_small (const SmearSearch *search, gdouble factor)
{
  if (search->um_x > 0)
    return SMEAR_RED_CELL_UM / sqrtf (search->um_x * search->um_y) < LEAST_WORK_RED_CELL;
  return factor > MOST_BLIND_FACTOR;
}

/* Finds the cells in a copy reduced to at most @side pixels each way. */
static SmearImage *
search_reduced (SmearImage *image, gint side, gdouble um_x, gdouble um_y,
                SmearSearch *search, SmearStain **stain, GError **error)
{
  gint width = smear_image_get_width (image), height = smear_image_get_height (image);
  gdouble factor = MAX (1.0, MAX (width, height) / (gdouble)side);
  gint work_width = MAX (LEAST_SIDE, (gint)(width / factor + 0.5));
  gint work_height = MAX (LEAST_SIDE, (gint)(height / factor + 0.5));
  SmearImage *work = factor > 1
                         ? smear_image_resize (image, work_width, work_height, error)
                         : smear_image_ref (image);
  if (!work)
    return NULL;
  search->um_x = um_x * width / work_width;
  search->um_y = um_y * height / work_height;
  *stain = smear_stain_new (work);
  smear_search_run (search, *stain);
  return work;
}

/* The first pixel of @size that stands for pixel @work of @work_size. */
static inline gint
first_of (gint work, gint size, gint work_size)
{
  return (gint)(((gint64)work * size + work_size - 1) / work_size);
}

static void
spread_labels (SmearLeukocytes *leukocytes, const SmearSearch *search, gint work_width,
               gint work_height)
{
  gint width = leukocytes->width, height = leukocytes->height, done = -1;
  g_autofree gint *column = g_new (gint, width);

  for (gint x = 0; x < width; x++)
    column[x] = (gint)((gint64)x * work_width / width);
  for (gint y = 0; y < height; y++)
    {
      gint row = (gint)((gint64)y * work_height / height);
      guint16 *to = leukocytes->labels + (gsize)y * width;

      if (row == done)
        memcpy (to, to - width, width * sizeof *to);
      else
        for (gint x = 0; x < width; x++)
          to[x] = (guint16)search->labels[(gsize)row * work_width + column[x]];
      done = row;
    }
}

/* Cells as they lie in the image, from their reduced labels. */
static void
describe_cells (SmearLeukocytes *leukocytes, const SmearSearch *search, gint work_width,
                gint work_height)
{
  gint width = leukocytes->width, height = leukocytes->height;
  gfloat scale_x = (gfloat)width / work_width;
  gfloat scale_y = (gfloat)height / work_height;
  g_autofree SmearPart *parts = smear_label_parts (
      search->labels, search->n_cells, work_width, work_height, search->nuclei);
  g_autofree gdouble *sum_x = g_new0 (gdouble, search->n_cells + 1);
  g_autofree gdouble *sum_y = g_new0 (gdouble, search->n_cells + 1);

  for (gint y = 0; y < work_height; y++)
    {
      const gint32 *row = search->labels + (gsize)y * work_width;
      const guint8 *nuclei = search->nuclei + (gsize)y * work_width;
      for (gint first, last = 0; smear_next_label (row, work_width, &first, &last);)
        for (gint x = first; x < last; x++)
          if (nuclei[x])
            {
              sum_x[row[x]] += x + 0.5;
              sum_y[row[x]] += y + 0.5;
            }
    }
  for (gint i = 0; i < search->n_cells; i++)
    {
      const SmearPart *part = &parts[i];
      SmearCell cell = { .klass = SMEAR_CLASS_NONE };

      cell.box.x = first_of (part->x0, width, work_width);
      cell.box.y = first_of (part->y0, height, work_height);
      cell.box.width = first_of (part->x1 + 1, width, work_width) - cell.box.x;
      cell.box.height = first_of (part->y1 + 1, height, work_height) - cell.box.y;
      cell.x = (gfloat)(sum_x[i + 1] / part->weight) * scale_x;
      cell.y = (gfloat)(sum_y[i + 1] / part->weight) * scale_y;
      cell.area = (gint)(part->weight * scale_x * scale_y + 0.5f);
      cell.touches_edge = part->border > 0;
      g_array_append_val (leukocytes->cells, cell);
    }
}

SmearLeukocytes *
smear_leukocytes_find (SmearImage *image, gdouble um_per_pixel_x, gdouble um_per_pixel_y,
                       GError **error)
{
  g_return_val_if_fail (image != NULL, NULL);

  gint width = smear_image_get_width (image);
  gint height = smear_image_get_height (image);
  g_autoptr (SmearImage) work = NULL;
  g_autoptr (SmearStain) stain = NULL;
  g_auto (SmearSearch) search = { 0 };

  if (width < LEAST_SIDE || height < LEAST_SIDE)
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
          "%d x %d pixels are too few to find cells in: at least %d x %d are needed",
          width, height, LEAST_SIDE, LEAST_SIDE);
      return NULL;
    }
  for (gint side = WORK_SIDE;; side *= 2)
    {
      work = search_reduced (image, side, um_per_pixel_x, um_per_pixel_y, &search, &stain,
                             error);
      if (!work)
        return NULL;
      if (smear_image_get_width (work) == width || side >= MOST_WORK_SIDE
          || !is_too_small (&search, width / (gdouble)smear_image_get_width (work)))
        break;
      g_clear_pointer (&work, smear_image_unref);
      g_clear_pointer (&stain, smear_stain_free);
      smear_search_clear (&search);
    }

  SmearLeukocytes *leukocytes = g_new0 (SmearLeukocytes, 1);
  leukocytes->width = width;
  leukocytes->height = height;
  leukocytes->labels = g_new (guint16, (gsize)width * height);
  leukocytes->cells = g_array_sized_new (FALSE, TRUE, sizeof (SmearCell), search.n_cells);
  smear_quality_judge (work, stain, &search, &leukocytes->quality);
  leukocytes->quality.um_per_pixel_x = search.um_x * stain->width / width;
  leukocytes->quality.um_per_pixel_y = search.um_y * stain->height / height;
  leukocytes->quality.scale_stated = um_per_pixel_x > 0 && um_per_pixel_y > 0;
  if (!leukocytes->quality.is_smear)
    {
      memset (search.labels, 0,
              (gsize)stain->width * stain->height * sizeof *search.labels);
      search.n_cells = 0;
    }
  spread_labels (leukocytes, &search, stain->width, stain->height);
  describe_cells (leukocytes, &search, stain->width, stain->height);
  return leukocytes;
}

void
smear_leukocytes_free (SmearLeukocytes *leukocytes)
{
  if (!leukocytes)
    return;
  g_array_unref (leukocytes->cells);
  g_free (leukocytes->labels);
  g_free (leukocytes);
}
