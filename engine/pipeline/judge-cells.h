/* A field judged by its leukocytes. */
#pragma once

#include "pipeline/model-file.h"
#include <smearscope/classify.h>

/** smear_finding_take_outputs: probabilities from outputs before softmax, the mean of
 * @n_cells cells or with 0 of the whole field, and the verdict. */
void smear_finding_take_outputs (SmearFinding *finding, const SmearModel *model,
                                 const gfloat *outputs, guint n_cells);

/** smear_cell_take_outputs: the same for one leukocyte. */
void smear_cell_take_outputs (SmearCell *cell, const SmearModel *model,
                              const gfloat *outputs);

/** smear_cells_move: cells found in a part into pixels of the whole, where the part lies
 * at
 * @x, @y. */
void smear_cells_move (GArray *cells, gint x, gint y);

/**
 * smear_judge_cells:
 * @image: the region
 * @finding: (inout): gets cells, quality, probabilities, verdict and map
 *
 * Each leukocyte is shown to the network alone; the field's answer is the mean of the
 * outputs. The heat map is put together from the cells' own maps, each weighted by what
 * its cell says for the class, and is nothing outside them.
 */
gboolean smear_judge_cells (SmearModel *model, SmearImage *image,
                            const SmearClassifyOptions *options,
                            GCancellable *cancellable, SmearFinding *finding,
                            GError **error);
