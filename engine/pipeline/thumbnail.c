#include "pipeline/thumbnail.h"

#include "image/image-private.h"

#include <stdlib.h>

static GBytes *
encode (SmearImage *image)
{
  gsize size = 0;
  guint8 *bytes = smear_jpeg_encode (smear_image_get_pixels (image),
                                     smear_image_get_width (image),
                                     smear_image_get_height (image), 75, 0, &size);
  return bytes ? g_bytes_new_with_free_func (bytes, size, free, bytes) : NULL;
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
