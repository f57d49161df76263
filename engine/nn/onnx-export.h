/* A network as an ONNX file, for everyone who has another runtime. */
#pragma once

#include "nn/network.h"

/**
 * SmearOnnxNote:
 *
 * A line of the file's metadata.
 */
typedef struct
{
  const char *key, *value;
} SmearOnnxNote;

/**
 * smear_network_export_onnx:
 * @net: with values
 * @temperature: logits are divided by it before softmax; 1 for none
 * @notes: (array length=n_notes) (nullable): metadata
 * @path: file to write; replaced whole or not at all
 *
 * Operator set 17. One input, “input”: float [N, channels, height, width]; two outputs,
 * each float [N, classes]: “logits” and “probabilities”. What training folded into a
 * convolution comes out as separate nodes, dropout not at all.
 */
gboolean smear_network_export_onnx (const SmearNetwork *net, gfloat temperature,
                                    const SmearOnnxNote *notes, gsize n_notes,
                                    const char *path, GError **error);
