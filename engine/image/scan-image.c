/* Images that are small enough to be held whole: a scan of one level. */
#include "scan-private.h"

#include <string.h>

#define CHUNK 1024

static gboolean
open_image (SmearScan *scan, GError **error)
{
  SmearImage *image = smear_image_load (scan->path, error);
  if (!image)
    return FALSE;
  scan->format_data = image;
  scan->um_per_pixel = smear_image_get_um_per_pixel (image);
  return smear_scan_add_level (scan, smear_image_get_width (image),
                               smear_image_get_height (image), CHUNK, CHUNK, 0, error);
}

static void
close_image (SmearScan *scan)
{
  smear_image_unref (scan->format_data);
}

/* The image itself is what any thread reads from. */
static gpointer
reader_new (SmearScan *scan, GError **error)
{
  return smear_image_ref (scan->format_data);
}

static void
reader_free (gpointer reader)
{
  smear_image_unref (reader);
}

static gboolean
read_chunk (SmearScan *scan, gpointer reader, gint level, gint x, gint y, guint8 *rgb,
            gsize stride, GError **error)
{
  gint width = smear_image_get_width (reader), height = smear_image_get_height (reader);
  const guint8 *pixels = smear_image_get_pixels (reader);

  for (gint i = 0; i < MIN (CHUNK, height - y); i++)
    memcpy (rgb + i * stride, pixels + ((gsize)(y + i) * width + x) * 3,
            (gsize)MIN (CHUNK, width - x) * 3);
  return TRUE;
}

const SmearScanFormat smear_scan_image = {
  "image", open_image, close_image, reader_new, reader_free, read_chunk, NULL,
};
