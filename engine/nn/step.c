#include "nn/step.h"
#include "nn/step-conv.h"
#include "nn/layers.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

SmearStep *
smear_step_new (SmearNetwork *net, gint batch, SmearPool *pool,
                const SmearKernels *kernels)
{
  SmearStep *step = g_new0 (SmearStep, 1);
  gint n = net->layers->len;

  step->net = net;
  step->pool = pool;
  step->kernels = kernels;
  step->batch = batch;
  step->momentum = 0.1f;
  step->layers = g_new0 (StepLayer, n);
  step->gradients = g_new0 (gfloat *, net->parameters->len);
  for (guint i = 0; i < net->parameters->len; i++)
    step->gradients[i] = smear_aligned_new (smear_network_parameter (net, i)->n
                                            * sizeof (gfloat));
  for (gint i = 1; i < n; i++)
    {
      SmearLayer *layer = smear_network_layer (net, i);
      gsize bytes = batch * smear_layer_size (layer) * sizeof (gfloat);
      step->layers[i].out = smear_aligned_new (bytes);
      step->layers[i].dout = smear_aligned_new (bytes);
      smear_step_conv_plan (step, i);
      if (layer->kind == SMEAR_LAYER_NORM)
        smear_step_norm_plan (step, i);
    }
  step->n_scratch = smear_pool_n_threads (pool);
  step->scratch = g_new0 (void *, step->n_scratch);
  for (gint i = 0; i < step->n_scratch; i++)
    step->scratch[i] = smear_aligned_new (step->scratch_bytes + 64);
  return step;
}

void
smear_step_free (SmearStep *step)
{
  for (guint i = 0; i < step->net->layers->len; i++)
    {
      StepLayer *l = &step->layers[i];
      if (i > 0)
        smear_aligned_free (l->out);
      smear_aligned_free (l->dout);
      smear_aligned_free (l->raw);
      smear_aligned_free (l->top);
      smear_aligned_free (l->packed);
      smear_aligned_free (l->packed_back);
      smear_aligned_free (l->norm);
      smear_aligned_free (l->shares);
      g_free (l->sums);
    }
  for (guint i = 0; i < step->net->parameters->len; i++)
    smear_aligned_free (step->gradients[i]);
  for (gint i = 0; i < step->n_scratch; i++)
    smear_aligned_free (step->scratch[i]);
  g_free (step->scratch);
  g_free (step->gradients);
  g_free (step->layers);
  g_free (step);
}

gfloat *
smear_step_gradient (SmearStep *step, gint parameter)
{
  return step->gradients[parameter];
}

void
smear_step_set_momentum (SmearStep *step, gfloat momentum)
{
  step->momentum = momentum;
}

static void
forward_simple (gpointer data, gint image, gint thread)
{
  SmearStep *step = data;
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  StepLayer *l = &step->layers[step->current];
  const gfloat *in[SMEAR_MAX_INPUTS];
  gint in_c[SMEAR_MAX_INPUTS];

  for (gint i = 0; i < layer->n_in; i++)
    {
      SmearLayer *source = smear_network_layer (step->net, layer->in[i]);
      in[i] = step->layers[layer->in[i]].out + image * smear_layer_size (source);
      in_c[i] = source->c;
    }
  smear_layer_forward (layer, smear_network_layer (step->net, layer->in[0]), in, in_c,
                       l->norm, l->out + image * smear_layer_size (layer));
}

/* Inverted dropout (Srivastava et al., JMLR 2014): each image's mask comes from its own
 * stream, and is drawn again for the way back. */
static void
dropout (const SmearLayer *layer, guint64 seed, gint image, const gfloat *from,
         gboolean add, gfloat *to)
{
  SmearRandom random = smear_random (smear_hash (seed, image));
  gfloat keep = 1 / (1 - layer->rate);

  for (gsize i = 0; i < smear_layer_size (layer); i++)
    {
      gfloat v = smear_random_uniform (&random, 0, 1) < layer->rate ? 0 : from[i] * keep;
      to[i] = add ? to[i] + v : v;
    }
}

static void
forward_dropout (gpointer data, gint image, gint thread)
{
  SmearStep *step = data;
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  gsize at = image * smear_layer_size (layer);

  dropout (layer, smear_hash (step->seed, step->current), image,
           step->layers[layer->in[0]].out + at, FALSE,
           step->layers[step->current].out + at);
}

const gfloat *
smear_step_forward (SmearStep *step, const gfloat *input, gint n, guint64 seed)
{
  gint last = step->net->layers->len - 1;

  g_return_val_if_fail (n <= step->batch, NULL);
  step->n = n;
  step->seed = seed;
  step->layers[0].out = (gfloat *)input;
  for (step->current = 1; step->current <= last; step->current++)
    {
      SmearLayer *layer = smear_network_layer (step->net, step->current);
      if (layer->kind == SMEAR_LAYER_CONV)
        smear_step_conv_forward (step);
      else if (layer->kind == SMEAR_LAYER_DENSE)
        smear_step_dense_forward (step);
      else if (layer->kind == SMEAR_LAYER_DROPOUT)
        smear_pool_run (step->pool, forward_dropout, step, n);
      else
        {
          if (layer->kind == SMEAR_LAYER_NORM)
            smear_step_norm_statistics (step);
          smear_pool_run (step->pool, forward_simple, step, n);
        }
    }
  return step->layers[last].out;
}

static void
backward_simple (gpointer data, gint image, gint thread)
{
  SmearStep *step = data;
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  const gfloat *dout = step->layers[step->current].dout
                       + image * smear_layer_size (layer);
  gint in_c[SMEAR_MAX_INPUTS];

  for (gint i = 0; i < layer->n_in; i++)
    in_c[i] = smear_network_layer (step->net, layer->in[i])->c;
  for (gint i = 0; i < layer->n_in; i++)
    {
      SmearLayer *source = smear_network_layer (step->net, layer->in[i]);
      StepLayer *from = &step->layers[layer->in[i]];
      gsize at = image * smear_layer_size (source);
      gboolean add = from->has_gradient || (i > 0 && layer->in[i] == layer->in[0]);
      if (layer->in[i] == 0)
        continue; /* nobody asks for the gradient of the input */
      if (layer->kind == SMEAR_LAYER_DROPOUT)
        dropout (layer, smear_hash (step->seed, step->current), image, dout, add,
                 from->dout + at);
      else
        smear_layer_backward (layer, source, from->out + at, in_c, i, dout, add,
                              from->dout + at);
    }
}

void
smear_step_backward (SmearStep *step, const gfloat *doutputs)
{
  gint last = step->net->layers->len - 1;

  for (gint i = 0; i <= last; i++)
    step->layers[i].has_gradient = i == last;
  memcpy (step->layers[last].dout, doutputs,
          step->n * smear_layer_size (smear_network_layer (step->net, last))
              * sizeof (gfloat));
  for (step->current = last; step->current > 0; step->current--)
    {
      SmearLayer *layer = smear_network_layer (step->net, step->current);
      if (layer->kind == SMEAR_LAYER_CONV)
        smear_step_conv_backward (step);
      else if (layer->kind == SMEAR_LAYER_DENSE)
        smear_step_dense_backward (step);
      else if (layer->kind == SMEAR_LAYER_NORM)
        smear_step_norm_backward (step);
      else
        smear_pool_run (step->pool, backward_simple, step, step->n);
      for (gint i = 0; i < layer->n_in; i++)
        step->layers[layer->in[i]].has_gradient = TRUE;
    }
}

gdouble
smear_cross_entropy (const gfloat *outputs, const gfloat *targets, const gint *groups,
                     gint n, gint classes, gfloat *doutputs, gfloat *probabilities)
{
  gint n_groups = groups != NULL ? groups[n - 1] + 1 : n;
  gdouble loss = 0;

  for (gint first = 0, g = 0, end; first < n; first = end, g++)
    {
      gfloat *p = probabilities + (gsize)g * classes;
      for (end = first + 1; groups != NULL && end < n && groups[end] == groups[first];
           end++)
        ;
      memset (p, 0, classes * sizeof (gfloat));
      for (gint i = first; i < end; i++)
        for (gint c = 0; c < classes; c++)
          p[c] += outputs[(gsize)i * classes + c] / (end - first);
      gfloat top = p[0];
      for (gint c = 1; c < classes; c++)
        top = MAX (top, p[c]);
      gdouble sum = 0;
      for (gint c = 0; c < classes; c++)
        sum += exp (p[c] - top);
      const gfloat *t = targets + (gsize)first * classes;
      for (gint c = 0; c < classes; c++)
        {
          gdouble log_p = p[c] - top - log (sum);
          loss -= t[c] * log_p;
          p[c] = exp (log_p);
        }
      for (gint i = first; i < end; i++)
        for (gint c = 0; c < classes; c++)
          doutputs[(gsize)i * classes + c] = (p[c] - t[c])
                                             / ((gfloat)n_groups * (end - first));
    }
  return loss / n_groups;
}
