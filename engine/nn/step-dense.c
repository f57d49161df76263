/* Dense layers in training: 1x1 convolutions with the batch along the row, so that
 * weights are read once for all images. */
#include "nn/step-conv.h"

#include <string.h>

static SmearConvShape
over_batch (gint inputs, gint outputs, gint n)
{
  return (SmearConvShape){ .in_h = 1,
                           .in_w = n,
                           .in_c = inputs,
                           .dilate = 1,
                           .kh = 1,
                           .kw = 1,
                           .stride = 1,
                           .out_h = 1,
                           .out_w = n,
                           .out_c = outputs };
}

static void
multiply (const SmearStep *step, const SmearConvShape *shape, const gfloat *weights,
          const gfloat *in, const SmearEpilogue *e)
{
  const SmearKernels *k = step->kernels;
  void *packed = smear_aligned_new (k->weights_size (shape));
  void *scratch = smear_aligned_new (k->conv_scratch (shape));

  k->pack_weights (shape, weights, packed);
  k->conv_rows (shape, in, packed, e, 0, 1, scratch);
  smear_aligned_free (scratch);
  smear_aligned_free (packed);
}

void
smear_step_dense_forward (SmearStep *step)
{
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  SmearConvShape shape = over_batch (layer->shape.in_c, layer->c, step->n);
  SmearEpilogue e = { .bias = smear_network_parameter (step->net, layer->bias)->values,
                      .relu = layer->relu,
                      .out = step->layers[step->current].out };

  multiply (step, &shape, smear_network_parameter (step->net, layer->weights)->values,
            step->layers[layer->in[0]].out, &e);
}

void
smear_step_dense_backward (SmearStep *step)
{
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  StepLayer *l = &step->layers[step->current], *from = &step->layers[layer->in[0]];
  gint inputs = layer->shape.in_c, outputs = layer->c;
  SmearConvShape shape = over_batch (inputs, outputs, step->n);
  const gfloat *w = smear_network_parameter (step->net, layer->weights)->values;
  gfloat *dw = step->gradients[layer->weights], *db = step->gradients[layer->bias];
  void *scratch = smear_aligned_new (step->kernels->conv_dw_scratch (&shape));

  memset (dw, 0, (gsize)inputs * outputs * sizeof (gfloat));
  memset (db, 0, outputs * sizeof (gfloat));
  for (gint i = 0; i < step->n * outputs; i++)
    {
      if (layer->relu && l->out[i] <= 0)
        l->dout[i] = 0;
      db[i % outputs] += l->dout[i];
    }
  step->kernels->conv_dw (&shape, from->out, l->dout, 0, 1, dw, scratch);
  smear_aligned_free (scratch);
  if (layer->in[0] == 0)
    return;
  gfloat *turned = g_new (gfloat, (gsize)inputs * outputs);
  for (gint i = 0; i < inputs; i++)
    for (gint o = 0; o < outputs; o++)
      turned[(gsize)o * inputs + i] = w[(gsize)i * outputs + o];
  SmearConvShape back = over_batch (outputs, inputs, step->n);
  SmearEpilogue e = { .add = from->has_gradient, .out = from->dout };
  multiply (step, &back, turned, l->dout, &e);
  g_free (turned);
}
