/* The text of an entry back into a record. */
#include "records/history-json.h"

#include "base/json-read.h"

#include <string.h>

#define CELL_FIELDS (9 + SMEAR_N_CLASSES)

static gdouble
node_number (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE (node)
                 && json_node_get_value_type (node) != G_TYPE_STRING
             ? json_node_get_double (node)
             : 0;
}

static gdouble
get_number (JsonObject *object, const char *key)
{
  return node_number (json_object_get_member (object, key));
}

static gint
to_int (gdouble value)
{
  return value >= G_MININT && value <= G_MAXINT ? (gint)value : 0;
}

static SmearClass
get_class (JsonObject *object, const char *key)
{
  const char *name = smear_json_get_text (object, key);

  return name ? smear_class_from_name (name) : SMEAR_CLASS_NONE;
}

/* Exactly @n numbers, or zeros. */
static gboolean
array_numbers (JsonNode *node, gdouble *numbers, guint n)
{
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                          : NULL;
  gboolean right = array && json_array_get_length (array) == n;

  for (guint i = 0; i < n; i++)
    numbers[i] = right ? node_number (json_array_get_element (array, i)) : 0;
  return right;
}

static SmearRegion
to_region (const gdouble *numbers)
{
  SmearRegion region = { to_int (numbers[0]), to_int (numbers[1]), to_int (numbers[2]),
                         to_int (numbers[3]) };
  return region;
}

static GArray *
read_cells (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "cells");
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                          : NULL;
  guint n = array ? json_array_get_length (array) : 0;
  GArray *cells = g_array_sized_new (FALSE, TRUE, sizeof (SmearCell), n);

  for (guint i = 0; i < n; i++)
    {
      gdouble fields[CELL_FIELDS];
      SmearCell cell;

      array_numbers (json_array_get_element (array, i), fields, CELL_FIELDS);
      cell.box = to_region (fields);
      cell.x = fields[4];
      cell.y = fields[5];
      cell.area = to_int (fields[6]);
      cell.touches_edge = fields[7] != 0;
      cell.klass = CLAMP (to_int (fields[8]), SMEAR_CLASS_NONE, SMEAR_N_CLASSES - 1);
      for (guint k = 0; k < SMEAR_N_CLASSES; k++)
        cell.probabilities[k] = fields[9 + k];
      g_array_append_val (cells, cell);
    }
  return cells;
}

static void
read_quality (JsonObject *object, SmearFinding *finding)
{
  JsonNode *node = json_object_get_member (object, "quality");
  JsonObject *quality = node && JSON_NODE_HOLDS_OBJECT (node)
                            ? json_node_get_object (node)
                            : NULL;
  gdouble flags[4], measures[3];
  const char *reason;

  if (!quality)
    return;
  array_numbers (json_object_get_member (quality, "flags"), flags, G_N_ELEMENTS (flags));
  array_numbers (json_object_get_member (quality, "measures"), measures,
                 G_N_ELEMENTS (measures));
  finding->has_quality = TRUE;
  finding->quality.is_smear = flags[0] != 0;
  finding->quality.blurred = flags[1] != 0;
  finding->quality.too_dark = flags[2] != 0;
  finding->quality.too_bright = flags[3] != 0;
  finding->quality.sharpness = measures[0];
  finding->quality.um_per_pixel_x = measures[1];
  finding->quality.um_per_pixel_y = measures[2];
  reason = smear_json_get_text (quality, "reason");
  finding->quality.reason = reason ? g_intern_string (reason) : NULL;
}

static char **
read_strings (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                          : NULL;
  g_autoptr (GStrvBuilder) strings = g_strv_builder_new ();

  for (guint i = 0; array && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      if (JSON_NODE_HOLDS_VALUE (element)
          && json_node_get_value_type (element) == G_TYPE_STRING)
        g_strv_builder_add (strings, json_node_get_string (element));
    }
  return g_strv_builder_end (strings);
}

static gboolean
read_verdict (const char *name, SmearVerdict *verdict)
{
  for (*verdict = SMEAR_VERDICT_ANSWERED; *verdict <= SMEAR_VERDICT_NOT_A_SMEAR;
       ++*verdict)
    if (g_strcmp0 (name, smear_verdict_name (*verdict)) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_finding (SmearRecord *record, JsonObject *object)
{
  SmearFinding *finding = record->finding = g_new0 (SmearFinding, 1);
  gdouble numbers[4];

  finding->klass = get_class (object, "class");
  finding->explained = get_class (object, "explained");
  finding->confidence = get_number (object, "confidence");
  finding->malignant = get_number (object, "malignant");
  array_numbers (json_object_get_member (object, "probabilities"), numbers,
                 SMEAR_N_CLASSES);
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    finding->probabilities[i] = numbers[i];
  array_numbers (json_object_get_member (object, "region"), numbers, 4);
  finding->region = to_region (numbers);
  finding->cells = read_cells (object);
  read_quality (object, finding);
  finding->model_name = g_strdup (smear_json_get_text (object, "model"));
  finding->model_hash = g_strdup (smear_json_get_text (object, "model_hash"));
  array_numbers (json_object_get_member (object, "image"), numbers, 2);
  record->image_width = to_int (numbers[0]);
  record->image_height = to_int (numbers[1]);
  record->map_hash = g_strdup (smear_json_get_text (object, "map"));
  record->program = g_strdup (smear_json_get_text (object, "program"));
  record->warnings = read_strings (object, "warnings");
  record->options.explain = get_class (object, "explain");
  record->options.want_map = get_number (object, "want_map") != 0;
  record->options.n_threads = to_int (get_number (object, "threads"));
  return read_verdict (smear_json_get_text (object, "verdict"), &finding->verdict);
}

static gboolean
read_feedback (SmearRecord *record, JsonObject *object)
{
  SmearFeedback *feedback = record->feedback = g_new0 (SmearFeedback, 1);
  const char *name = smear_json_get_text (object, "verdict");

  feedback->klass = get_class (object, "class");
  feedback->cell = to_int (get_number (object, "cell"));
  for (feedback->kind = SMEAR_FEEDBACK_AGREE; feedback->kind <= SMEAR_FEEDBACK_FLAG;
       feedback->kind++)
    if (g_strcmp0 (name, smear_feedback_kind_name (feedback->kind)) == 0)
      return TRUE;
  feedback->kind = SMEAR_FEEDBACK_FLAG;
  return FALSE;
}

static JsonNode *
parse (const char *text)
{
  g_autoptr (JsonNode) node = text ? smear_json_parse (text) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

gboolean
smear_record_read_facts (SmearRecord *record, const char *facts)
{
  g_autoptr (JsonNode) node = parse (facts);
  JsonObject *object = node ? json_node_get_object (node) : NULL;

  if (!object)
    return FALSE;
  record->version = g_strdup (smear_json_get_text (object, "version"));
  switch (record->kind)
    {
    case SMEAR_RECORD_FINDING:
      return read_finding (record, object);
    case SMEAR_RECORD_FEEDBACK:
      return read_feedback (record, object);
    case SMEAR_RECORD_ERASURE:
      record->reason = g_strdup (smear_json_get_text (object, "reason"));
      return TRUE;
    }
  return FALSE;
}

static char *
get_file (JsonObject *object, const char *key)
{
  const char *uri = smear_json_get_text (object, key);

  return uri ? g_filename_from_uri (uri, NULL, NULL) : NULL;
}

gboolean
smear_record_read_personal (SmearRecord *record, const char *personal)
{
  g_autoptr (JsonNode) node = parse (personal);
  JsonObject *object = node ? json_node_get_object (node) : NULL;

  if (!object)
    return FALSE;
  record->user = g_strdup (smear_json_get_text (object, "user"));
  record->path = get_file (object, "path");
  record->model_path = get_file (object, "model_path");
  record->pixel_hash = g_strdup (smear_json_get_text (object, "pixels"));
  if (record->finding)
    record->finding->source = g_strdup (smear_json_get_text (object, "name"));
  if (record->feedback)
    {
      record->feedback->who = g_strdup (record->user);
      record->feedback->note = g_strdup (smear_json_get_text (object, "note"));
    }
  return TRUE;
}

char *
smear_record_read_member (const char *json, const char *key)
{
  g_autoptr (JsonNode) node = parse (json);

  return node ? g_strdup (smear_json_get_text (json_node_get_object (node), key)) : NULL;
}
