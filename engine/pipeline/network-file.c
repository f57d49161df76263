#include "pipeline/network-file.h"
#include "nn/architectures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static gboolean
refuse (GError **error, const char *file, const char *what, const char *name)
{
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_MODEL, "%s: %s “%s”", file, what, name);
  return FALSE;
}

static gboolean
same_shape (const SmearParameter *p, const SmearTensor *t)
{
  if (p->n_dims != t->n_dims || p->n != t->n)
    return FALSE;
  for (gint i = 0; i < p->n_dims; i++)
    if (p->dims[i] != t->dims[i])
      return FALSE;
  return TRUE;
}

static gboolean
copy_values (SmearNetwork *net, const SmearTensors *tensors, const char *file,
             GError **error)
{
  for (guint i = 0; i < net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (net, i);
      const SmearTensor *t = smear_tensors_find (tensors, p->name);
      if (t == NULL)
        return refuse (error, file,
                       "the architecture needs a tensor that is missing:", p->name);
      if (!same_shape (p, t))
        return refuse (error, file, "the shape does not fit the architecture:", p->name);
      for (gsize j = 0; j < p->n; j++)
        if (!isfinite (t->values[j]))
          return refuse (error, file, "values that are no numbers in", p->name);
      memcpy (p->values, t->values, p->n * sizeof (gfloat));
    }
  return TRUE;
}

SmearNetwork *
smear_network_from_tensors (const SmearTensors *tensors, const char *file, GError **error)
{
  const char *architecture = g_hash_table_lookup (tensors->metadata, "architecture");
  const char *size = g_hash_table_lookup (tensors->metadata, "input_size");
  gint pixels = size != NULL ? atoi (size) : 0;

  if (architecture == NULL || pixels < 16 || pixels > 1024)
    {
      refuse (error, file,
              "the metadata must name an architecture and an input_size of 16 to 1024:",
              architecture != NULL ? architecture : "none");
      return NULL;
    }
  g_autoptr (SmearNetwork) net = smear_architecture_new (architecture, pixels, 4, error);
  if (net == NULL)
    {
      g_prefix_error (error, "%s: ", file);
      return NULL;
    }
  smear_network_allocate (net);
  if (!copy_values (net, tensors, file, error))
    return NULL;
  return g_steal_pointer (&net);
}

void
smear_network_append_tensors (const SmearNetwork *net, GArray *tensors)
{
  for (guint i = 0; i < net->parameters->len; i++)
    {
      const SmearParameter *p = smear_network_parameter (net, i);
      SmearTensor t = {
        .name = g_strdup (p->name), .n_dims = p->n_dims, .n = p->n, .values = p->values
      };
      for (gint d = 0; d < p->n_dims; d++)
        t.dims[d] = p->dims[d];
      g_array_append_val (tensors, t);
    }
}
