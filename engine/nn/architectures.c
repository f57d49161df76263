#include "nn/architectures.h"

#define SAME TRUE
#define VALID FALSE

static gint
conv_relu (SmearNetwork *net, gint from, gint filters, gint kh, gint kw, gint stride)
{
  smear_add_conv (net, from, filters, kh, kw, stride, SAME, TRUE);
  return smear_add_relu (net, SMEAR_LAST);
}

static gint
conv_norm_relu (SmearNetwork *net, gint from, gint filters, gint kh, gint kw, gint stride,
                gboolean same)
{
  smear_add_conv (net, from, filters, kh, kw, stride, same, FALSE);
  smear_add_norm (net, SMEAR_LAST);
  return smear_add_relu (net, SMEAR_LAST);
}

/* The published design: three times convolution 3x3 with ReLU, batch normalisation and
 * max pooling; two dense layers with dropout between; softmax. The text does not give
 * widths, nor how the 28x28 map enters the first dense layer, by its mean or flattened.
 */
static void
published (SmearNetwork *net, gint classes, gint width, gboolean flat)
{
  for (gint i = 0; i < 3; i++)
    {
      conv_relu (net, SMEAR_LAST, width << i, 3, 3, 1);
      smear_add_norm (net, SMEAR_LAST);
      smear_add_max_pool (net, SMEAR_LAST, 2, 2, 0);
    }
  if (!flat)
    smear_add_global_pool (net, SMEAR_LAST);
  smear_add_dense (net, SMEAR_LAST, 128);
  smear_add_relu (net, SMEAR_LAST);
  smear_add_dropout (net, SMEAR_LAST, 0.5f);
  smear_add_dense (net, SMEAR_LAST, classes);
}

/* What else the text could mean is kept to measure against (scripts/compare-designs; the
 * model card tells the outcome). */
#define PUBLISHED(function, width, flat)                                                 \
  static void function (SmearNetwork *net, gint classes)                                 \
  {                                                                                      \
    published (net, classes, width, flat);                                               \
  }
PUBLISHED (published_cnn, 32, FALSE)
PUBLISHED (published_cnn_narrow, 16, FALSE)
PUBLISHED (published_cnn_wide, 64, FALSE)
PUBLISHED (published_cnn_flat, 32, TRUE)

/* VGG16, configuration D of Simonyan and Zisserman, ICLR 2015. */
static void
vgg16 (SmearNetwork *net, gint classes)
{
  static const gint filters[] = { 64, 64,  0,   128, 128, 0,   256, 256, 256,
                                  0,  512, 512, 512, 0,   512, 512, 512, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (filters[i] > 0)
      conv_relu (net, SMEAR_LAST, filters[i], 3, 3, 1);
    else
      smear_add_max_pool (net, SMEAR_LAST, 2, 2, 0);
  for (gint i = 0; i < 2; i++)
    {
      smear_add_dense (net, SMEAR_LAST, 4096);
      smear_add_relu (net, SMEAR_LAST);
      smear_add_dropout (net, SMEAR_LAST, 0.5f);
    }
  smear_add_dense (net, SMEAR_LAST, classes);
}

/* A bottleneck of ResNet: 1x1, 3x3, 1x1, and the shortcut, projected where the shape
 * changes. */
static gint
bottleneck (SmearNetwork *net, gint from, gint filters, gint stride, gboolean project)
{
  gint shortcut = from;

  conv_norm_relu (net, from, filters, 1, 1, 1, SAME);
  conv_norm_relu (net, SMEAR_LAST, filters, 3, 3, stride, SAME);
  smear_add_conv (net, SMEAR_LAST, 4 * filters, 1, 1, 1, SAME, FALSE);
  gint branch = smear_add_norm (net, SMEAR_LAST);
  if (project)
    {
      smear_add_conv (net, from, 4 * filters, 1, 1, stride, SAME, FALSE);
      shortcut = smear_add_norm (net, SMEAR_LAST);
    }
  smear_add_sum (net, branch, shortcut);
  return smear_add_relu (net, SMEAR_LAST);
}

/* ResNet-50: He et al., CVPR 2016, table 1, with the stride on the 3x3 convolution. */
static void
resnet50 (SmearNetwork *net, gint classes)
{
  static const gint blocks[] = { 3, 4, 6, 3 };

  conv_norm_relu (net, SMEAR_LAST, 64, 7, 7, 2, SAME);
  gint at = smear_add_max_pool (net, SMEAR_LAST, 3, 2, 1);
  for (gint stage = 0; stage < 4; stage++)
    for (gint i = 0; i < blocks[stage]; i++)
      at = bottleneck (net, at, 64 << stage, i == 0 && stage > 0 ? 2 : 1, i == 0);
  smear_add_global_pool (net, at);
  smear_add_dense (net, SMEAR_LAST, classes);
}

/* Inception-v3 after Szegedy et al., CVPR 2016, table 1 and figures 5 to 7, without the
 * auxiliary classifier. */
static gint
inception_a (SmearNetwork *net, gint from, gint pool_filters)
{
  gint b[4];

  b[0] = conv_norm_relu (net, from, 64, 1, 1, 1, SAME);
  conv_norm_relu (net, from, 48, 1, 1, 1, SAME);
  b[1] = conv_norm_relu (net, SMEAR_LAST, 64, 5, 5, 1, SAME);
  conv_norm_relu (net, from, 64, 1, 1, 1, SAME);
  conv_norm_relu (net, SMEAR_LAST, 96, 3, 3, 1, SAME);
  b[2] = conv_norm_relu (net, SMEAR_LAST, 96, 3, 3, 1, SAME);
  smear_add_average_pool (net, from, 3, 1, 1);
  b[3] = conv_norm_relu (net, SMEAR_LAST, pool_filters, 1, 1, 1, SAME);
  return smear_add_concat (net, b, 4);
}

static gint
reduction_a (SmearNetwork *net, gint from)
{
  gint b[3];

  b[0] = conv_norm_relu (net, from, 384, 3, 3, 2, VALID);
  conv_norm_relu (net, from, 64, 1, 1, 1, SAME);
  conv_norm_relu (net, SMEAR_LAST, 96, 3, 3, 1, SAME);
  b[1] = conv_norm_relu (net, SMEAR_LAST, 96, 3, 3, 2, VALID);
  b[2] = smear_add_max_pool (net, from, 3, 2, 0);
  return smear_add_concat (net, b, 3);
}

static gint
inception_b (SmearNetwork *net, gint from, gint c)
{
  gint b[4];

  b[0] = conv_norm_relu (net, from, 192, 1, 1, 1, SAME);
  conv_norm_relu (net, from, c, 1, 1, 1, SAME);
  conv_norm_relu (net, SMEAR_LAST, c, 1, 7, 1, SAME);
  b[1] = conv_norm_relu (net, SMEAR_LAST, 192, 7, 1, 1, SAME);
  conv_norm_relu (net, from, c, 1, 1, 1, SAME);
  for (gint i = 0; i < 2; i++)
    {
      conv_norm_relu (net, SMEAR_LAST, c, 7, 1, 1, SAME);
      b[2] = conv_norm_relu (net, SMEAR_LAST, i == 0 ? c : 192, 1, 7, 1, SAME);
    }
  smear_add_average_pool (net, from, 3, 1, 1);
  b[3] = conv_norm_relu (net, SMEAR_LAST, 192, 1, 1, 1, SAME);
  return smear_add_concat (net, b, 4);
}

static gint
reduction_b (SmearNetwork *net, gint from)
{
  gint b[3];

  conv_norm_relu (net, from, 192, 1, 1, 1, SAME);
  b[0] = conv_norm_relu (net, SMEAR_LAST, 320, 3, 3, 2, VALID);
  conv_norm_relu (net, from, 192, 1, 1, 1, SAME);
  conv_norm_relu (net, SMEAR_LAST, 192, 1, 7, 1, SAME);
  conv_norm_relu (net, SMEAR_LAST, 192, 7, 1, 1, SAME);
  b[1] = conv_norm_relu (net, SMEAR_LAST, 192, 3, 3, 2, VALID);
  b[2] = smear_add_max_pool (net, from, 3, 2, 0);
  return smear_add_concat (net, b, 3);
}

/* Two convolutions side by side over the same map: 1x3 and 3x1. */
static gint
spread (SmearNetwork *net, gint from)
{
  gint b[2];

  b[0] = conv_norm_relu (net, from, 384, 1, 3, 1, SAME);
  b[1] = conv_norm_relu (net, from, 384, 3, 1, 1, SAME);
  return smear_add_concat (net, b, 2);
}

static gint
inception_c (SmearNetwork *net, gint from)
{
  gint b[4];

  b[0] = conv_norm_relu (net, from, 320, 1, 1, 1, SAME);
  b[1] = spread (net, conv_norm_relu (net, from, 384, 1, 1, 1, SAME));
  conv_norm_relu (net, from, 448, 1, 1, 1, SAME);
  b[2] = spread (net, conv_norm_relu (net, SMEAR_LAST, 384, 3, 3, 1, SAME));
  smear_add_average_pool (net, from, 3, 1, 1);
  b[3] = conv_norm_relu (net, SMEAR_LAST, 192, 1, 1, 1, SAME);
  return smear_add_concat (net, b, 4);
}

static void
inception_v3 (SmearNetwork *net, gint classes)
{
  static const gint pool_filters[] = { 32, 64, 64 }, middle[] = { 128, 160, 160, 192 };

  conv_norm_relu (net, SMEAR_LAST, 32, 3, 3, 2, VALID);
  conv_norm_relu (net, SMEAR_LAST, 32, 3, 3, 1, VALID);
  conv_norm_relu (net, SMEAR_LAST, 64, 3, 3, 1, SAME);
  smear_add_max_pool (net, SMEAR_LAST, 3, 2, 0);
  conv_norm_relu (net, SMEAR_LAST, 80, 1, 1, 1, VALID);
  conv_norm_relu (net, SMEAR_LAST, 192, 3, 3, 1, VALID);
  gint at = smear_add_max_pool (net, SMEAR_LAST, 3, 2, 0);
  for (guint i = 0; i < G_N_ELEMENTS (pool_filters); i++)
    at = inception_a (net, at, pool_filters[i]);
  at = reduction_a (net, at);
  for (guint i = 0; i < G_N_ELEMENTS (middle); i++)
    at = inception_b (net, at, middle[i]);
  at = reduction_b (net, at);
  for (gint i = 0; i < 2; i++)
    at = inception_c (net, at);
  smear_add_global_pool (net, at);
  smear_add_dropout (net, SMEAR_LAST, 0.5f);
  smear_add_dense (net, SMEAR_LAST, classes);
}

/* Ours: one leukocyte at a time, everything round it hidden. Residual blocks, since what
 * tells the classes apart is texture at several scales. */
static gint
residual (SmearNetwork *net, gint from, gint filters, gint stride)
{
  gint shortcut = from;

  conv_norm_relu (net, from, filters, 3, 3, stride, SAME);
  smear_add_conv (net, SMEAR_LAST, filters, 3, 3, 1, SAME, FALSE);
  gint branch = smear_add_norm (net, SMEAR_LAST);
  if (stride > 1)
    {
      smear_add_conv (net, from, filters, 1, 1, stride, SAME, FALSE);
      shortcut = smear_add_norm (net, SMEAR_LAST);
    }
  smear_add_sum (net, branch, shortcut);
  return smear_add_relu (net, SMEAR_LAST);
}

static void
cell (SmearNetwork *net, gint classes)
{
  gint at = conv_norm_relu (net, SMEAR_LAST, 32, 3, 3, 1, SAME);

  at = smear_add_max_pool (net, at, 2, 2, 0);
  at = residual (net, at, 32, 1);
  at = residual (net, at, 64, 2);
  at = residual (net, at, 128, 2);
  smear_add_global_pool (net, at);
  smear_add_dropout (net, SMEAR_LAST, 0.3f);
  smear_add_dense (net, SMEAR_LAST, classes);
}

static const struct
{
  const char *name;
  void (*build) (SmearNetwork *net, gint classes);
} architectures[] = { { "published-cnn", published_cnn },
                      { "cell", cell },
                      { "vgg16", vgg16 },
                      { "resnet50", resnet50 },
                      { "inception-v3", inception_v3 },
                      { "published-cnn-narrow", published_cnn_narrow },
                      { "published-cnn-wide", published_cnn_wide },
                      { "published-cnn-flat", published_cnn_flat } };

const char *const *
smear_architecture_names (void)
{
  static const char *names[G_N_ELEMENTS (architectures) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (architectures); i++)
    names[i] = architectures[i].name;
  return names;
}

/* Does every window find a map that is at least as large? */
static gboolean
fits (const SmearNetwork *net)
{
  for (guint i = 1; i < net->layers->len; i++)
    {
      const SmearLayer *layer = smear_network_layer (net, i);
      const SmearLayer *from = smear_network_layer (net, layer->in[0]);
      const SmearConvShape *s = &layer->shape;
      gint least = MIN (from->h, from->w) + 2 * layer->pad;
      gboolean window = layer->kind == SMEAR_LAYER_MAX_POOL
                        || layer->kind == SMEAR_LAYER_AVERAGE_POOL;

      if (layer->h < 1 || layer->w < 1 || (window && least < layer->size)
          || (layer->kind == SMEAR_LAYER_CONV
              && (s->in_h + 2 * s->pad_top < s->kh || s->in_w + 2 * s->pad_left < s->kw)))
        return FALSE;
    }
  return TRUE;
}

SmearNetwork *
smear_architecture_new (const char *name, gint size, gint classes, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (architectures); i++)
    if (g_strcmp0 (architectures[i].name, name) == 0)
      {
        g_autoptr (SmearNetwork) net = smear_network_new (name, size, size, 3);
        architectures[i].build (net, classes);
        if (fits (net))
          return g_steal_pointer (&net);
        g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                     "%s: pictures of %d pixels are too small for its layers", name,
                     size);
        return NULL;
      }
  g_autofree char *known = g_strjoinv (", ", (char **)smear_architecture_names ());
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               "unknown architecture “%s”; known are %s", name, known);
  return NULL;
}
