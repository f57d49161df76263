/* A finding from the line of JSON that it was written as. */
#include <smearscope/finding.h>

#include "base/json-read.h"

#include <math.h>
#include <string.h>

static gfloat
number_of (JsonNode *node)
{
  gdouble value = node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 0;

  return isfinite (value) ? (gfloat)value : 0;
}

static gfloat
number (JsonObject *object, const char *name)
{
  return number_of (smear_json_get (object, name, JSON_NODE_VALUE));
}

static gboolean
truth (JsonObject *object, const char *name)
{
  JsonNode *node = smear_json_get (object, name, JSON_NODE_VALUE);

  return node && json_node_get_boolean (node);
}

static gboolean
read_region (JsonObject *object, const char *name, SmearRegion *region)
{
  JsonNode *node = smear_json_get (object, name, JSON_NODE_ARRAY);
  JsonArray *array = node ? json_node_get_array (node) : NULL;
  gint *const to[] = { &region->x, &region->y, &region->width, &region->height };

  if (!array || json_array_get_length (array) != G_N_ELEMENTS (to))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (to); i++)
    {
      gfloat value = number_of (json_array_get_element (array, i));

      if (fabsf (value) >= 1 << 30)
        return FALSE;
      *to[i] = (gint)json_node_get_int (json_array_get_element (array, i));
    }
  return region->width >= 0 && region->height >= 0;
}

static void
read_probabilities (JsonObject *object, gfloat probabilities[SMEAR_N_CLASSES])
{
  JsonNode *node = smear_json_get (object, "probabilities", JSON_NODE_OBJECT);

  for (gint i = 0; node && i < SMEAR_N_CLASSES; i++)
    probabilities[i] = number (json_node_get_object (node), smear_class_name (i));
}

static SmearClass
read_class (JsonObject *object)
{
  const char *name = smear_json_get_text (object, "class");

  return name ? smear_class_from_name (name) : SMEAR_CLASS_NONE;
}

static gboolean
read_verdict (JsonObject *object, SmearVerdict *verdict)
{
  const char *name = smear_json_get_text (object, "verdict");

  for (gint v = SMEAR_VERDICT_ANSWERED; name && v <= SMEAR_VERDICT_NOT_A_SMEAR; v++)
    if (g_str_equal (name, smear_verdict_name (v)))
      {
        *verdict = v;
        return TRUE;
      }
  return FALSE;
}

static GArray *
read_cells (JsonObject *object)
{
  JsonNode *node = smear_json_get (object, "cells", JSON_NODE_ARRAY);
  JsonArray *array = node ? json_node_get_array (node) : NULL;
  GArray *cells = g_array_new (FALSE, TRUE, sizeof (SmearCell));

  for (guint i = 0; array && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonObject *from = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element)
                                                          : NULL;
      SmearCell cell = { 0 };

      if (!from || !read_region (from, "box", &cell.box))
        continue;
      cell.x = number (from, "x");
      cell.y = number (from, "y");
      cell.area = (gint)CLAMP (number (from, "area"), 0, 1 << 30);
      cell.touches_edge = truth (from, "touches_edge");
      cell.klass = read_class (from);
      read_probabilities (from, cell.probabilities);
      g_array_append_val (cells, cell);
    }
  return cells;
}

static void
read_quality (JsonObject *object, SmearFinding *finding)
{
  JsonNode *node = smear_json_get (object, "quality", JSON_NODE_OBJECT);
  JsonObject *from = node ? json_node_get_object (node) : NULL;
  JsonNode *scale = from ? smear_json_get (from, "um_per_pixel", JSON_NODE_ARRAY) : NULL;
  SmearQuality *quality = &finding->quality;

  finding->has_quality = from != NULL;
  if (!from)
    return;
  quality->is_smear = truth (from, "is_smear");
  quality->blurred = truth (from, "blurred");
  quality->too_dark = truth (from, "too_dark");
  quality->too_bright = truth (from, "too_bright");
  quality->sharpness = number (from, "sharpness");
  if (scale && json_array_get_length (json_node_get_array (scale)) == 2)
    {
      JsonArray *pair = json_node_get_array (scale);
      quality->um_per_pixel_x = number_of (json_array_get_element (pair, 0));
      quality->um_per_pixel_y = number_of (json_array_get_element (pair, 1));
    }
}

SmearFinding *
smear_finding_from_json (const char *json, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (SmearFinding) finding = g_new0 (SmearFinding, 1);
  JsonNode *root;
  JsonObject *object;

  g_return_val_if_fail (json != NULL, NULL);
  root = g_utf8_validate (json, -1, NULL)
                 && smear_json_load (parser, json, strlen (json), NULL)
             ? json_parser_get_root (parser)
             : NULL;
  object = root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  if (!object || !read_region (object, "region", &finding->region)
      || !read_verdict (object, &finding->verdict))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   "this is no finding as Smearscope writes them: %.60s", json);
      return NULL;
    }
  finding->source = g_strdup (smear_json_get_text (object, "file"));
  finding->klass = read_class (object);
  finding->explained = SMEAR_CLASS_NONE;
  read_probabilities (object, finding->probabilities);
  finding->malignant = number (object, "malignant");
  finding->confidence = number (object, "confidence");
  finding->model_name = g_strdup (smear_json_get_text (object, "model"));
  finding->model_hash = g_strdup (smear_json_get_text (object, "model_sha256"));
  finding->cells = read_cells (object);
  read_quality (object, finding);
  return g_steal_pointer (&finding);
}
