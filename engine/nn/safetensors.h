/* The safetensors file format: eight bytes of length, a JSON header, little-endian
 * tensors (format: huggingface/safetensors, README). Reading maps the file and trusts
 * nothing. */
#pragma once

#include <smearscope/error.h>

typedef struct
{
  char *name;
  gint n_dims;
  gint64 dims[4];
  gsize n;
  const gfloat *values;
} SmearTensor;

/**
 * SmearTensors:
 * @metadata: (element-type utf8 utf8)
 * @tensors: (element-type SmearTensor): 32-bit floats only
 */
typedef struct
{
  GMappedFile *file;
  GHashTable *metadata;
  GArray *tensors;
} SmearTensors;

SmearTensors *smear_tensors_open (const char *path, GError **error);
/** smear_tensors_parse: the same of @size bytes that outlive the result; @name for
 * messages. */
SmearTensors *smear_tensors_parse (const char *bytes, gsize size, const char *name,
                                   GError **error);
void smear_tensors_free (SmearTensors *tensors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearTensors, smear_tensors_free)

/** smear_tensors_find: %NULL if there is none of this name. */
const SmearTensor *smear_tensors_find (const SmearTensors *tensors, const char *name);

/**
 * smear_tensors_write:
 * @tensors: (element-type SmearTensor)
 *
 * Written beside @path, synced and renamed: there is the old file or the new one.
 */
gboolean smear_tensors_write (const char *path, GHashTable *metadata, GArray *tensors,
                              GError **error);
