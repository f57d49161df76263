#include "nn/onnx-message.h"
#include "nn/protobuf.h"

#include <smearscope/smearscope.h>

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

void
smear_onnx_add_int (GByteArray *node, const char *name, gint64 value)
{
  GByteArray *attribute = g_byte_array_new ();

  smear_protobuf_string (attribute, ATTRIBUTE_NAME, name);
  smear_protobuf_int (attribute, ATTRIBUTE_INT, value);
  smear_protobuf_int (attribute, ATTRIBUTE_TYPE, ATTRIBUTE_IS_INT);
  smear_protobuf_message (node, NODE_ATTRIBUTE, attribute);
}

void
smear_onnx_add_float (GByteArray *node, const char *name, gfloat value)
{
  GByteArray *attribute = g_byte_array_new ();

  smear_protobuf_string (attribute, ATTRIBUTE_NAME, name);
  smear_protobuf_float (attribute, ATTRIBUTE_FLOAT, value);
  smear_protobuf_int (attribute, ATTRIBUTE_TYPE, ATTRIBUTE_IS_FLOAT);
  smear_protobuf_message (node, NODE_ATTRIBUTE, attribute);
}

void
smear_onnx_add_ints (GByteArray *node, const char *name, const gint *values, gint n)
{
  GByteArray *attribute = g_byte_array_new ();

  smear_protobuf_string (attribute, ATTRIBUTE_NAME, name);
  for (gint i = 0; i < n; i++)
    smear_protobuf_int (attribute, ATTRIBUTE_INTS, values[i]);
  smear_protobuf_int (attribute, ATTRIBUTE_TYPE, ATTRIBUTE_IS_INTS);
  smear_protobuf_message (node, NODE_ATTRIBUTE, attribute);
}

GByteArray *
smear_onnx_node (const char *operator, const char * const * inputs, gint n,
                 const char *output)
{
  GByteArray *node = g_byte_array_new ();

  for (gint i = 0; i < n; i++)
    smear_protobuf_string (node, NODE_INPUT, inputs[i]);
  smear_protobuf_string (node, NODE_OUTPUT, output);
  smear_protobuf_string (node, NODE_NAME, output);
  smear_protobuf_string (node, NODE_OPERATOR, operator);
  return node;
}

void
smear_onnx_begin_graph (GByteArray *graph, const char *name)
{
  smear_protobuf_string (graph, GRAPH_NAME, name);
}

void
smear_onnx_add_node (GByteArray *graph, GByteArray *node)
{
  smear_protobuf_message (graph, GRAPH_NODE, node);
}

void
smear_onnx_begin_tensor (GByteArray *graph, const char *name, const gint *dims,
                         gint n_dims, gsize n)
{
  g_autoptr (GByteArray) head = g_byte_array_new ();

  for (gint i = 0; i < n_dims; i++)
    smear_protobuf_int (head, TENSOR_DIMS, dims[i]);
  smear_protobuf_int (head, TENSOR_DATA_TYPE, ELEMENT_FLOAT);
  smear_protobuf_string (head, TENSOR_NAME, name);
  smear_protobuf_head (head, TENSOR_RAW_DATA, n * sizeof (gfloat));
  smear_protobuf_head (graph, GRAPH_INITIALIZER, head->len + n * sizeof (gfloat));
  g_byte_array_append (graph, head->data, head->len);
}

void
smear_onnx_append_floats (GByteArray *graph, const gfloat *from, gsize n, gsize stride)
{
  guint at = graph->len;

  g_byte_array_set_size (graph, at + (guint)(n * sizeof (gfloat)));
  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;
      memcpy (&bits, from + i * stride, sizeof bits);
      bits = GUINT32_TO_LE (bits);
      memcpy (graph->data + at + i * sizeof bits, &bits, sizeof bits);
    }
}

void
smear_onnx_add_value (GByteArray *graph, gboolean output, const char *name,
                      const gint *dims, gint n)
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
  smear_protobuf_message (graph, output ? GRAPH_OUTPUT : GRAPH_INPUT, value);
}

void
smear_onnx_begin_model (GByteArray *model, const SmearOnnxNote *notes, gsize n_notes,
                        gsize graph_size)
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
  smear_protobuf_head (model, MODEL_GRAPH, graph_size);
}
