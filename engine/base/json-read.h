/* Members of JSON objects that others wrote: of another type is as good as absent. */
#pragma once

#include <json-glib/json-glib.h>

/** smear_json_get: Returns: (transfer none) (nullable) */
static inline JsonNode *
smear_json_get (JsonObject *object, const char *name, JsonNodeType type)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && json_node_get_node_type (node) == type ? node : NULL;
}

/** smear_json_get_text: Returns: (transfer none) (nullable) */
static inline const char *
smear_json_get_text (JsonObject *object, const char *name)
{
  JsonNode *node = smear_json_get (object, name, JSON_NODE_VALUE);

  return node && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}
