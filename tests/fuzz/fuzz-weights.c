/* Any bytes at all as a weights file: described and within bounds, or refused with a
 * message.
 */
#include "nn/safetensors.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  /* Of the very size, so that reading past the end is noticed; aligned as a mapping is.
   */
  g_autofree char *bytes = g_memdup2 (data, size);
  g_autoptr (SmearTensors) tensors = smear_tensors_parse (bytes, size, "fuzz", &error);

  g_assert ((tensors == NULL) == (error != NULL));
  for (guint i = 0; tensors && i < tensors->tensors->len; i++)
    {
      const SmearTensor *tensor = &g_array_index (tensors->tensors, SmearTensor, i);
      volatile gfloat value = 0;

      g_assert (smear_tensors_find (tensors, tensor->name));
      for (gsize k = 0; k < tensor->n; k++)
        value = tensor->values[k];
      (void)value;
    }
  return 0;
}
