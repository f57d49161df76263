/* Running a prepared network: buffers planned once, nothing allocated afterwards. */
#pragma once

#include "base/pool.h"
#include "nn/network.h"

typedef struct _SmearWorkspace SmearWorkspace;

/**
 * smear_workspace_new:
 * @net: prepared; must outlive the workspace
 * @n_threads: 0 for one a processor
 */
SmearWorkspace *smear_workspace_new (const SmearNetwork *net, gint n_threads);
void smear_workspace_free (SmearWorkspace *workspace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearWorkspace, smear_workspace_free)

/**
 * smear_workspace_run:
 * @input: [batch][h][w][c]
 * @outputs: (out caller-allocates): [batch][outputs], before softmax
 *
 * Several images are shared out whole, a single one by rows; the bits are the same.
 */
void smear_workspace_run (SmearWorkspace *workspace, const gfloat *input, gint batch,
                          gfloat *outputs);

/**
 * smear_workspace_explain:
 * @input: one image
 * @outputs: (out caller-allocates): as smear_workspace_run()
 * @gradient_of: output to explain; -1 for the largest
 * @weights: (out caller-allocates): [channels] of the explained layer: the gradient of
 * that output with respect to each channel, averaged over the map
 *
 * A forward pass that keeps the last feature map, and a backward pass through the head
 * only.
 *
 * Returns: (transfer none): the feature map, [h][w][c] of smear_network_explained()
 */
const gfloat *smear_workspace_explain (SmearWorkspace *workspace, const gfloat *input,
                                       gfloat *outputs, gint gradient_of,
                                       gfloat *weights);

/**
 * smear_network_explained:
 * @h: (out): rows of the feature map that Grad-CAM reads
 *
 * The last map before the mean or the dense layers, in small pictures perhaps of a single
 * place; of a convolution that clips before it normalises, the values after clipping:
 * normalisation would add a constant to empty places.
 */
void smear_network_explained (const SmearNetwork *net, gint *layer, gint *h, gint *w,
                              gint *c);

/** smear_softmax: in place, over @n numbers. */
void smear_softmax (gfloat *values, gint n);
