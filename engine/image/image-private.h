/* What the files of engine/image share: the image itself, the decoders, the tags they
 * read. */
#pragma once

#include <smearscope/image.h>

struct tiff; /* of libtiff */

struct _SmearImage
{
  gatomicrefcount refs;
  gint width, height;
  gdouble um_per_pixel;
  guint8 *pixels;
};

/**
 * SmearTags:
 * @orientation: 1 to 8 as in TIFF and EXIF, 0 where not said
 * @um_x: micrometres from one pixel to its right neighbour, 0 where not said
 * @um_y: micrometres from one row to the next, 0 where not said
 */
typedef struct
{
  gint orientation;
  gdouble um_x, um_y;
} SmearTags;

/** smear_image_new_named: as smear_image_new(), the message beginning with @name. */
SmearImage *smear_image_new_named (const char *name, gint64 width, gint64 height,
                                   GError **error);

SmearImage *smear_decode_jpeg (const guint8 *data, gsize size, const char *name,
                               GError **error);
SmearImage *smear_decode_png (const guint8 *data, gsize size, const char *name,
                              GError **error);
SmearImage *smear_decode_tiff (const guint8 *data, gsize size, const char *name,
                               GError **error);
/** smear_decode_tiff_fd: reads only the first page's bytes; @fd stays the caller's. */
SmearImage *smear_decode_tiff_fd (int fd, const char *name, GError **error);

/**
 * smear_decode_tiff_plain:
 * @tiff: (type TIFF): at the page to read
 *
 * Returns: 1 when @image is filled, 0 on damage, -1 if the page is of another kind
 */
gint smear_decode_tiff_plain (struct tiff *tiff, SmearImage *image);

/** smear_exif_read: fills @tags from a TIFF-structured EXIF block, as far as it can be
 * trusted. */
void smear_exif_read (const guint8 *data, gsize size, SmearTags *tags);

/** smear_resolution_to_um: @unit as in TIFF: 2 inch, 3 centimetre. Returns: 0 if
 * meaningless */
gdouble smear_resolution_to_um (gdouble per_unit, gint unit);

/**
 * smear_image_finish:
 * @image: (transfer full): as decoded
 *
 * Applies the orientation and the scale found in @tags.
 *
 * Returns: (transfer full) (nullable)
 */
SmearImage *smear_image_finish (SmearImage *image, const SmearTags *tags, GError **error);

/* Light, and what of red and blue is beyond it: the weights of ITU-R BT.601, as in JPEG.
 */
static inline gfloat
smear_light (gfloat red, gfloat green, gfloat blue)
{
  return 0.299f * red + 0.587f * green + 0.114f * blue;
}

/* What green is beyond the light: the three, weighed as the light is, add up to nothing.
 */
static inline gfloat
smear_green_beyond (gfloat red_beyond, gfloat blue_beyond)
{
  return -(0.299f * red_beyond + 0.114f * blue_beyond) / 0.587f;
}

/* Gives a pixel another colour and leaves its light. */
static inline void
smear_pixel_recolour (guint8 *p, gfloat red_beyond, gfloat blue_beyond)
{
  gfloat light = smear_light (p[0], p[1], p[2]);
  gfloat green_beyond = smear_green_beyond (red_beyond, blue_beyond);

  p[0] = (guint8)(CLAMP (light + red_beyond, 0, 255) + 0.5f);
  p[1] = (guint8)(CLAMP (light + green_beyond, 0, 255) + 0.5f);
  p[2] = (guint8)(CLAMP (light + blue_beyond, 0, 255) + 0.5f);
}

/**
 * smear_plane_smooth:
 * @radius_x: each value becomes, three times over, the mean of 2 @radius_x + 1 pixels
 *   across and 2 @radius_y + 1 down, nearly a Gaussian; edges replicated
 */
void smear_plane_smooth (gfloat *plane, gint width, gint height, gint radius_x,
                         gint radius_y);

/**
 * smear_image_smooth_colour:
 * @radius_x: of the two colour differences, as in smear_plane_smooth()
 *
 * In place. The light (luma, ITU-R BT.601) keeps all its detail.
 */
void smear_image_smooth_colour (SmearImage *image, gint radius_x, gint radius_y);

/**
 * smear_image_coarsen_colour:
 * @pitch_x: of the image's pixels, across, to one of the coarser image it shall be like
 * @pitch_y: the same down
 *
 * One colour for 2x2 pixels of the coarser image, blended from one to the next, as JPEG
 * keeps it (4:2:0, ITU-T T.871). In place; the light keeps all its detail.
 */
void smear_image_coarsen_colour (SmearImage *image, gdouble pitch_x, gdouble pitch_y);

/** SmearSaveFunc: writes @what to @fd, which stays the caller's. Returns: 0 or an errno
 */
typedef gint (*SmearSaveFunc) (gint fd, gpointer what);

/** smear_save: the file appears at @path when @save has succeeded, or not at all. */
gboolean smear_save (const char *path, SmearSaveFunc save, gpointer what, GError **error);

/** smear_write_fully: Returns: 0 or an errno */
gint smear_write_fully (gint fd, const guint8 *data, gsize size);

/** smear_jpeg_encode: Returns: (transfer full) (nullable): to be freed with free() */
guint8 *smear_jpeg_encode (const guint8 *rgb, gint width, gint height, gint quality,
                           gdouble um_per_pixel, gsize *size);
