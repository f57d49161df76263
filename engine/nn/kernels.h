/* The arithmetic of the network, once per instruction set, behind one table.
 *
 * Activations are NHWC. With channels innermost the kw*c inputs of one kernel row lie
 * side by side in memory, so a convolution is, for each output row, a sum over kh small
 * matrix products with K = kw*c and a row stride of stride*c: no im2col is ever built.
 * Input rows are copied once into a padded ring (where AMX also splits them into bfloat16
 * halves), so kernels know no borders.
 */
#pragma once

#include "base/cpu.h"

/**
 * SmearConvShape:
 * @dilate: input pixels stand this far apart, zeros between (backward of a strided layer)
 *
 * Dense layers are the case of 1x1 pixels with the batch along the row.
 */
typedef struct
{
  gint in_h, in_w, in_c, dilate;
  gint kh, kw, stride, pad_top, pad_left;
  gint out_h, out_w, out_c;
} SmearConvShape;

/**
 * SmearEpilogue:
 * @bias: (nullable): added first
 * @relu: then clipped at zero
 * @tap: (nullable): the value so far, before normalisation and pooling
 * @sums: (nullable): per channel sum and then sum of squares of the value so far, added
 * to
 * @scale: (nullable): then multiplied
 * @shift: (nullable): and added
 * @relu_after: then clipped at zero
 * @pool: then 2x2 maximum, stride 2 (odd last row and column dropped)
 * @add: added to @out instead of replacing it
 * @out: whole output image of the layer; %NULL if only @tap is wanted
 */
typedef struct
{
  const gfloat *bias;
  gboolean relu;
  gfloat *tap;
  gdouble *sums;
  const gfloat *scale, *shift;
  gboolean relu_after, pool, add;
  gfloat *out;
} SmearEpilogue;

/**
 * SmearUnit:
 * @h: rows of the convolution's output; @w columns, @c channels
 * @relu: clipped before normalisation
 * @relu_after: clipped after
 * @pool: 2x2 maximum at the end
 * @scale: v = scale * x + shift; with them
 * @slope: the gradient dx = scale * dy + slope * x + offset of normalisation
 *
 * What stands behind a convolution in training, see unit-passes.h.
 */
typedef struct
{
  gint h, w, c;
  gboolean relu, relu_after, pool;
  const gfloat *scale, *shift, *slope, *offset;
} SmearUnit;

/**
 * SmearAdam:
 *
 * Constants of one step of Adam (Kingma and Ba, ICLR 2015) with the weight decay kept out
 * of the moments (Loshchilov and Hutter, ICLR 2019).
 */
typedef struct
{
  gfloat rate, beta1, beta2, epsilon, decay, correct1, correct2;
} SmearAdam;

/**
 * SmearKernels:
 * @weights_size: bytes of packed weights
 * @pack_weights: from [kh][kw*in_c][out_c] floats
 * @conv_scratch: bytes one call of @conv_rows needs, 64-byte aligned
 * @conv_rows: output rows @first to @last - 1 of one image (before pooling; both even
 * with it)
 * @conv_dw_scratch: bytes one sum of @conv_dw needs
 * @conv_dw: gradient of the weights, added to [kh][kw*in_c][out_c]: called for @image 0
 * to
 * @n_images - 1 in order, with the same scratch, which keeps part of the sum; complete
 * after the last
 * @unit_forward: training, one image behind pooling: normalise and clip
 * @unit_sums: the same image: per channel the sum of dy, then of dy * x, written to
 * [2][c]
 * @unit_backward: gradient of the convolution's output; @sums (nullable): its sum over
 * pixels is added to [c]
 * @adam: one step of the optimiser
 *
 * Results do not depend on how rows are shared out.
 */
typedef struct
{
  SmearIsa isa;
  gsize (*weights_size) (const SmearConvShape *shape);
  void (*pack_weights) (const SmearConvShape *shape, const gfloat *weights, void *packed);
  gsize (*conv_scratch) (const SmearConvShape *shape);
  void (*conv_rows) (const SmearConvShape *shape, const gfloat *in, const void *packed,
                     const SmearEpilogue *epilogue, gint first, gint last, void *scratch);
  gsize (*conv_dw_scratch) (const SmearConvShape *shape);
  void (*conv_dw) (const SmearConvShape *shape, const gfloat *in, const gfloat *dout,
                   gint image, gint n_images, gfloat *dw, void *scratch);
  void (*unit_forward) (const SmearUnit *unit, const gfloat *x, gfloat *out);
  void (*unit_sums) (const SmearUnit *unit, const gfloat *x, const gfloat *dout,
                     gdouble *sums);
  void (*unit_backward) (const SmearUnit *unit, const gfloat *x, const gfloat *dout,
                         gfloat *dx, gfloat *sums);
  void (*adam) (const SmearAdam *adam, gfloat *values, const gfloat *gradient,
                gfloat *first, gfloat *second, gsize n);
} SmearKernels;

/** smear_kernels_get: the table for an instruction set the processor has. */
const SmearKernels *smear_kernels_get (SmearIsa isa);
