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
              || smear_solidity (search->labels, width, &parts[i], i + 1)
                     >= SMEAR_LEAST_SOLIDITY))
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
