#include "pipeline/json-line.h"

#include <json-glib/json-glib.h>
#include <math.h>

void
smear_json_string (GString *json, const char *text)
{
  g_autoptr (JsonNode) node = json_node_new (text ? JSON_NODE_VALUE : JSON_NODE_NULL);
  if (text)
    json_node_set_string (node, text);
  g_autofree char *quoted = json_to_string (node, FALSE);
  g_string_append (json, quoted);
}

void
smear_json_number (GString *json, gdouble value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (json, isfinite (value)
                             ? g_ascii_formatd (digits, sizeof digits, "%.7g", value)
                             : "null");
}

char *
smear_text_from_filename (const char *filename)
{
  GString *text = g_string_new (NULL);
  for (const char *p = filename, *end; *p; p = end)
    {
      if (g_utf8_validate (p, -1, &end))
        {
          g_string_append (text, p);
          break;
        }
      g_string_append_len (text, p, end - p);
      g_string_append_printf (text, "\\x%02X", (guchar)*end++);
    }
  return g_string_free (text, FALSE);
}
