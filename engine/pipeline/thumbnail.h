/* Small pictures for contact sheets. */
#pragma once

#include <smearscope/finding.h>

/** SMEAR_THUMBNAIL_SIDE: pixels of the longer side. */
#define SMEAR_THUMBNAIL_SIDE 160

/**
 * smear_thumbnail_new:
 *
 * The region of @finding, its heat map blended over it where it has one, as a JPEG.
 *
 * Returns: (transfer full) (nullable): %NULL if there is no memory for it
 */
GBytes *smear_thumbnail_new (SmearImage *image, const SmearFinding *finding,
                             const SmearMapStyle *style);
