/* ONNX's world is channels first, ours channels last: weights turn from [kh][kw][in][out]
 * into [out][in][kh][kw], and those of a dense layer behind a map have their rows
 * reordered from (y, x, channel) to (channel, y, x).
 */
#include "nn/onnx-export.h"
#include "base/put-file.h"
#include "nn/onnx-message.h"

typedef struct
{
  const SmearNetwork *net;
  GByteArray *graph;
  GStringChunk *names;
  const char **values; /* by layer: name of its output */
  gboolean *flat;      /* by layer: [N, C] instead of [N, C, H, W] */
} Export;

/* Ends @node and returns the name of its output again. */
static const char *
finish (Export *x, GByteArray *node, const char *output)
{
  smear_onnx_add_node (x->graph, node);
  return output;
}

static const char *
add_plain (Export *x, const char *operator, const char * input, const char *output)
{
  return finish (x, smear_onnx_node (operator, & input, 1, output), output);
}

/* A name for what a part of @layer yields. */
static const char *
part_name (Export *x, const SmearLayer *layer, const char *part)
{
  g_autofree char *name = g_strdup_printf ("%s/%s", layer->name, part);

  return g_string_chunk_insert (x->names, name);
}

static const char *
add_vector (Export *x, gint parameter)
{
  const SmearParameter *p = smear_network_parameter (x->net, parameter);

  smear_onnx_begin_tensor (x->graph, p->name, p->dims, 1, p->n);
  smear_onnx_append_floats (x->graph, p->values, p->n, 1);
  return p->name;
}

static const char *
add_conv_weights (Export *x, const SmearLayer *layer)
{
  const SmearParameter *p = smear_network_parameter (x->net, layer->weights);
  const SmearConvShape *s = &layer->shape;
  gint dims[] = { s->out_c, s->in_c, s->kh, s->kw };

  smear_onnx_begin_tensor (x->graph, p->name, dims, 4, p->n);
  for (gint o = 0; o < s->out_c; o++)
    for (gint i = 0; i < s->in_c; i++)
      smear_onnx_append_floats (x->graph, p->values + (gsize)i * s->out_c + o,
                                (gsize)s->kh * s->kw, (gsize)s->in_c * s->out_c);
  return p->name;
}

static const char *
add_dense_weights (Export *x, const SmearLayer *layer)
{
  const SmearParameter *p = smear_network_parameter (x->net, layer->weights);
  const SmearLayer *source = smear_network_layer (x->net, layer->in[0]);

  smear_onnx_begin_tensor (x->graph, p->name, p->dims, 2, p->n);
  for (gint c = 0; c < source->c; c++)
    for (gint pixel = 0; pixel < source->h * source->w; pixel++)
      smear_onnx_append_floats (
          x->graph, p->values + ((gsize)pixel * source->c + c) * layer->c, layer->c, 1);
  return p->name;
}

static const char *
add_norm (Export *x, const SmearLayer *layer, const char *input, const char *output)
{
  const char *inputs[] = { input, add_vector (x, layer->gamma),
                           add_vector (x, layer->beta), add_vector (x, layer->mean),
                           add_vector (x, layer->variance) };
  GByteArray *node = smear_onnx_node ("BatchNormalization", inputs, 5, output);

  smear_onnx_add_float (node, "epsilon", SMEAR_NORM_EPSILON);
  return finish (x, node, output);
}

static const char *
add_pool (Export *x, const char *operator, gint size, gint stride, gint pad,
          const char *input, const char *output)
{
  GByteArray *node = smear_onnx_node (operator, & input, 1, output);

  smear_onnx_add_ints (node, "kernel_shape", (gint[]){ size, size }, 2);
  smear_onnx_add_ints (node, "strides", (gint[]){ stride, stride }, 2);
  smear_onnx_add_ints (node, "pads", (gint[]){ pad, pad, pad, pad }, 4);
  return finish (x, node, output);
}

/* A convolution and what was folded into it. */
static const char *
add_conv (Export *x, const SmearLayer *layer, const char *input)
{
  const SmearConvShape *s = &layer->shape;
  const char *inputs[3] = { input, add_conv_weights (x, layer) };
  const char *value = part_name (x, layer, "conv");
  gint n = 2;

  if (layer->bias >= 0)
    inputs[n++] = add_vector (x, layer->bias);
  GByteArray *node = smear_onnx_node ("Conv", inputs, n, value);
  smear_onnx_add_ints (node, "kernel_shape", (gint[]){ s->kh, s->kw }, 2);
  smear_onnx_add_ints (node, "strides", (gint[]){ s->stride, s->stride }, 2);
  smear_onnx_add_ints (node, "pads",
                       (gint[]){ s->pad_top, s->pad_left, s->pad_top, s->pad_left }, 4);
  finish (x, node, value);
  if (layer->relu)
    value = add_plain (x, "Relu", value, part_name (x, layer, "relu"));
  if (layer->norm)
    value = add_norm (x, layer, value, part_name (x, layer, "norm"));
  if (layer->relu_after)
    value = add_plain (x, "Relu", value, part_name (x, layer, "relu-after"));
  if (layer->pool)
    value = add_pool (x, "MaxPool", 2, 2, 0, value, part_name (x, layer, "pool"));
  return value;
}

static const char *
add_dense (Export *x, const SmearLayer *layer, const char *input)
{
  const char *inputs[] = { input, add_dense_weights (x, layer),
                           add_vector (x, layer->bias) };
  const char *value = part_name (x, layer, "dense");

  if (!x->flat[layer->in[0]])
    inputs[0] = add_plain (x, "Flatten", input, part_name (x, layer, "flat"));
  finish (x, smear_onnx_node ("Gemm", inputs, 3, value), value);
  if (layer->relu)
    value = add_plain (x, "Relu", value, part_name (x, layer, "relu"));
  return value;
}

/* Returns the name of the layer's output. */
static const char *
add_layer (Export *x, const SmearLayer *layer)
{
  const char *inputs[SMEAR_MAX_INPUTS] = { NULL }, *input;
  GByteArray *node;

  for (gint i = 0; i < layer->n_in; i++)
    inputs[i] = x->values[layer->in[i]];
  input = inputs[0];
  switch (layer->kind)
    {
    case SMEAR_LAYER_CONV:
      return add_conv (x, layer, input);
    case SMEAR_LAYER_DENSE:
      return add_dense (x, layer, input);
    case SMEAR_LAYER_NORM:
      return add_norm (x, layer, input, layer->name);
    case SMEAR_LAYER_RELU:
      return add_plain (x, "Relu", input, layer->name);
    case SMEAR_LAYER_MAX_POOL:
      return add_pool (x, "MaxPool", layer->size, layer->stride, layer->pad, input,
                       layer->name);
    case SMEAR_LAYER_AVERAGE_POOL: /* by default padding is not counted: as here */
      return add_pool (x, "AveragePool", layer->size, layer->stride, layer->pad, input,
                       layer->name);
    case SMEAR_LAYER_GLOBAL_POOL:
      return add_plain (x, "GlobalAveragePool", input, layer->name);
    case SMEAR_LAYER_ADD:
      return finish (x, smear_onnx_node ("Add", inputs, 2, layer->name), layer->name);
    case SMEAR_LAYER_CONCAT:
      node = smear_onnx_node ("Concat", inputs, layer->n_in, layer->name);
      smear_onnx_add_int (node, "axis", 1);
      return finish (x, node, layer->name);
    case SMEAR_LAYER_INPUT:
    case SMEAR_LAYER_DROPOUT:
      break;
    }
  return input; /* dropout: nothing, once trained */
}

static void
add_outputs (Export *x, const char *value, gfloat temperature)
{
  const char *inputs[] = { value, "temperature" };
  gint one = 1, dims[] = { -1, smear_network_n_outputs (x->net) };

  /* A temperature of 1 too: so the logits have their own name in every file. */
  smear_onnx_begin_tensor (x->graph, inputs[1], &one, 1, 1);
  smear_onnx_append_floats (x->graph, &temperature, 1, 1);
  finish (x, smear_onnx_node ("Div", inputs, 2, "logits"), "logits");
  add_plain (x, "Softmax", "logits", "probabilities"); /* over the last axis by default */
  smear_onnx_add_value (x->graph, TRUE, "logits", dims, 2);
  smear_onnx_add_value (x->graph, TRUE, "probabilities", dims, 2);
}

static void
add_graph (Export *x, gfloat temperature)
{
  const SmearNetwork *net = x->net;
  const SmearLayer *input = smear_network_layer (net, 0);
  gint last = (gint)net->layers->len - 1;

  smear_onnx_begin_graph (x->graph, net->architecture);
  smear_onnx_add_value (x->graph, FALSE, "input",
                        (gint[]){ -1, input->c, input->h, input->w }, 4);
  x->values[0] = "input";
  for (gint i = 1; i <= last; i++)
    {
      const SmearLayer *layer = smear_network_layer (net, i);
      x->flat[i] = layer->kind == SMEAR_LAYER_DENSE || x->flat[layer->in[0]];
      x->values[i] = add_layer (x, layer);
    }
  add_outputs (x, x->values[last], temperature);
}

gboolean
smear_network_export_onnx (const SmearNetwork *net, gfloat temperature,
                           const SmearOnnxNote *notes, gsize n_notes, const char *path,
                           GError **error)
{
  g_autoptr (GByteArray) graph = g_byte_array_new (), head = g_byte_array_new ();
  g_autoptr (GStringChunk) names = g_string_chunk_new (4096);
  g_autofree const char **values = g_new0 (const char *, net->layers->len);
  g_autofree gboolean *flat = g_new0 (gboolean, net->layers->len);
  Export x = { net, graph, names, values, flat };
  g_autoptr (GError) why = NULL;

  add_graph (&x, temperature);
  smear_onnx_begin_model (head, notes, n_notes, graph->len);
  g_byte_array_append (head, graph->data, graph->len);
  if (smear_put_file (path, (const char *)head->data, head->len, 0666, &why))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "cannot write %s: %s", path,
               why->message);
  return FALSE;
}
