/* What cameras, microscopes, stains and file formats do to a whole image. */
#pragma once

#include "base/random.h"
#include <smearscope/image.h>

/** smear_distort_multiply: each channel, clipped at white. */
void smear_distort_multiply (SmearImage *image, gdouble r, gdouble g, gdouble b);

/** smear_distort_saturate: distance from grey times @by. */
void smear_distort_saturate (SmearImage *image, gdouble by);

/** smear_distort_bend: each channel, 0 to 1, to the power of @gamma. */
void smear_distort_bend (SmearImage *image, gdouble gamma);

/** smear_distort_add_noise: normal, @deviation of 255. */
void smear_distort_add_noise (SmearImage *image, gdouble deviation, guint64 seed);

/** smear_distort_blur: 5x5 binomial. */
void smear_distort_blur (SmearImage *image);

/** smear_distort_through_jpeg: Returns: (transfer full) (nullable) */
SmearImage *smear_distort_through_jpeg (SmearImage *image, gint quality, GError **error);

/** smear_distort_middle: @part of each side about the centre, then @by times as large.
 * Returns: (transfer full) (nullable) */
SmearImage *smear_distort_middle (SmearImage *image, gdouble part, gdouble by,
                                  GError **error);

/**
 * smear_distort_twin:
 *
 * The same field as another laboratory might have sent it: other light, stain, gamma and
 * colour rendering; at times blurred, noisy, compressed, smaller, or its middle at about
 * twice the magnification. Ranges are drawn from, so no audit's probe is among them but
 * by chance.
 *
 * Returns: (transfer full) (nullable)
 */
SmearImage *smear_distort_twin (SmearImage *image, guint64 seed, GError **error);
