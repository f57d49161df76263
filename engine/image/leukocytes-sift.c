/* Which of the candidates are white cells: not platelets, debris, smudges, red cells. */
#include "image/leukocytes-private.h"

/* Sizes of white cells, square micrometres; a cell at the border may be cut. */
#define LEAST_NUCLEUS 20.0f
#define LEAST_NUCLEUS_AT_BORDER 12.0f
#define LARGEST_CELL 700.0f

/* Nuclear stain: where there is no nucleus at all, the most purple of the red cells come
 * up to about this. */
#define LEAST_STAIN 0.30f
/* Purple by density: precipitate and clumps of platelets are dark without being purple.
 */
#define LEAST_HUE 1.0f
/* Area over that of the convex hull, for whole cells: burst cells, precipitate and heaps
 * are ragged. */
#define LEAST_SOLIDITY 0.84f

/* The number of a cell that is kept, until the first of its pixels comes up. */
#define WAITING -1

typedef struct
{
  gdouble nuclear, density;
} Candidate;

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

/* Means over the nucleus of each candidate. */
static void
measure_colours (const SmearSearch *search, const SmearStain *stain,
                 const SmearPart *parts, Candidate *candidates)
{
  gsize n = (gsize)stain->width * stain->height;

  for (gsize i = 0; i < n; i++)
    if (search->labels[i] && search->nuclei[i])
      {
        Candidate *candidate = &candidates[search->labels[i] - 1];
        candidate->nuclear += stain->nuclear[i];
        candidate->density += stain->density[i] - SMEAR_STAIN_ZERO;
      }
  for (gint i = 0; i < search->n_cells; i++)
    {
      gdouble pixels = MAX (parts[i].weight, 1);
      candidates[i].nuclear /= pixels * SMEAR_NUCLEAR_STEPS;
      candidates[i].density /= pixels * SMEAR_STAIN_STEPS;
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
      const Candidate *candidate = &candidates[i];
      gfloat area = parts[i].area * step_x * step_y,
             nucleus = parts[i].weight * step_x * step_y;

      if (nucleus < (parts[i].border ? LEAST_NUCLEUS_AT_BORDER : LEAST_NUCLEUS)
          || area > LARGEST_CELL)
        continue;
      if (candidate->nuclear >= LEAST_STAIN
          && candidate->nuclear >= LEAST_HUE * LEAST_HUE * candidate->density
          && (parts[i].border > 0
              || solidity_of (search->labels, width, &parts[i], i + 1) >= LEAST_SOLIDITY))
        number[i + 1] = WAITING;
    }

  for (gsize i = 0; i < (gsize)width * height; i++)
    {
      gint32 *mine = &number[search->labels[i]];
      if (*mine == WAITING)
        *mine = kept < G_MAXUINT16 ? ++kept : 0;
      search->labels[i] = *mine;
    }
  search->n_cells = kept;
}
