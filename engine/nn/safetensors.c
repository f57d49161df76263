#include "nn/safetensors.h"

#include "base/json-read.h"
#include "base/put-file.h"

#include <string.h>

#define MAX_HEADER (16 << 20)
#define MAX_DIMENSION ((gint64)1 << 32)

static void
clear_tensor (gpointer data)
{
  g_free (((SmearTensor *)data)->name);
}

void
smear_tensors_free (SmearTensors *tensors)
{
  g_clear_pointer (&tensors->file, g_mapped_file_unref);
  g_hash_table_unref (tensors->metadata);
  g_array_unref (tensors->tensors);
  g_free (tensors);
}

static gboolean
refuse (GError **error, const char *name, const char *why)
{
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
               "%s: not a usable weights file: %s", name, why);
  return FALSE;
}

/* An array of @n non-negative integers no larger than @limit. */
static gboolean
read_integers (JsonObject *object, const char *member, guint max, gint64 limit,
               gint64 *values, guint *n)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  JsonArray *array = json_node_get_array (node);
  *n = json_array_get_length (array);
  if (*n > max)
    return FALSE;
  for (guint i = 0; i < *n; i++)
    {
      JsonNode *item = json_array_get_element (array, i);
      if (!JSON_NODE_HOLDS_VALUE (item)
          || json_node_get_value_type (item) != G_TYPE_INT64)
        return FALSE;
      values[i] = json_node_get_int (item);
      if (values[i] < 0 || values[i] > limit)
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_tensor (SmearTensors *tensors, const char *name, JsonNode *node, const char *data,
             gsize size, const char *file, GError **error)
{
  SmearTensor t = { .n = 1 };
  gint64 offsets[2];
  guint n_dims, n_offsets;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, file, "a tensor's entry is no object");
  JsonObject *object = json_node_get_object (node);
  if (g_strcmp0 (json_object_get_string_member_with_default (object, "dtype", NULL),
                 "F32")
      != 0)
    return refuse (error, file, "tensors must be F32");
  if (!read_integers (object, "shape", 4, MAX_DIMENSION, t.dims, &n_dims)
      || !read_integers (object, "data_offsets", 2, G_MAXINT64, offsets, &n_offsets)
      || n_offsets != 2)
    return refuse (error, file, "a tensor's shape or offsets are malformed");
  for (guint i = 0; i < n_dims; i++)
    if (t.dims[i] != 0 && t.n > G_MAXSIZE / sizeof (gfloat) / (gsize)t.dims[i])
      return refuse (error, file, "a tensor's shape is absurd");
    else
      t.n *= (gsize)t.dims[i];
  if (offsets[1] < offsets[0] || (guint64)offsets[1] > size
      || (gsize)(offsets[1] - offsets[0]) != t.n * sizeof (gfloat)
      || offsets[0] % sizeof (gfloat) != 0)
    return refuse (error, file,
                   "a tensor lies outside the file or does not fit its shape");
  t.n_dims = n_dims;
  t.name = g_strdup (name);
  t.values = (const gfloat *)(data + offsets[0]);
  g_array_append_val (tensors->tensors, t);
  return TRUE;
}

static gboolean
read_metadata (SmearTensors *tensors, JsonNode *node, const char *file, GError **error)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, file, "its metadata are no object");
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &key, &value))
    {
      if (!JSON_NODE_HOLDS_VALUE (value)
          || json_node_get_value_type (value) != G_TYPE_STRING)
        return refuse (error, file, "metadata must be strings");
      g_hash_table_insert (tensors->metadata, g_strdup (key),
                           g_strdup (json_node_get_string (value)));
    }
  return TRUE;
}

static gboolean
read_header (SmearTensors *tensors, JsonNode *root, const char *data, gsize size,
             const char *file, GError **error)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return refuse (error, file, "its header is no JSON object");
  json_object_iter_init_ordered (&iter, json_node_get_object (root));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      gboolean ok = strcmp (key, "__metadata__") == 0
                        ? read_metadata (tensors, value, file, error)
                        : read_tensor (tensors, key, value, data, size, file, error);
      if (!ok)
        return FALSE;
    }
  return TRUE;
}

SmearTensors *
smear_tensors_parse (const char *bytes, gsize size, const char *name, GError **error)
{
  g_autoptr (SmearTensors) tensors = g_new0 (SmearTensors, 1);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  guint64 length;

  tensors->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  tensors->tensors = g_array_new (FALSE, TRUE, sizeof (SmearTensor));
  g_array_set_clear_func (tensors->tensors, clear_tensor);
  if (size < sizeof length)
    return refuse (error, name, "it is too short"), NULL;
  memcpy (&length, bytes, sizeof length);
  length = GUINT64_FROM_LE (length);
  if (length > MAX_HEADER || length > size - sizeof length)
    return refuse (error, name, "its header is longer than the file, or than 16 MiB"),
           NULL;
  /* Tensors are read in place, so they have to lie on whole floats. */
  if (length % sizeof (gfloat) != 0)
    return refuse (error, name, "its header is not padded to whole floats"), NULL;
  if (!g_utf8_validate_len (bytes + sizeof length, length, NULL)
      || !smear_json_load (parser, bytes + sizeof length, length, NULL))
    return refuse (error, name, "its header is no JSON, or nested too deep"), NULL;
  if (!read_header (tensors, json_parser_get_root (parser),
                    bytes + sizeof length + length, size - sizeof length - length, name,
                    error))
    return NULL;
  return g_steal_pointer (&tensors);
}

SmearTensors *
smear_tensors_open (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, &local);

  if (file == NULL)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s", path, local->message);
      return NULL;
    }
  SmearTensors *tensors = smear_tensors_parse (
      g_mapped_file_get_contents (file), g_mapped_file_get_length (file), path, error);
  if (tensors != NULL)
    tensors->file = g_steal_pointer (&file);
  return tensors;
}

const SmearTensor *
smear_tensors_find (const SmearTensors *tensors, const char *name)
{
  for (guint i = 0; i < tensors->tensors->len; i++)
    if (strcmp (g_array_index (tensors->tensors, SmearTensor, i).name, name) == 0)
      return &g_array_index (tensors->tensors, SmearTensor, i);
  return NULL;
}

static char *
header_json (GHashTable *metadata, GArray *tensors)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (metadata),
                                        (GCompareFunc)strcmp);
  gint64 offset = 0;

  json_builder_begin_object (b);
  json_builder_set_member_name (b, "__metadata__");
  json_builder_begin_object (b);
  for (GList *k = keys; k != NULL; k = k->next)
    {
      json_builder_set_member_name (b, k->data);
      json_builder_add_string_value (b, g_hash_table_lookup (metadata, k->data));
    }
  json_builder_end_object (b);
  for (guint i = 0; i < tensors->len; i++)
    {
      const SmearTensor *t = &g_array_index (tensors, SmearTensor, i);
      json_builder_set_member_name (b, t->name);
      json_builder_begin_object (b);
      json_builder_set_member_name (b, "dtype");
      json_builder_add_string_value (b, "F32");
      json_builder_set_member_name (b, "shape");
      json_builder_begin_array (b);
      for (gint d = 0; d < t->n_dims; d++)
        json_builder_add_int_value (b, t->dims[d]);
      json_builder_end_array (b);
      json_builder_set_member_name (b, "data_offsets");
      json_builder_begin_array (b);
      json_builder_add_int_value (b, offset);
      json_builder_add_int_value (b, offset += t->n * sizeof (gfloat));
      json_builder_end_array (b);
      json_builder_end_object (b);
    }
  json_builder_end_object (b);
  g_autoptr (JsonNode) root = json_builder_get_root (b);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

gboolean
smear_tensors_write (const char *path, GHashTable *metadata, GArray *tensors,
                     GError **error)
{
  g_autofree char *header = header_json (metadata, tensors);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) local = NULL;
  gsize used = strlen (header), padded = (used + 7) / 8 * 8;
  guint64 length = GUINT64_TO_LE (padded);

  g_byte_array_append (bytes, (guint8 *)&length, sizeof length);
  g_byte_array_append (bytes, (guint8 *)header, used);
  g_byte_array_append (bytes, (guint8 *)"       ", padded - used);
  for (guint i = 0; i < tensors->len; i++)
    {
      const SmearTensor *t = &g_array_index (tensors, SmearTensor, i);
      g_byte_array_append (bytes, (const guint8 *)t->values, t->n * sizeof (gfloat));
    }
  if (smear_put_file (path, (char *)bytes->data, bytes->len, 0666, &local))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s", path, local->message);
  return FALSE;
}
