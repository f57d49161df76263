/* How far each pixel of a mask lies from the nearest outside of it, and back. */
#include "image/leukocytes-private.h"

#include "base/cpu.h"

#include <math.h>
#include <string.h>

/* Blocks of this side are what smear_mask_near() looks at or leaves out. */
#define BLOCK 8
/* Up to so many steps along a row are quicker made for all its pixels at once. */
#define MOST_TIMES 12

typedef struct
{
  gfloat x, y, diagonal;
} Steps;

/* Pixels @first to before @last by way of the row @before, which the sweep has done. */
SMEAR_WIDE static void
from_row (gfloat *restrict row, const gfloat *restrict before, gint width, gint first,
          gint last, const Steps *steps)
{
  gint inner = MAX (first, 1), end = MIN (last, width - 1);
  const gfloat y = steps->y, diagonal = steps->diagonal;

  if (first == 0)
    row[0] = MIN (row[0], MIN (before[0] + y, MIN (before[0], before[1]) + diagonal));
  for (gint x = inner; x < end; x++)
    {
      gfloat side = before[x - 1] < before[x + 1] ? before[x - 1] : before[x + 1];
      gfloat straight = before[x] + y, across = side + diagonal;
      gfloat near = straight < across ? straight : across;
      row[x] = row[x] < near ? row[x] : near;
    }
  if (last == width && end >= inner)
    row[end] = MIN (row[end],
                    MIN (before[end] + y, MIN (before[end - 1], before[end]) + diagonal));
}

/* The same by way of the neighbour in the row, on the right of which, or on the left, the
 * distance is @last. */
static void
along_row (gfloat *row, gint first, gint last, gfloat step, gfloat beside)
{
  for (gint x = first; x < last; x++)
    {
      row[x] = MIN (row[x], beside);
      beside = row[x] + step;
    }
}

static void
back_along_row (gfloat *row, gint first, gint last, gfloat step, gfloat beside)
{
  for (gint x = last - 1; x >= first; x--)
    {
      row[x] = MIN (row[x], beside);
      beside = row[x] + step;
    }
}

/* Outside the mask all is zero, so each run of a row stands for itself. */
void
smear_mask_distance (const guint8 *mask, gint width, gint height, gfloat step_x,
                     gfloat step_y, gfloat *distance)
{
  const Steps steps = { step_x, step_y, sqrtf (step_x * step_x + step_y * step_y) };
  const gfloat far = (width + height) * (step_x + step_y);

  memset (distance, 0, (gsize)width * height * sizeof *distance);
  for (gint y = 0; y < height; y++)
    {
      gfloat *row = distance + (gsize)y * width;
      for (gint x, end = 0; smear_next_run (mask + (gsize)y * width, width, &x, &end);)
        {
          for (gint i = x; i < end; i++)
            row[i] = far;
          if (y > 0)
            from_row (row, row - width, width, x, end, &steps);
          along_row (row, x, end, step_x, x > 0 ? step_x : G_MAXFLOAT);
        }
    }
  for (gint y = height - 1; y >= 0; y--)
    {
      gfloat *row = distance + (gsize)y * width;
      for (gint x, end = 0; smear_next_run (mask + (gsize)y * width, width, &x, &end);)
        {
          if (y < height - 1)
            from_row (row, row + width, width, x, end, &steps);
          back_along_row (row, x, end, step_x, end < width ? step_x : G_MAXFLOAT);
        }
    }
}

/* The same for up to @times pixels to the right (@turn 1) or to the left (-1), all places
 * at once: quicker than one after the other unless it is many times. */
SMEAR_WIDE static void
spread (gfloat *row, gfloat *spare, gint n, gfloat step, gint times, gint turn)
{
  if (times > MOST_TIMES && turn > 0)
    along_row (row, 0, n, step, G_MAXFLOAT);
  else if (times > MOST_TIMES)
    back_along_row (row, 0, n, step, G_MAXFLOAT);
  else
    for (gint k = 0; k < times; k++)
      {
        gint shift = turn > 0 ? 1 : 0; /* the pair of i and i + 1 changes which */
        const gfloat *restrict source = row + 1 - shift;
        gfloat *restrict target = spare;

        for (gint i = 0; i < n - 1; i++)
          target[i] = source[i] + step;
        gfloat *restrict changed = row + shift;
        for (gint i = 0; i < n - 1; i++)
          changed[i] = changed[i] < target[i] ? changed[i] : target[i];
      }
}

/* Blocks with a pixel of the mask in them or within reach. */
static guint8 *
blocks_near (const guint8 *mask, gint width, gint height, gint columns, gint rows,
             gint reach_x, gint reach_y)
{
  g_autofree guint8 *across = g_new0 (guint8, (gsize)columns * rows);
  guint8 *near = g_new0 (guint8, (gsize)columns * rows);
  gint dx = (reach_x + BLOCK - 1) / BLOCK, dy = (reach_y + BLOCK - 1) / BLOCK;

  for (gint y = 0; y < height; y++)
    for (gint x, end = 0; smear_next_run (mask + (gsize)y * width, width, &x, &end);)
      {
        gint first = MAX (x / BLOCK - dx, 0),
             last = MIN ((end - 1) / BLOCK + dx, columns - 1);
        memset (across + (gsize)(y / BLOCK) * columns + first, 1,
                (gsize)(last - first + 1));
      }
  for (gint row = 0; row < rows; row++)
    for (gint other = MAX (row - dy, 0); other <= MIN (row + dy, rows - 1); other++)
      for (gint column = 0; column < columns; column++)
        near[(gsize)row * columns + column] |= across[(gsize)other * columns + column];
  return near;
}

/* Zero in the mask, @far elsewhere. */
SMEAR_WIDE static void
begin_at (const guint8 *restrict mask, gsize n, gfloat far, gfloat *restrict distance)
{
  for (gsize i = 0; i < n; i++)
    distance[i] = mask[i] ? 0 : far;
}

void
smear_mask_near (const guint8 *mask, gint width, gint height, gfloat step_x,
                 gfloat step_y, gfloat reach, gfloat *distance)
{
  const Steps steps = { step_x, step_y, sqrtf (step_x * step_x + step_y * step_y) };
  const gfloat far = (width + height) * (step_x + step_y);
  gint columns = (width + BLOCK - 1) / BLOCK, rows = (height + BLOCK - 1) / BLOCK;
  /* The way from one pixel to another within reach never leaves these blocks. */
  g_autofree guint8 *near = blocks_near (mask, width, height, columns, rows,
                                         (gint)MIN (reach / step_x, width) + 1,
                                         (gint)MIN (reach / step_y, height) + 1);

  gint columns_within = (gint)MIN (reach / step_x, width) + 1;
  g_autofree gfloat *spare = g_new (gfloat, width);

  begin_at (mask, (gsize)width * height, far, distance);
  for (gint y = 0; y < height; y++)
    {
      gfloat *row = distance + (gsize)y * width;
      for (gint c, end = 0;
           smear_next_run (near + y / BLOCK * columns, columns, &c, &end);)
        {
          gint x = c * BLOCK, stop = MIN (end * BLOCK, width);
          if (y > 0)
            from_row (row, row - width, width, x, stop, &steps);
          spread (row + x, spare, stop - x, step_x, columns_within, 1);
        }
    }
  for (gint y = height - 1; y >= 0; y--)
    {
      gfloat *row = distance + (gsize)y * width;
      for (gint c, end = 0;
           smear_next_run (near + y / BLOCK * columns, columns, &c, &end);)
        {
          gint x = c * BLOCK, stop = MIN (end * BLOCK, width);
          if (y < height - 1)
            from_row (row, row + width, width, x, stop, &steps);
          spread (row + x, spare, stop - x, step_x, columns_within, -1);
        }
    }
}

/* What is deeper than @radius. */
SMEAR_WIDE static void
find_core (const gfloat *restrict distance, gsize n, gfloat radius, guint8 *restrict core)
{
  for (gsize i = 0; i < n; i++)
    core[i] = distance[i] > radius;
}

SMEAR_WIDE static void
keep_near (const gfloat *restrict distance, gsize n, gfloat radius, guint8 *restrict mask)
{
  for (gsize i = 0; i < n; i++)
    mask[i] &= distance[i] <= radius;
}

void
smear_mask_open (guint8 *mask, gint width, gint height, gfloat step_x, gfloat step_y,
                 gfloat radius, gfloat *scratch)
{
  gsize n = (gsize)width * height;
  g_autofree guint8 *core = g_malloc (n);

  smear_mask_distance (mask, width, height, step_x, step_y, scratch);
  find_core (scratch, n, radius, core);
  smear_mask_near (core, width, height, step_x, step_y, radius, scratch);
  keep_near (scratch, n, radius, mask);
}
