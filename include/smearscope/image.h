/* Pixels of a smear: 8-bit sRGB, three interleaved channels, with the scale where known.
 */
#pragma once

#include <smearscope/error.h>

G_BEGIN_DECLS

/** SMEAR_IMAGE_MAX_PIXELS: the most pixels held in memory at once (scans are read by
 * region). */
#define SMEAR_IMAGE_MAX_PIXELS ((gint64)1 << 28)

/**
 * SmearImage:
 *
 * Reference counted. Rows are tightly packed: 3 * width bytes each, R G B.
 */
typedef struct _SmearImage SmearImage;

/**
 * SmearRegion:
 * @x: left edge, pixels of the image it belongs to
 * @y: top edge
 * @width: extent, at least 1
 * @height: extent, at least 1
 */
typedef struct
{
  gint x, y, width, height;
} SmearRegion;

/**
 * smear_image_new:
 * @width: pixels, at least 1
 * @height: pixels, at least 1
 * @error: return location for %SMEAR_ERROR_TOO_LARGE or %SMEAR_ERROR_ARGUMENT
 *
 * Returns: (transfer full) (nullable): a black image
 */
SmearImage *smear_image_new (gint width, gint height, GError **error);

/**
 * smear_image_load:
 * @path: JPEG, PNG or TIFF; 8 or 16 bit; grey, palette, RGB, with or without alpha
 * @error: return location; %SMEAR_ERROR_UNSUPPORTED when no decoder knows the bytes
 *
 * Decodes to 8-bit sRGB. Alpha is composited on white; the EXIF or TIFF orientation is
 * applied; of a TIFF the first page is taken. A truncated file is an error. The µm/px is
 * taken from resolution tags only where it is plausible for a microscope (0.01 to 10).
 *
 * Returns: (transfer full) (nullable)
 */
SmearImage *smear_image_load (const char *path, GError **error);

/** smear_image_load_bytes: the same from memory; @name is used in messages. */
SmearImage *smear_image_load_bytes (GBytes *bytes, const char *name, GError **error);

SmearImage *smear_image_ref (SmearImage *image);
void smear_image_unref (SmearImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearImage, smear_image_unref)

gint smear_image_get_width (const SmearImage *image);
gint smear_image_get_height (const SmearImage *image);
guint8 *smear_image_get_pixels (SmearImage *image);
/** smear_image_get_um_per_pixel: micrometres a pixel, 0 where unknown. */
gdouble smear_image_get_um_per_pixel (const SmearImage *image);
void smear_image_set_um_per_pixel (SmearImage *image, gdouble um_per_pixel);

/**
 * smear_image_crop:
 * @region: must lie wholly inside @image
 *
 * Returns: (transfer full): a copy of the region
 */
SmearImage *smear_image_crop (SmearImage *image, const SmearRegion *region);

/**
 * smear_image_resize:
 *
 * Area-correct in both directions: each output pixel is the mean of the input under its
 * footprint when shrinking, bilinear when enlarging. The two axes are independent.
 *
 * Returns: (transfer full)
 */
SmearImage *smear_image_resize (SmearImage *image, gint width, gint height,
                                GError **error);

/** smear_image_median3: 3x3 median of each channel, edges replicated. Returns: (transfer
 * full) */
SmearImage *smear_image_median3 (SmearImage *image);

/** smear_image_save_png: written to a temporary file beside @path, then renamed. */
gboolean smear_image_save_png (SmearImage *image, const char *path, GError **error);

/** smear_image_save_jpeg: the same as JPEG; @quality 1 to 100. */
gboolean smear_image_save_jpeg (SmearImage *image, const char *path, gint quality,
                                GError **error);

/**
 * smear_png_write:
 * @channels: 1 grey, 3 RGB or 4 RGBA, 8 bit, rows tightly packed
 *
 * Written to a temporary file beside @path, then renamed.
 */
gboolean smear_png_write (const char *path, const guint8 *pixels, gint width, gint height,
                          gint channels, GError **error);

G_END_DECLS
