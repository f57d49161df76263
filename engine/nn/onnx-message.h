/* The messages of onnx.proto that an export needs, as far as it needs them. Each is
 * written to the end of what it belongs to.
 */
#pragma once

#include "nn/onnx-export.h"

/** smear_onnx_begin_model: everything but the graph, whose @graph_size bytes must follow.
 */
void smear_onnx_begin_model (GByteArray *model, const SmearOnnxNote *notes, gsize n_notes,
                             gsize graph_size);

void smear_onnx_begin_graph (GByteArray *graph, const char *name);

/** smear_onnx_add_value: an input or output of the graph; -1 in @dims is the batch. */
void smear_onnx_add_value (GByteArray *graph, gboolean output, const char *name,
                           const gint *dims, gint n);

/** smear_onnx_begin_tensor: constant @name, whose @n floats must follow. */
void smear_onnx_begin_tensor (GByteArray *graph, const char *name, const gint *dims,
                              gint n_dims, gsize n);
/** smear_onnx_append_floats: @n that stand @stride apart. */
void smear_onnx_append_floats (GByteArray *graph, const gfloat *from, gsize n,
                               gsize stride);

/** smear_onnx_node: named after its output. Returns: (transfer full) */
GByteArray *smear_onnx_node (const char *operator, const char * const * inputs, gint n,
                             const char *output);
/** smear_onnx_add_int: an attribute of @node; likewise the next two. */
void smear_onnx_add_int (GByteArray *node, const char *name, gint64 value);
void smear_onnx_add_float (GByteArray *node, const char *name, gfloat value);
void smear_onnx_add_ints (GByteArray *node, const char *name, const gint *values, gint n);
/** smear_onnx_add_node: @node: (transfer full) */
void smear_onnx_add_node (GByteArray *graph, GByteArray *node);
