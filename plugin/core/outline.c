#include "core/outline.h"

#include <math.h>

typedef struct
{
  gboolean (*inside) (gint x, gint y, gpointer data);
  gpointer data;
  const SmearRegion *bounds;
} Shape;

static gboolean
has (const Shape *shape, gint x, gint y)
{
  const SmearRegion *b = shape->bounds;
  return x >= b->x && y >= b->y && x < b->x + b->width && y < b->y + b->height
         && shape->inside (x, y, shape->data);
}

static gboolean
first_pixel (const Shape *shape, gint *x, gint *y)
{
  const SmearRegion *b = shape->bounds;

  for (*y = b->y; *y < b->y + b->height; ++*y)
    for (*x = b->x; *x < b->x + b->width; ++*x)
      if (has (shape, *x, *y))
        return TRUE;
  return FALSE;
}

static void
add (GArray *outline, gdouble x, gdouble y)
{
  g_array_append_val (outline, x);
  g_array_append_val (outline, y);
}

/* Walks on pixel borders with the thing on the right hand; turns left where it can, so
 * that pixels that only touch at a corner still belong. */
GArray *
smear_outline_trace (gboolean (*inside) (gint x, gint y, gpointer data), gpointer data,
                     const SmearRegion *bounds)
{
  /* Directions east, south, west, north; the pixels ahead, left and right of the heading,
   * as seen from the corner where one stands. */
  static const gint step[4][2] = { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 } };
  static const gint left[4][2] = { { 0, -1 }, { 0, 0 }, { -1, 0 }, { -1, -1 } };
  static const gint right[4][2] = { { 0, 0 }, { -1, 0 }, { -1, -1 }, { 0, -1 } };
  GArray *outline = g_array_new (FALSE, FALSE, sizeof (gdouble));
  const Shape shape = { inside, data, bounds };
  gint x0, y0, x, y, heading = 0;

  if (!first_pixel (&shape, &x0, &y0))
    return outline;
  x = x0;
  y = y0;
  do
    {
      gint before = heading;

      x += step[heading][0];
      y += step[heading][1];
      if (has (&shape, x + left[heading][0], y + left[heading][1]))
        heading = (heading + 3) % 4;
      else if (!has (&shape, x + right[heading][0], y + right[heading][1]))
        heading = (heading + 1) % 4;
      if (heading != before)
        add (outline, x, y);
    }
  while (x != x0 || y != y0 || heading != 0);
  return outline;
}

GArray *
smear_outline_rectangle (const SmearRegion *region)
{
  GArray *outline = g_array_new (FALSE, FALSE, sizeof (gdouble));
  gint right = region->x + region->width, bottom = region->y + region->height;

  add (outline, region->x, region->y);
  add (outline, right, region->y);
  add (outline, right, bottom);
  add (outline, region->x, bottom);
  return outline;
}

static gdouble
distance (const gdouble *p, const gdouble *a, const gdouble *b)
{
  gdouble dx = b[0] - a[0], dy = b[1] - a[1], length = hypot (dx, dy);

  if (length == 0)
    return hypot (p[0] - a[0], p[1] - a[1]);
  return fabs (dx * (p[1] - a[1]) - dy * (p[0] - a[0])) / length;
}

/* Douglas and Peucker's: keep the farthest point if it is far, and look at both halves.
 */
static void
thin (const gdouble *points, guint first, guint last, gdouble tolerance, gboolean *keep)
{
  gdouble worst = tolerance;
  guint at = 0;

  for (guint i = first + 1; i < last; i++)
    {
      gdouble d = distance (points + 2 * i, points + 2 * first, points + 2 * last);
      if (d > worst)
        {
          worst = d;
          at = i;
        }
    }
  if (at == 0)
    return;
  keep[at] = TRUE;
  thin (points, first, at, tolerance, keep);
  thin (points, at, last, tolerance, keep);
}

GArray *
smear_outline_smooth (GArray *outline, gdouble tolerance)
{
  GArray *result = g_array_new (FALSE, FALSE, sizeof (gdouble));
  const gdouble *points = (const gdouble *)(gpointer)outline->data;
  guint n = outline->len / 2;
  g_autofree gboolean *keep = g_new0 (gboolean, n + 1);

  if (n > 2)
    {
      /* A closed line has no ends: the halves between first and middle point are thinned.
       */
      keep[0] = keep[n / 2] = keep[n - 1] = TRUE;
      thin (points, 0, n / 2, tolerance, keep);
      thin (points, n / 2, n - 1, tolerance, keep);
    }
  for (guint i = 0; i < n; i++)
    if (n <= 2 || keep[i])
      add (result, points[2 * i], points[2 * i + 1]);
  return result;
}
