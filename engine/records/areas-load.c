/* Areas from GeoJSON, as QuPath and others export them. */
#include <smearscope/area.h>

#include "base/json-read.h"
#include "pipeline/json-line.h"

#include <math.h>

/* A file with more is a mistake, or hostile. */
#define MOST_AREAS 100000

typedef struct
{
  const char *name; /* of the file, for messages */
  gint width, height;
  GPtrArray *areas;
} Load;

static gboolean
blame (const Load *load, const char *why, GError **error)
{
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT, "%s: feature %u: %s", load->name,
               load->areas->len + 1, why);
  return FALSE;
}

/* Reads x and y; any height after them is passed over. */
static gboolean
read_point (JsonNode *node, SmearPoint *point)
{
  JsonArray *numbers = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gdouble xy[2];

  if (!numbers || json_array_get_length (numbers) < 2)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    {
      JsonNode *number = json_array_get_element (numbers, i);
      if (!JSON_NODE_HOLDS_VALUE (number)
          || json_node_get_value_type (number) == G_TYPE_STRING)
        return FALSE;
      xy[i] = json_node_get_double (number);
      if (!(fabs (xy[i]) < 1e9))
        return FALSE;
    }
  *point = (SmearPoint){ xy[0], xy[1] };
  return TRUE;
}

static gboolean
read_ring (const Load *load, JsonNode *node, SmearArea *area, GError **error)
{
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GArray) ring = g_array_new (FALSE, FALSE, sizeof (SmearPoint));

  for (guint i = 0; list && i < json_array_get_length (list); i++)
    {
      SmearPoint point;
      if (!read_point (json_array_get_element (list, i), &point))
        return blame (load, "its coordinates are no pairs of numbers", error);
      g_array_append_val (ring, point);
    }
  /* GeoJSON says the first point again at the end. */
  const SmearPoint *first = (const SmearPoint *)(gpointer)ring->data;
  if (ring->len > 1 && first->x == first[ring->len - 1].x
      && first->y == first[ring->len - 1].y)
    g_array_set_size (ring, ring->len - 1);
  if (ring->len < 3)
    return blame (load, "an outline needs at least three points", error);
  g_ptr_array_add (area->rings, g_steal_pointer (&ring));
  return TRUE;
}

static gboolean
read_polygon (const Load *load, JsonNode *node, SmearArea *area, GError **error)
{
  JsonArray *rings = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; rings && i < json_array_get_length (rings); i++)
    if (!read_ring (load, json_array_get_element (rings, i), area, error))
      return FALSE;
  return TRUE;
}

/* The pixels whose centres lie between the outermost points, and in the image. */
static gboolean
find_bounds (const Load *load, SmearArea *area, GError **error)
{
  gdouble left = load->width, top = load->height, right = 0, bottom = 0;

  for (guint r = 0; r < area->rings->len; r++)
    {
      const GArray *ring = area->rings->pdata[r];
      for (guint i = 0; i < ring->len; i++)
        {
          const SmearPoint *point = &g_array_index (ring, SmearPoint, i);
          left = MIN (left, point->x);
          right = MAX (right, point->x);
          top = MIN (top, point->y);
          bottom = MAX (bottom, point->y);
        }
    }
  gint x0 = (gint)ceil (MAX (left, 0) - 0.5), y0 = (gint)ceil (MAX (top, 0) - 0.5);
  gint x1 = (gint)ceil (MIN (right, load->width) - 0.5);
  gint y1 = (gint)ceil (MIN (bottom, load->height) - 0.5);

  x0 = MAX (x0, 0);
  y0 = MAX (y0, 0);
  if (x0 >= x1 || y0 >= y1)
    {
      g_autofree char *why = g_strdup_printf (
          "it encloses no pixel of the %d x %d; coordinates are taken in pixels of the "
          "full resolution",
          load->width, load->height);
      return blame (load, why, error);
    }
  area->bounds = (SmearRegion){ x0, y0, x1 - x0, y1 - y0 };
  return TRUE;
}

static gboolean
read_geometry (const Load *load, JsonNode *node, const char *name, GError **error)
{
  JsonObject *geometry = json_node_get_object (node);
  const char *type = smear_json_get_text (geometry, "type");
  JsonNode *coordinates = smear_json_get (geometry, "coordinates", JSON_NODE_ARRAY);
  g_autoptr (SmearArea) area = g_new0 (SmearArea, 1);

  area->name = g_strdup (name);
  area->rings = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  if (!coordinates || !type
      || (!g_str_equal (type, "Polygon") && !g_str_equal (type, "MultiPolygon")))
    return blame (load, "areas are of type Polygon or MultiPolygon; leave out the others",
                  error);
  if (g_str_equal (type, "Polygon"))
    {
      if (!read_polygon (load, coordinates, area, error))
        return FALSE;
    }
  else
    {
      JsonArray *polygons = json_node_get_array (coordinates);
      for (guint i = 0; i < json_array_get_length (polygons); i++)
        if (!read_polygon (load, json_array_get_element (polygons, i), area, error))
          return FALSE;
    }
  if (area->rings->len == 0)
    return blame (load, "it has no outline", error);
  if (load->areas->len >= MOST_AREAS)
    return blame (load, "there are more features than can be meant", error);
  if (!find_bounds (load, area, error))
    return FALSE;
  area->geometry = json_to_string (node, FALSE);
  g_ptr_array_add (load->areas, g_steal_pointer (&area));
  return TRUE;
}

static gboolean
read_feature (const Load *load, JsonNode *node, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *type = smear_json_get_text (object, "type");

  if (g_strcmp0 (type, "Feature") != 0)
    return object ? read_geometry (load, node, NULL, error)
                  : blame (load, "not an object", error);
  JsonNode *geometry = smear_json_get (object, "geometry", JSON_NODE_OBJECT);
  JsonNode *properties = smear_json_get (object, "properties", JSON_NODE_OBJECT);
  if (!geometry)
    return blame (load, "it has no geometry", error);
  return read_geometry (
      load, geometry,
      properties ? smear_json_get_text (json_node_get_object (properties), "name") : NULL,
      error);
}

static gboolean
read_root (const Load *load, JsonNode *root, GError **error)
{
  JsonNode *features = root;

  if (root && JSON_NODE_HOLDS_OBJECT (root)
      && g_strcmp0 (smear_json_get_text (json_node_get_object (root), "type"),
                    "FeatureCollection")
             == 0)
    features = smear_json_get (json_node_get_object (root), "features", JSON_NODE_ARRAY);
  if (!features)
    return blame (load, "there are none", error);
  if (!JSON_NODE_HOLDS_ARRAY (features))
    return read_feature (load, features, error);
  JsonArray *list = json_node_get_array (features);
  for (guint i = 0; i < json_array_get_length (list); i++)
    if (!read_feature (load, json_array_get_element (list, i), error))
      return FALSE;
  return load->areas->len > 0 || blame (load, "there are none", error);
}

GPtrArray *
smear_areas_load (const char *path, gint width, gint height, GError **error)
{
  g_return_val_if_fail (path != NULL && width > 0 && height > 0, NULL);
  g_autoptr (GPtrArray) areas = g_ptr_array_new_with_free_func (
      (GDestroyNotify)smear_area_free);
  g_autofree char *name = smear_text_from_filename (path);
  g_autofree char *text = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) failed = NULL;
  const Load load = { name, width, height, areas };
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &failed))
    {
      g_set_error_literal (error, SMEAR_ERROR, SMEAR_ERROR_IO, failed->message);
      return NULL;
    }
  if (!smear_json_load (parser, text, length, &failed))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT, "%s: not GeoJSON: %s", name,
                   failed->message);
      return NULL;
    }
  return read_root (&load, json_parser_get_root (parser), error)
             ? g_steal_pointer (&areas)
             : NULL;
}
