/* From pixels to the network's input: the same steps in training and in use. */
#pragma once

#include <smearscope/image.h>
#include <smearscope/leukocytes.h>

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

/** Scale and window of one leukocyte's picture: 48 pixels of 0.4 µm, 19 µm across: about
 * the resolution of the training images. */
#define SMEAR_CELL_SIZE 48
#define SMEAR_CELL_UM_PER_PIXEL 0.40

/**
 * smear_find_cells:
 * @um: scale, in µm from a pixel to the next, or 0 to estimate it
 * @coarse: (out) (transfer full): the image that the cells are to be cut from
 *
 * Finds cells as the network has learnt them. The training images have gone through JPEG,
 * which keeps one colour for four pixels and blends from one to the next: colour runs
 * across edges, and outlines lie further out. The colour of a finer image is blurred as
 * far before.
 *
 * Returns: (transfer full) (nullable): outlines in @image's pixels
 */
SmearLeukocytes *smear_find_cells (SmearImage *image, gdouble um, SmearImage **coarse,
                                   GError **error);

/**
 * smear_drop_fragments:
 *
 * Takes out cells of which the border of the image leaves less than half a red cell's
 * area: too little to judge, and of an uncertain kind.
 */
void smear_drop_fragments (SmearLeukocytes *found);

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

/**
 * SmearCellWindow:
 * @left: left edge of a cell's picture, in pixels of the source; likewise @top
 * @step_x: source pixels a picture's pixel; likewise @step_y
 */
typedef struct
{
  gdouble left, top, step_x, step_y;
} SmearCellWindow;

/** smear_cell_window: where the picture of a cell was cut. */
void smear_cell_window (const SmearLeukocytes *found, const SmearCell *cell,
                        SmearCellWindow *window);
