/* What the parts of a training step share; nothing outside engine/nn includes this. */
#pragma once

#include "nn/step.h"

/* Sums over images are kept in this many shares, whatever the number of threads. */
#define SHARES 8

/* Rows of StepLayer.norm that belong to @top: the sign of the scale, zeros for a shift,
 * and the scale without its sign. */
#define TOP_SIGN 6
#define TOP_ZERO 7
#define TOP_SCALE 8
#define NORM_ROWS 9

/**
 * StepLayer:
 * @out: outputs of the batch
 * @dout: gradient of the loss with respect to them
 * @has_gradient: @dout already holds the part of another reader
 * @raw: a convolution's values after clipping, before normalisation and pooling
 * @top: where both follow, of @raw what decides each window of pooling: its largest
 * value, or where the scale will be negative minus its least
 * @packed: weights for the way forward; @packed_back: transposed, for the way back
 * @norm: scale, shift, mean, 1 / deviation, two factors of the way back, then what
 * belongs to @top, see TOP_SIGN; [NORM_ROWS][c]
 * @sums: by image, two sums a channel
 * @shares: by share, gradients of weights and bias
 */
typedef struct
{
  gfloat *out, *dout;
  gboolean has_gradient;
  gfloat *raw, *top;
  SmearConvShape back;
  void *packed, *packed_back;
  gfloat *norm;
  gdouble *sums;
  gfloat *shares;
  gsize share;
} StepLayer;

struct _SmearStep
{
  SmearNetwork *net;
  SmearPool *pool;
  const SmearKernels *kernels;
  gint batch, n;
  guint64 seed;
  gfloat momentum;
  StepLayer *layers;
  gfloat **gradients;
  gsize scratch_bytes;
  gint n_scratch;
  void **scratch;
  gint current; /* layer at work */
};

void smear_step_conv_plan (SmearStep *step, gint index);
void smear_step_conv_forward (SmearStep *step);
void smear_step_conv_backward (SmearStep *step);
void smear_step_dense_forward (SmearStep *step);
void smear_step_dense_backward (SmearStep *step);
void smear_step_norm_plan (SmearStep *step, gint index);
void smear_step_norm_statistics (SmearStep *step);
void smear_step_norm_backward (SmearStep *step);

/* From sums over the batch to scale and shift, and the running statistics moved. */
void smear_step_norm_finish (SmearStep *step, gint index, gint64 count);
/* From the way back's sums to gradients of gamma and beta, and the factors of dx. */
void smear_step_norm_finish_backward (SmearStep *step, gint index, gint64 count);
/* Images @first to @end - 1 belong to @share. */
void smear_step_share (const SmearStep *step, gint share, gint *first, gint *end);
/* Adds the shares of a layer, in order, into the gradients of its weights and bias. */
void smear_step_add_shares (SmearStep *step, gint index);
