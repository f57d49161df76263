/* The inside of a model: what the pipeline and the trainer need of it. */
#pragma once

#include "nn/network.h"
#include "nn/workspace.h"
#include <smearscope/class.h>
#include <smearscope/model.h>

const SmearNetwork *smear_model_network (const SmearModel *model);

/** smear_model_judges_cells: each leukocyte by itself, not the field. */
gboolean smear_model_judges_cells (const SmearModel *model);
gint smear_model_input_size (const SmearModel *model);
/** smear_model_temperature: what outputs are divided by that come from @n_cells cells, or
 * with 0 from the whole field. */
gfloat smear_model_temperature (const SmearModel *model, guint n_cells);
gfloat smear_model_threshold (const SmearModel *model);

/**
 * smear_model_borrow_workspace:
 * @n_threads: 0 for one a processor
 *
 * One that is free, or a new one; give it back when done. Any thread may ask.
 */
SmearWorkspace *smear_model_borrow_workspace (SmearModel *model, gint n_threads);
void smear_model_return_workspace (SmearModel *model, gint n_threads,
                                   SmearWorkspace *workspace);

/**
 * smear_model_write:
 * @metadata: (element-type utf8 utf8): completed with architecture, classes, input size
 * and preprocessing
 */
gboolean smear_model_write (const char *path, const SmearNetwork *net,
                            GHashTable *metadata, GError **error);
