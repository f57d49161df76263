#include "core/surface.h"

void
smear_surface_rows (cairo_surface_t *surface, gint first_row, gint n_rows, guint8 *rgba)
{
  const guint8 *pixels;
  gint stride = cairo_image_surface_get_stride (surface);
  gint width = cairo_image_surface_get_width (surface);

  cairo_surface_flush (surface);
  pixels = cairo_image_surface_get_data (surface);
  for (gint y = first_row; y < first_row + n_rows; y++)
    for (gint x = 0; x < width; x++, rgba += 4)
      {
        guint32 argb = ((const guint32 *)(gconstpointer)(pixels + (gsize)y * stride))[x];
        guint alpha = argb >> 24;

        for (gint c = 0; c < 3; c++)
          rgba[c] = alpha ? (((argb >> (16 - 8 * c)) & 255) * 255 + alpha / 2) / alpha
                          : 0;
        rgba[3] = alpha;
      }
}
