#include "train/audit.h"

#include <math.h>
#include <stdlib.h>

static int
by_value (gconstpointer a, gconstpointer b, gpointer values)
{
  gfloat x = ((const gfloat *)values)[*(const guint *)a];
  gfloat y = ((const gfloat *)values)[*(const guint *)b];

  return (x > y) - (x < y);
}

static gdouble *
ranks (const gfloat *values, guint n)
{
  g_autofree guint *order = g_new (guint, n);
  gdouble *rank = g_new (gdouble, n);

  for (guint i = 0; i < n; i++)
    order[i] = i;
  qsort_r (order, n, sizeof (guint), by_value, (gpointer)values);
  for (guint i = 0, end; i < n; i = end)
    {
      for (end = i + 1; end < n && values[order[end]] == values[order[i]]; end++)
        ;
      for (guint j = i; j < end; j++)
        rank[order[j]] = (i + end - 1) / 2.0;
    }
  return rank;
}

gdouble
smear_rank_correlation (const gfloat *a, const gfloat *b, guint n)
{
  g_autofree gdouble *x = ranks (a, n), *y = ranks (b, n);
  gdouble mean = (n - 1) / 2.0, xy = 0, xx = 0, yy = 0;

  for (guint i = 0; i < n; i++)
    {
      xy += (x[i] - mean) * (y[i] - mean);
      xx += (x[i] - mean) * (x[i] - mean);
      yy += (y[i] - mean) * (y[i] - mean);
    }
  return xx > 0 && yy > 0 ? xy / sqrt (xx * yy) : 0;
}
