/* What JPEG makes of a picture. */
#pragma once

#include "image/image-private.h"

#include <stdlib.h>

static inline SmearImage *
picture_through_jpeg (SmearImage *image, gint quality)
{
  gsize size;
  guint8 *data = smear_jpeg_encode (image->pixels, image->width, image->height, quality,
                                    0, &size);
  SmearImage *back = smear_decode_jpeg (data, size, "picture", NULL);

  free (data);
  return back;
}
