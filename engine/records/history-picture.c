/* Small pictures of regions, and the hashes that say which pixels were judged. */
#include "records/history-private.h"

#include <cairo.h>
#include <string.h>

char *
smear_pixel_hash (SmearImage *image, const SmearRegion *region)
{
  g_autoptr (GChecksum) checksum = NULL;
  guint32 size[2];
  gint width;
  const guint8 *pixels;

  g_return_val_if_fail (image != NULL && region != NULL, NULL);
  width = smear_image_get_width (image);
  if (region->x < 0 || region->y < 0 || region->width < 1 || region->height < 1
      || region->x > width - region->width
      || region->y > smear_image_get_height (image) - region->height)
    return NULL;
  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  size[0] = GUINT32_TO_LE (region->width);
  size[1] = GUINT32_TO_LE (region->height);
  g_checksum_update (checksum, (const guchar *)size, sizeof size);
  pixels = smear_image_get_pixels (image);
  for (gint y = region->y; y < region->y + region->height; y++)
    g_checksum_update (checksum, pixels + 3 * ((gsize)y * width + region->x),
                       3 * region->width);
  return g_strdup (g_checksum_get_string (checksum));
}

char *
smear_map_hash (const SmearHeatMap *map)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint32 word;

  g_return_val_if_fail (map != NULL, NULL);
  word = GUINT32_TO_LE (map->width);
  g_checksum_update (checksum, (const guchar *)&word, sizeof word);
  word = GUINT32_TO_LE (map->height);
  g_checksum_update (checksum, (const guchar *)&word, sizeof word);
  for (gsize i = 0; i < (gsize)map->width * map->height; i++)
    {
      memcpy (&word, &map->values[i], sizeof word);
      word = GUINT32_TO_LE (word);
      g_checksum_update (checksum, (const guchar *)&word, sizeof word);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

cairo_surface_t *
smear_picture_surface (SmearImage *image)
{
  gint width = smear_image_get_width (image), height = smear_image_get_height (image);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width,
                                                         height);
  const guint8 *from = smear_image_get_pixels (image);

  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  for (gint y = 0; y < height; y++)
    {
      guint32 *to = (guint32 *)(cairo_image_surface_get_data (surface)
                                + (gsize)y * cairo_image_surface_get_stride (surface));
      for (gint x = 0; x < width; x++, from += 3)
        to[x] = (guint32)from[0] << 16 | (guint32)from[1] << 8 | from[2];
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
smear_picture_png (cairo_surface_t *surface)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  if (cairo_surface_write_to_png_stream (surface, append_bytes, bytes)
      != CAIRO_STATUS_SUCCESS)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

SmearImage *
smear_picture_shrink (SmearImage *image, const SmearRegion *region, gint max_side)
{
  g_autoptr (SmearImage) part = smear_image_crop (image, region);
  gint longer = MAX (region->width, region->height);

  if (!part || longer <= max_side)
    return g_steal_pointer (&part);
  return smear_image_resize (part, MAX (1, (gint64)region->width * max_side / longer),
                             MAX (1, (gint64)region->height * max_side / longer), NULL);
}

GBytes *
smear_picture_encode (SmearImage *image, const SmearRegion *region, gint max_side)
{
  g_autoptr (SmearImage) small = smear_picture_shrink (image, region, max_side);
  cairo_surface_t *surface = small ? smear_picture_surface (small) : NULL;
  GBytes *png = surface ? smear_picture_png (surface) : NULL;

  g_clear_pointer (&surface, cairo_surface_destroy);
  return png;
}
