/* Colour as coarse as JPEG keeps it. */
#include "image-private.h"

#include <math.h>
#include <string.h>

/* The blocks that share one colour: how far it is from the light, red and blue. */
typedef struct
{
  gint across, down;
  gfloat *red, *blue; /* [down][across] */
} Blocks;

/* Where a pixel lies between the middles of blocks: @share of the way from @first to the
 * next. */
typedef struct
{
  gint first;
  gfloat share;
} Tap;

static void
sum_row (const guint8 *p, const gint *block, gint width, guint32 (*sums)[4])
{
  for (gint x = 0; x < width; x++, p += 3)
    {
      guint32 *sum = sums[block[x]];
      sum[0] += p[0];
      sum[1] += p[1];
      sum[2] += p[2];
      sum[3]++;
    }
}

static void
blocks_fill (Blocks *blocks, SmearImage *image, gdouble side_x, gdouble side_y)
{
  g_autofree gint *block = g_new (gint, image->width);
  g_autofree guint32 (*sums)[4] = g_malloc (blocks->across * sizeof *sums);
  gint y = 0;

  for (gint x = 0; x < image->width; x++)
    block[x] = MIN ((gint)(x / side_x), blocks->across - 1);
  for (gint row = 0; row < blocks->down; row++)
    {
      gint end = row + 1 < blocks->down ? (gint)ceil ((row + 1) * side_y) : image->height;
      memset (sums, 0, blocks->across * sizeof *sums);
      for (; y < end; y++)
        sum_row (image->pixels + (gsize)y * image->width * 3, block, image->width, sums);
      for (gint i = 0; i < blocks->across; i++)
        {
          gfloat n = sums[i][3], red = sums[i][0] / n, blue = sums[i][2] / n;
          gfloat light = smear_light (red, sums[i][1] / n, blue);
          blocks->red[row * blocks->across + i] = red - light;
          blocks->blue[row * blocks->across + i] = blue - light;
        }
    }
}

static Tap
tap_at (gint pixel, gdouble side, gint n)
{
  gdouble at = CLAMP ((pixel + 0.5) / side - 0.5, 0, n - 1);
  gint first = MIN ((gint)at, MAX (n - 2, 0));

  return (Tap){ first, (gfloat)(at - first) };
}

/* One row of blocks' colours at a pixel's height. */
static void
between (const gfloat *plane, const Blocks *blocks, Tap tap, gfloat *row)
{
  const gfloat *above = plane + (gsize)tap.first * blocks->across;
  const gfloat *below = tap.first + 1 < blocks->down ? above + blocks->across : above;

  for (gint i = 0; i < blocks->across; i++)
    row[i] = above[i] + tap.share * (below[i] - above[i]);
  row[blocks->across] = row[blocks->across - 1];
}

static void
paint_row (guint8 *p, const Tap *taps, gint width, const gfloat *reds,
           const gfloat *blues)
{
  for (gint x = 0; x < width; x++, p += 3)
    {
      gint i = taps[x].first;
      gfloat share = taps[x].share;
      smear_pixel_recolour (p, reds[i] + share * (reds[i + 1] - reds[i]),
                            blues[i] + share * (blues[i + 1] - blues[i]));
    }
}

void
smear_image_coarsen_colour (SmearImage *image, gdouble pitch_x, gdouble pitch_y)
{
  gdouble side_x = 2 * pitch_x, side_y = 2 * pitch_y;
  Blocks blocks = { MAX (1, (gint)ceil (image->width / side_x - 0.5)),
                    MAX (1, (gint)ceil (image->height / side_y - 0.5)), NULL, NULL };
  gsize n = (gsize)blocks.across * blocks.down;
  g_autofree gfloat *red = blocks.red = g_new (gfloat, n);
  g_autofree gfloat *blue = blocks.blue = g_new (gfloat, n);
  g_autofree gfloat *reds = g_new (gfloat, blocks.across + 1);
  g_autofree gfloat *blues = g_new (gfloat, blocks.across + 1);
  g_autofree Tap *taps = g_new (Tap, image->width);

  blocks_fill (&blocks, image, side_x, side_y);
  for (gint x = 0; x < image->width; x++)
    taps[x] = tap_at (x, side_x, blocks.across);
  for (gint y = 0; y < image->height; y++)
    {
      Tap tap = tap_at (y, side_y, blocks.down);
      between (red, &blocks, tap, reds);
      between (blue, &blocks, tap, blues);
      paint_row (image->pixels + (gsize)y * image->width * 3, taps, image->width, reds,
                 blues);
    }
}
