/* The image itself: its life, its size, its parts. */
#include "image-private.h"

#include <stdlib.h>
#include <string.h>

SmearImage *
smear_image_new_named (const char *name, gint64 width, gint64 height, GError **error)
{
  const char *colon = name ? ": " : "";

  if (!name)
    name = "";
  if (width < 1 || height < 1)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "%s%san image of %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                   " pixels has nothing in it",
                   name, colon, width, height);
      return NULL;
    }
  if (width > G_MAXINT32 / 4 || height > G_MAXINT32 / 4
      || width * height > SMEAR_IMAGE_MAX_PIXELS)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "%s%s%" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                   " pixels are more than fit in memory at once (%d million); "
                   "read it by region, as `smearscope scan` does",
                   name, colon, width, height, (gint)(SMEAR_IMAGE_MAX_PIXELS / 1000000));
      return NULL;
    }

  /* calloc leaves untouched pages unallocated: a header that lies costs nothing. */
  guint8 *pixels = calloc ((gsize)(width * height), 3);
  if (!pixels)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "%s%snot enough memory for %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                   " pixels",
                   name, colon, width, height);
      return NULL;
    }

  SmearImage *image = g_new0 (SmearImage, 1);
  g_atomic_ref_count_init (&image->refs);
  image->width = (gint)width;
  image->height = (gint)height;
  image->pixels = pixels;
  return image;
}

SmearImage *
smear_image_new (gint width, gint height, GError **error)
{
  return smear_image_new_named (NULL, width, height, error);
}

SmearImage *
smear_image_ref (SmearImage *image)
{
  g_return_val_if_fail (image != NULL, NULL);
  g_atomic_ref_count_inc (&image->refs);
  return image;
}

void
smear_image_unref (SmearImage *image)
{
  if (!image || !g_atomic_ref_count_dec (&image->refs))
    return;
  free (image->pixels);
  g_free (image);
}

gint
smear_image_get_width (const SmearImage *image)
{
  g_return_val_if_fail (image != NULL, 0);
  return image->width;
}

gint
smear_image_get_height (const SmearImage *image)
{
  g_return_val_if_fail (image != NULL, 0);
  return image->height;
}

guint8 *
smear_image_get_pixels (SmearImage *image)
{
  g_return_val_if_fail (image != NULL, NULL);
  return image->pixels;
}

gdouble
smear_image_get_um_per_pixel (const SmearImage *image)
{
  g_return_val_if_fail (image != NULL, 0);
  return image->um_per_pixel;
}

void
smear_image_set_um_per_pixel (SmearImage *image, gdouble um_per_pixel)
{
  g_return_if_fail (image != NULL && um_per_pixel >= 0);
  image->um_per_pixel = um_per_pixel;
}

SmearImage *
smear_image_crop (SmearImage *image, const SmearRegion *region)
{
  g_return_val_if_fail (image != NULL && region != NULL, NULL);
  g_return_val_if_fail (region->x >= 0 && region->y >= 0 && region->width >= 1
                            && region->height >= 1 && region->x < image->width
                            && region->y < image->height
                            && region->width <= image->width - region->x
                            && region->height <= image->height - region->y,
                        NULL);

  g_autoptr (GError) error = NULL;
  SmearImage *part = smear_image_new (region->width, region->height, &error);
  if (!part)
    g_error ("%s", error->message); /* smaller than what is already in memory */
  part->um_per_pixel = image->um_per_pixel;
  for (gint y = 0; y < region->height; y++)
    memcpy (part->pixels + (gsize)y * region->width * 3,
            image->pixels + ((gsize)(region->y + y) * image->width + region->x) * 3,
            (gsize)region->width * 3);
  return part;
}
