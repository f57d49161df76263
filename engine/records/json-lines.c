#include "base/json-read.h"
#include "pipeline/finding.h"
#include "pipeline/json-line.h"
#include "records/row.h"

#include <string.h>

gsize
smear_row_line_length (const char *data, gsize length)
{
  const char *end = memchr (data, '\n', length);
  return end ? end - data + 1 : 0;
}

static char *
take (JsonObject *object, const char *member)
{
  return g_strdup (json_object_get_string_member_with_default (object, member, NULL));
}

static gboolean
parse (const char *record, gsize length, SmearRowKey *key)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  if (!smear_json_load (parser, record, length, NULL))
    return FALSE;
  JsonNode *root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;

  JsonObject *object = json_node_get_object (root);
  key->file = take (object, "file");
  key->class_name = take (object, "class");
  key->verdict = take (object, "verdict");
  key->sha256 = take (object, "file_sha256");
  key->model_hash = take (object, "model_sha256");
  key->error = take (object, "error");
  key->whole = json_object_get_boolean_member_with_default (object, "whole_image", FALSE);
  JsonNode *region = json_object_get_member (object, "region");
  if (region && JSON_NODE_HOLDS_ARRAY (region)
      && json_array_get_length (json_node_get_array (region)) == 4)
    {
      JsonArray *numbers = json_node_get_array (region);
      key->region = (SmearRegion){ json_array_get_int_element (numbers, 0),
                                   json_array_get_int_element (numbers, 1),
                                   json_array_get_int_element (numbers, 2),
                                   json_array_get_int_element (numbers, 3) };
    }
  return key->file != NULL;
}

static void
print (const SmearBatchRow *row, const SmearRowContext *context, GString *text)
{
  g_string_append_c (text, '{');
  if (row->finding)
    {
      smear_finding_append_json (row->finding, text);
      smear_json_member_boolean (text, "whole_image", context->region == NULL);
      if (context->maps && row->finding->map)
        {
          g_autofree char *map = g_filename_display_name (row->file->map);
          smear_json_member_string (text, "map", map);
        }
    }
  else
    {
      smear_json_member_string (text, "file", row->file->name);
      smear_json_member_string (text, "error", row->error->message);
      smear_json_member_string (text, "model", context->model_name);
    }
  if (row->finding == NULL || row->finding->model_hash == NULL)
    smear_json_member_string (text, "model_sha256", context->model_hash);
  smear_json_member_string (text, "file_sha256", row->sha256);
  g_string_append (text, "}\n");
}

const SmearRowFormat smear_row_json_lines = {
  .start = "{",
  .length = smear_row_line_length,
  .parse = parse,
  .print = print,
};
