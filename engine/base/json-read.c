#include "base/json-read.h"

#include <smearscope/error.h>
#include <smearscope/finding.h>
#include <string.h>

/* Nothing that is meant is nested as deep as this. */
#define MOST_DEPTH 64

/* Bytes of the four digits and what leads to them; 0 if they are none. */
static gsize
unit_at (const char *at, gsize left, guint *unit)
{
  *unit = 0;
  if (left < 6 || at[0] != '\\' || at[1] != 'u')
    return 0;
  for (gsize i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (at[i]))
        return 0;
      *unit = 16 * *unit + g_ascii_xdigit_value (at[i]);
    }
  return 6;
}

/* Bytes of an escape; 0 for half a one, where json-glib would take the quote behind it
 * for a part and see the string end elsewhere. */
static gsize
escape_at (const char *at, gsize left)
{
  guint unit;
  gsize first, second;

  if (left < 2 || at[1] != 'u')
    return MIN (left, 2);
  first = unit_at (at, left, &unit);
  if (first == 0 || unit < 0xd800 || unit > 0xdfff)
    return first;
  second = unit_at (at + first, left - first, &unit);
  return second ? first + second : 0;
}

gboolean
smear_json_is_shallow (const char *text, gsize length)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (gsize i = 0, step; i < length; i += step)
    {
      step = in_string && text[i] == '\\' ? escape_at (text + i, length - i) : 1;
      if (step == 0)
        return FALSE;
      if (text[i] == '"')
        in_string = !in_string;
      else if (in_string)
        continue;
      else if (text[i] == '[' || text[i] == '{')
        depth++;
      else if ((text[i] == ']' || text[i] == '}') && depth > 0)
        depth--;
      else if (text[i] == '/' || text[i] == '\'')
        return FALSE;
      if (depth > MOST_DEPTH)
        return FALSE;
    }
  return TRUE;
}

gboolean
smear_json_load (JsonParser *parser, const char *text, gsize length, GError **error)
{
  if (smear_json_is_shallow (text, length))
    return json_parser_load_from_data (parser, text, (gssize)length, error);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
               "no plain JSON, or nested more than %d deep", MOST_DEPTH);
  return FALSE;
}

JsonNode *
smear_json_parse (const char *text)
{
  return smear_json_is_shallow (text, strlen (text)) ? json_from_string (text, NULL)
                                                     : NULL;
}

JsonNode *
smear_json_get (JsonObject *object, const char *name, JsonNodeType type)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && json_node_get_node_type (node) == type ? node : NULL;
}

const char *
smear_json_get_text (JsonObject *object, const char *name)
{
  JsonNode *node = smear_json_get (object, name, JSON_NODE_VALUE);

  return node && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}
