/* A page to look through: every image with its heat map and answer, nothing from outside.
 */
#include "records/row.h"

#include <stdlib.h>
#include <string.h>

static const char style[]
    = "body{font:15px/1.4 system-ui,sans-serif;margin:2em;color-scheme:light dark}"
      "main{display:flex;flex-wrap:wrap;gap:12px}"
      "figure{margin:0;padding:6px;width:172px;border:1px solid #8886;border-radius:4px}"
      "figure>div{height:160px;display:flex;align-items:center;justify-content:center}"
      "img{max-width:160px;max-height:160px}"
      "figcaption{font-size:13px;overflow-wrap:anywhere}"
      "figcaption b{display:block}"
      ".failed{border-color:#c33}"
      "table{border-collapse:collapse;margin:1em 0}"
      "td,th{padding:2px 12px;text-align:left;border-bottom:1px solid #8886}"
      "td+td{text-align:right}";

static void
append_attribute (GString *text, const char *name, const char *value)
{
  g_autofree char *escaped = g_markup_escape_text (value ? value : "", -1);
  g_string_append_printf (text, " data-%s=\"", name);
  for (const char *p = escaped; *p; p++) /* a card is one line */
    if (*p == '\n' || *p == '\r' || *p == '\t')
      g_string_append_printf (text, "&#%d;", *p);
    else
      g_string_append_c (text, *p);
  g_string_append_c (text, '"');
}

static void
append_text (GString *text, const char *value)
{
  g_autofree char *escaped = g_markup_escape_text (value, -1);
  g_strdelimit (escaped, "\n\r\t", ' ');
  g_string_append (text, escaped);
}

static void
print (const SmearBatchRow *row, const SmearRowContext *context, GString *text)
{
  const SmearFinding *finding = row->finding;
  g_autofree char *title = finding ? smear_finding_title (finding)
                                   : g_strdup (row->error->message);
  g_autofree char *base = g_path_get_basename (row->file->name);

  g_string_append (text, finding ? "<figure" : "<figure class=\"failed\"");
  append_attribute (text, "file", row->file->name);
  append_attribute (text, "sha256", row->sha256);
  append_attribute (text, "model", context->model_hash);
  append_attribute (text, "error", row->error ? row->error->message : NULL);
  if (finding)
    {
      const SmearRegion *region = &finding->region;
      g_autofree char *numbers = g_strdup_printf ("%d %d %d %d", region->x, region->y,
                                                  region->width, region->height);
      append_attribute (text, "region", numbers);
      append_attribute (text, "whole", context->region ? "no" : "yes");
      append_attribute (text, "verdict", smear_verdict_name (finding->verdict));
      if (finding->klass != SMEAR_CLASS_NONE)
        append_attribute (text, "class", smear_class_name (finding->klass));
    }
  g_string_append (text, "><div>");
  if (row->thumbnail)
    {
      gsize length;
      gconstpointer bytes = g_bytes_get_data (row->thumbnail, &length);
      g_autofree char *letters = g_base64_encode (bytes, length);
      g_string_append_printf (text, "<img src=\"data:image/jpeg;base64,%s\" alt=\"",
                              letters);
      append_text (text, title);
      g_string_append (text, "\"/>");
    }
  g_string_append (text, "</div><figcaption><b>");
  append_text (text, title);
  g_string_append (text, "</b>");
  append_text (text, base);
  g_string_append (text, "</figcaption></figure>\n");
}

static void
take_attributes (GMarkupParseContext *context, const gchar *element, const gchar **names,
                 const gchar **values, gpointer user_data, GError **error)
{
  SmearRowKey *key = user_data;
  for (guint i = 0; names[i]; i++)
    {
      const struct
      {
        const char *name;
        char **where;
      } texts[]
          = { { "data-file", &key->file },        { "data-sha256", &key->sha256 },
              { "data-model", &key->model_hash }, { "data-error", &key->error },
              { "data-class", &key->class_name }, { "data-verdict", &key->verdict } };
      for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
        if (values[i][0] && !*texts[t].where && strcmp (names[i], texts[t].name) == 0)
          *texts[t].where = g_strdup (values[i]);
      if (strcmp (names[i], "data-whole") == 0)
        key->whole = strcmp (values[i], "yes") == 0;
      if (strcmp (names[i], "data-region") == 0)
        {
          g_auto (GStrv) n = g_strsplit (values[i], " ", 5);
          if (g_strv_length (n) == 4)
            key->region = (SmearRegion){ atoi (n[0]), atoi (n[1]), atoi (n[2]),
                                         atoi (n[3]) };
        }
    }
}

/* Only the opening tag matters; what it holds is escaped, so the first '>' ends it. */
static gboolean
parse (const char *record, gsize length, SmearRowKey *key)
{
  static const GMarkupParser callbacks = { .start_element = take_attributes };
  const char *end = memchr (record, '>', length);
  if (end == NULL || !g_str_has_prefix (record, "<figure"))
    return FALSE;

  g_autofree char *tag = g_strdup_printf ("%.*s/>", (gint)(end - record), record);
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (
      &callbacks, G_MARKUP_DEFAULT_FLAGS, key, NULL);
  return g_markup_parse_context_parse (context, tag, -1, NULL) && key->file != NULL;
}

static void
count_keys (GPtrArray *keys, GHashTable *counts)
{
  for (guint i = 0; i < keys->len; i++)
    {
      const SmearRowKey *key = keys->pdata[i];
      SmearClass klass = key->class_name ? smear_class_from_name (key->class_name)
                                         : SMEAR_CLASS_NONE;
      const char *answered = smear_verdict_name (SMEAR_VERDICT_ANSWERED);
      const char *what = key->error ? "could not be judged"
                         : g_strcmp0 (key->verdict, answered) != 0
                             ? key->verdict
                             : smear_class_title (klass);
      gpointer old = g_hash_table_lookup (counts, what);
      g_hash_table_replace (counts, g_strdup (what),
                            GUINT_TO_POINTER (GPOINTER_TO_UINT (old) + 1));
    }
}

static void
page (GPtrArray *keys, GString *before, GString *after)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                         NULL);
  count_keys (keys, counts);

  g_string_append_printf (
      before,
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "img-src data:; style-src 'unsafe-inline'\"/>"
      "<title>Smearscope: contact sheet</title><style>%s</style></head>\n"
      "<body><h1>%u smear images</h1><p><strong>" SMEAR_DISCLAIMER
      "</strong></p>\n<table>\n",
      style, keys->len);

  const char *const order[] = { smear_class_title (SMEAR_CLASS_BENIGN),
                                smear_class_title (SMEAR_CLASS_EARLY),
                                smear_class_title (SMEAR_CLASS_PRE),
                                smear_class_title (SMEAR_CLASS_PRO),
                                smear_verdict_name (SMEAR_VERDICT_UNCERTAIN),
                                smear_verdict_name (SMEAR_VERDICT_NO_LEUKOCYTES),
                                smear_verdict_name (SMEAR_VERDICT_NOT_A_SMEAR),
                                "could not be judged" };
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, order[i]));
      if (n > 0)
        g_string_append_printf (before, "<tr><td>%s</td><td>%u</td></tr>\n", order[i], n);
    }
  g_string_append (before, "</table>\n");
  if (keys->len > SMEAR_CARD_PICTURES)
    g_string_append_printf (before,
                            "<p>Pictures stand with the first %d images only.</p>\n",
                            SMEAR_CARD_PICTURES);
  g_string_append (before, "<main>\n");
  g_string_append (after, "</main></body></html>\n");
}

const SmearRowFormat smear_row_card = {
  .start = "<figure",
  .length = smear_row_line_length,
  .parse = parse,
  .print = print,
  .page = page,
};
