/* One step of training: forward over a batch keeping what is needed, then all gradients.
 *
 * Work is shared out by images; what is summed over images is summed in eight fixed
 * shares and then in order, so that the bits do not depend on the number of threads.
 */
#pragma once

#include "base/pool.h"
#include "nn/network.h"

typedef struct _SmearStep SmearStep;

/**
 * smear_step_new:
 * @net: with values; must outlive the step
 * @batch: most images a step
 * @pool: (transfer none): threads to use
 */
SmearStep *smear_step_new (SmearNetwork *net, gint batch, SmearPool *pool,
                           const SmearKernels *kernels);
void smear_step_free (SmearStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearStep, smear_step_free)

/**
 * smear_step_forward:
 * @input: [n][h][w][c], must stay until smear_step_backward()
 * @n: images, at most the batch
 * @seed: of this step's dropout
 *
 * Normalises with the statistics of the batch (Ioffe and Szegedy, ICML 2015) and moves
 * the running ones a tenth of the way, or as smear_step_set_momentum() says.
 *
 * Returns: (transfer none): [n][outputs], before softmax
 */
const gfloat *smear_step_forward (SmearStep *step, const gfloat *input, gint n,
                                  guint64 seed);

/** smear_step_set_momentum: how far running statistics move towards each batch's, 0.1 at
 * first. */
void smear_step_set_momentum (SmearStep *step, gfloat momentum);

/** smear_step_backward: @doutputs: gradient of the loss, [n][outputs]. */
void smear_step_backward (SmearStep *step, const gfloat *doutputs);

/** smear_step_gradient: of a trained parameter after smear_step_backward(). */
gfloat *smear_step_gradient (SmearStep *step, gint parameter);

/**
 * smear_cross_entropy:
 * @outputs: [n][classes], before softmax
 * @targets: [n][classes], each row sums to 1
 * @groups: (nullable): rows with the same number (0, 1, … in order) answer together by
 * the mean of their outputs
 * @doutputs: (out caller-allocates): gradient of the mean loss over groups
 * @probabilities: (out caller-allocates): [groups][classes]
 *
 * Returns: mean loss over groups
 */
gdouble smear_cross_entropy (const gfloat *outputs, const gfloat *targets,
                             const gint *groups, gint n, gint classes, gfloat *doutputs,
                             gfloat *probabilities);
