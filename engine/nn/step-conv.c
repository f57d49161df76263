#include "nn/step-conv.h"

#include <string.h>

/* The convolution whose output is the gradient of @s's input: kernels turned round,
 * inputs and outputs exchanged, strides become gaps. */
static SmearConvShape
backward_shape (const SmearConvShape *s)
{
  return (SmearConvShape){ .in_h = s->out_h,
                           .in_w = s->out_w,
                           .in_c = s->out_c,
                           .dilate = s->stride,
                           .kh = s->kh,
                           .kw = s->kw,
                           .stride = 1,
                           .pad_top = s->kh - 1 - s->pad_top,
                           .pad_left = s->kw - 1 - s->pad_left,
                           .out_h = s->in_h,
                           .out_w = s->in_w,
                           .out_c = s->in_c };
}

static gboolean
keeps_raw (const SmearLayer *layer)
{
  return layer->norm || layer->pool;
}

static gboolean
keeps_top (const SmearLayer *layer)
{
  return layer->norm && layer->pool;
}

static gsize
round_up (gsize bytes)
{
  return (bytes + 63) / 64 * 64;
}

void
smear_step_conv_plan (SmearStep *step, gint index)
{
  SmearLayer *layer = smear_network_layer (step->net, index);
  StepLayer *l = &step->layers[index];
  const SmearKernels *k = step->kernels;
  const SmearConvShape *s = &layer->shape;
  gsize conv_out = (gsize)s->out_h * s->out_w * s->out_c * sizeof (gfloat);

  if (layer->kind != SMEAR_LAYER_CONV)
    return;
  l->back = backward_shape (s);
  l->packed = smear_aligned_new (k->weights_size (s));
  l->packed_back = smear_aligned_new (k->weights_size (&l->back));
  l->share = smear_network_parameter (step->net, layer->weights)->n + s->out_c;
  l->shares = smear_aligned_new (SHARES * l->share * sizeof (gfloat));
  if (keeps_raw (layer))
    l->raw = smear_aligned_new (step->batch * conv_out);
  if (keeps_top (layer))
    l->top = smear_aligned_new (step->batch * smear_layer_size (layer) * sizeof (gfloat));
  smear_step_norm_plan (step, index);
  for (gint c = 0; c < layer->c; c++)
    l->norm[c] = 1; /* without normalisation: v = x, dx = dy */
  /* One image's gradient, what the sum over images keeps, and the convolution's own. */
  gsize need = round_up (conv_out) + round_up (k->conv_dw_scratch (s))
               + MAX (k->conv_scratch (s), k->conv_scratch (&l->back));
  step->scratch_bytes = MAX (step->scratch_bytes, need);
}

static SmearUnit
unit (const SmearStep *step, gint index)
{
  const SmearLayer *layer = smear_network_layer (step->net, index);
  const gfloat *norm = step->layers[index].norm;
  gint c = layer->c;

  return (SmearUnit){ layer->shape.out_h, layer->shape.out_w, c,    layer->relu,
                      layer->relu_after,  layer->pool,        norm, norm + c,
                      norm + 4 * c,       norm + 5 * c };
}

/* The unit as its way forward and its sums see it: behind the pooling, which is done
 * before normalising. Whichever value of a window is largest afterwards was the largest
 * before, or the least, as the sign of the scale will have it; and no other has a
 * gradient. */
static SmearUnit
unit_of_top (const SmearStep *step, gint index)
{
  const SmearLayer *layer = smear_network_layer (step->net, index);
  SmearUnit u = unit (step, index);

  if (!keeps_top (layer))
    return u;
  u.h = layer->h;
  u.w = layer->w;
  u.pool = FALSE;
  u.scale = step->layers[index].norm + TOP_SCALE * layer->c;
  return u;
}

static gsize
raw_size (const SmearLayer *layer)
{
  return (gsize)layer->shape.out_h * layer->shape.out_w * layer->c;
}

static gfloat *
image_input (const SmearStep *step, const SmearLayer *layer, gint image)
{
  return step->layers[layer->in[0]].out
         + image * smear_layer_size (smear_network_layer (step->net, layer->in[0]));
}

static const gfloat *
image_top (const SmearLayer *layer, const StepLayer *l, gint image)
{
  return l->top != NULL ? l->top + image * smear_layer_size (layer)
                        : l->raw + image * raw_size (layer);
}

static void
convolve (gpointer data, gint image, gint thread)
{
  SmearStep *step = data;
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  StepLayer *l = &step->layers[step->current];
  gdouble *sums = l->sums + (gsize)image * 2 * layer->c;
  SmearEpilogue e = { .relu = layer->relu, .pool = layer->pool };

  if (!layer->norm)
    e.out = l->out + image * smear_layer_size (layer);
  else if (l->top != NULL)
    {
      e.out = l->top + image * smear_layer_size (layer);
      e.scale = l->norm + TOP_SIGN * layer->c;
      e.shift = l->norm + TOP_ZERO * layer->c;
    }

  if (layer->bias >= 0)
    e.bias = smear_network_parameter (step->net, layer->bias)->values;
  if (l->raw != NULL)
    e.tap = l->raw + image * raw_size (layer);
  if (layer->norm)
    e.sums = memset (sums, 0, 2 * layer->c * sizeof (gdouble));
  step->kernels->conv_rows (&layer->shape, image_input (step, layer, image), l->packed,
                            &e, 0, layer->shape.out_h, step->scratch[thread]);
}

static void
normalise (gpointer data, gint image, gint thread)
{
  SmearStep *step = data;
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  StepLayer *l = &step->layers[step->current];
  SmearUnit u = unit_of_top (step, step->current);

  step->kernels->unit_forward (&u, image_top (layer, l, image),
                               l->out + image * smear_layer_size (layer));
}

/* Of the scales to come: deviations are never negative. */
static void
set_signs (const SmearNetwork *net, const SmearLayer *layer, StepLayer *l)
{
  gfloat *sign = l->norm + TOP_SIGN * layer->c, *zero = l->norm + TOP_ZERO * layer->c;

  for (gint c = 0; c < layer->c; c++)
    {
      sign[c] = keeps_top (layer)
                        && smear_network_parameter (net, layer->gamma)->values[c] < 0
                    ? -1
                    : 1;
      zero[c] = 0;
    }
}

void
smear_step_conv_forward (SmearStep *step)
{
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  StepLayer *l = &step->layers[step->current];

  step->kernels->pack_weights (
      &layer->shape, smear_network_parameter (step->net, layer->weights)->values,
      l->packed);
  set_signs (step->net, layer, l);
  smear_pool_run (step->pool, convolve, step, step->n);
  if (!layer->norm)
    return;
  smear_step_norm_finish (step, step->current,
                          (gint64)step->n * layer->shape.out_h * layer->shape.out_w);
  for (gint c = 0, n = layer->c; c < n; c++)
    l->norm[TOP_SCALE * n + c] = l->norm[TOP_SIGN * n + c] * l->norm[c];
  smear_pool_run (step->pool, normalise, step, step->n);
}

static void
gradient_sums (gpointer data, gint image, gint thread)
{
  SmearStep *step = data;
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  StepLayer *l = &step->layers[step->current];
  SmearUnit u = unit_of_top (step, step->current);
  const gfloat *sign = l->norm + TOP_SIGN * layer->c;
  gdouble *sums = l->sums + (gsize)image * 2 * layer->c;

  step->kernels->unit_sums (&u, image_top (layer, l, image),
                            l->dout + image * smear_layer_size (layer), sums);
  for (gint c = 0; c < layer->c; c++)
    sums[layer->c + c] *= sign[c];
}

/* [kh][kw][in][out] to [kh][kw][out][in], turned by half a circle. */
static void
pack_transposed (SmearStep *step, const SmearLayer *layer, StepLayer *l)
{
  const SmearConvShape *s = &layer->shape;
  const gfloat *w = smear_network_parameter (step->net, layer->weights)->values;
  gint taps = s->kh * s->kw;
  gfloat *turned = g_new (gfloat, (gsize)taps * s->in_c * s->out_c);

  for (gint t = 0; t < taps; t++)
    for (gint i = 0; i < s->in_c; i++)
      for (gint o = 0; o < s->out_c; o++)
        turned[((gsize)(taps - 1 - t) * s->out_c + o) * s->in_c + i]
            = w[((gsize)t * s->in_c + i) * s->out_c + o];
  step->kernels->pack_weights (&l->back, turned, l->packed_back);
  g_free (turned);
}

void
smear_step_share (const SmearStep *step, gint share, gint *first, gint *end)
{
  *first = step->n * share / SHARES;
  *end = step->n * (share + 1) / SHARES;
}

void
smear_step_add_shares (SmearStep *step, gint index)
{
  const SmearLayer *layer = smear_network_layer (step->net, index);
  const StepLayer *l = &step->layers[index];
  gsize n = smear_network_parameter (step->net, layer->weights)->n;
  gfloat *dw = step->gradients[layer->weights];

  memcpy (dw, l->shares, n * sizeof (gfloat));
  for (gint share = 1; share < SHARES; share++)
    for (gsize i = 0; i < n; i++)
      dw[i] += l->shares[share * l->share + i];
  if (layer->bias < 0)
    return;
  gfloat *db = memset (step->gradients[layer->bias], 0, layer->c * sizeof (gfloat));
  for (gint share = 0; share < SHARES; share++)
    for (gint o = 0; o < layer->c; o++)
      db[o] += l->shares[share * l->share + n + o];
}

/* Gradient before the unit's clipping, normalising and pooling, then both products, while
 * it is in cache. */
static void
backward_share (gpointer data, gint share, gint thread)
{
  SmearStep *step = data;
  const SmearKernels *k = step->kernels;
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  StepLayer *l = &step->layers[step->current];
  StepLayer *from = &step->layers[layer->in[0]];
  SmearUnit u = unit (step, step->current);
  gsize raw = raw_size (layer), weights = l->share - layer->c;
  gfloat *d = step->scratch[thread], *dw = l->shares + share * l->share;
  guint8 *dw_scratch = (guint8 *)d + round_up (raw * sizeof (gfloat));
  guint8 *scratch = dw_scratch + round_up (k->conv_dw_scratch (&layer->shape));
  gint first, end;

  smear_step_share (step, share, &first, &end);
  memset (dw, 0, l->share * sizeof (gfloat));
  for (gint image = first; image < end; image++)
    {
      const gfloat *x = l->raw != NULL ? l->raw : l->out; /* clipped output: same mask */
      k->unit_backward (&u, x + image * raw, l->dout + image * smear_layer_size (layer),
                        d, layer->bias >= 0 ? dw + weights : NULL);
      k->conv_dw (&layer->shape, image_input (step, layer, image), d, image - first,
                  end - first, dw, dw_scratch);
      if (layer->in[0] == 0)
        continue;
      gsize in_size = smear_layer_size (smear_network_layer (step->net, layer->in[0]));
      SmearEpilogue e = { .add = from->has_gradient,
                          .out = from->dout + image * in_size };
      k->conv_rows (&l->back, d, l->packed_back, &e, 0, l->back.out_h, scratch);
    }
}

void
smear_step_conv_backward (SmearStep *step)
{
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  StepLayer *l = &step->layers[step->current];

  if (layer->norm)
    {
      smear_pool_run (step->pool, gradient_sums, step, step->n);
      smear_step_norm_finish_backward (
          step, step->current, (gint64)step->n * layer->shape.out_h * layer->shape.out_w);
    }
  if (layer->in[0] != 0)
    pack_transposed (step, layer, l);
  smear_pool_run (step->pool, backward_share, step, SHARES);
  smear_step_add_shares (step, step->current);
}
