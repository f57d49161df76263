/* From colour to stain: white point, optical density, nuclear contrast. */
#include "image/leukocytes-private.h"

#include "base/cpu.h"

#include <math.h>

/* The background is followed in tiles, because a microscope's light falls off and tints
 * towards the corners by as much as a pale nucleus stands out. */
#define TILES 6

/* Purple goes up to about three. */
#define PURPLE_STEPS 64

typedef struct
{
  gfloat log_white[3];
} Tile;

SMEAR_WIDE static void
find_white (const guint8 *pixels, gsize n, gint *least_green, gfloat white[3])
{
  guint32 green[256] = { 0 }, smooth[256] = { 0 };
  guint64 sum[3] = { 0, 0, 0 }, count = 0;

  for (gsize i = 0; i < n; i++)
    green[pixels[3 * i + 1]]++;
  for (gint v = 0; v < 256; v++)
    for (gint d = -3; d <= 3; d++)
      smooth[v] += green[CLAMP (v + d, 0, 255)];

  gint cut = smear_otsu (green), peak = MIN (cut + 1, 255);
  for (gint v = cut + 1; v < 256; v++)
    if (smooth[v] >= smooth[peak])
      peak = v;
  *least_green = peak - MAX ((peak - cut) / 2, 2);

  for (gsize i = 0; i < n; i++, pixels += 3)
    {
      guint near = abs (pixels[1] - peak) <= 6;
      sum[0] += pixels[0] * near;
      sum[1] += pixels[1] * near;
      sum[2] += pixels[2] * near;
      count += near;
    }
  for (gint c = 0; c < 3; c++)
    white[c] = (gdouble)sum[c] / MAX (count, 1);
}

static void
light_tiles (const guint8 *pixels, gint width, gint height, gint least_green,
             const gfloat white[3], Tile tiles[TILES][TILES])
{
  Tile raw[TILES][TILES];

  for (gint ty = 0; ty < TILES; ty++)
    for (gint tx = 0; tx < TILES; tx++)
      {
        gint x0 = tx * width / TILES, x1 = (tx + 1) * width / TILES;
        gint y0 = ty * height / TILES, y1 = (ty + 1) * height / TILES;
        guint64 sum[3] = { 0, 0, 0 }, count = 0;

        for (gint y = y0; y < y1; y++)
          {
            const guint8 *p = pixels + 3 * ((gsize)y * width + x0);
            for (gint x = x0; x < x1; x++, p += 3)
              {
                guint pale = p[1] >= least_green;
                sum[0] += p[0] * pale;
                sum[1] += p[1] * pale;
                sum[2] += p[2] * pale;
                count += pale;
              }
          }
        /* A few pale pixels in a crowded tile say little: lean on the global white. */
        gfloat trust = (gfloat)count / ((gfloat)count + 0.1f * (x1 - x0) * (y1 - y0) + 1);
        for (gint c = 0; c < 3; c++)
          {
            gfloat mean = count ? (gfloat)sum[c] / count : white[c];
            raw[ty][tx].log_white[c] = trust * logf (mean + 1)
                                       + (1 - trust) * logf (white[c] + 1);
          }
      }

  for (gint ty = 0; ty < TILES; ty++)
    for (gint tx = 0; tx < TILES; tx++)
      for (gint c = 0; c < 3; c++)
        {
          gfloat sum = 0, weights = 0;
          for (gint dy = -1; dy <= 1; dy++)
            for (gint dx = -1; dx <= 1; dx++)
              {
                gint nx = CLAMP (tx + dx, 0, TILES - 1),
                     ny = CLAMP (ty + dy, 0, TILES - 1);
                gfloat weight = (2 - abs (dx)) * (2 - abs (dy));
                sum += weight * raw[ny][nx].log_white[c];
                weights += weight;
              }
          tiles[ty][tx].log_white[c] = sum / weights;
        }
}

/* Where each column lies between the centres of two tiles: @share of the way from tile
 * @tile to the next. Columns of one tile stand together, up to @ends[tile]. */
typedef struct
{
  gfloat *share;
  gint ends[TILES];
} Columns;

static Columns
columns_new (gint width)
{
  Columns columns = { g_new (gfloat, width), { 0 } };

  for (gint x = 0; x < width; x++)
    {
      gfloat fx = CLAMP ((x + 0.5f) * TILES / width - 0.5f, 0, TILES - 1.001f);
      gint tx = (gint)fx;
      columns.share[x] = fx - tx;
      for (gint t = tx; t < TILES; t++)
        columns.ends[t] = x + 1;
    }
  return columns;
}

/* The background under one row, bilinear between the centres of the tiles. */
SMEAR_WIDE static void
light_row (Tile tiles[TILES][TILES], const Columns *columns, gint height, gint y,
           gfloat *rows[3])
{
  gfloat fy = CLAMP ((y + 0.5f) * TILES / height - 0.5f, 0, TILES - 1.001f);
  gint ty = (gint)fy;

  fy -= ty;
  for (gint c = 0; c < 3; c++)
    {
      gfloat column[TILES];
      for (gint tx = 0; tx < TILES; tx++)
        column[tx] = (1 - fy) * tiles[ty][tx].log_white[c]
                     + fy * tiles[ty + 1][tx].log_white[c];
      for (gint tx = 0, x = 0; tx < TILES - 1; tx++)
        for (; x < columns->ends[tx]; x++)
          rows[c][x] = (1 - columns->share[x]) * column[tx]
                       + columns->share[x] * column[tx + 1];
    }
}

static inline guint8
to_byte (gfloat value, gint steps)
{
  gint byte = (gint)(value * steps + SMEAR_STAIN_ZERO + 0.5f);
  return CLAMP (byte, 0, 255);
}

/* From purple to nuclear stain. Red cells can be as purple as a pale nucleus, but then
 * they are denser; squared and divided by the density, nuclei of most stains come out
 * alike. */
SMEAR_WIDE static void
weigh_purple (guint8 *restrict plane, const guint8 *restrict density, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      gfloat purple = MAX (plane[i] - SMEAR_STAIN_ZERO, 0) / (gfloat)PURPLE_STEPS;
      gfloat dense = MAX (density[i] - SMEAR_STAIN_ZERO, 4) / (gfloat)SMEAR_STAIN_STEPS;
      gint byte = (gint)(purple * purple / dense * SMEAR_NUCLEAR_STEPS + 0.5f);
      plane[i] = (guint8)MIN (byte, 255);
    }
}

/* One row of optical densities into bytes. The weights of the nuclear stain add up to
 * nothing, so grey is nothing; blue-grey red cells, orange red cells and pink ones all
 * come out near zero, nuclei far above. */
SMEAR_WIDE static void
stain_row (SmearStain *stain, gsize at, gsize n, const gfloat *restrict red,
           const gfloat *restrict green, const gfloat *restrict blue)
{
  const gfloat *const optical[3] = { red, green, blue };
  guint8 *restrict nuclear = stain->nuclear + at, *restrict density = stain->density + at;

  for (gsize x = 0; x < n; x++)
    nuclear[x] = to_byte (1.5f * green[x] - 0.5f * red[x] - blue[x], PURPLE_STEPS);
  for (gsize x = 0; x < n; x++)
    density[x] = to_byte ((red[x] + green[x] + blue[x]) / 3, SMEAR_STAIN_STEPS);
  for (gint c = 0; c < 3; c++)
    {
      const gfloat *restrict from = optical[c];
      guint8 *restrict to = stain->optical[c] + at;
      for (gsize x = 0; x < n; x++)
        to[x] = to_byte (from[x], SMEAR_STAIN_STEPS);
    }
}

/* Nuclear stain that hardly a red cell has. */
#define NUCLEAR SMEAR_NUCLEAR_BYTE (0.3)

/* Whatever lies on the glass is denser than this. Nuclei are so dense that with them the
 * level would come to lie above the red cells. */
static gint
clear_level (const SmearStain *stain, gsize n)
{
  guint32 histogram[256] = { 0 };

  for (gsize i = 0; i < n; i++)
    if (stain->nuclear[i] < NUCLEAR)
      histogram[MIN (stain->density[i], SMEAR_STAIN_BYTE (0.5))]++;
  return CLAMP (smear_otsu (histogram), SMEAR_STAIN_BYTE (0.04), SMEAR_STAIN_BYTE (0.25));
}

/* Hardly a smear as the microscope shows it has less chroma: then a camera or a converter
 * has dulled all colours, and nuclei are taken to be as purple as they would be with this
 * much, at most so many times. */
#define DULL 0.62f
#define MOST_TIMES_NUCLEAR 3.0f

static gfloat
measure_chroma (const SmearStain *stain, gsize n)
{
  guint64 apart = 0, density = 0;

  for (gsize i = 0; i < n; i++)
    if (stain->density[i] > stain->clear && stain->nuclear[i] < NUCLEAR)
      {
        gint r = stain->optical[0][i], g = stain->optical[1][i], b = stain->optical[2][i];
        apart += MAX (MAX (r, g), b) - MIN (MIN (r, g), b);
        density += stain->density[i] - SMEAR_STAIN_ZERO;
      }
  return density > 0 ? (gfloat)apart / density : 1;
}

/* Nuclear stain goes with the square of purple. */
static void
undo_dullness (SmearStain *stain, gsize n)
{
  gfloat wanted = DULL / MAX (stain->chroma, 0.01f);
  gfloat times = MIN (wanted * wanted, MOST_TIMES_NUCLEAR);

  if (times <= 1)
    return;
  for (gsize i = 0; i < n; i++)
    stain->nuclear[i] = (guint8)MIN (stain->nuclear[i] * times + 0.5f, 255);
  stain->chroma *= sqrtf (times);
}

SmearStain *
smear_stain_new (SmearImage *image)
{
  gint width = smear_image_get_width (image);
  gint height = smear_image_get_height (image);
  gsize n = (gsize)width * height, empty = 0;
  const guint8 *pixels = smear_image_get_pixels (image);
  SmearStain *stain = g_new0 (SmearStain, 1);
  g_autofree gfloat *buffer = g_new (gfloat, 3 * width);
  gfloat *rows[3] = { buffer, buffer + width, buffer + 2 * width };
  gfloat minus_log[256];
  Tile tiles[TILES][TILES];
  gint least_green;

  stain->width = width;
  stain->height = height;
  stain->nuclear = g_malloc (n);
  stain->density = g_malloc (n);
  for (gint c = 0; c < 3; c++)
    stain->optical[c] = g_malloc (n);
  for (gint v = 0; v < 256; v++)
    minus_log[v] = -logf (v + 1);

  find_white (pixels, n, &least_green, stain->white);
  light_tiles (pixels, width, height, least_green, stain->white, tiles);

  Columns columns = columns_new (width);
  for (gint y = 0; y < height; y++)
    {
      const guint8 *p = pixels + (gsize)y * width * 3;

      light_row (tiles, &columns, height, y, rows);
      for (gint x = 0; x < width; x++, p += 3)
        {
          rows[0][x] = minus_log[p[0]] + rows[0][x];
          rows[1][x] = minus_log[p[1]] + rows[1][x];
          rows[2][x] = minus_log[p[2]] + rows[2][x];
        }
      stain_row (stain, (gsize)y * width, (gsize)width, rows[0], rows[1], rows[2]);
    }
  g_free (columns.share);
  smear_plane_blur (stain->nuclear, width, height);
  smear_plane_blur (stain->density, width, height);
  weigh_purple (stain->nuclear, stain->density, n);

  stain->clear = clear_level (stain, n);
  for (gsize i = 0; i < n; i++)
    empty += stain->density[i] <= stain->clear;
  stain->background = (gfloat)empty / n;
  stain->chroma = measure_chroma (stain, n);
  undo_dullness (stain, n);
  return stain;
}

void
smear_stain_free (SmearStain *stain)
{
  if (!stain)
    return;
  g_free (stain->nuclear);
  g_free (stain->density);
  for (gint c = 0; c < 3; c++)
    g_free (stain->optical[c]);
  g_free (stain);
}
