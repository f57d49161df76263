/* What a model says of itself in its metadata: how often it was right, and other JSON. */
#include "records/report-private.h"

#include "base/json-read.h"
#include "train/metrics.h"

#include <string.h>

#define NARROW "\u202f"
/* More lines than this belong into the card, not on a report. */
#define MAX_LINES 40

static gboolean
read_bin (JsonNode *node, gdouble bin[4])
{
  JsonArray *row = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (!row || json_array_get_length (row) != 4)
    return FALSE;
  for (guint k = 0; k < 4; k++)
    {
      JsonNode *number = json_array_get_element (row, k);

      if (!JSON_NODE_HOLDS_VALUE (number))
        return FALSE;
      bin[k] = json_node_get_double (number);
    }
  return bin[2] >= 1 && bin[2] < 1e9 && bin[3] >= 0 && bin[3] <= bin[2];
}

/* The key “reliability”: [[from, to, answers, right ones], …] of answers to smears kept
 * back, by confidence from 0 to 1. The last bin holds its upper end. */
static gboolean
look_up (const char *table, gdouble confidence, gdouble bin[4])
{
  g_autoptr (JsonNode) node = table ? smear_json_parse (table) : NULL;
  JsonArray *rows = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                         : NULL;

  for (guint i = 0; rows && i < json_array_get_length (rows); i++)
    if (read_bin (json_array_get_element (rows, i), bin) && confidence >= bin[0]
        && (confidence < bin[1] || (confidence <= 1 && bin[1] >= 1)))
      return TRUE;
  return FALSE;
}

char *
smear_report_calibration_text (SmearModel *model, gfloat confidence)
{
  const char *table = model ? smear_model_get_metadata (model, "reliability") : NULL;
  SmearInterval interval;
  gdouble bin[4];

  if (!table)
    return g_strdup ("Not measured: the model does not state how often answers of this "
                     "confidence were right, so no interval can be given.");
  if (!look_up (table, confidence, bin))
    return g_strdup ("Not measured: the model was not tried on answers of this "
                     "confidence, so no interval can be given.");
  interval = smear_wilson (bin[3], bin[2]);
  return g_strdup_printf (
      "Models trained in the same way gave %.0f answers with a probability of %.0f to "
      "%.0f" NARROW "%% to images of smears they had not learnt from; %.0f were right: "
      "%.1f" NARROW "%%, 95" NARROW "%% interval %.1f to %.1f" NARROW
      "%% if images were independent.",
      bin[2], 100 * bin[0], 100 * bin[1], bin[3], 100 * bin[3] / bin[2],
      100 * interval.low, 100 * interval.high);
}

char *
smear_report_calibration_brief (SmearModel *model, gfloat confidence)
{
  const char *table = model ? smear_model_get_metadata (model, "reliability") : NULL;
  SmearInterval interval;
  gdouble bin[4];

  if (!table || !look_up (table, confidence, bin))
    return g_strdup ("not measured");
  interval = smear_wilson (bin[3], bin[2]);
  return g_strdup_printf ("%.1f" NARROW "%% (%.1f–%.1f)", 100 * bin[3] / bin[2],
                          100 * interval.low, 100 * interval.high);
}

static char *
value_text (JsonNode *node)
{
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return g_strdup_printf ("%.4g", json_node_get_double (node));
  return json_to_string (node, FALSE);
}

static char *
name_text (const char *key)
{
  return g_strdelimit (g_strdup (key), "_", ' ');
}

/* “accuracy, 95 % over smears” says more of “accuracy”: it goes on in the same line. */
static const char *
more_of (const char *name, const char *before)
{
  gsize length = before ? strlen (before) : 0;

  return length > 0 && strncmp (name, before, length) == 0
                 && g_str_has_prefix (name + length, ", ")
             ? name + length + 2
             : NULL;
}

static gboolean
is_prose (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
         && strchr (json_node_get_string (node), '\n');
}

static void
add_line (GPtrArray *lines, const char *line)
{
  if (lines->len < MAX_LINES)
    g_ptr_array_add (lines, g_strdup (line));
}

/* Sentences first, each a line; says whether there are any. */
static gboolean
add_prose (GPtrArray *lines, JsonObject *object, GList *names)
{
  gboolean any = FALSE;

  for (GList *each = names; each; each = each->next)
    {
      JsonNode *node = json_object_get_member (object, each->data);
      g_auto (GStrv) sentences = is_prose (node)
                                     ? g_strsplit (json_node_get_string (node), "\n", -1)
                                     : NULL;

      for (guint i = 0; sentences && sentences[i]; i++)
        add_line (lines, sentences[i]);
      any = any || sentences != NULL;
    }
  return any;
}

static void add_node (GPtrArray *lines, const char *name, JsonNode *node);

/* Figures line by line, or beside sentences all in one. */
static void
add_figures (GPtrArray *lines, JsonObject *object, GList *names, gboolean in_one)
{
  g_autoptr (GString) line = g_string_new (in_one ? "In figures: " : NULL);
  g_autofree char *before = NULL;

  for (GList *each = names; each; each = each->next)
    {
      JsonNode *node = json_object_get_member (object, each->data);
      g_autofree char *name = name_text (each->data);
      g_autofree char *value = NULL;
      const char *more = more_of (name, before);

      if (is_prose (node)
          || !(JSON_NODE_HOLDS_VALUE (node) || JSON_NODE_HOLDS_NULL (node)))
        continue;
      value = value_text (node);
      if (more)
        {
          g_string_append_printf (line, " (%s: %s)", more, value);
          continue;
        }
      if (before && !in_one)
        {
          add_line (lines, line->str);
          g_string_truncate (line, 0);
        }
      g_string_append_printf (line, "%s%s: %s", before && in_one ? "; " : "", name,
                              value);
      g_free (before);
      before = g_steal_pointer (&name);
    }
  if (before)
    add_line (lines, line->str);
  for (GList *each = names; each; each = each->next)
    {
      JsonNode *node = json_object_get_member (object, each->data);
      g_autofree char *name = name_text (each->data);

      if (!JSON_NODE_HOLDS_VALUE (node) && !JSON_NODE_HOLDS_NULL (node))
        add_node (lines, name, node);
    }
}

/* An object's name is a line of its own above what is in it. */
static void
add_node (GPtrArray *lines, const char *name, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      g_autoptr (GList) names = json_object_get_members (object);
      g_autofree char *heading = *name ? g_strdup_printf ("%s:", name) : NULL;

      if (heading)
        add_line (lines, heading);
      add_figures (lines, object, names, add_prose (lines, object, names));
    }
  else if (JSON_NODE_HOLDS_ARRAY (node)
           && json_array_get_length (json_node_get_array (node)) > 0
           && !JSON_NODE_HOLDS_VALUE (
               json_array_get_element (json_node_get_array (node), 0)))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      add_node (lines, name, json_array_get_element (json_node_get_array (node), i));
  else
    {
      g_autofree char *value = value_text (node);
      g_autofree char *line = g_strdup_printf ("%s%s%s", name, *name ? ": " : "", value);

      add_line (lines, line);
    }
}

char *
smear_report_plain (const char *text)
{
  g_autoptr (JsonNode) node = *text == '{' || *text == '[' ? smear_json_parse (text)
                                                           : NULL;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  if (!node)
    return g_utf8_make_valid (text, -1);
  add_node (lines, "", node);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **)lines->pdata);
}
