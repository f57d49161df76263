/* Counting the cells of a sweep, or of a part of it. */
#include "records/sweep-records.h"

#include <math.h>

guint
smear_sweep_first_below (const GArray *cells, gdouble y)
{
  guint low = 0, high = cells->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (cells, SmearCell, middle).y < y)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* E. B. Wilson, 1927: the interval of a share of @n, at 95 %. */
static void
wilson (guint hits, guint n, gdouble *low, gdouble *high)
{
  const gdouble z = 1.959963984540054;
  if (n == 0)
    {
      *low = 0;
      *high = 1;
      return;
    }
  gdouble p = hits / (gdouble)n, widened = 1 + z * z / n;
  gdouble middle = (p + z * z / (2.0 * n)) / widened;
  gdouble half = z * sqrt (p * (1 - p) / n + z * z / (4.0 * n * n)) / widened;
  *low = MAX (0, middle - half);
  *high = MIN (1, middle + half);
}

void
smear_sweep_tally (const GArray *cells, const SmearArea *area, gfloat threshold,
                   SmearSweepTally *tally)
{
  guint first = 0, end = cells->len;

  *tally = (SmearSweepTally){ 0 };
  if (area)
    {
      first = smear_sweep_first_below (cells, area->bounds.y - 1.0);
      end = smear_sweep_first_below (cells, area->bounds.y + area->bounds.height + 1.0);
    }
  for (guint i = first; i < end; i++)
    {
      const SmearCell *cell = &g_array_index (cells, SmearCell, i);
      if (area && !smear_area_contains (area, cell->x, cell->y))
        continue;
      tally->n_cells++;
      tally->by_class[cell->klass]++;
      tally->n_uncertain += cell->probabilities[cell->klass] < threshold;
    }
  guint blasts = tally->n_cells - tally->by_class[SMEAR_CLASS_BENIGN];
  tally->blasts = tally->n_cells ? blasts / (gdouble)tally->n_cells : 0;
  wilson (blasts, tally->n_cells, &tally->blasts_low, &tally->blasts_high);
}
