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

void
smear_json_strings (GString *json, const char *const *list)
{
  g_string_append_c (json, '[');
  for (const char *const *text = list; *text; text++)
    {
      if (text != list)
        g_string_append (json, ", ");
      smear_json_string (json, *text);
    }
  g_string_append_c (json, ']');
}

void
smear_json_member (GString *json, const char *name)
{
  if (json->len > 0 && json->str[json->len - 1] != '{')
    g_string_append (json, ", ");
  smear_json_string (json, name);
  g_string_append (json, ": ");
}

void
smear_json_member_string (GString *json, const char *name, const char *text)
{
  smear_json_member (json, name);
  smear_json_string (json, text);
}

void
smear_json_member_number (GString *json, const char *name, gdouble value)
{
  smear_json_member (json, name);
  smear_json_number (json, value);
}

void
smear_json_member_integer (GString *json, const char *name, gint64 value)
{
  smear_json_member (json, name);
  g_string_append_printf (json, "%" G_GINT64_FORMAT, value);
}

void
smear_json_member_boolean (GString *json, const char *name, gboolean value)
{
  smear_json_member (json, name);
  g_string_append (json, value ? "true" : "false");
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
