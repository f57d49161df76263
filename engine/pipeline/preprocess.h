/* From pixels to the network's input: the same steps in training and in use. */
#pragma once

#include "pipeline/find-cells.h"

/**
 * smear_preprocess_field:
 * @size: side of the network's square input
 *
 * The published steps: 3x3 median, then resize. Scaling to 0..1 follows when the bytes
 * become floats. The region's aspect is not kept: the 224x224 images of the public set
 * are 4:3 camera fields squeezed the same way.
 *
 * Returns: (transfer full): size x size
 */
SmearImage *smear_preprocess_field (SmearImage *image, gint size, GError **error);

/** smear_bytes_to_floats: 0..255 to 0..1. */
void smear_bytes_to_floats (const guint8 *bytes, gsize n, gfloat *floats);

/**
 * smear_background_level:
 * @histogram: of one channel outside all cells
 *
 * The light of clear glass: the level that four fifths stay below. Returns: 1 to 255
 */
gint smear_background_level (const guint32 histogram[256]);

/**
 * smear_preprocess_cells:
 * @image: of smear_find_cells(), with @found
 *
 * Each cell alone, at one scale, whatever the picture's: everything outside its outline
 * is white. The light is divided by the field's own background, so that lamp and camera
 * are not left to learn. Detail finer than the training images' is averaged away, and
 * fine detail of colour always: how JPEG left it tells how strong the stain was.
 *
 * Returns: (transfer full): SMEAR_CELL_SIZE² RGB bytes for each cell, in their order
 */
guint8 *smear_preprocess_cells (SmearImage *image, const SmearLeukocytes *found);

/** smear_preprocess_some: the same of those cells alone that @indices (element-type
 * guint) names. */
guint8 *smear_preprocess_some (SmearImage *image, const SmearLeukocytes *found,
                               const GArray *indices);
