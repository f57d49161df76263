/* The networks by name. */
#pragma once

#include "nn/network.h"

/**
 * smear_architecture_new:
 * @name: "published-cnn", "cell", "vgg16", "resnet50" or "inception-v3"; or a variant of
 *   the first: "published-cnn-narrow", "published-cnn-wide", "published-cnn-flat"
 * @size: side of the square input in pixels
 * @classes: outputs
 *
 * Returns: (transfer full) (nullable): without values; %SMEAR_ERROR_ARGUMENT if
 *   unknown, or if @size is too small for its layers
 */
SmearNetwork *smear_architecture_new (const char *name, gint size, gint classes,
                                      GError **error);

/** smear_architecture_names: %NULL-ended, static. */
const char *const *smear_architecture_names (void);
