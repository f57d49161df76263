#include "core/document.h"

#include <json-glib/json-glib.h>

/* The array is taken apart by its own text where it is ours, line by line: numbers keep
 * the digits they were written with. */
GPtrArray *
smear_document_lines (const char *json)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) rows = g_strsplit (json && g_utf8_validate (json, -1, NULL) ? json : "",
                                    "\n", -1);

  for (char **row = rows; *row; row++)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();
      gsize length = strlen (g_strstrip (*row));

      if (length > 0 && (*row)[length - 1] == ',')
        (*row)[length - 1] = '\0';
      if (g_str_has_prefix (*row, "{\"file\":")
          && smear_json_is_shallow (*row, strlen (*row))
          && json_parser_load_from_data (parser, *row, -1, NULL)
          && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
        g_ptr_array_add (lines, g_strdup (*row));
    }
  return lines;
}

char *
smear_document_new (GPtrArray *lines)
{
  GString *json = g_string_new ("{\"smearscope\": \"" SMEARSCOPE_VERSION
                                "\", \"research_use_only\": true, \"findings\": [\n");

  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (json, "%s%s\n", (const char *)lines->pdata[i],
                            i + 1 < lines->len ? "," : "");
  g_string_append (json, "]}\n");
  return g_string_free (json, FALSE);
}
