/* Levels that part a histogram, and smoothing. */
#include "image/leukocytes-private.h"

#include "base/cpu.h"

gint
smear_otsu (const guint32 histogram[256])
{
  gdouble total = 0, sum = 0, below = 0, below_sum = 0, best = -1;
  gint level = 0;

  for (gint v = 0; v < 256; v++)
    {
      total += histogram[v];
      sum += (gdouble)v * histogram[v];
    }
  for (gint v = 0; v < 255; v++)
    {
      below += histogram[v];
      below_sum += (gdouble)v * histogram[v];
      if (below == 0 || below == total)
        continue;
      gdouble apart = below_sum * total - sum * below;
      gdouble between = apart / below * (apart / (total - below));
      if (between > best)
        {
          best = between;
          level = v;
        }
    }
  return level;
}

SMEAR_WIDE void
smear_plane_blur (guint8 *plane, gint width, gint height)
{
  g_autofree guint16 *rows = g_new (guint16, 3 * (gsize)width);

  for (gint y = -1; y < height; y++)
    {
      /* Row y + 1 blurred across enters a ring of three before row y is overwritten. */
      gint next = MIN (y + 1, height - 1);
      const guint8 *in = plane + (gsize)next * width;
      guint16 *out = rows + (gsize)((y + 1) % 3) * width;

      if (next == y + 1)
        for (gint x = 0; x < width; x++)
          out[x] = in[MAX (x - 1, 0)] + 2 * in[x] + in[MIN (x + 1, width - 1)];
      if (y < 0)
        continue;

      const guint16 *above = rows + (gsize)((y > 0 ? y - 1 : 0) % 3) * width;
      const guint16 *here = rows + (gsize)(y % 3) * width;
      const guint16 *below = rows + (gsize)(next % 3) * width;
      guint8 *to = plane + (gsize)y * width;
      for (gint x = 0; x < width; x++)
        to[x] = (above[x] + 2 * here[x] + below[x] + 8) / 16;
    }
}
