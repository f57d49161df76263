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
/* Both where chroma is 1 or more. Where colours are duller, the purple of nuclei is as
 * well, and nuclear stain, which is purple squared, by the square of that; at most by
 * this.
 */
#define DULLEST 0.3f

/* The number of a cell that is kept, until the first of its pixels comes up. */
#define WAITING -1

typedef struct
{
  gdouble nuclear, density;
} Candidate;

/* Means over the nucleus of each candidate. */
static void
measure_colours (const SmearSearch *search, const SmearStain *stain,
                 const SmearPart *parts, Candidate *candidates)
{
  for (gint y = 0; y < stain->height; y++)
    {
      gsize at = (gsize)y * stain->width;
      const gint32 *row = search->labels + at;
      for (gint first, last = 0; smear_next_label (row, stain->width, &first, &last);)
        {
          guint nuclear = 0, inside = 0;
          gint density = 0;

          for (gsize i = at + first; i < at + last; i++)
            {
              guint in = search->nuclei[i];
              inside += in;
              nuclear += in * stain->nuclear[i];
              density += (gint)(in * stain->density[i]);
            }
          Candidate *candidate = &candidates[row[first] - 1];
          candidate->nuclear += nuclear;
          candidate->density += density - (gint)inside * SMEAR_STAIN_ZERO;
        }
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
  gfloat dull = CLAMP (stain->chroma * stain->chroma, DULLEST, 1);
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
      if (candidate->nuclear >= dull * LEAST_STAIN
          && candidate->nuclear >= dull * LEAST_HUE * LEAST_HUE * candidate->density
          && (parts[i].border > 0
              || smear_solidity (search->labels, width, &parts[i], i + 1)
                     >= SMEAR_LEAST_SOLIDITY))
        number[i + 1] = WAITING;
    }

  for (gint y = 0; y < height; y++)
    {
      gint32 *row = search->labels + (gsize)y * width;
      for (gint first, last = 0; smear_next_label (row, width, &first, &last);)
        {
          gint32 *mine = &number[row[first]];
          if (*mine == WAITING)
            *mine = kept < G_MAXUINT16 ? ++kept : 0;
          for (gint x = first; x < last; x++)
            row[x] = *mine;
        }
    }
  search->n_cells = kept;
}
