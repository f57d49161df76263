#include "base/csv.h"

#include <string.h>

void
smear_csv_append (GString *line, const char *text)
{
  if (text[strcspn (text, "\",\r\n")] == '\0' && text[0] != ' ')
    {
      g_string_append_printf (line, "%s,", text);
      return;
    }
  g_string_append_c (line, '"');
  for (; *text; text++)
    {
      if (*text == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *text);
    }
  g_string_append (line, "\",");
}

void
smear_csv_append_number (GString *line, gdouble value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  smear_csv_append (line, g_ascii_formatd (digits, sizeof digits, "%.7g", value));
}

void
smear_csv_append_name (GString *line, const char *name)
{
  /* The apostrophe itself too, or a name that begins with one would be read back without.
   */
  g_autofree char *safe = name && *name && strchr ("=+-@\t\r'", *name)
                              ? g_strconcat ("'", name, NULL)
                              : NULL;

  smear_csv_append (line, safe ? safe : name ? name : "");
}

const char *
smear_csv_name (const char *field)
{
  return *field == '\'' ? field + 1 : field;
}

void
smear_csv_end (GString *line)
{
  g_return_if_fail (line->len > 0);
  line->str[line->len - 1] = '\n';
}

gsize
smear_csv_parse (const char *data, gsize length, char ***fields)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) field = g_string_new (NULL);
  gboolean quoted = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      char c = data[i];
      if (c == '"' && quoted && i + 1 < length && data[i + 1] == '"')
        g_string_append_c (field, data[i++]);
      else if (c == '"')
        quoted = !quoted;
      else if (quoted || (c != ',' && c != '\n' && c != '\r'))
        g_string_append_c (field, c);
      else if (c != '\r')
        {
          g_ptr_array_add (found, g_strdup (field->str));
          g_string_truncate (field, 0);
          if (c == '\n')
            {
              g_ptr_array_add (found, NULL);
              if (fields)
                *fields = (char **)g_ptr_array_steal (found, NULL);
              return i + 1;
            }
        }
    }
  return 0;
}
