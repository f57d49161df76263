/* What the model card beside the weights says, as plain lines. */
#include "records/report-private.h"

#include <string.h>

/* More than this belongs into the card, not on a report. */
#define MAX_LINES 34

static gboolean
is_table_line (const char *line)
{
  return line[0] == '|';
}

/* A row of a table as words; nothing of the line between its head and its body. */
static char *
row_of (const char *line)
{
  g_auto (GStrv) cells = g_strsplit (line, "|", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  if (strspn (line, "|-: \r") == strlen (line))
    return NULL;
  for (guint i = 1; cells[i] && cells[i + 1]; i++)
    {
      const char *cell = g_strstrip (cells[i]);
      if (*cell)
        g_string_append_printf (text, "%s%s", text->len ? " · " : "", cell);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
without_marks (const char *line)
{
  g_auto (GStrv) bold = g_strsplit (line, "**", -1);
  g_autofree char *plain = g_strjoinv ("", bold);
  g_auto (GStrv) code = g_strsplit (plain, "`", -1);

  return g_strjoinv ("", code);
}

/* Lines of a paragraph run on; rows of a table and paragraphs stay apart. */
static void
append_line (GString *text, const char *line, gboolean runs_on)
{
  g_autofree char *row = is_table_line (line) ? row_of (line) : g_strdup (line);
  g_autofree char *plain = row ? without_marks (row) : NULL;

  if (!plain || !*plain)
    return;
  if (text->len > 0)
    g_string_append_c (text, runs_on ? ' ' : '\n');
  g_string_append (text, plain);
}

char *
smear_report_card_section (SmearModel *model, const char *title)
{
  g_autofree char *base = g_strdup (smear_model_get_path (model));
  char *dot = strrchr (base, '.');
  g_autofree char *path = dot ? g_strdup_printf ("%.*s.md", (gint)(dot - base), base)
                              : NULL;
  g_autofree char *heading = g_strconcat ("## ", title, NULL);
  g_autofree char *card = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean inside = FALSE, runs_on = FALSE;
  guint n_taken = 0;

  if (!path || !g_file_get_contents (path, &card, NULL, NULL)
      || !g_utf8_validate (card, -1, NULL))
    return NULL;
  lines = g_strsplit (card, "\n", -1);
  for (guint i = 0; lines[i] && n_taken < MAX_LINES; i++)
    {
      const char *line = g_strchomp (lines[i]);

      if (g_str_has_prefix (line, "## "))
        inside = g_str_equal (line, heading);
      else if (inside)
        {
          line += strspn (line, "> ");
          append_line (text, line, runs_on && !is_table_line (line));
          runs_on = *line && !is_table_line (line);
          n_taken += *line != '\0';
        }
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
