/* What the table of a fast instruction set shows: Winograd's way or the direct one, by
 * shape alone. */
#pragma once

#include "nn/winograd-dw.h"

static gsize
best_weights_size (const SmearConvShape *s)
{
  return winograd_fits (s) ? winograd_weights_size (s) : weights_size (s);
}

static void
best_pack_weights (const SmearConvShape *s, const gfloat *weights, void *packed)
{
  if (winograd_fits (s))
    winograd_pack_weights (s, weights, packed);
  else
    pack_weights (s, weights, packed);
}

static gsize
best_scratch (const SmearConvShape *s)
{
  return winograd_fits (s) ? winograd_scratch (s) : conv_scratch (s);
}

static void
best_rows (const SmearConvShape *s, const gfloat *in, const void *packed,
           const SmearEpilogue *e, gint first, gint last, void *scratch)
{
  if (winograd_fits (s))
    winograd_rows (s, in, packed, e, first, last, scratch);
  else
    conv_rows (s, in, packed, e, first, last, scratch);
}

static gsize
best_dw_scratch (const SmearConvShape *s)
{
  return winograd_fits (s) ? winograd_dw_scratch (s) : conv_dw_scratch (s);
}

static void
best_dw (const SmearConvShape *s, const gfloat *in, const gfloat *dout, gint image,
         gint n_images, gfloat *dw, void *scratch)
{
  if (winograd_fits (s))
    winograd_dw (s, in, dout, image, n_images, dw, scratch);
  else
    conv_dw (s, in, dout, image, n_images, dw, scratch);
}

/* The whole table. */
#define BEST_KERNELS(isa)                                                                \
  {                                                                                      \
    isa, best_weights_size, best_pack_weights, best_scratch, best_rows, best_dw_scratch, \
        best_dw, unit_forward, unit_sums, unit_backward, adam                            \
  }
