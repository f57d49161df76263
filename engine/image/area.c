#include <smearscope/area.h>

#include <math.h>
#include <string.h>

void
smear_area_free (SmearArea *area)
{
  if (!area)
    return;
  g_free (area->name);
  g_free (area->geometry);
  g_ptr_array_unref (area->rings);
  g_free (area);
}

gboolean
smear_area_contains (const SmearArea *area, gdouble x, gdouble y)
{
  g_return_val_if_fail (area != NULL, FALSE);
  gboolean inside = FALSE;

  for (guint r = 0; r < area->rings->len; r++)
    {
      const GArray *ring = area->rings->pdata[r];
      const SmearPoint *points = (const SmearPoint *)(gconstpointer)ring->data;

      for (guint i = 0, j = ring->len - 1; i < ring->len; j = i++)
        if ((points[i].y > y) != (points[j].y > y)
            && x < points[i].x
                       + (y - points[i].y) / (points[j].y - points[i].y)
                             * (points[j].x - points[i].x))
          inside = !inside;
    }
  return inside;
}

/* Where the outline crosses a row's middle, from the left. */
static void
crossings (const SmearArea *area, gdouble y, GArray *xs)
{
  g_array_set_size (xs, 0);
  for (guint r = 0; r < area->rings->len; r++)
    {
      const GArray *ring = area->rings->pdata[r];
      const SmearPoint *points = (const SmearPoint *)(gconstpointer)ring->data;

      for (guint i = 0, j = ring->len - 1; i < ring->len; j = i++)
        if ((points[i].y > y) != (points[j].y > y))
          {
            gdouble x = points[i].x
                        + (y - points[i].y) / (points[j].y - points[i].y)
                              * (points[j].x - points[i].x);
            g_array_append_val (xs, x);
          }
    }
}

static gint
from_the_left (gconstpointer a, gconstpointer b)
{
  gdouble p = *(const gdouble *)a, q = *(const gdouble *)b;
  return p < q ? -1 : p > q;
}

/* The first pixel of a row whose centre is not left of @x. */
static gint
pixel_from (gdouble x, const SmearRegion *bounds)
{
  return (gint)CLAMP (ceil (x - 0.5) - bounds->x, 0, bounds->width);
}

void
smear_area_cut_out (const SmearArea *area, SmearImage *image)
{
  g_return_if_fail (area != NULL && image != NULL);
  const SmearRegion *bounds = &area->bounds;
  g_return_if_fail (smear_image_get_width (image) == bounds->width
                    && smear_image_get_height (image) == bounds->height);
  g_autoptr (GArray) xs = g_array_new (FALSE, FALSE, sizeof (gdouble));

  for (gint y = 0; y < bounds->height; y++)
    {
      guint8 *row = smear_image_get_pixels (image) + (gsize)y * bounds->width * 3;
      gint done = 0;

      crossings (area, bounds->y + y + 0.5, xs);
      g_array_sort (xs, from_the_left);
      /* Outside, inside, outside: an outline that is closed is crossed an even number of
       * times. */
      for (guint i = 0; i + 1 < xs->len; i += 2)
        {
          gint first = pixel_from (g_array_index (xs, gdouble, i), bounds);
          if (first > done)
            memset (row + 3 * done, 255, 3 * (gsize)(first - done));
          done = MAX (done, pixel_from (g_array_index (xs, gdouble, i + 1), bounds));
        }
      memset (row + 3 * done, 255, 3 * (gsize)(bounds->width - done));
    }
}
