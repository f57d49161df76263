#include "pipeline/thumbnail.h"

#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>

static GBytes *
encode (SmearImage *image)
{
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr fatal; /* only memory can fail: libjpeg's own end is right */
  unsigned char *bytes = NULL;
  unsigned long length = 0;
  gint width = smear_image_get_width (image);

  jpeg.err = jpeg_std_error (&fatal);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &bytes, &length);
  jpeg.image_width = width;
  jpeg.image_height = smear_image_get_height (image);
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults (&jpeg);
  jpeg_set_quality (&jpeg, 75, TRUE);
  jpeg_start_compress (&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height)
    {
      JSAMPROW line = smear_image_get_pixels (image)
                      + (gsize)3 * width * jpeg.next_scanline;
      jpeg_write_scanlines (&jpeg, &line, 1);
    }
  jpeg_finish_compress (&jpeg);
  jpeg_destroy_compress (&jpeg);
  return g_bytes_new_with_free_func (bytes, length, free, bytes);
}

GBytes *
smear_thumbnail_new (SmearImage *image, const SmearFinding *finding,
                     const SmearMapStyle *style)
{
  const SmearRegion *region = &finding->region;
  gint longer = MAX (region->width, region->height);
  gdouble scale = MIN (1.0, (gdouble)SMEAR_THUMBNAIL_SIDE / longer);

  g_autoptr (SmearImage) part = smear_image_crop (image, region);
  g_autoptr (SmearImage) small = smear_image_resize (
      part, MAX (1, (gint)(region->width * scale + 0.5)),
      MAX (1, (gint)(region->height * scale + 0.5)), NULL);
  if (small == NULL)
    return NULL;
  if (finding->map == NULL)
    return encode (small);
  g_autoptr (SmearImage) blend = smear_heat_map_overlay (finding->map, small,
                                                         style->colours, style->opacity);
  return encode (blend);
}
