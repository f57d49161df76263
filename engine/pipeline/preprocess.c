#include "pipeline/preprocess.h"

#include <math.h>
#include <string.h>

SmearImage *
smear_preprocess_field (SmearImage *image, gint size, GError **error)
{
  g_autoptr (SmearImage) clean = smear_image_median3 (image);

  if (smear_image_get_width (clean) == size && smear_image_get_height (clean) == size)
    return g_steal_pointer (&clean);
  return smear_image_resize (clean, size, size, error);
}

void
smear_bytes_to_floats (const guint8 *bytes, gsize n, gfloat *floats)
{
  for (gsize i = 0; i < n; i++)
    floats[i] = bytes[i] * (1 / 255.0f);
}

/* Bytes of the source to bytes as they would be under a white light, by channel. */
typedef struct
{
  guint8 table[3][256];
} WhiteBalance;

/* The level that a share of 1 - @above of the pixels outside all cells stay below. */
static gint
background_level (const guint32 histogram[256], gdouble above)
{
  guint64 total = 0, seen = 0;

  for (gint i = 0; i < 256; i++)
    total += histogram[i];
  for (gint i = 255; i > 0; i--)
    if ((seen += histogram[i]) > above * total)
      return i;
  return 255;
}

static WhiteBalance
white_balance (SmearImage *image, const SmearLeukocytes *found)
{
  WhiteBalance balance;
  const guint8 *p = smear_image_get_pixels (image);
  guint32 outside[3][256] = { 0 };

  for (gsize i = 0; i < (gsize)found->width * found->height; i++, p += 3)
    for (gint c = 0; c < 3 && found->labels[i] == 0; c++)
      outside[c][p[c]]++;
  for (gint c = 0; c < 3; c++)
    {
      gint white = MAX (background_level (outside[c], 0.2), 1);
      for (gint v = 0; v < 256; v++)
        balance.table[c][v] = MIN (255, (v * 255 + white / 2) / white);
    }
  return balance;
}

/* Field of view of the camera that took the training images, in µm. Red cells differ by a
 * fourth from patient to patient, so a scale estimated from them is noise where it agrees
 * with the camera's: then the camera's is taken, and the estimate only where it does not.
 */
#define CAMERA_WIDTH_UM 128.0
#define CAMERA_HEIGHT_UM 96.0
#define AGREES 1.6

static gdouble
settle (gdouble estimate, gdouble camera)
{
  return estimate <= 0 || MAX (estimate, camera) < AGREES * MIN (estimate, camera)
             ? camera
             : estimate;
}

void
smear_cell_window (const SmearLeukocytes *found, const SmearCell *cell,
                   SmearCellWindow *window)
{
  gdouble um_x = settle (found->quality.um_per_pixel_x, CAMERA_WIDTH_UM / found->width);
  gdouble um_y = settle (found->quality.um_per_pixel_y, CAMERA_HEIGHT_UM / found->height);

  window->step_x = SMEAR_CELL_UM_PER_PIXEL / um_x;
  window->step_y = SMEAR_CELL_UM_PER_PIXEL / um_y;
  window->left = cell->box.x + (cell->box.width - SMEAR_CELL_SIZE * window->step_x) / 2;
  window->top = cell->box.y + (cell->box.height - SMEAR_CELL_SIZE * window->step_y) / 2;
}

/* µm²: half of a red cell of 7.5 µm. */
#define SMALLEST_NUCLEUS 22.0

void
smear_drop_fragments (SmearLeukocytes *found)
{
  guint n = found->cells->len, kept = 0;
  g_autofree guint16 *label = g_new0 (guint16, n + 1);

  for (guint i = 0; i < n; i++)
    {
      SmearCell cell = g_array_index (found->cells, SmearCell, i);
      SmearCellWindow w;
      smear_cell_window (found, &cell, &w);
      gdouble um2 = SMEAR_CELL_UM_PER_PIXEL * SMEAR_CELL_UM_PER_PIXEL
                    / (w.step_x * w.step_y);
      if (cell.area * um2 < SMALLEST_NUCLEUS)
        continue;
      g_array_index (found->cells, SmearCell, kept) = cell;
      label[i + 1] = ++kept;
    }
  g_array_set_size (found->cells, kept);
  for (gsize p = 0; kept < n && p < (gsize)found->width * found->height; p++)
    found->labels[p] = label[found->labels[p]];
}

/* Adds a bilinear sample; what belongs to another label counts as white. */
static void
add_sample (const guint8 *pixels, const SmearLeukocytes *found, guint index,
            const WhiteBalance *balance, gdouble x, gdouble y, gfloat sum[3])
{
  gint x0 = (gint)floor (x), y0 = (gint)floor (y);
  gfloat fx = x - x0, fy = y - y0;

  for (gint k = 0; k < 4; k++)
    {
      gint u = x0 + (k & 1), v = y0 + (k >> 1);
      gfloat share = (k & 1 ? fx : 1 - fx) * (k >> 1 ? fy : 1 - fy);
      gsize at = (gsize)v * found->width + u;
      gboolean own = u >= 0 && v >= 0 && u < found->width && v < found->height
                     && found->labels[at] == index + 1;
      for (gint c = 0; c < 3; c++)
        sum[c] += share * (own ? balance->table[c][pixels[3 * at + c]] : 255);
    }
}

/* Means over the source under each pixel of the picture. */
static void
cut (SmearImage *image, const SmearLeukocytes *found, guint index,
     const WhiteBalance *balance, guint8 *out)
{
  const SmearCell *cell = &g_array_index (found->cells, SmearCell, index);
  const guint8 *pixels = smear_image_get_pixels (image);
  SmearCellWindow w;

  smear_cell_window (found, cell, &w);
  gint n_x = MAX (2, (gint)ceil (w.step_x)), n_y = MAX (2, (gint)ceil (w.step_y));
  memset (out, 255, SMEAR_CELL_SIZE * SMEAR_CELL_SIZE * 3);
  for (gint y = 0; y < SMEAR_CELL_SIZE; y++)
    for (gint x = 0; x < SMEAR_CELL_SIZE; x++, out += 3)
      {
        gdouble left = w.left + x * w.step_x, top = w.top + y * w.step_y;
        gfloat sum[3] = { 0 };
        if (left + w.step_x < cell->box.x - 1 || left > cell->box.x + cell->box.width + 1
            || top + w.step_y < cell->box.y - 1
            || top > cell->box.y + cell->box.height + 1)
          continue;
        for (gint j = 0; j < n_y; j++)
          for (gint i = 0; i < n_x; i++)
            add_sample (pixels, found, index, balance,
                        left + (i + 0.5) / n_x * w.step_x - 0.5,
                        top + (j + 0.5) / n_y * w.step_y - 0.5, sum);
        for (gint c = 0; c < 3; c++)
          out[c] = lrintf (sum[c] / (n_x * n_y));
      }
}

guint8 *
smear_preprocess_cells (SmearImage *image, const SmearLeukocytes *found)
{
  gsize bytes = SMEAR_CELL_SIZE * SMEAR_CELL_SIZE * 3;
  guint8 *pictures = g_malloc (MAX (found->cells->len * bytes, 1));

  if (found->cells->len == 0)
    return pictures;
  WhiteBalance balance = white_balance (image, found);
  for (guint i = 0; i < found->cells->len; i++)
    cut (image, found, i, &balance, pictures + i * bytes);
  return pictures;
}
