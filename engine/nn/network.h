/* A network: a list of layers, each reading earlier ones, and its parameters.
 *
 * Built by a few calls that read like the paper's table (see architectures.c). ReLU,
 * batch normalisation and 2x2 pooling that follow a convolution are folded into it as
 * they are added, so that the kernels can do them while the row is in cache; the meaning
 * does not change, and the separate layers exist too.
 */
#pragma once

#include "nn/kernels.h"
#include <smearscope/error.h>

#define SMEAR_MAX_INPUTS 4
#define SMEAR_NORM_EPSILON 1e-3f

typedef enum
{
  SMEAR_LAYER_INPUT,
  SMEAR_LAYER_CONV,
  SMEAR_LAYER_NORM,
  SMEAR_LAYER_RELU,
  SMEAR_LAYER_MAX_POOL,
  SMEAR_LAYER_AVERAGE_POOL,
  SMEAR_LAYER_GLOBAL_POOL,
  SMEAR_LAYER_DENSE,
  SMEAR_LAYER_DROPOUT,
  SMEAR_LAYER_ADD,
  SMEAR_LAYER_CONCAT
} SmearLayerKind;

/**
 * SmearLayer:
 * @in: indices of the layers it reads
 * @h: height of its output
 * @w: width of its output
 * @c: channels of its output
 * @shape: convolution (of a dense layer: 1x1 over the flattened input)
 * @relu: convolution or dense: clip before normalisation
 * @norm: convolution: batch normalisation folded in
 * @relu_after: convolution: clip after normalisation
 * @pool: convolution: 2x2 maximum at the end
 * @size: of a pooling window
 * @rate: of dropout
 * @weights: index of the parameter, -1 if none; likewise @bias, @gamma, @beta, @mean,
 * @variance
 */
typedef struct
{
  SmearLayerKind kind;
  char *name;
  gint n_in, in[SMEAR_MAX_INPUTS];
  gint h, w, c;
  SmearConvShape shape;
  gboolean relu, norm, relu_after, pool;
  gint size, stride, pad;
  gfloat rate;
  gint weights, bias, gamma, beta, mean, variance;
} SmearLayer;

/**
 * SmearParameter:
 * @dims: convolution [kh][kw][in][out], dense [in][out], others [channels]
 * @trained: FALSE for the running statistics of normalisation
 */
typedef struct
{
  char *name;
  gint n_dims, dims[4];
  gsize n;
  gfloat *values;
  gboolean trained;
} SmearParameter;

typedef struct _SmearNetwork
{
  char *architecture;
  GArray *layers;     /* SmearLayer */
  GArray *parameters; /* SmearParameter */
  gfloat *storage; /* all values, once smear_network_initialise() or a file gave them */
  void **packed;   /* by layer, see smear_network_prepare() */
  gfloat **folded; /* by layer: scale, shift of the normalisation */
  const SmearKernels *kernels;
  gboolean apart; /* fold nothing */
} SmearNetwork;

static inline SmearLayer *
smear_network_layer (const SmearNetwork *net, gint i)
{
  return &g_array_index (net->layers, SmearLayer, i);
}

static inline SmearParameter *
smear_network_parameter (const SmearNetwork *net, gint i)
{
  return &g_array_index (net->parameters, SmearParameter, i);
}

static inline gsize
smear_layer_size (const SmearLayer *layer)
{
  return (gsize)layer->h * layer->w * layer->c;
}

SmearNetwork *smear_network_new (const char *architecture, gint h, gint w, gint c);
void smear_network_free (SmearNetwork *net);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearNetwork, smear_network_free)

/* Building: each returns the index of the layer; @from = -1 means the last one so far. */
#define SMEAR_LAST (-1)
gint smear_add_conv (SmearNetwork *net, gint from, gint filters, gint kh, gint kw,
                     gint stride, gboolean same_padding, gboolean bias);
gint smear_add_norm (SmearNetwork *net, gint from);
gint smear_add_relu (SmearNetwork *net, gint from);
gint smear_add_max_pool (SmearNetwork *net, gint from, gint size, gint stride, gint pad);
gint smear_add_average_pool (SmearNetwork *net, gint from, gint size, gint stride,
                             gint pad);
gint smear_add_global_pool (SmearNetwork *net, gint from);
gint smear_add_dense (SmearNetwork *net, gint from, gint units);
gint smear_add_dropout (SmearNetwork *net, gint from, gfloat rate);
gint smear_add_sum (SmearNetwork *net, gint a, gint b);
gint smear_add_concat (SmearNetwork *net, const gint *from, gint n);

/** smear_network_keep_layers_apart: for tests: nothing added later is folded. */
void smear_network_keep_layers_apart (SmearNetwork *net);

/** smear_network_initialise: He-normal weights from @seed (He et al., ICCV 2015), zero
 * biases. */
void smear_network_initialise (SmearNetwork *net, guint64 seed);
/** smear_network_allocate: storage for all parameters, undefined values. */
void smear_network_allocate (SmearNetwork *net);
gint smear_network_n_outputs (const SmearNetwork *net);
gint64 smear_network_n_parameters (const SmearNetwork *net);  /* trained ones */
gint64 smear_network_multiply_adds (const SmearNetwork *net); /* one image, forward */

/**
 * smear_network_prepare:
 *
 * Packs weights for @kernels and folds the running statistics of normalisation. Call once
 * after loading, or again after training changed values; from then on the network may be
 * shared between threads.
 */
void smear_network_prepare (SmearNetwork *net, const SmearKernels *kernels);

/** smear_aligned_new: 64-byte aligned, zeroed; g_free() does not fit,
 * smear_aligned_free() does. */
void *smear_aligned_new (gsize bytes);
void smear_aligned_free (void *p);
