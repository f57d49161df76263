#include "records/geojson.h"

#include "pipeline/json-line.h"

void
smear_geojson_begin (GString *json)
{
  g_string_append (json, "{\"type\": \"FeatureCollection\", \"disclaimer\": ");
  smear_json_string (json, SMEAR_DISCLAIMER);
  g_string_append (json, ", \"features\": [\n");
}

static void
begin_feature (GString *json, const SmearRegion *box, const char *type)
{
  gint x0 = box->x, y0 = box->y, x1 = x0 + box->width, y1 = y0 + box->height;

  g_string_append_printf (json,
                          "{\"type\": \"Feature\", \"geometry\": {\"type\": \"Polygon\", "
                          "\"coordinates\": [[[%d, %d], [%d, %d], [%d, %d], [%d, %d], "
                          "[%d, %d]]]}, \"properties\": {\"objectType\": \"%s\"",
                          x0, y0, x1, y0, x1, y1, x0, y1, x0, y0, type);
}

static void
add_class (GString *json, SmearClass klass)
{
  guint8 rgb[3];

  smear_class_rgb (klass, rgb);
  g_string_append (json, ", \"classification\": {\"name\": ");
  smear_json_string (json, smear_class_title (klass));
  g_string_append_printf (json, ", \"color\": [%d, %d, %d]}", rgb[0], rgb[1], rgb[2]);
}

void
smear_geojson_cell (GString *json, const SmearCell *cell)
{
  begin_feature (json, &cell->box, "detection");
  add_class (json, cell->klass);
  g_string_append (json, ", \"measurements\": {");
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      g_string_append (json, c ? ", " : "");
      smear_json_string (json, smear_class_title (c));
      g_string_append (json, ": ");
      smear_json_number (json, cell->probabilities[c]);
    }
  g_string_append_printf (json, ", \"Nucleus area px\": %d}}}", cell->area);
}

void
smear_geojson_area (GString *json, const SmearRegion *area, const char *name,
                    const char *note)
{
  begin_feature (json, area, "annotation");
  g_string_append (json, ", \"name\": ");
  smear_json_string (json, name);
  if (note)
    {
      g_string_append (json, ", \"classification\": {\"name\": ");
      smear_json_string (json, note);
      g_string_append (json, ", \"color\": [160, 160, 160]}");
    }
  g_string_append (json, ", \"isLocked\": true}}");
}

void
smear_geojson_outline (GString *json, const SmearArea *area, SmearClass klass,
                       const char *measurements)
{
  g_string_append_printf (json,
                          "{\"type\": \"Feature\", \"geometry\": %s, \"properties\": "
                          "{\"objectType\": \"annotation\", \"name\": ",
                          area->geometry);
  smear_json_string (json, area->name ? area->name : "Judged by Smearscope");
  if (klass != SMEAR_CLASS_NONE)
    add_class (json, klass);
  g_string_append_printf (json, ", \"measurements\": {%s}, \"isLocked\": true}}",
                          measurements);
}

void
smear_geojson_end (GString *json)
{
  g_string_append (json, "\n]}\n");
}
