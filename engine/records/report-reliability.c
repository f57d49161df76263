/* What a model says of itself in its metadata: how often it was right, and other JSON. */
#include "records/report-private.h"

#include "train/metrics.h"

#include <json-glib/json-glib.h>

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
  g_autoptr (JsonNode) node = table ? json_from_string (table, NULL) : NULL;
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
      "Of %.0f answers on smears kept back with a probability of %.0f to %.0f" NARROW
      "%%, %.0f were right: %.1f" NARROW "%%, 95" NARROW "%% interval %.1f to %.1f" NARROW
      "%%.",
      bin[2], 100 * bin[0], 100 * bin[1], bin[3], 100 * bin[3] / bin[2],
      100 * interval.low, 100 * interval.high);
}

static void
append_value (GString *text, JsonNode *node)
{
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    g_string_append (text, json_node_get_string (node));
  else if (JSON_NODE_HOLDS_VALUE (node)
           && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    g_string_append_printf (text, "%.4g", json_node_get_double (node));
  else
    {
      g_autofree char *json = json_to_string (node, FALSE);
      g_string_append (text, json);
    }
}

/* A row for each member that is not made of others; their names in front. */
static void
flatten (GString *text, const char *name, JsonNode *node, guint *n_lines)
{
  if (*n_lines >= MAX_LINES)
    return;
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr (GList) names = json_object_get_members (json_node_get_object (node));

      for (GList *each = names; each; each = each->next)
        {
          g_autofree char *longer = *name ? g_strdup_printf ("%s, %s", name,
                                                             (char *)each->data)
                                          : g_strdup (each->data);
          g_strdelimit (longer, "_", ' ');
          flatten (text, longer,
                   json_object_get_member (json_node_get_object (node), each->data),
                   n_lines);
        }
      return;
    }
  if (JSON_NODE_HOLDS_ARRAY (node)
      && json_array_get_length (json_node_get_array (node)) > 0
      && !JSON_NODE_HOLDS_VALUE (json_array_get_element (json_node_get_array (node), 0)))
    {
      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        flatten (text, name, json_array_get_element (json_node_get_array (node), i),
                 n_lines);
      return;
    }
  if (text->len > 0)
    g_string_append_c (text, '\n');
  if (*name)
    g_string_append_printf (text, "%s: ", name);
  append_value (text, node);
  ++*n_lines;
}

char *
smear_report_plain (const char *text)
{
  g_autoptr (JsonNode) node = *text == '{' || *text == '[' ? json_from_string (text, NULL)
                                                           : NULL;
  GString *plain;
  guint n_lines = 0;

  if (!node)
    return g_utf8_make_valid (text, -1);
  plain = g_string_new (NULL);
  flatten (plain, "", node, &n_lines);
  return g_string_free (plain, FALSE);
}
