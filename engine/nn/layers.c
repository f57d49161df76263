#include "nn/layers.h"
#include "base/cpu.h"

#include <math.h>
#include <string.h>

/* The part of a pooling window that lies inside the input. */
typedef struct
{
  gint y0, y1, x0, x1;
} Window;

static inline Window
window (const SmearLayer *layer, const SmearLayer *source, gint y, gint x)
{
  gint top = y * layer->stride - layer->pad, left = x * layer->stride - layer->pad;

  return (Window){ MAX (top, 0), MIN (top + layer->size, source->h), MAX (left, 0),
                   MIN (left + layer->size, source->w) };
}

static void
max_pool (const SmearLayer *layer, const SmearLayer *source, const gfloat *in,
          gfloat *out)
{
  for (gint y = 0; y < layer->h; y++)
    for (gint x = 0; x < layer->w; x++, out += layer->c)
      {
        Window win = window (layer, source, y, x);
        for (gint c = 0; c < layer->c; c++)
          out[c] = -INFINITY;
        for (gint v = win.y0; v < win.y1; v++)
          for (gint u = win.x0; u < win.x1; u++)
            for (gint c = 0; c < layer->c; c++)
              {
                gfloat value = in[((gsize)v * source->w + u) * layer->c + c];
                out[c] = value > out[c] ? value : out[c];
              }
      }
}

/* The first largest input of each window gets the gradient. */
static void
max_pool_backward (const SmearLayer *layer, const SmearLayer *source, const gfloat *in,
                   const gfloat *dout, gfloat *din)
{
  for (gint y = 0; y < layer->h; y++)
    for (gint x = 0; x < layer->w; x++, dout += layer->c)
      {
        Window win = window (layer, source, y, x);
        for (gint c = 0; c < layer->c; c++)
          {
            gfloat best = -INFINITY;
            gsize at = 0;
            for (gint v = win.y0; v < win.y1; v++)
              for (gint u = win.x0; u < win.x1; u++)
                {
                  gsize i = ((gsize)v * source->w + u) * layer->c + c;
                  if (in[i] > best)
                    {
                      best = in[i];
                      at = i;
                    }
                }
            din[at] += dout[c];
          }
      }
}

/* Padding is not counted. */
static void
average_pool (const SmearLayer *layer, const SmearLayer *source, const gfloat *in,
              gfloat *out)
{
  for (gint y = 0; y < layer->h; y++)
    for (gint x = 0; x < layer->w; x++, out += layer->c)
      {
        Window win = window (layer, source, y, x);
        gfloat share = 1.0f / ((win.y1 - win.y0) * (win.x1 - win.x0));
        memset (out, 0, layer->c * sizeof (gfloat));
        for (gint v = win.y0; v < win.y1; v++)
          for (gint u = win.x0; u < win.x1; u++)
            for (gint c = 0; c < layer->c; c++)
              out[c] += in[((gsize)v * source->w + u) * layer->c + c];
        for (gint c = 0; c < layer->c; c++)
          out[c] *= share;
      }
}

static void
average_pool_backward (const SmearLayer *layer, const SmearLayer *source,
                       const gfloat *dout, gfloat *din)
{
  for (gint y = 0; y < layer->h; y++)
    for (gint x = 0; x < layer->w; x++, dout += layer->c)
      {
        Window win = window (layer, source, y, x);
        gfloat share = 1.0f / ((win.y1 - win.y0) * (win.x1 - win.x0));
        for (gint v = win.y0; v < win.y1; v++)
          for (gint u = win.x0; u < win.x1; u++)
            for (gint c = 0; c < layer->c; c++)
              din[((gsize)v * source->w + u) * layer->c + c] += share * dout[c];
      }
}

/* Row sums first: a plain running sum over 50,000 pixels would lose digits. */
static void
global_pool (const SmearLayer *source, const gfloat *in, gfloat *out)
{
  gint c = source->c;
  gfloat *row = g_newa (gfloat, c);
  gfloat share = 1.0f / ((gfloat)source->h * source->w);

  memset (out, 0, c * sizeof (gfloat));
  for (gint y = 0; y < source->h; y++)
    {
      memset (row, 0, c * sizeof (gfloat));
      for (gint x = 0; x < source->w; x++, in += c)
        for (gint i = 0; i < c; i++)
          row[i] += in[i];
      for (gint i = 0; i < c; i++)
        out[i] += row[i];
    }
  for (gint i = 0; i < c; i++)
    out[i] *= share;
}

static void
global_pool_backward (const SmearLayer *source, const gfloat *dout, gfloat *din)
{
  gfloat share = 1.0f / ((gfloat)source->h * source->w);

  for (gsize p = 0; p < (gsize)source->h * source->w; p++, din += source->c)
    for (gint c = 0; c < source->c; c++)
      din[c] += share * dout[c];
}

static void
concat (const SmearLayer *layer, const gfloat *const *in, const gint *in_c, gfloat *out)
{
  for (gint i = 0, at = 0; i < layer->n_in; at += in_c[i++])
    for (gsize p = 0; p < (gsize)layer->h * layer->w; p++)
      memcpy (out + p * layer->c + at, in[i] + p * in_c[i], in_c[i] * sizeof (gfloat));
}

static void
concat_backward (const SmearLayer *layer, const gint *in_c, gint which,
                 const gfloat *dout, gfloat *din)
{
  gint at = 0;

  for (gint i = 0; i < which; i++)
    at += in_c[i];
  for (gsize p = 0; p < (gsize)layer->h * layer->w; p++)
    for (gint c = 0; c < in_c[which]; c++)
      din[p * in_c[which] + c] += dout[p * layer->c + at + c];
}

SMEAR_WIDE void
smear_layer_forward (const SmearLayer *layer, const SmearLayer *source,
                     const gfloat *const *in, const gint *in_c, const gfloat *folded,
                     gfloat *out)
{
  gsize n = smear_layer_size (layer);
  gint c = layer->c;

  switch (layer->kind)
    {
    case SMEAR_LAYER_NORM:
      for (gsize p = 0; p < n; p += c)
        for (gint i = 0; i < c; i++)
          out[p + i] = in[0][p + i] * folded[i] + folded[c + i];
      break;
    case SMEAR_LAYER_RELU:
      for (gsize i = 0; i < n; i++)
        out[i] = in[0][i] > 0 ? in[0][i] : 0;
      break;
    case SMEAR_LAYER_MAX_POOL:
      max_pool (layer, source, in[0], out);
      break;
    case SMEAR_LAYER_AVERAGE_POOL:
      average_pool (layer, source, in[0], out);
      break;
    case SMEAR_LAYER_GLOBAL_POOL:
      global_pool (source, in[0], out);
      break;
    case SMEAR_LAYER_ADD:
      for (gsize i = 0; i < n; i++)
        out[i] = in[0][i] + in[1][i];
      break;
    case SMEAR_LAYER_CONCAT:
      concat (layer, in, in_c, out);
      break;
    case SMEAR_LAYER_DROPOUT:
      memcpy (out, in[0], n * sizeof (gfloat));
      break;
    case SMEAR_LAYER_INPUT:
    case SMEAR_LAYER_CONV:
    case SMEAR_LAYER_DENSE:
      g_assert_not_reached ();
    }
}

SMEAR_WIDE void
smear_layer_backward (const SmearLayer *layer, const SmearLayer *source, const gfloat *in,
                      const gint *in_c, gint which, const gfloat *dout, gboolean add,
                      gfloat *din)
{
  if (!add)
    memset (din, 0, smear_layer_size (source) * sizeof (gfloat));
  switch (layer->kind)
    {
    case SMEAR_LAYER_RELU:
      for (gsize i = 0; i < smear_layer_size (layer); i++)
        {
          gfloat d = dout[i]; /* read in any case, or it would take a branch */
          din[i] += in[i] > 0 ? d : 0;
        }
      break;
    case SMEAR_LAYER_MAX_POOL:
      max_pool_backward (layer, source, in, dout, din);
      break;
    case SMEAR_LAYER_AVERAGE_POOL:
      average_pool_backward (layer, source, dout, din);
      break;
    case SMEAR_LAYER_GLOBAL_POOL:
      global_pool_backward (source, dout, din);
      break;
    case SMEAR_LAYER_ADD:
      for (gsize i = 0; i < smear_layer_size (layer); i++)
        din[i] += dout[i];
      break;
    case SMEAR_LAYER_CONCAT:
      concat_backward (layer, in_c, which, dout, din);
      break;
    default:
      g_assert_not_reached ();
    }
}
