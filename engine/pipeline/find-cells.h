/* Leukocytes as the network has learnt them: scale, outlines, and what is none. */
#pragma once

#include <smearscope/image.h>
#include <smearscope/leukocytes.h>

/** Scale and window of one leukocyte's picture: 48 pixels of 0.4 µm, 19 µm across: about
 * the resolution of the training images. */
#define SMEAR_CELL_SIZE 48
#define SMEAR_CELL_UM_PER_PIXEL 0.40

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

/**
 * smear_cell_pitch:
 * @um_x: of an image, from a pixel to the next across; likewise @um_y down
 * @x: (out): how many of its pixels are one of a training image's, across; likewise @y
 *
 * Returns: whether the image is finer; if not, both are 1
 */
gboolean smear_cell_pitch (gdouble um_x, gdouble um_y, gdouble *x, gdouble *y);

/**
 * smear_find_cells:
 * @um: scale, in µm from a pixel to the next, or 0 to take it from the image's resolution
 *   where that can be, else from red cells and what the training images' camera has
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
 * Takes out what has less than half a red cell's area: at the border of an image the rest
 * of a cell, too little to judge; elsewhere nothing that is a leukocyte.
 */
void smear_drop_fragments (SmearLeukocytes *found);
