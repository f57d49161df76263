/* Colour without its fine detail. */
#include "image-private.h"

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

void
smear_plane_smooth (gfloat *plane, gint width, gint height, gint radius_x, gint radius_y)
{
  g_autofree gfloat *other = g_new (gfloat, (gsize)width * height),
                    *sums = g_new (gfloat, width);

  for (gint pass = 0; pass < 3; pass++)
    {
      for (gint y = 0; y < height; y++)
        mean_line (plane + (gsize)y * width, width, radius_x, other + (gsize)y * width);
      mean_columns (other, width, height, radius_y, sums, plane);
    }
}

void
smear_image_smooth_colour (SmearImage *image, gint radius_x, gint radius_y)
{
  gint width = image->width, height = image->height;
  gsize n = (gsize)width * height;
  g_autofree gfloat *red = g_new (gfloat, n), *blue = g_new (gfloat, n);
  guint8 *p = image->pixels;

  for (gsize i = 0; i < n; i++)
    {
      gfloat light = smear_light (p[3 * i], p[3 * i + 1], p[3 * i + 2]);
      red[i] = p[3 * i] - light;
      blue[i] = p[3 * i + 2] - light;
    }
  smear_plane_smooth (red, width, height, radius_x, radius_y);
  smear_plane_smooth (blue, width, height, radius_x, radius_y);
  for (gsize i = 0; i < n; i++, p += 3)
    smear_pixel_recolour (p, red[i], blue[i]);
}
