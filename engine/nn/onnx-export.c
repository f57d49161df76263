/* ONNX's world is channels first, ours channels last: weights turn from [kh][kw][in][out]
 * into [out][in][kh][kw], and those of a dense layer behind a map have their rows
 * reordered from (y, x, channel) to (channel, y, x).
 */
#include "nn/onnx-export.h"
#include "nn/protobuf.h"

#include <smearscope/smearscope.h>

#include <gio/gio.h>
#include <string.h>

/* Field numbers of onnx.proto, as far as they are used here. */
enum
{
  MODEL_IR_VERSION = 1,
  MODEL_PRODUCER = 2,
  MODEL_PRODUCER_VERSION = 3,
  MODEL_GRAPH = 7,
  MODEL_OPERATORS = 8,
  MODEL_METADATA = 14,
  OPERATORS_VERSION = 2,
  METADATA_KEY = 1,
  METADATA_VALUE = 2,
  GRAPH_NODE = 1,
  GRAPH_NAME = 2,
  GRAPH_INITIALIZER = 5,
  GRAPH_INPUT = 11,
  GRAPH_OUTPUT = 12,
  NODE_INPUT = 1,
  NODE_OUTPUT = 2,
  NODE_NAME = 3,
  NODE_OPERATOR = 4,
  NODE_ATTRIBUTE = 5,
  ATTRIBUTE_NAME = 1,
  ATTRIBUTE_FLOAT = 2,
  ATTRIBUTE_INT = 3,
  ATTRIBUTE_INTS = 8,
  ATTRIBUTE_TYPE = 20,
  TENSOR_DIMS = 1,
  TENSOR_DATA_TYPE = 2,
  TENSOR_NAME = 8,
  TENSOR_RAW_DATA = 9,
  VALUE_NAME = 1,
  VALUE_TYPE = 2,
  TYPE_TENSOR = 1,
  TENSOR_TYPE_ELEMENT = 1,
  TENSOR_TYPE_SHAPE = 2,
  SHAPE_DIM = 1,
  DIM_VALUE = 1,
  DIM_NAME = 2
};

enum
{
  IR_VERSION = 8, /* the one that came with operator set 17 */
  OPERATOR_SET = 17,
  ELEMENT_FLOAT = 1,
  ATTRIBUTE_IS_FLOAT = 1,
  ATTRIBUTE_IS_INT = 2,
  ATTRIBUTE_IS_INTS = 7
};

typedef struct
{
  const SmearNetwork *net;
  GByteArray *graph;
  GStringChunk *names;
  const char **values; /* by layer: name of its output */
  gboolean *flat;      /* by layer: [N, C] instead of [N, C, H, W] */
} Export;

static void
add_int (GByteArray *node, const char *name, gint64 value)
{
  GByteArray *attribute = g_byte_array_new ();

  smear_protobuf_string (attribute, ATTRIBUTE_NAME, name);
  smear_protobuf_int (attribute, ATTRIBUTE_INT, value);
  smear_protobuf_int (attribute, ATTRIBUTE_TYPE, ATTRIBUTE_IS_INT);
  smear_protobuf_message (node, NODE_ATTRIBUTE, attribute);
}

static void
add_float (GByteArray *node, const char *name, gfloat value)
{
  GByteArray *attribute = g_byte_array_new ();

  smear_protobuf_string (attribute, ATTRIBUTE_NAME, name);
  smear_protobuf_float (attribute, ATTRIBUTE_FLOAT, value);
  smear_protobuf_int (attribute, ATTRIBUTE_TYPE, ATTRIBUTE_IS_FLOAT);
  smear_protobuf_message (node, NODE_ATTRIBUTE, attribute);
}

static void
add_ints (GByteArray *node, const char *name, const gint *values, gint n)
{
  GByteArray *attribute = g_byte_array_new ();

  smear_protobuf_string (attribute, ATTRIBUTE_NAME, name);
  for (gint i = 0; i < n; i++)
    smear_protobuf_int (attribute, ATTRIBUTE_INTS, values[i]);
  smear_protobuf_int (attribute, ATTRIBUTE_TYPE, ATTRIBUTE_IS_INTS);
  smear_protobuf_message (node, NODE_ATTRIBUTE, attribute);
}

static GByteArray *
node_new (const char *operator, const char * const * inputs, gint n, const char *output)
{
  GByteArray *node = g_byte_array_new ();

  for (gint i = 0; i < n; i++)
    smear_protobuf_string (node, NODE_INPUT, inputs[i]);
  smear_protobuf_string (node, NODE_OUTPUT, output);
  smear_protobuf_string (node, NODE_NAME, output);
  smear_protobuf_string (node, NODE_OPERATOR, operator);
  return node;
}

/* Ends @node and returns the name of its output again. */
static const char *
finish (Export *x, GByteArray *node, const char *output)
{
  smear_protobuf_message (x->graph, GRAPH_NODE, node);
  return output;
}

static const char *
add_plain (Export *x, const char *operator, const char * input, const char *output)
{
  return finish (x, node_new (operator, & input, 1, output), output);
}

/* A name for what a part of @layer yields. */
static const char *
part_name (Export *x, const SmearLayer *layer, const char *part)
{
  g_autofree char *name = g_strdup_printf ("%s/%s", layer->name, part);

  return g_string_chunk_insert (x->names, name);
}

/* The head of a tensor whose @n floats the caller appends to the graph. */
static void
begin_tensor (Export *x, const char *name, const gint *dims, gint n_dims, gsize n)
{
  g_autoptr (GByteArray) head = g_byte_array_new ();

  for (gint i = 0; i < n_dims; i++)
    smear_protobuf_int (head, TENSOR_DIMS, dims[i]);
  smear_protobuf_int (head, TENSOR_DATA_TYPE, ELEMENT_FLOAT);
  smear_protobuf_string (head, TENSOR_NAME, name);
  smear_protobuf_head (head, TENSOR_RAW_DATA, n * sizeof (gfloat));
  smear_protobuf_head (x->graph, GRAPH_INITIALIZER, head->len + n * sizeof (gfloat));
  g_byte_array_append (x->graph, head->data, head->len);
}

/* Appends @n floats that stand @stride apart. */
static void
append_floats (Export *x, const gfloat *from, gsize n, gsize stride)
{
  guint at = x->graph->len;

  g_byte_array_set_size (x->graph, at + (guint)(n * sizeof (gfloat)));
  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;
      memcpy (&bits, from + i * stride, sizeof bits);
      bits = GUINT32_TO_LE (bits);
      memcpy (x->graph->data + at + i * sizeof bits, &bits, sizeof bits);
    }
}

static const char *
add_vector (Export *x, gint parameter)
{
  const SmearParameter *p = smear_network_parameter (x->net, parameter);

  begin_tensor (x, p->name, p->dims, 1, p->n);
  append_floats (x, p->values, p->n, 1);
  return p->name;
}

static const char *
add_conv_weights (Export *x, const SmearLayer *layer)
{
  const SmearParameter *p = smear_network_parameter (x->net, layer->weights);
  const SmearConvShape *s = &layer->shape;
  gint dims[] = { s->out_c, s->in_c, s->kh, s->kw };

  begin_tensor (x, p->name, dims, 4, p->n);
  for (gint o = 0; o < s->out_c; o++)
    for (gint i = 0; i < s->in_c; i++)
      append_floats (x, p->values + (gsize)i * s->out_c + o, (gsize)s->kh * s->kw,
                     (gsize)s->in_c * s->out_c);
  return p->name;
}

static const char *
add_dense_weights (Export *x, const SmearLayer *layer)
{
  const SmearParameter *p = smear_network_parameter (x->net, layer->weights);
  const SmearLayer *source = smear_network_layer (x->net, layer->in[0]);

  begin_tensor (x, p->name, p->dims, 2, p->n);
  for (gint c = 0; c < source->c; c++)
    for (gint pixel = 0; pixel < source->h * source->w; pixel++)
      append_floats (x, p->values + ((gsize)pixel * source->c + c) * layer->c, layer->c,
                     1);
  return p->name;
}

static const char *
add_norm (Export *x, const SmearLayer *layer, const char *input, const char *output)
{
  const char *inputs[] = { input, add_vector (x, layer->gamma),
                           add_vector (x, layer->beta), add_vector (x, layer->mean),
                           add_vector (x, layer->variance) };
  GByteArray *node = node_new ("BatchNormalization", inputs, 5, output);

  add_float (node, "epsilon", SMEAR_NORM_EPSILON);
  return finish (x, node, output);
}

static const char *
add_pool (Export *x, const char *operator, gint size, gint stride, gint pad,
          const char *input, const char *output)
{
  GByteArray *node = node_new (operator, & input, 1, output);

  add_ints (node, "kernel_shape", (gint[]){ size, size }, 2);
  add_ints (node, "strides", (gint[]){ stride, stride }, 2);
  add_ints (node, "pads", (gint[]){ pad, pad, pad, pad }, 4);
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
  GByteArray *node = node_new ("Conv", inputs, n, value);
  add_ints (node, "kernel_shape", (gint[]){ s->kh, s->kw }, 2);
  add_ints (node, "strides", (gint[]){ s->stride, s->stride }, 2);
  add_ints (node, "pads", (gint[]){ s->pad_top, s->pad_left, s->pad_top, s->pad_left },
            4);
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
  finish (x, node_new ("Gemm", inputs, 3, value), value);
  if (layer->relu)
    value = add_plain (x, "Relu", value, part_name (x, layer, "relu"));
  return value;
}

/* Returns the name of the layer's output. */
static const char *
add_layer (Export *x, const SmearLayer *layer)
{
  const char *inputs[SMEAR_MAX_INPUTS], *input;
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
      return finish (x, node_new ("Add", inputs, 2, layer->name), layer->name);
    case SMEAR_LAYER_CONCAT:
      node = node_new ("Concat", inputs, layer->n_in, layer->name);
      add_int (node, "axis", 1);
      return finish (x, node, layer->name);
    case SMEAR_LAYER_INPUT:
    case SMEAR_LAYER_DROPOUT:
      break;
    }
  return input; /* dropout: nothing, once trained */
}

/* @dims: -1 is the batch */
static void
add_value (Export *x, guint field, const char *name, const gint *dims, gint n)
{
  GByteArray *shape = g_byte_array_new (), *tensor = g_byte_array_new ();
  GByteArray *type = g_byte_array_new (), *value = g_byte_array_new ();

  for (gint i = 0; i < n; i++)
    {
      GByteArray *dim = g_byte_array_new ();
      if (dims[i] < 0)
        smear_protobuf_string (dim, DIM_NAME, "N");
      else
        smear_protobuf_int (dim, DIM_VALUE, dims[i]);
      smear_protobuf_message (shape, SHAPE_DIM, dim);
    }
  smear_protobuf_int (tensor, TENSOR_TYPE_ELEMENT, ELEMENT_FLOAT);
  smear_protobuf_message (tensor, TENSOR_TYPE_SHAPE, shape);
  smear_protobuf_message (type, TYPE_TENSOR, tensor);
  smear_protobuf_string (value, VALUE_NAME, name);
  smear_protobuf_message (value, VALUE_TYPE, type);
  smear_protobuf_message (x->graph, field, value);
}

static void
add_outputs (Export *x, const char *value, gfloat temperature)
{
  const char *inputs[] = { value, "temperature" };
  gint one = 1, dims[] = { -1, smear_network_n_outputs (x->net) };

  /* A temperature of 1 too: so the logits have their own name in every file. */
  begin_tensor (x, inputs[1], &one, 1, 1);
  append_floats (x, &temperature, 1, 1);
  finish (x, node_new ("Div", inputs, 2, "logits"), "logits");
  add_plain (x, "Softmax", "logits", "probabilities"); /* over the last axis by default */
  add_value (x, GRAPH_OUTPUT, "logits", dims, 2);
  add_value (x, GRAPH_OUTPUT, "probabilities", dims, 2);
}

static void
add_graph (Export *x, gfloat temperature)
{
  const SmearNetwork *net = x->net;
  const SmearLayer *input = smear_network_layer (net, 0);
  gint last = (gint)net->layers->len - 1;

  smear_protobuf_string (x->graph, GRAPH_NAME, net->architecture);
  add_value (x, GRAPH_INPUT, "input", (gint[]){ -1, input->c, input->h, input->w }, 4);
  x->values[0] = "input";
  for (gint i = 1; i <= last; i++)
    {
      const SmearLayer *layer = smear_network_layer (net, i);
      x->flat[i] = layer->kind == SMEAR_LAYER_DENSE || x->flat[layer->in[0]];
      x->values[i] = add_layer (x, layer);
    }
  add_outputs (x, x->values[last], temperature);
}

/* What stands around the graph; its fields may come in any order. */
static void
add_model (GByteArray *model, const SmearOnnxNote *notes, gsize n_notes)
{
  GByteArray *operators = g_byte_array_new ();

  smear_protobuf_int (model, MODEL_IR_VERSION, IR_VERSION);
  smear_protobuf_string (model, MODEL_PRODUCER, "smearscope");
  smear_protobuf_string (model, MODEL_PRODUCER_VERSION, SMEARSCOPE_VERSION);
  smear_protobuf_int (operators, OPERATORS_VERSION, OPERATOR_SET);
  smear_protobuf_message (model, MODEL_OPERATORS, operators);
  for (gsize i = 0; i < n_notes; i++)
    {
      GByteArray *note = g_byte_array_new ();
      smear_protobuf_string (note, METADATA_KEY, notes[i].key);
      smear_protobuf_string (note, METADATA_VALUE, notes[i].value);
      smear_protobuf_message (model, MODEL_METADATA, note);
    }
}

static gboolean
write_file (const char *path, GByteArray *head, GByteArray *graph, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream = g_file_replace (
      file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, error);
  GOutputStream *out = G_OUTPUT_STREAM (stream);

  return out != NULL
         && g_output_stream_write_all (out, head->data, head->len, NULL, NULL, error)
         && g_output_stream_write_all (out, graph->data, graph->len, NULL, NULL, error)
         && g_output_stream_close (out, NULL, error);
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
  add_model (head, notes, n_notes);
  smear_protobuf_head (head, MODEL_GRAPH, graph->len);
  if (write_file (path, head, graph, &why))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "cannot write %s: %s", path,
               why->message);
  return FALSE;
}
