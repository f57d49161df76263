/* The 3x3 median: columns of three are sorted once, three sorted columns make a median.
 */
#include "image-private.h"

#include <string.h>

#if defined __GNUC__ && !defined __clang__
#pragma GCC optimize(                                                                    \
    "O3") /* every loop here is bytes in, bytes out, 16 or more at a time */
#endif

static inline guint8
middle (guint8 a, guint8 b, guint8 c)
{
  return MAX (MIN (a, b), MIN (MAX (a, b), c));
}

static void
sort_columns (const guint8 *restrict a, const guint8 *restrict b,
              const guint8 *restrict c, guint8 *restrict low, guint8 *restrict mid,
              guint8 *restrict high, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      guint8 less = MIN (a[i], b[i]), more = MAX (a[i], b[i]);
      low[i] = MIN (less, c[i]);
      high[i] = MAX (more, c[i]);
      mid[i] = MAX (less, MIN (more, c[i]));
    }
}

/* Of nine: the middle of (largest low, middle mid, smallest high). */
static void
merge_columns (const guint8 *restrict low, const guint8 *restrict mid,
               const guint8 *restrict high, guint8 *restrict out, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      guint8 l = MAX (MAX (low[i], low[i + 3]), low[i + 6]);
      guint8 h = MIN (MIN (high[i], high[i + 3]), high[i + 6]);
      out[i] = middle (l, middle (mid[i], mid[i + 3], mid[i + 6]), h);
    }
}

/* One pixel more on either side, the same as its neighbour. */
static void
extend (guint8 *row, gsize n)
{
  memcpy (row, row + 3, 3);
  memcpy (row + 3 + n, row + n, 3);
}

SmearImage *
smear_image_median3 (SmearImage *image)
{
  g_return_val_if_fail (image != NULL, NULL);
  g_autoptr (GError) error = NULL;
  SmearImage *out = smear_image_new (image->width, image->height, &error);
  if (!out)
    g_error ("%s", error->message); /* the same size as what is already in memory */
  out->um_per_pixel = image->um_per_pixel;

  gsize n = (gsize)image->width * 3, padded = n + 6;
  g_autofree guint8 *sorted = g_malloc_n (padded, 3);
  guint8 *low = sorted, *mid = low + padded, *high = mid + padded;
  for (gint y = 0; y < image->height; y++)
    {
      const guint8 *row = image->pixels + y * n;
      sort_columns (y > 0 ? row - n : row, row, y < image->height - 1 ? row + n : row,
                    low + 3, mid + 3, high + 3, n);
      extend (low, n);
      extend (mid, n);
      extend (high, n);
      merge_columns (low, mid, high, out->pixels + y * n, n);
    }
  return out;
}
