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

/* Mean optical density of all leukocytes of a field after normalisation: a well-stained
 * Wright-Giemsa nucleus with its cytoplasm. */
static const gfloat reference_density[3] = { 0.55f, 0.90f, 0.30f };

/* Bytes of the source to bytes of the normalised picture, by channel. */
typedef struct
{
  guint8 table[3][256];
} Normalisation;

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

static Normalisation
normalisation (SmearImage *image, const SmearLeukocytes *found)
{
  Normalisation n;
  const guint8 *p = smear_image_get_pixels (image);
  guint32       outside[3][256] = { 0 }, inside[3][256] = { 0 };

  for (gsize i = 0; i < (gsize) found->width * found->height; i++, p += 3)
    for (gint c = 0; c < 3; c++)
      (found->labels[i] == 0 ? outside : inside)[c][p[c]]++;
  for (gint c = 0; c < 3; c++)
    {
      gint    white = background_level (outside[c], 0.2);
      gdouble sum = 0;
      guint64 count = 0;
      for (gint v = 0; v < 256; v++)
        {
          sum += inside[c][v] * MAX (log ((white + 1.0) / (v + 1.0)), 0);
          count += inside[c][v];
        }
      gdouble mean = count > 0 ? sum / count : reference_density[c];
      gdouble strength = reference_density[c] / CLAMP (mean, 0.05, 3);
      for (gint v = 0; v < 256; v++)
        n.table[c][v] = lrint (255 * exp (-strength * MAX (log ((white + 1.0) / (v + 1.0)), 0)));
    }
  return n;
}

/* Means over the source under each pixel of the picture; where the source is the coarser,
 * bilinear. What belongs to another label counts as white. */
static void
cut (SmearImage *image, const SmearLeukocytes *found, guint index, const Normalisation *norm,
     gdouble step_x, gdouble step_y, guint8 *out)
{
  const SmearCell *cell = &g_array_index (found->cells, SmearCell, index);
  const guint8    *pixels = smear_image_get_pixels (image);
  gint             w = found->width, h = found->height;
  gint             n_x = MAX (2, (gint) ceil (step_x)), n_y = MAX (2, (gint) ceil (step_y));
  gdouble          left = cell->box.x + cell->box.width / 2.0 - step_x * SMEAR_CELL_SIZE / 2;
  gdouble          top = cell->box.y + cell->box.height / 2.0 - step_y * SMEAR_CELL_SIZE / 2;

  for (gint y = 0; y < SMEAR_CELL_SIZE; y++)
    for (gint x = 0; x < SMEAR_CELL_SIZE; x++, out += 3)
      {
        gdouble sum[3] = { 0 };
        for (gint j = 0; j < n_y; j++)
          for (gint i = 0; i < n_x; i++)
            {
              gdouble sx = left + (x + (i + 0.5) / n_x) * step_x - 0.5;
              gdouble sy = top + (y + (j + 0.5) / n_y) * step_y - 0.5;
              gint    x0 = (gint) floor (sx), y0 = (gint) floor (sy);
              gdouble fx = sx - x0, fy = sy - y0;
              for (gint k = 0; k < 4; k++)
                {
                  gint    u = x0 + (k & 1), v = y0 + (k >> 1);
                  gdouble share = (k & 1 ? fx : 1 - fx) * (k >> 1 ? fy : 1 - fy);
                  gsize   at = (gsize) v * w + u;
                  gboolean own = u >= 0 && v >= 0 && u < w && v < h
                                 && found->labels[at] == index + 1;
                  for (gint c = 0; c < 3; c++)
                    sum[c] += share * (own ? norm->table[c][pixels[3 * at + c]] : 255);
                }
            }
        for (gint c = 0; c < 3; c++)
          out[c] = lrint (sum[c] / (n_x * n_y));
      }
}

guint8 *
smear_preprocess_cells (SmearImage *image, const SmearLeukocytes *found)
{
  gsize   bytes = SMEAR_CELL_SIZE * SMEAR_CELL_SIZE * 3;
  guint8 *pictures = g_malloc (MAX (found->cells->len * bytes, 1));
  gdouble um_x = found->quality.um_per_pixel_x, um_y = found->quality.um_per_pixel_y;

  if (found->cells->len == 0)
    return pictures;
  Normalisation norm = normalisation (image, found);
  for (guint i = 0; i < found->cells->len; i++)
    cut (image, found, i, &norm, SMEAR_CELL_UM_PER_PIXEL / um_x, SMEAR_CELL_UM_PER_PIXEL / um_y,
         pictures + i * bytes);
  return pictures;
}
