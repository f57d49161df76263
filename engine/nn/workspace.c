#include "nn/workspace.h"
#include "nn/layers.h"

#include <math.h>
#include <string.h>

/* One thread's share: a buffer for each layer (layers whose lives do not overlap share
 * one) and scratch for the kernels. */
typedef struct
{
  gfloat **out;
  void *scratch;
} Lane;

struct _SmearWorkspace
{
  const SmearNetwork *net;
  SmearPool *pool;
  gint n_lanes;
  Lane *lanes;
  gint *slot; /* by layer: which buffer */
  gint n_slots;
  gfloat **buffers; /* n_lanes * n_slots */
  gfloat *tap;      /* feature map before normalisation and pooling */

  /* the run in progress */
  const gfloat *input;
  gfloat *outputs;
  gint layer, strip;
  gboolean explaining;
};

void
smear_softmax (gfloat *values, gint n)
{
  gfloat top = values[0];
  gdouble sum = 0;

  for (gint i = 1; i < n; i++)
    top = MAX (top, values[i]);
  for (gint i = 0; i < n; i++)
    sum += values[i] = expf (values[i] - top);
  for (gint i = 0; i < n; i++)
    values[i] /= sum;
}

/* A convolution whose values after clipping, but before the rest, are what to look at. */
static gboolean
explained_inside (const SmearLayer *layer)
{
  return layer->kind == SMEAR_LAYER_CONV && layer->relu && (layer->norm || layer->pool);
}

/* What comes after the last map, even one of a single place. */
static gboolean
is_in_head (const SmearNetwork *net, gint index)
{
  const SmearLayer *layer = smear_network_layer (net, index);

  return layer->kind == SMEAR_LAYER_GLOBAL_POOL || layer->kind == SMEAR_LAYER_DENSE
         || layer->kind == SMEAR_LAYER_DROPOUT
         || (layer->kind == SMEAR_LAYER_RELU && is_in_head (net, layer->in[0]));
}

void
smear_network_explained (const SmearNetwork *net, gint *index, gint *h, gint *w, gint *c)
{
  gint i = net->layers->len - 1;

  while (i > 0 && is_in_head (net, i))
    i--;
  const SmearLayer *layer = smear_network_layer (net, i);
  gboolean inside = explained_inside (layer);
  *index = i;
  *h = inside ? layer->shape.out_h : layer->h;
  *w = inside ? layer->shape.out_w : layer->w;
  *c = layer->c;
}

/* First fit: a layer takes a buffer whose last reader came before it. The head is kept
 * whole, an explanation walks it backwards. */
static gsize *
plan_slots (SmearWorkspace *ws)
{
  gint n = ws->net->layers->len, head, h, w, c;
  gint *last = g_newa (gint, n), *free_from = g_newa (gint, n);
  gsize *size = g_new0 (gsize, n);

  smear_network_explained (ws->net, &head, &h, &w, &c);
  for (gint i = 0; i < n; i++)
    {
      const SmearLayer *layer = smear_network_layer (ws->net, i);
      last[i] = i >= head ? n : i;
      for (gint j = 0; j < layer->n_in; j++)
        last[layer->in[j]] = MAX (last[layer->in[j]], i);
    }
  ws->slot = g_new0 (gint, n);
  for (gint i = 1; i < n; i++)
    {
      gint s = 0;
      while (s < ws->n_slots && free_from[s] >= i)
        s++;
      if (s == ws->n_slots)
        ws->n_slots++;
      ws->slot[i] = s;
      free_from[s] = last[i];
      size[s] = MAX (size[s], smear_layer_size (smear_network_layer (ws->net, i)));
    }
  return size;
}

SmearWorkspace *
smear_workspace_new (const SmearNetwork *net, gint n_threads)
{
  SmearWorkspace *ws = g_new0 (SmearWorkspace, 1);
  gint n = net->layers->len, head, h, w, c;
  gsize scratch = 64;

  ws->net = net;
  ws->pool = smear_pool_new (n_threads);
  ws->n_lanes = smear_pool_n_threads (ws->pool);
  g_autofree gsize *size = plan_slots (ws);
  for (gint i = 0; i < n; i++)
    if (smear_network_layer (net, i)->weights >= 0)
      scratch = MAX (scratch,
                     net->kernels->conv_scratch (&smear_network_layer (net, i)->shape));
  ws->lanes = g_new0 (Lane, ws->n_lanes);
  ws->buffers = g_new0 (gfloat *, ws->n_lanes * ws->n_slots);
  for (gint l = 0; l < ws->n_lanes; l++)
    {
      Lane *lane = &ws->lanes[l];
      lane->out = g_new0 (gfloat *, n);
      lane->scratch = smear_aligned_new (scratch);
      for (gint s = 0; s < ws->n_slots; s++)
        ws->buffers[l * ws->n_slots + s] = smear_aligned_new (size[s] * sizeof (gfloat));
      for (gint i = 1; i < n; i++)
        lane->out[i] = ws->buffers[l * ws->n_slots + ws->slot[i]];
    }
  smear_network_explained (net, &head, &h, &w, &c);
  if (explained_inside (smear_network_layer (net, head)))
    ws->tap = smear_aligned_new ((gsize)h * w * c * sizeof (gfloat));
  return ws;
}

void
smear_workspace_free (SmearWorkspace *ws)
{
  for (gint l = 0; l < ws->n_lanes; l++)
    {
      g_free (ws->lanes[l].out);
      smear_aligned_free (ws->lanes[l].scratch);
    }
  for (gint i = 0; i < ws->n_lanes * ws->n_slots; i++)
    smear_aligned_free (ws->buffers[i]);
  smear_aligned_free (ws->tap);
  smear_pool_free (ws->pool);
  g_free (ws->buffers);
  g_free (ws->lanes);
  g_free (ws->slot);
  g_free (ws);
}

static const gfloat *
parameter_or_null (const SmearNetwork *net, gint index)
{
  return index >= 0 ? smear_network_parameter (net, index)->values : NULL;
}

static SmearEpilogue
epilogue (const SmearNetwork *net, gint index, gfloat *out)
{
  const SmearLayer *layer = smear_network_layer (net, index);
  const gfloat *folded = net->folded[index];

  return (SmearEpilogue){ .bias = parameter_or_null (net, layer->bias),
                          .relu = layer->relu,
                          .scale = folded,
                          .shift = folded != NULL ? folded + layer->c : NULL,
                          .relu_after = layer->relu_after,
                          .pool = layer->pool,
                          .out = out };
}

/* One layer of one image, or rows @first to @last - 1 of a convolution. */
static void
run_layer (SmearWorkspace *ws, Lane *lane, void *scratch, gint index, gint first,
           gint last, gfloat *tap)
{
  const SmearNetwork *net = ws->net;
  const SmearLayer *layer = smear_network_layer (net, index);
  const gfloat *in[SMEAR_MAX_INPUTS];
  gint in_c[SMEAR_MAX_INPUTS];

  for (gint i = 0; i < layer->n_in; i++)
    {
      in[i] = lane->out[layer->in[i]];
      in_c[i] = smear_network_layer (net, layer->in[i])->c;
    }
  if (layer->weights < 0)
    {
      smear_layer_forward (layer, smear_network_layer (net, layer->in[0]), in, in_c,
                           net->folded[index], lane->out[index]);
      return;
    }
  SmearEpilogue e = epilogue (net, index, lane->out[index]);
  e.tap = tap;
  net->kernels->conv_rows (&layer->shape, in[0], net->packed[index], &e, first, last,
                           scratch);
}

static void
run_image (gpointer data, gint task, gint thread)
{
  SmearWorkspace *ws = data;
  const SmearNetwork *net = ws->net;
  Lane *lane = &ws->lanes[thread];
  gint n = net->layers->len, outputs = smear_network_n_outputs (net);

  lane->out[0] = (gfloat *)ws->input
                 + task * smear_layer_size (smear_network_layer (net, 0));
  for (gint i = 1; i < n; i++)
    run_layer (ws, lane, lane->scratch, i, 0, smear_network_layer (net, i)->shape.out_h,
               NULL);
  memcpy (ws->outputs + (gsize)task * outputs, lane->out[n - 1],
          outputs * sizeof (gfloat));
}

static void
run_strip (gpointer data, gint task, gint thread)
{
  SmearWorkspace *ws = data;
  const SmearLayer *layer = smear_network_layer (ws->net, ws->layer);
  gint head, h, w, c, first = task * ws->strip;

  smear_network_explained (ws->net, &head, &h, &w, &c);
  run_layer (ws, &ws->lanes[0], ws->lanes[thread].scratch, ws->layer, first,
             MIN (first + ws->strip, layer->shape.out_h),
             ws->explaining && ws->layer == head ? ws->tap : NULL);
}

/* Strips are whole rows of Winograd's tiles, which also keeps pooling's pairs together,
 * and twice as many as threads, for one that is late. */
static void
run_single (SmearWorkspace *ws, const gfloat *input, gfloat *outputs)
{
  const SmearNetwork *net = ws->net;
  gint n = net->layers->len;

  ws->lanes[0].out[0] = (gfloat *)input;
  for (gint i = 1; i < n; i++)
    {
      const SmearLayer *layer = smear_network_layer (net, i);
      gint rows = MAX (layer->shape.out_h, 1);
      ws->layer = i;
      ws->strip = ws->n_lanes == 1 ? rows + 1
                                   : (rows + 8 * ws->n_lanes - 1) / (8 * ws->n_lanes) * 4;
      smear_pool_run (ws->pool, run_strip, ws, (rows + ws->strip - 1) / ws->strip);
    }
  memcpy (outputs, ws->lanes[0].out[n - 1],
          smear_network_n_outputs (net) * sizeof (gfloat));
}

void
smear_workspace_run (SmearWorkspace *ws, const gfloat *input, gint batch, gfloat *outputs)
{
  gsize image = smear_layer_size (smear_network_layer (ws->net, 0));
  gint whole = batch / ws->n_lanes * ws->n_lanes;

  ws->input = input;
  ws->outputs = outputs;
  smear_pool_run (ws->pool, run_image, ws, whole);
  for (gint i = whole; i < batch; i++)
    run_single (ws, input + i * image,
                outputs + (gsize)i * smear_network_n_outputs (ws->net));
}

/* Gradient of one output down to the explained layer's own output. Dense layers multiply
 * by their weights, transposed; the rest go through the layers' backward functions. */
static void
dense_backward (const SmearNetwork *net, const SmearLayer *layer, const gfloat *out,
                gfloat *dout, gfloat *din)
{
  const gfloat *w = smear_network_parameter (net, layer->weights)->values;

  for (gint o = 0; layer->relu && o < layer->c; o++)
    if (out[o] <= 0)
      dout[o] = 0;
  for (gint i = 0; i < layer->shape.in_c; i++, w += layer->c)
    {
      gfloat sum = 0;
      for (gint o = 0; o < layer->c; o++)
        sum += w[o] * dout[o];
      din[i] = sum;
    }
}

static gfloat *
head_gradient (SmearWorkspace *ws, gint head, gint target)
{
  const SmearNetwork *net = ws->net;
  Lane *lane = &ws->lanes[0];
  gfloat *dout = g_new0 (gfloat, smear_network_n_outputs (net));

  dout[target] = 1;
  for (gint i = net->layers->len - 1; i > head; i--)
    {
      const SmearLayer *layer = smear_network_layer (net, i);
      const SmearLayer *source = smear_network_layer (net, layer->in[0]);
      gfloat *din = g_new0 (gfloat, smear_layer_size (source));
      if (layer->kind == SMEAR_LAYER_DENSE)
        dense_backward (net, layer, lane->out[i], dout, din);
      else if (layer->kind == SMEAR_LAYER_DROPOUT)
        memcpy (din, dout, smear_layer_size (source) * sizeof (gfloat));
      else
        smear_layer_backward (layer, source, lane->out[layer->in[0]], &source->c, 0, dout,
                              FALSE, din);
      g_free (dout);
      dout = din;
    }
  return dout;
}

const gfloat *
smear_workspace_explain (SmearWorkspace *ws, const gfloat *input, gfloat *outputs,
                         gint gradient_of, gfloat *weights)
{
  gint head, h, w, c, target = gradient_of;

  smear_network_explained (ws->net, &head, &h, &w, &c);
  ws->explaining = TRUE;
  run_single (ws, input, outputs);
  ws->explaining = FALSE;
  for (gint i = 0; gradient_of < 0 && i < smear_network_n_outputs (ws->net); i++)
    if (target < 0 || outputs[i] > outputs[target])
      target = i;

  const SmearLayer *layer = smear_network_layer (ws->net, head);
  g_autofree gfloat *gradient = head_gradient (ws, head, target);
  memset (weights, 0, c * sizeof (gfloat));
  for (gsize p = 0; p < (gsize)layer->h * layer->w; p++)
    for (gint i = 0; i < c; i++)
      weights[i] += gradient[p * c + i];
  /* Pooling hands each gradient to one pixel, normalisation scales it: the mean over the
   * inner map needs no more. */
  for (gint i = 0; i < c; i++)
    weights[i] *= (ws->tap != NULL && layer->norm ? ws->net->folded[head][i] : 1)
                  / ((gfloat)h * w);
  return ws->tap != NULL ? ws->tap : ws->lanes[0].out[head];
}
