/* Can this picture be judged at all? */
#include "image/leukocytes-private.h"

#include "base/cpu.h"

#include <math.h>

/* No smear has more than this share of colours that no blood stain gives. */
#define MOST_ODD 0.10f
/* Ink is black, nuclei are dark purple. */
#define MOST_BLACK 0.10f
/* The empty background is smooth; steps are in density bytes, across two pixels. */
#define ROUGHEST_BACKGROUND 16.0f
/* Background darker than this is no background. */
#define DARKEST_WHITE 70.0f
/* Less than this share of the picture covered is nothing but one colour. */
#define LEAST_COVERED 0.002f
#define MOST_COVERED 0.90f
/* Differences between channels, density bytes, under which a picture has no colour. */
#define LEAST_COLOUR 8

#define DARK_WHITE 130.0f
#define BURNT_SHARE 0.85f
/* A red cell is at least this many widths of a nucleus' edge across. */
#define LEAST_SHARPNESS 3.0f

typedef struct
{
  gfloat covered, odd, black, coloured, roughness, burnt;
} Look;

/* Pixels of what lies on the glass. */
typedef struct
{
  gsize covered, odd, black, coloured;
} Counts;

/* One row; without a branch, so that many pixels are looked at together. */
SMEAR_WIDE static void
count_colours (const SmearStain *stain, gsize at, gint n, Counts *counts)
{
  const guint8 *restrict density = stain->density + at, *restrict nuclear = stain->nuclear
                                                                            + at;
  const guint8 *restrict reds
      = stain->optical[0] + at,
      *restrict greens = stain->optical[1] + at, *restrict blues = stain->optical[2] + at;
  guint covered = 0, odd = 0, black = 0, coloured = 0;

  for (gint x = 0; x < n; x++)
    {
      gint red = reds[x], green = greens[x], blue = blues[x];
      gint most = MAX (MAX (red, green), blue), least = MIN (MIN (red, green), blue);
      guint here = density[x] > stain->clear;

      covered += here;
      black += here & (density[x] > SMEAR_STAIN_BYTE (1.2))
               & (nuclear[x] < SMEAR_NUCLEAR_BYTE (0.5));
      /* Green, yellow, red and blue as no mixture of eosin, azure and haemoglobin looks.
       */
      odd += here
             & ((green + 13 < MIN (red, blue)) | (blue > MAX (red, green) + 26)
                | ((MIN (blue, green) > red + 60) & (blue + 10 > green))
                | (red > MAX (green, blue) + 60));
      coloured += here & (most - least > LEAST_COLOUR);
    }
  counts->covered += covered;
  counts->odd += odd;
  counts->black += black;
  counts->coloured += coloured;
}

/* How much the empty background of a row changes from pixel to pixel. */
SMEAR_WIDE static void
count_steps (const guint8 *row, gint width, gint level, gsize *empty, gsize *steps)
{
  const guint8 *restrict at = row, *restrict above = row - width,
                         *restrict below = row + width;
  guint n = 0, sum = 0;

  for (gint x = 1; x < width - 1; x++)
    {
      guint clear = at[x] <= level;
      n += clear;
      sum += clear * (guint)(abs (at[x + 1] - at[x - 1]) + abs (below[x] - above[x]));
    }
  *empty += n;
  *steps += sum;
}

SMEAR_WIDE static guint
count_burnt (const guint8 *pixels, gsize n)
{
  guint burnt = 0;

  for (gsize i = 0; i < n; i++, pixels += 3)
    burnt += (pixels[0] & pixels[1] & pixels[2]) == 255;
  return burnt;
}

static void
look_at (SmearImage *image, const SmearStain *stain, Look *look)
{
  gint width = stain->width, height = stain->height;
  gsize n = (gsize)width * height, empty = 0, steps = 0;
  Counts counts = { 0 };
  gsize burnt = count_burnt (smear_image_get_pixels (image), n);
  for (gint y = 0; y < height; y++)
    count_colours (stain, (gsize)y * width, width, &counts);
  for (gint y = 1; y < height - 1; y++)
    count_steps (stain->density + (gsize)y * width, width, stain->clear, &empty, &steps);
  look->covered = (gfloat)counts.covered / n;
  look->odd = (gfloat)counts.odd / MAX (counts.covered, 1);
  look->black = (gfloat)counts.black / MAX (counts.covered, 1);
  look->coloured = (gfloat)counts.coloured / MAX (counts.covered, 1);
  look->roughness = (gfloat)steps / MAX (empty, 1);
  look->burnt = (gfloat)burnt / n;
}

static const char *
why_not (const Look *look, const SmearStain *stain, const SmearSearch *search)
{
  if (look->covered < LEAST_COVERED)
    return "nothing but one colour";
  if (stain->white[1] < DARKEST_WHITE)
    return "the background is dark";
  if (look->covered > MOST_COVERED || look->roughness > ROUGHEST_BACKGROUND)
    return "no empty background between cells";
  if (look->odd > MOST_ODD)
    return "colours that no blood stain gives";
  if (look->coloured < 0.02f)
    return "no stain, only shades of grey";
  if (look->black > MOST_BLACK)
    return "black marks instead of cells";
  if (!search->n_cells && search->um_x <= 0)
    return "neither red cells nor leukocytes";
  return NULL;
}

/* Steepest step and whole rise of green density on a line of nine pixels. */
static void
add_edge (const guint8 *middle, gint stride, gdouble *slopes, gdouble *rises)
{
  gint steepest = 0, lowest = 255, highest = 0;

  for (gint k = -4; k <= 4; k++)
    {
      gint value = middle[k * stride];
      lowest = MIN (lowest, value);
      highest = MAX (highest, value);
      if (k < 4)
        steepest = MAX (steepest, abs (middle[(k + 1) * stride] - value));
    }
  *slopes += steepest;
  *rises += highest - lowest;
}

/* Where a row's pixels and their neighbours to the right and below lie on different sides
 * of @level. */
enum
{
  ACROSS = 1,
  DOWN = 2
};

SMEAR_WIDE static void
find_edges (const guint8 *row, gint width, gint level, guint8 *restrict edges)
{
  const guint8 *restrict at = row, *restrict below = row + width;

  for (gint x = 0; x < width - 1; x++)
    {
      guint8 here = at[x] > level, right = at[x + 1] > level, under = below[x] > level;
      edges[x] = (guint8)((here ^ right) * ACROSS + (here ^ under) * DOWN);
    }
}

/* How many times the width of an edge fits into a red cell: at the outline of the nuclei,
 * or where there are none, of the red cells. */
static gfloat
measure_sharpness (const SmearStain *stain, const SmearSearch *search)
{
  gint width = stain->width, height = stain->height;
  gdouble slopes = 0, rises = 0;

  if (search->um_x <= 0)
    return 0;
  const guint8 *plane = search->n_cells ? search->nuclei : stain->density;
  gint level = search->n_cells ? 0 : stain->clear;
  g_autofree guint8 *edges = g_malloc (width);
  for (gint y = 4; y < height - 4; y++)
    {
      find_edges (plane + (gsize)y * width, width, level, edges);
      for (gint x = 4; x < width - 4; x++)
        {
          const guint8 *green = stain->optical[1] + (gsize)y * width + x;
          if (edges[x] & ACROSS)
            add_edge (green, 1, &slopes, &rises);
          if (edges[x] & DOWN)
            add_edge (green, width, &slopes, &rises);
        }
    }
  return rises > 0
             ? slopes / rises * SMEAR_RED_CELL_UM / sqrtf (search->um_x * search->um_y)
             : 0;
}

void
smear_quality_judge (SmearImage *image, const SmearStain *stain,
                     const SmearSearch *search, SmearQuality *quality)
{
  Look look;

  look_at (image, stain, &look);
  quality->reason = why_not (&look, stain, search);
  quality->is_smear = quality->reason == NULL;
  quality->too_dark = stain->white[1] < DARK_WHITE;
  quality->too_bright = look.burnt > BURNT_SHARE;
  quality->sharpness = measure_sharpness (stain, search);
  quality->blurred = quality->sharpness > 0 && quality->sharpness < LEAST_SHARPNESS;
}
