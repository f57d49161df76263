#include "nn/network.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void *
smear_aligned_new (gsize bytes)
{
  gsize whole = MAX (bytes + 63, 64) / 64 * 64;
  void *p = aligned_alloc (64, whole);

  if (p == NULL)
    g_error ("out of memory: %" G_GSIZE_FORMAT " bytes", whole);
  return memset (p, 0, whole);
}

void
smear_aligned_free (void *p)
{
  free (p);
}

static void
clear_layer (gpointer data)
{
  g_free (((SmearLayer *)data)->name);
}

static void
clear_parameter (gpointer data)
{
  g_free (((SmearParameter *)data)->name);
}

static gint
append (SmearNetwork *net, SmearLayer *layer, const char *kind)
{
  layer->name = g_strdup_printf ("%s%u", kind, net->layers->len);
  g_array_append_val (net->layers, *layer);
  return (gint)net->layers->len - 1;
}

static SmearLayer
layer_after (SmearNetwork *net, gint from, SmearLayerKind kind)
{
  gint in = from == SMEAR_LAST ? (gint)net->layers->len - 1 : from;
  SmearLayer *source = smear_network_layer (net, in);

  return (SmearLayer){ .kind = kind,
                       .n_in = 1,
                       .in = { in },
                       .h = source->h,
                       .w = source->w,
                       .c = source->c,
                       .weights = -1,
                       .bias = -1,
                       .gamma = -1,
                       .beta = -1,
                       .mean = -1,
                       .variance = -1 };
}

SmearNetwork *
smear_network_new (const char *architecture, gint h, gint w, gint c)
{
  SmearNetwork *net = g_new0 (SmearNetwork, 1);
  SmearLayer input = { .kind = SMEAR_LAYER_INPUT,
                       .h = h,
                       .w = w,
                       .c = c,
                       .weights = -1,
                       .bias = -1,
                       .gamma = -1,
                       .beta = -1,
                       .mean = -1,
                       .variance = -1 };

  net->architecture = g_strdup (architecture);
  net->layers = g_array_new (FALSE, TRUE, sizeof (SmearLayer));
  net->parameters = g_array_new (FALSE, TRUE, sizeof (SmearParameter));
  g_array_set_clear_func (net->layers, clear_layer);
  g_array_set_clear_func (net->parameters, clear_parameter);
  append (net, &input, "input");
  return net;
}

static void
drop_packed (SmearNetwork *net)
{
  for (guint i = 0; net->packed != NULL && i < net->layers->len; i++)
    {
      smear_aligned_free (net->packed[i]);
      smear_aligned_free (net->folded[i]);
    }
  g_clear_pointer (&net->packed, g_free);
  g_clear_pointer (&net->folded, g_free);
}

void
smear_network_free (SmearNetwork *net)
{
  drop_packed (net);
  smear_aligned_free (net->storage);
  g_array_unref (net->layers);
  g_array_unref (net->parameters);
  g_free (net->architecture);
  g_free (net);
}

static gint
add_parameter (SmearNetwork *net, const char *layer, const char *role, gboolean trained,
               gint n_dims, const gint *dims)
{
  SmearParameter p = { .name = g_strdup_printf ("%s.%s", layer, role),
                       .n_dims = n_dims,
                       .n = 1,
                       .trained = trained };

  for (gint i = 0; i < n_dims; i++)
    {
      p.dims[i] = dims[i];
      p.n *= dims[i];
    }
  g_array_append_val (net->parameters, p);
  return (gint)net->parameters->len - 1;
}

gint
smear_add_conv (SmearNetwork *net, gint from, gint filters, gint kh, gint kw, gint stride,
                gboolean same_padding, gboolean bias)
{
  SmearLayer layer = layer_after (net, from, SMEAR_LAYER_CONV);
  gint pad_h = same_padding ? kh / 2 : 0, pad_w = same_padding ? kw / 2 : 0;
  gint dims[] = { kh, kw, layer.c, filters };

  layer.shape = (SmearConvShape){ .in_h = layer.h,
                                  .in_w = layer.w,
                                  .in_c = layer.c,
                                  .dilate = 1,
                                  .kh = kh,
                                  .kw = kw,
                                  .stride = stride,
                                  .pad_top = pad_h,
                                  .pad_left = pad_w,
                                  .out_h = (layer.h + 2 * pad_h - kh) / stride + 1,
                                  .out_w = (layer.w + 2 * pad_w - kw) / stride + 1,
                                  .out_c = filters };
  layer.h = layer.shape.out_h;
  layer.w = layer.shape.out_w;
  layer.c = filters;
  gint index = append (net, &layer, "conv");
  SmearLayer *added = smear_network_layer (net, index);
  added->weights = add_parameter (net, added->name, "weight", TRUE, 4, dims);
  if (bias)
    added->bias = add_parameter (net, added->name, "bias", TRUE, 1, &filters);
  return index;
}

/* The convolution that @from names, if what follows may still be folded into it: it must
 * be the newest layer, or another might read it unfolded. */
static SmearLayer *
foldable (SmearNetwork *net, gint from)
{
  gint last = (gint)net->layers->len - 1;
  SmearLayer *layer = smear_network_layer (net, last);

  if ((from != SMEAR_LAST && from != last) || net->apart)
    return NULL;
  return layer->kind == SMEAR_LAYER_CONV || layer->kind == SMEAR_LAYER_DENSE ? layer
                                                                             : NULL;
}

void
smear_network_keep_layers_apart (SmearNetwork *net)
{
  net->apart = TRUE;
}

static void
add_norm_parameters (SmearNetwork *net, SmearLayer *layer)
{
  layer->gamma = add_parameter (net, layer->name, "gamma", TRUE, 1, &layer->c);
  layer->beta = add_parameter (net, layer->name, "beta", TRUE, 1, &layer->c);
  layer->mean = add_parameter (net, layer->name, "mean", FALSE, 1, &layer->c);
  layer->variance = add_parameter (net, layer->name, "variance", FALSE, 1, &layer->c);
}

gint
smear_add_norm (SmearNetwork *net, gint from)
{
  SmearLayer *conv = foldable (net, from);

  if (conv != NULL && conv->kind == SMEAR_LAYER_CONV && !conv->norm && !conv->pool)
    {
      conv->norm = TRUE;
      add_norm_parameters (net, conv);
      return (gint)net->layers->len - 1;
    }
  SmearLayer layer = layer_after (net, from, SMEAR_LAYER_NORM);
  gint index = append (net, &layer, "norm");
  add_norm_parameters (net, smear_network_layer (net, index));
  return index;
}

gint
smear_add_relu (SmearNetwork *net, gint from)
{
  SmearLayer *conv = foldable (net, from);

  if (conv != NULL && !conv->pool && !conv->relu_after)
    {
      if (conv->norm)
        conv->relu_after = TRUE;
      else
        conv->relu = TRUE;
      return (gint)net->layers->len - 1;
    }
  SmearLayer layer = layer_after (net, from, SMEAR_LAYER_RELU);
  return append (net, &layer, "relu");
}

static gint
add_pool (SmearNetwork *net, gint from, SmearLayerKind kind, gint size, gint stride,
          gint pad)
{
  SmearLayer layer = layer_after (net, from, kind);

  layer.size = size;
  layer.stride = stride;
  layer.pad = pad;
  layer.h = (layer.h + 2 * pad - size) / stride + 1;
  layer.w = (layer.w + 2 * pad - size) / stride + 1;
  return append (net, &layer, kind == SMEAR_LAYER_MAX_POOL ? "max_pool" : "average_pool");
}

gint
smear_add_max_pool (SmearNetwork *net, gint from, gint size, gint stride, gint pad)
{
  SmearLayer *conv = foldable (net, from);

  if (conv != NULL && conv->kind == SMEAR_LAYER_CONV && !conv->pool && size == 2
      && stride == 2 && pad == 0)
    {
      conv->pool = TRUE;
      conv->h /= 2;
      conv->w /= 2;
      return (gint)net->layers->len - 1;
    }
  return add_pool (net, from, SMEAR_LAYER_MAX_POOL, size, stride, pad);
}

gint
smear_add_average_pool (SmearNetwork *net, gint from, gint size, gint stride, gint pad)
{
  return add_pool (net, from, SMEAR_LAYER_AVERAGE_POOL, size, stride, pad);
}

gint
smear_add_global_pool (SmearNetwork *net, gint from)
{
  SmearLayer layer = layer_after (net, from, SMEAR_LAYER_GLOBAL_POOL);

  layer.h = layer.w = 1;
  return append (net, &layer, "global_pool");
}

gint
smear_add_dense (SmearNetwork *net, gint from, gint units)
{
  SmearLayer layer = layer_after (net, from, SMEAR_LAYER_DENSE);
  gint inputs = layer.h * layer.w * layer.c, dims[] = { inputs, units };

  layer.shape = (SmearConvShape){ .in_h = 1,
                                  .in_w = 1,
                                  .in_c = inputs,
                                  .dilate = 1,
                                  .kh = 1,
                                  .kw = 1,
                                  .stride = 1,
                                  .out_h = 1,
                                  .out_w = 1,
                                  .out_c = units };
  layer.h = layer.w = 1;
  layer.c = units;
  gint index = append (net, &layer, "dense");
  SmearLayer *added = smear_network_layer (net, index);
  added->weights = add_parameter (net, added->name, "weight", TRUE, 2, dims);
  added->bias = add_parameter (net, added->name, "bias", TRUE, 1, &units);
  return index;
}

gint
smear_add_dropout (SmearNetwork *net, gint from, gfloat rate)
{
  SmearLayer layer = layer_after (net, from, SMEAR_LAYER_DROPOUT);

  layer.rate = rate;
  return append (net, &layer, "dropout");
}

gint
smear_add_sum (SmearNetwork *net, gint a, gint b)
{
  SmearLayer layer = layer_after (net, a, SMEAR_LAYER_ADD);

  layer.n_in = 2;
  layer.in[1] = b;
  return append (net, &layer, "add");
}

gint
smear_add_concat (SmearNetwork *net, const gint *from, gint n)
{
  SmearLayer layer = layer_after (net, from[0], SMEAR_LAYER_CONCAT);

  g_return_val_if_fail (n <= SMEAR_MAX_INPUTS, -1);
  layer.n_in = n;
  layer.c = 0;
  for (gint i = 0; i < n; i++)
    {
      layer.in[i] = from[i];
      layer.c += smear_network_layer (net, from[i])->c;
    }
  return append (net, &layer, "concat");
}

void
smear_network_allocate (SmearNetwork *net)
{
  gsize total = 0;

  for (guint i = 0; i < net->parameters->len; i++)
    total += (smear_network_parameter (net, i)->n + 15) / 16 * 16;
  smear_aligned_free (net->storage);
  net->storage = smear_aligned_new (total * sizeof (gfloat));
  gfloat *at = net->storage;
  for (guint i = 0; i < net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (net, i);
      p->values = at;
      at += (p->n + 15) / 16 * 16;
    }
}

void
smear_network_initialise (SmearNetwork *net, guint64 seed)
{
  SmearRandom random = smear_random (seed);

  smear_network_allocate (net);
  for (guint i = 0; i < net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (net, i);
      gboolean one = g_str_has_suffix (p->name, ".gamma")
                     || g_str_has_suffix (p->name, ".variance");
      gdouble deviation = p->n_dims > 1 ? sqrt (2.0 / (p->n / p->dims[p->n_dims - 1]))
                                        : 0;
      for (gsize j = 0; j < p->n; j++)
        p->values[j] = p->n_dims > 1 ? deviation * smear_random_normal (&random) : one;
    }
}

gint
smear_network_n_outputs (const SmearNetwork *net)
{
  return smear_network_layer (net, net->layers->len - 1)->c;
}

gint64
smear_network_n_parameters (const SmearNetwork *net)
{
  gint64 n = 0;

  for (guint i = 0; i < net->parameters->len; i++)
    if (smear_network_parameter (net, i)->trained)
      n += smear_network_parameter (net, i)->n;
  return n;
}

gint64
smear_network_multiply_adds (const SmearNetwork *net)
{
  gint64 n = 0;

  for (guint i = 0; i < net->layers->len; i++)
    {
      const SmearConvShape *s = &smear_network_layer (net, i)->shape;
      n += (gint64)s->out_h * s->out_w * s->out_c * s->kh * s->kw * s->in_c;
    }
  return n;
}

static gfloat *
fold_norm (const SmearNetwork *net, const SmearLayer *layer)
{
  gfloat *scale = smear_aligned_new (2 * layer->c * sizeof (gfloat)),
         *shift = scale + layer->c;

  for (gint c = 0; c < layer->c; c++)
    {
      gfloat variance = smear_network_parameter (net, layer->variance)->values[c];
      scale[c] = smear_network_parameter (net, layer->gamma)->values[c]
                 / sqrtf (variance + SMEAR_NORM_EPSILON);
      shift[c] = smear_network_parameter (net, layer->beta)->values[c]
                 - smear_network_parameter (net, layer->mean)->values[c] * scale[c];
    }
  return scale;
}

void
smear_network_prepare (SmearNetwork *net, const SmearKernels *kernels)
{
  drop_packed (net);
  net->kernels = kernels;
  net->packed = g_new0 (void *, net->layers->len);
  net->folded = g_new0 (gfloat *, net->layers->len);
  for (guint i = 0; i < net->layers->len; i++)
    {
      SmearLayer *layer = smear_network_layer (net, i);
      if (layer->gamma >= 0)
        net->folded[i] = fold_norm (net, layer);
      if (layer->weights < 0)
        continue;
      net->packed[i] = smear_aligned_new (kernels->weights_size (&layer->shape));
      kernels->pack_weights (&layer->shape,
                             smear_network_parameter (net, layer->weights)->values,
                             net->packed[i]);
    }
}
