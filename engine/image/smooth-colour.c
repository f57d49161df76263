/* Colour without its fine detail. */
#include "image-private.h"

#include <math.h>
#include <string.h>

/* Means over 2 @radius + 1 values of a line, the ends repeated; @line has @n. */
static void
mean_line (const gfloat *restrict line, gint n, gint radius, gfloat *restrict out)
{
  gfloat sum = (radius + 1) * line[0], by = 1.0f / (2 * radius + 1);

  for (gint i = 1; i <= radius; i++)
    sum += line[MIN (i, n - 1)];
  for (gint i = 0; i < n; i++)
    {
      out[i] = sum * by;
      sum += line[MIN (i + radius + 1, n - 1)] - line[MAX (i - radius, 0)];
    }
}

/* The same down all columns at once; @sums has @width. */
static void
mean_columns (const gfloat *plane, gint width, gint height, gint radius, gfloat *sums,
              gfloat *out)
{
  gfloat by = 1.0f / (2 * radius + 1);

  for (gint x = 0; x < width; x++)
    sums[x] = (radius + 1) * plane[x];
  for (gint y = 1; y <= radius; y++)
    for (gint x = 0; x < width; x++)
      sums[x] += plane[(gsize)MIN (y, height - 1) * width + x];
  for (gint y = 0; y < height; y++)
    {
      const gfloat *next = plane + (gsize)MIN (y + radius + 1, height - 1) * width;
      const gfloat *last = plane + (gsize)MAX (y - radius, 0) * width;
      for (gint x = 0; x < width; x++)
        {
          out[(gsize)y * width + x] = sums[x] * by;
          sums[x] += next[x] - last[x];
        }
    }
}

/* Three means one after the other are near a Gaussian. */
static void
smooth (gfloat *plane, gint width, gint height, gint radius_x, gint radius_y,
        gfloat *other, gfloat *sums)
{
  for (gint pass = 0; pass < 3; pass++)
    {
      for (gint y = 0; y < height; y++)
        mean_line (plane + (gsize)y * width, width, radius_x, other + (gsize)y * width);
      mean_columns (other, width, height, radius_y, sums, plane);
    }
}

/* The weights of ITU-R BT.601, as in JPEG. */
static inline gfloat
light_of (const guint8 *p)
{
  return 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2];
}

static inline guint8
to_byte (gfloat v)
{
  return (guint8)lrintf (CLAMP (v, 0, 255));
}

void
smear_image_smooth_colour (SmearImage *image, const SmearRegion *region, gint radius_x,
                           gint radius_y, guint8 *out)
{
  /* What lies this far off has a share in the outermost pixels. */
  gint x0 = MAX (region->x - 3 * radius_x, 0), y0 = MAX (region->y - 3 * radius_y, 0);
  gint x1 = MIN (region->x + region->width + 3 * radius_x, image->width);
  gint y1 = MIN (region->y + region->height + 3 * radius_y, image->height);
  gint width = x1 - x0, height = y1 - y0;
  gsize n = (gsize)width * height;
  g_autofree gfloat *red = g_new (gfloat, n), *blue = g_new (gfloat, n),
                    *other = g_new (gfloat, n), *sums = g_new (gfloat, width);

  for (gint y = 0; y < height; y++)
    {
      const guint8 *p = image->pixels + 3 * ((gsize)(y0 + y) * image->width + x0);
      for (gint x = 0; x < width; x++, p += 3)
        {
          red[(gsize)y * width + x] = p[0] - light_of (p);
          blue[(gsize)y * width + x] = p[2] - light_of (p);
        }
    }
  smooth (red, width, height, radius_x, radius_y, other, sums);
  smooth (blue, width, height, radius_x, radius_y, other, sums);
  for (gint y = region->y; y < region->y + region->height; y++)
    {
      const guint8 *p = image->pixels + 3 * ((gsize)y * image->width + region->x);
      gsize at = (gsize)(y - y0) * width + region->x - x0;
      for (gint x = 0; x < region->width; x++, p += 3, at++, out += 3)
        {
          gfloat light = light_of (p);
          out[0] = to_byte (light + red[at]);
          /* The three differences, weighed as the light is, add up to nothing. */
          out[1] = to_byte (light - (0.299f * red[at] + 0.114f * blue[at]) / 0.587f);
          out[2] = to_byte (light + blue[at]);
        }
    }
}
