#include "pipeline/preprocess.h"

#include "base/cpu.h"
#include "image/image-private.h"

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

SMEAR_WIDE void
smear_bytes_to_floats (const guint8 *restrict bytes, gsize n, gfloat *restrict floats)
{
  for (gsize i = 0; i < n; i++)
    floats[i] = bytes[i] * (1 / 255.0f);
}

/* Bytes of the source to bytes as they would be under a white light, by channel. */
typedef struct
{
  guint8 table[3][256];
} WhiteBalance;

/* Grain makes this share of the pixels lighter than the glass is. */
#define LIGHTEST 0.2

gint
smear_background_level (const guint32 histogram[256])
{
  guint64 total = 0, seen = 0;

  for (gint i = 0; i < 256; i++)
    total += histogram[i];
  for (gint i = 255; i > 1; i--)
    if ((seen += histogram[i]) > LIGHTEST * total)
      return i;
  return total > 0 ? 1 : 255;
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
      gint white = smear_background_level (outside[c]);
      for (gint v = 0; v < 256; v++)
        balance.table[c][v] = MIN (255, (v * 255 + white / 2) / white);
    }
  return balance;
}

/* Red, green, blue, and how much of the pixel the cell covers, taken together. */
typedef gfloat Rgb __attribute__ ((vector_size (16)));

/* Where one of the samples under the picture's pixels lies along an axis: @share of the
 * way from pixel @first to the next. */
typedef struct
{
  gint first;
  gfloat share;
} Tap;

/* The samples of all pixels of the picture, @n a pixel, counted from pixel @origin. */
static Tap *
taps_new (gdouble start, gdouble step, gint n, gint *origin)
{
  Tap *taps = g_new (Tap, SMEAR_CELL_SIZE * n);

  for (gint i = 0; i < SMEAR_CELL_SIZE * n; i++)
    {
      gdouble at = start + i / n * step + (i % n + 0.5) / n * step - 0.5;
      taps[i] = (Tap){ (gint)floor (at), (gfloat)(at - floor (at)) };
    }
  *origin = taps[0].first;
  for (gint i = 0; i < SMEAR_CELL_SIZE * n; i++)
    taps[i].first -= *origin;
  return taps;
}

/* The part of the source that is sampled, under a white light; what belongs to another
 * label counts as white. */
static Rgb *
patch_new (SmearImage *image, const SmearLeukocytes *found, guint index,
           const WhiteBalance *balance, gint left, gint top, gint width, gint height)
{
  const guint8 *pixels = smear_image_get_pixels (image);
  const SmearRegion *box = &g_array_index (found->cells, SmearCell, index).box;
  Rgb *patch = g_aligned_alloc ((gsize)width * height, sizeof (Rgb), sizeof (Rgb));
  gint x0 = MAX (left, box->x), x1 = MIN (left + width, box->x + box->width);
  gint y0 = MAX (top, box->y), y1 = MIN (top + height, box->y + box->height);

  for (gsize i = 0; i < (gsize)width * height; i++)
    patch[i] = (Rgb){ 255, 255, 255, 0 };
  for (gint y = y0; y < y1; y++)
    for (gint x = x0; x < x1; x++)
      {
        gsize at = (gsize)y * found->width + x;
        const guint8 *p = pixels + 3 * at;
        if (found->labels[at] == index + 1)
          patch[(gsize)(y - top) * width + x - left] = (Rgb){
            balance->table[0][p[0]], balance->table[1][p[1]], balance->table[2][p[2]], 1
          };
      }
  return patch;
}

/* The mean of bilinear samples. */
static Rgb
mean_of (const Rgb *patch, gint width, const Tap *across, gint n_x, const Tap *down,
         gint n_y)
{
  Rgb sum = { 0 };

  for (gint j = 0; j < n_y; j++)
    for (gint i = 0; i < n_x; i++)
      {
        const Rgb *p = patch + (gsize)down[j].first * width + across[i].first;
        gfloat fx = across[i].share, fy = down[j].share;
        sum += (1 - fx) * (1 - fy) * p[0];
        sum += fx * (1 - fy) * p[1];
        sum += (1 - fx) * fy * p[width];
        sum += fx * fy * p[width + 1];
      }
  return sum / (gfloat)(n_x * n_y);
}

/* The pixels that are sampled: those of the source, or larger ones, counted from the
 * corner of the cell's picture. */
typedef struct
{
  gdouble x, y;             /* where the first one starts, in pixels of the source */
  gdouble pitch_x, pitch_y; /* their size */
} Grid;

static Grid
grid_for (const SmearCellWindow *w)
{
  Grid grid = { .x = w->left, .y = w->top };

  if (!smear_cell_pitch (SMEAR_CELL_UM_PER_PIXEL / w->step_x,
                         SMEAR_CELL_UM_PER_PIXEL / w->step_y, &grid.pitch_x,
                         &grid.pitch_y))
    grid.x = grid.y = 0;
  return grid;
}

/* Mean of a patch over the rectangle from @x0 to @x1 and @y0 to @y1. */
static Rgb
area_mean (const Rgb *patch, gint width, gdouble x0, gdouble x1, gdouble y0, gdouble y1)
{
  Rgb sum = { 0 };

  for (gint y = (gint)y0; y < y1; y++)
    {
      gfloat high = MIN (y + 1, y1) - MAX (y, y0);
      for (gint x = (gint)x0; x < x1; x++)
        sum += high * (gfloat)(MIN (x + 1, x1) - MAX (x, x0)) * patch[y * width + x];
    }
  return sum / (gfloat)((x1 - x0) * (y1 - y0));
}

/* The same as patch_new() of the grid's pixels. */
static Rgb *
grid_patch_new (SmearImage *image, const SmearLeukocytes *found, guint index,
                const WhiteBalance *balance, const Grid *grid, gint left, gint top,
                gint width, gint height)
{
  if (grid->pitch_x == 1 && grid->pitch_y == 1)
    return patch_new (image, found, index, balance, left, top, width, height);

  gdouble x = grid->x + left * grid->pitch_x, y = grid->y + top * grid->pitch_y;
  gint fine_left = (gint)floor (x), fine_top = (gint)floor (y);
  gint fine_width = (gint)ceil (x + width * grid->pitch_x) - fine_left + 1;
  gint fine_height = (gint)ceil (y + height * grid->pitch_y) - fine_top + 1;
  Rgb *fine = patch_new (image, found, index, balance, fine_left, fine_top, fine_width,
                         fine_height);
  Rgb *patch = g_aligned_alloc ((gsize)width * height, sizeof (Rgb), sizeof (Rgb));

  x -= fine_left;
  y -= fine_top;
  for (gint j = 0; j < height; j++)
    for (gint i = 0; i < width; i++)
      patch[j * width + i] = area_mean (
          fine, fine_width, x + i * grid->pitch_x, x + (i + 1) * grid->pitch_x,
          y + j * grid->pitch_y, y + (j + 1) * grid->pitch_y);
  g_aligned_free (fine);
  return patch;
}

/* Pixels of the picture, either way: a camera's colour and what JPEG leaves of it have no
 * finer detail that is the cell's. */
#define SMOOTH 2

/* Takes the fine detail of colour, and leaves that of light. Only the cell counts: colour
 * of what is hidden, which is white, has no weight. */
static void
smooth_colour (Rgb *picture)
{
  gfloat planes[3][SMEAR_CELL_SIZE * SMEAR_CELL_SIZE];

  for (gint i = 0; i < SMEAR_CELL_SIZE * SMEAR_CELL_SIZE; i++)
    {
      Rgb p = picture[i];
      gfloat light = smear_light (p[0], p[1], p[2]);
      planes[0][i] = p[0] - light;
      planes[1][i] = p[2] - light;
      planes[2][i] = p[3];
    }
  for (gint k = 0; k < 3; k++)
    smear_plane_smooth (planes[k], SMEAR_CELL_SIZE, SMEAR_CELL_SIZE, SMOOTH, SMOOTH);
  for (gint i = 0; i < SMEAR_CELL_SIZE * SMEAR_CELL_SIZE; i++)
    {
      Rgb p = picture[i];
      gfloat light = smear_light (p[0], p[1], p[2]), cover = p[3];
      gfloat share = cover > 0 ? cover / planes[2][i] : 0;
      gfloat red = share * planes[0][i], blue = share * planes[1][i];
      picture[i] = (Rgb){ light + red, light + smear_green_beyond (red, blue),
                          light + blue, cover };
    }
}

/* Means over the source under each pixel of the picture. */
static void
cut (SmearImage *image, const SmearLeukocytes *found, guint index,
     const WhiteBalance *balance, guint8 *out)
{
  const SmearCell *cell = &g_array_index (found->cells, SmearCell, index);
  SmearCellWindow w;
  gint left, top;

  smear_cell_window (found, cell, &w);
  Grid grid = grid_for (&w);
  gdouble step_x = w.step_x / grid.pitch_x, step_y = w.step_y / grid.pitch_y;
  gint n_x = MAX (2, (gint)ceil (step_x)), n_y = MAX (2, (gint)ceil (step_y));
  g_autofree Tap *across = taps_new ((w.left - grid.x) / grid.pitch_x, step_x, n_x,
                                     &left);
  g_autofree Tap *down = taps_new ((w.top - grid.y) / grid.pitch_y, step_y, n_y, &top);
  gint width = across[SMEAR_CELL_SIZE * n_x - 1].first + 2;
  gint height = down[SMEAR_CELL_SIZE * n_y - 1].first + 2;
  Rgb *patch = grid_patch_new (image, found, index, balance, &grid, left, top, width,
                               height);

  Rgb picture[SMEAR_CELL_SIZE * SMEAR_CELL_SIZE], *at = picture;
  for (gint y = 0; y < SMEAR_CELL_SIZE; y++)
    for (gint x = 0; x < SMEAR_CELL_SIZE; x++, at++)
      {
        *at = (Rgb){ 255, 255, 255, 0 };
        gdouble from_x = w.left + x * w.step_x, from_y = w.top + y * w.step_y;
        if (from_x + w.step_x < cell->box.x - 1
            || from_x > cell->box.x + cell->box.width + 1
            || from_y + w.step_y < cell->box.y - 1
            || from_y > cell->box.y + cell->box.height + 1)
          continue;
        *at = mean_of (patch, width, across + x * n_x, n_x, down + y * n_y, n_y);
      }
  smooth_colour (picture);
  for (gint i = 0; i < SMEAR_CELL_SIZE * SMEAR_CELL_SIZE; i++)
    for (gint c = 0; c < 3; c++)
      out[3 * i + c] = lrintf (CLAMP (picture[i][c], 0, 255));
  g_aligned_free (patch);
}

guint8 *
smear_preprocess_some (SmearImage *image, const SmearLeukocytes *found,
                       const GArray *indices)
{
  gsize bytes = SMEAR_CELL_SIZE * SMEAR_CELL_SIZE * 3;
  guint8 *pictures = g_malloc (MAX (indices->len * bytes, 1));

  if (indices->len == 0)
    return pictures;
  WhiteBalance balance = white_balance (image, found);
  for (guint i = 0; i < indices->len; i++)
    cut (image, found, g_array_index (indices, guint, i), &balance, pictures + i * bytes);
  return pictures;
}

guint8 *
smear_preprocess_cells (SmearImage *image, const SmearLeukocytes *found)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < found->cells->len; i++)
    g_array_append_val (all, i);
  return smear_preprocess_some (image, found, all);
}
