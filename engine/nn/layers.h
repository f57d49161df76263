/* The layers that are no products: one image at a time, forward and backward. */
#pragma once

#include "nn/network.h"

/**
 * smear_layer_forward:
 * @in: outputs of the layers it reads, one image each
 * @in_c: their channels (for concatenation)
 * @folded: scale and shift of a normalisation, else %NULL
 *
 * Not for convolution and dense layers; dropout copies.
 */
void smear_layer_forward (const SmearLayer *layer, const SmearLayer *source,
                          const gfloat *const *in, const gint *in_c, const gfloat *folded,
                          gfloat *out);

/**
 * smear_layer_backward:
 * @which: the input whose gradient is asked for
 * @add: add to @din instead of replacing it
 *
 * Not for convolution, dense, normalisation and dropout.
 */
void smear_layer_backward (const SmearLayer *layer, const SmearLayer *source,
                           const gfloat *in, const gint *in_c, gint which,
                           const gfloat *dout, gboolean add, gfloat *din);
