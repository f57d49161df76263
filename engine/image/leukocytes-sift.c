/* Which of the candidates are white cells: not platelets, debris, smudges, red cells. */
#include "image/leukocytes-private.h"

#include <stdlib.h>

/* Sizes of white cells, square micrometres; a cell at the border may be cut. */
#define LEAST_NUCLEUS 20.0f
#define LEAST_NUCLEUS_AT_BORDER 10.0f
#define LARGEST_CELL 700.0f

/* Nuclear stain: where there is no nucleus at all, the most purple of the red cells come
 * up to about this. */
#define LEAST_STAIN 0.30f
/* Purple by density, against the upper quartile of the candidates: clumps of platelets
 * and precipitate are dark without being purple. */
#define LEAST_HUE 0.60f
/* Burst nuclei are paler and pinker than whole ones, and ragged. */
#define SMUDGE_LOOK 0.62f
#define SMUDGE_SOLIDITY 0.93f
/* No cell is as ragged as this. */
#define LEAST_SOLIDITY 0.75f

typedef struct
{
  gdouble optical[3];
  gfloat stain, hue, pink, solidity;
  gboolean kept;
} Candidate;

static gint
compare_floats (gconstpointer a, gconstpointer b)
{
  gfloat difference = *(const gfloat *)a - *(const gfloat *)b;
  return (difference > 0) - (difference < 0);
}

/* The value at @quantile of one measure over the candidates still kept; 0 if there are
 * none. */
static gfloat
quantile_of (const Candidate *candidates, gint n, gsize offset, gfloat quantile)
{
  g_autofree gfloat *values = g_new (gfloat, n + 1);
  gint kept = 0;

  for (gint i = 0; i < n; i++)
    if (candidates[i].kept)
      values[kept++] = G_STRUCT_MEMBER (gfloat, &candidates[i], offset);
  qsort (values, kept, sizeof *values, compare_floats);
  return kept ? values[(gint)(quantile * (kept - 1) + 0.5f)] : 0;
}

typedef struct
{
  gint x, y;
} Corner;

static gint64
turn (Corner a, Corner b, Corner c)
{
  return (gint64)(b.x - a.x) * (c.y - a.y) - (gint64)(b.y - a.y) * (c.x - a.x);
}

/* Area of the part over the area of its convex hull. */
static gfloat
solidity_of (const gint32 *labels, gint width, const SmearPart *part, gint32 label)
{
  gint rows = part->y1 - part->y0 + 1;
  g_autofree Corner *corners = g_new (Corner, 4 * rows);
  g_autofree Corner *hull = g_new (Corner, 4 * rows + 1);
  gint n = 0, top = 0;
  gint64 doubled = 0;

  /* The outermost pixel corners of each row, downwards and, within a row, from the left.
   */
  for (gint y = part->y0; y <= part->y1; y++)
    {
      const gint32 *row = labels + (gsize)y * width;
      gint left = part->x0, right = part->x1;
      while (left <= right && row[left] != label)
        left++;
      while (right > left && row[right] != label)
        right--;
      if (left > right)
        continue;
      corners[n++] = (Corner){ left, y };
      corners[n++] = (Corner){ right + 1, y };
      corners[n++] = (Corner){ left, y + 1 };
      corners[n++] = (Corner){ right + 1, y + 1 };
    }
  /* Rows share their edges, so the right corner of one follows the left ones of two. */
  for (gint i = 1; i < n; i++)
    for (gint j = i;
         j > 0
         && (corners[j].y < corners[j - 1].y
             || (corners[j].y == corners[j - 1].y && corners[j].x < corners[j - 1].x));
         j--)
      {
        Corner swap = corners[j];
        corners[j] = corners[j - 1];
        corners[j - 1] = swap;
      }
  for (gint i = 0; i < n; i++)
    {
      while (top >= 2 && turn (hull[top - 2], hull[top - 1], corners[i]) <= 0)
        top--;
      hull[top++] = corners[i];
    }
  for (gint i = n - 2, lower = top + 1; i >= 0; i--)
    {
      while (top >= lower && turn (hull[top - 2], hull[top - 1], corners[i]) <= 0)
        top--;
      hull[top++] = corners[i];
    }
  for (gint i = 0; i + 1 < top; i++)
    doubled += (gint64)hull[i].x * hull[i + 1].y - (gint64)hull[i + 1].x * hull[i].y;
  return doubled ? 2.0f * part->area / ABS (doubled) : 1;
}

static void
measure_colours (const SmearSearch *search, const SmearStain *stain,
                 const SmearPart *parts, Candidate *candidates)
{
  gsize n = (gsize)stain->width * stain->height;

  for (gsize i = 0; i < n; i++)
    if (search->labels[i] && search->nuclei[i])
      for (gint c = 0; c < 3; c++)
        candidates[search->labels[i] - 1].optical[c] += stain->optical[c][i]
                                                        - SMEAR_STAIN_ZERO;
  for (gint i = 0; i < search->n_cells; i++)
    {
      Candidate *candidate = &candidates[i];
      gdouble red = candidate->optical[0], green = candidate->optical[1];
      gdouble blue = candidate->optical[2], density = MAX ((red + green + blue) / 3, 1);
      gdouble purple = 1.5 * green - 0.5 * red - blue;
      gdouble pixels = MAX (parts[i].weight, 1) * SMEAR_STAIN_STEPS;

      candidate->hue = (gfloat)(purple / density);
      candidate->stain = (gfloat)(purple / pixels) * MAX (candidate->hue, 0);
      candidate->pink = (gfloat)(red / MAX (green, 1));
    }
}

void
smear_sift (SmearSearch *search, const SmearStain *stain, gfloat step_x, gfloat step_y)
{
  gint width = stain->width, height = stain->height, n = search->n_cells;
  g_autofree SmearPart *parts = smear_label_parts (search->labels, n, width, height,
                                                   search->nuclei);
  g_autofree Candidate *candidates = g_new0 (Candidate, n + 1);
  g_autofree gint32 *number = g_new0 (gint32, n + 1);
  gint kept = 0;

  measure_colours (search, stain, parts, candidates);
  for (gint i = 0; i < n; i++)
    {
      Candidate *candidate = &candidates[i];
      gfloat area = parts[i].area * step_x * step_y,
             nucleus = parts[i].weight * step_x * step_y;

      if (nucleus < (parts[i].border ? LEAST_NUCLEUS_AT_BORDER : LEAST_NUCLEUS)
          || area > LARGEST_CELL)
        continue;
      candidate->solidity = solidity_of (search->labels, width, &parts[i], i + 1);
      candidate->kept = candidate->stain >= LEAST_STAIN
                        && candidate->solidity >= LEAST_SOLIDITY;
    }

  gfloat hue = quantile_of (candidates, n, G_STRUCT_OFFSET (Candidate, hue), 0.75f);
  for (gint i = 0; i < n; i++)
    candidates[i].kept = candidates[i].kept && candidates[i].hue >= LEAST_HUE * hue;

  gfloat pink = quantile_of (candidates, n, G_STRUCT_OFFSET (Candidate, pink), 0.5f);
  gfloat stained = quantile_of (candidates, n, G_STRUCT_OFFSET (Candidate, stain), 0.75f);
  for (gint i = 0; i < n; i++)
    {
      Candidate *candidate = &candidates[i];
      gfloat look = stained > 0 && pink > 0
                        ? candidate->stain / stained * candidate->pink / pink
                        : 1;
      if (candidate->kept
          && !(look < SMUDGE_LOOK && candidate->solidity < SMUDGE_SOLIDITY)
          && kept < G_MAXUINT16)
        number[i + 1] = ++kept;
    }
  for (gsize i = 0; i < (gsize)width * height; i++)
    search->labels[i] = number[search->labels[i]];
  search->n_cells = kept;
}
