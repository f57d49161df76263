/* Batch normalisation in training: statistics on the way forward, and on the way back
 *
 *   dx = scale * (dy - mean (dy) - xhat * mean (dy * xhat))
 *
 * with xhat = (x - mean) / deviation, written as scale * dy + slope * x + offset so that
 * the second pass over the batch is one multiply-add.
 */
#include "nn/step-conv.h"

#include <math.h>
#include <string.h>

void
smear_step_norm_plan (SmearStep *step, gint index)
{
  gint c = smear_network_layer (step->net, index)->c;

  step->layers[index].norm = smear_aligned_new (NORM_ROWS * c * sizeof (gfloat));
  step->layers[index].sums = g_new0 (gdouble, (gsize)step->batch * 2 * c);
}

/* Both sums over all images, in order of images. */
static void
total (const SmearStep *step, gint index, gdouble *sums)
{
  gint c = smear_network_layer (step->net, index)->c;

  memset (sums, 0, 2 * c * sizeof (gdouble));
  for (gint image = 0; image < step->n; image++)
    for (gint i = 0; i < 2 * c; i++)
      sums[i] += step->layers[index].sums[(gsize)image * 2 * c + i];
}

void
smear_step_norm_finish (SmearStep *step, gint index, gint64 count)
{
  SmearLayer *layer = smear_network_layer (step->net, index);
  gint c = layer->c;
  gfloat *scale = step->layers[index].norm, *shift = scale + c, *mean = shift + c,
         *inverse = mean + c;
  gdouble *sums = g_newa (gdouble, 2 * c);
  gfloat *gamma = smear_network_parameter (step->net, layer->gamma)->values;
  gfloat *beta = smear_network_parameter (step->net, layer->beta)->values;
  gfloat *running_mean = smear_network_parameter (step->net, layer->mean)->values;
  gfloat *running_variance = smear_network_parameter (step->net, layer->variance)->values;

  total (step, index, sums);
  for (gint i = 0; i < c; i++)
    {
      gdouble m = sums[i] / count, v = MAX (sums[c + i] / count - m * m, 0);
      mean[i] = m;
      inverse[i] = 1 / sqrt (v + SMEAR_NORM_EPSILON);
      scale[i] = gamma[i] * inverse[i];
      shift[i] = beta[i] - mean[i] * scale[i];
      running_mean[i] += step->momentum * (mean[i] - running_mean[i]);
      running_variance[i] += step->momentum * ((gfloat)v - running_variance[i]);
    }
}

void
smear_step_norm_finish_backward (SmearStep *step, gint index, gint64 count)
{
  SmearLayer *layer = smear_network_layer (step->net, index);
  gint c = layer->c;
  const gfloat *scale = step->layers[index].norm, *mean = scale + 2 * c,
               *inverse = mean + c;
  gfloat *slope = step->layers[index].norm + 4 * c, *offset = slope + c;
  gdouble *sums = g_newa (gdouble, 2 * c);

  total (step, index, sums); /* of dy, and of dy * x */
  for (gint i = 0; i < c; i++)
    {
      gdouble dbeta = sums[i], dgamma = (sums[c + i] - mean[i] * sums[i]) * inverse[i];
      step->gradients[layer->beta][i] = dbeta;
      step->gradients[layer->gamma][i] = dgamma;
      slope[i] = -scale[i] * inverse[i] * dgamma / count;
      offset[i] = -scale[i] * dbeta / count - slope[i] * mean[i];
    }
}

static void
image_sums (gpointer data, gint image, gint thread)
{
  SmearStep *step = data;
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  gint c = layer->c;
  gdouble *sums = step->layers[step->current].sums + (gsize)image * 2 * c;
  gfloat *in = step->layers[layer->in[0]].out + image * smear_layer_size (layer);

  memset (sums, 0, 2 * c * sizeof (gdouble));
  for (gsize p = 0; p < smear_layer_size (layer); p += c)
    for (gint i = 0; i < c; i++)
      {
        sums[i] += in[p + i];
        sums[c + i] += (gdouble)in[p + i] * in[p + i];
      }
}

void
smear_step_norm_statistics (SmearStep *step)
{
  SmearLayer *layer = smear_network_layer (step->net, step->current);

  smear_pool_run (step->pool, image_sums, step, step->n);
  smear_step_norm_finish (step, step->current, (gint64)step->n * layer->h * layer->w);
}

static void
image_gradient_sums (gpointer data, gint image, gint thread)
{
  SmearStep *step = data;
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  gint c = layer->c;
  gdouble *sums = step->layers[step->current].sums + (gsize)image * 2 * c;
  gsize at = image * smear_layer_size (layer);
  gfloat *x = step->layers[layer->in[0]].out + at,
         *dy = step->layers[step->current].dout + at;

  memset (sums, 0, 2 * c * sizeof (gdouble));
  for (gsize p = 0; p < smear_layer_size (layer); p += c)
    for (gint i = 0; i < c; i++)
      {
        sums[i] += dy[p + i];
        sums[c + i] += (gdouble)dy[p + i] * x[p + i];
      }
}

static void
image_gradient (gpointer data, gint image, gint thread)
{
  SmearStep *step = data;
  SmearLayer *layer = smear_network_layer (step->net, step->current);
  StepLayer *from = &step->layers[layer->in[0]];
  gint c = layer->c;
  const gfloat *scale = step->layers[step->current].norm, *slope = scale + 4 * c,
               *offset = slope + c;
  gsize at = image * smear_layer_size (layer);
  gfloat *x = from->out + at, *dx = from->dout + at,
         *dy = step->layers[step->current].dout + at;

  if (layer->in[0] == 0)
    return;
  for (gsize p = 0; p < smear_layer_size (layer); p += c)
    for (gint i = 0; i < c; i++)
      {
        gfloat d = scale[i] * dy[p + i] + slope[i] * x[p + i] + offset[i];
        dx[p + i] = from->has_gradient ? dx[p + i] + d : d;
      }
}

void
smear_step_norm_backward (SmearStep *step)
{
  SmearLayer *layer = smear_network_layer (step->net, step->current);

  smear_pool_run (step->pool, image_gradient_sums, step, step->n);
  smear_step_norm_finish_backward (step, step->current,
                                   (gint64)step->n * layer->h * layer->w);
  smear_pool_run (step->pool, image_gradient, step, step->n);
}
