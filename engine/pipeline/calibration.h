/* How far to trust outputs: the temperature by which they are divided before softmax (Guo
 * et al., "On calibration of modern neural networks", ICML 2017). */
#pragma once

#include <glib.h>
#include <math.h>

/**
 * SmearCalibration:
 * @temperature: of an answer that rests on the whole field, or on very many cells
 * @few_cells: at so many cells the temperature is that times the root of two; 0 if their
 * number is no matter
 * @one_cell: of an answer from a single cell, where that was measured; 0 for what follows
 * from the other two
 *
 * A field's outputs are the mean of its cells'. Part of their error is each cell's own
 * and falls with the number of cells, part is the field's and stays: hence the form, that
 * of the deviation of such a mean. Found on whole fields it makes a cell by itself too
 * sure, hence the last one.
 */
typedef struct
{
  gdouble temperature, few_cells, one_cell;
} SmearCalibration;

/** smear_calibration_at: the temperature for an answer from @n_cells cells; 0 for the
 * whole field. */
static inline gdouble
smear_calibration_at (const SmearCalibration *calibration, guint n_cells)
{
  gdouble few = n_cells > 0 ? calibration->few_cells / n_cells : 0;

  if (n_cells == 1 && calibration->one_cell > 0)
    return calibration->one_cell;
  return calibration->temperature * sqrt (1 + few);
}
