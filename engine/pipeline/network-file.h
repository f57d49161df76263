/* A network in a safetensors file: values by name, how it was made in the metadata. */
#pragma once

#include "nn/network.h"
#include "nn/safetensors.h"

/**
 * smear_network_from_tensors:
 *
 * Builds the architecture that the metadata name, and copies every parameter, whose shape
 * must fit. Errors: %SMEAR_ERROR_MODEL.
 */
SmearNetwork *smear_network_from_tensors (const SmearTensors *tensors, const char *file,
                                          GError **error);

/** smear_network_append_tensors: all parameters, values not copied. */
void smear_network_append_tensors (const SmearNetwork *net, GArray *tensors);
