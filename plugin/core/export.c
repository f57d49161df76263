/* The procedure plug-in-smearscope-export-findings: what the image's parasite holds, as a
 * table, as JSON Lines, or as GeoJSON in the flavour that QuPath imports. */
#include "core/run.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "core/document.h"
#include "core/texts.h"

typedef void (*Writer) (GPtrArray *lines, GString *text);

static JsonObject *
parse (const char *line, JsonParser *parser)
{
  /* smear_document_lines() hands out nothing but objects. */
  json_parser_load_from_data (parser, line, -1, NULL);
  return json_node_get_object (json_parser_get_root (parser));
}

/* Quoted; what a spreadsheet would run as a formula has an apostrophe before it, as in
 * the engine's tables. */
static void
append_csv_text (GString *text, const char *field)
{
  g_auto (GStrv) pieces = g_strsplit (field, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", pieces);

  g_string_append_printf (text, "\"%s%s\"",
                          *field && strchr ("=+-@\t\r'", *field) ? "'" : "", doubled);
}

static void
append_number (GString *text, gdouble number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (text, g_ascii_formatd (digits, sizeof digits, "%.7g", number));
}

static const char *
member_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : "";
}

static gdouble
member_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 0;
}

static JsonObject *
member_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
member_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* x, y, width, height; zeros where the parasite was tampered with. */
static SmearRegion
member_region (JsonObject *object, const char *name)
{
  JsonArray *array = member_array (object, name);
  gint v[4] = { 0 };

  for (guint i = 0; array && i < 4 && i < json_array_get_length (array); i++)
    if (JSON_NODE_HOLDS_VALUE (json_array_get_element (array, i)))
      v[i] = (gint)json_array_get_int_element (array, i);
  return (SmearRegion){ v[0], v[1], v[2], v[3] };
}

static void
write_csv (GPtrArray *lines, GString *text)
{
  g_string_append (text, "file,class,confidence");
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    g_string_append_printf (text, ",%s", smear_class_name (i));
  g_string_append (text, ",malignant,verdict,cells,x,y,width,height,model,"
                         "research_use_only\n");
  for (guint row = 0; row < lines->len; row++)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();
      JsonObject *finding = parse (lines->pdata[row], parser);
      JsonObject *probabilities = member_object (finding, "probabilities");
      JsonArray *cells = member_array (finding, "cells");
      SmearRegion region = member_region (finding, "region");

      append_csv_text (text, member_text (finding, "file"));
      g_string_append_printf (text, ",%s,", member_text (finding, "class"));
      append_number (text, member_number (finding, "confidence"));
      for (gint i = 0; i < SMEAR_N_CLASSES; i++)
        {
          g_string_append_c (text, ',');
          append_number (text, probabilities
                                   ? member_number (probabilities, smear_class_name (i))
                                   : 0);
        }
      g_string_append_c (text, ',');
      append_number (text, member_number (finding, "malignant"));
      g_string_append_printf (text, ",%s,%u,%d,%d,%d,%d,",
                              member_text (finding, "verdict"),
                              cells ? json_array_get_length (cells) : 0, region.x,
                              region.y, region.width, region.height);
      append_csv_text (text, member_text (finding, "model"));
      g_string_append (text, ",yes\n");
    }
}

static void
write_json_lines (GPtrArray *lines, GString *text)
{
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "%s\n", (const char *)lines->pdata[i]);
}

static void
add_polygon (JsonBuilder *builder, const SmearRegion *box)
{
  const gint x[] = { box->x, box->x + box->width, box->x + box->width, box->x, box->x };
  const gint y[] = { box->y, box->y, box->y + box->height, box->y + box->height, box->y };

  json_builder_set_member_name (builder, "geometry");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, "Polygon");
  json_builder_set_member_name (builder, "coordinates");
  json_builder_begin_array (builder);
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (x); i++)
    {
      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, x[i]);
      json_builder_add_int_value (builder, y[i]);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_class (JsonBuilder *builder, JsonObject *object)
{
  JsonObject *probabilities = member_object (object, "probabilities");
  SmearClass klass = smear_class_from_name (member_text (object, "class"));

  if (klass != SMEAR_CLASS_NONE)
    {
      json_builder_set_member_name (builder, "classification");
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "name");
      json_builder_add_string_value (builder, smear_class_title (klass));
      json_builder_end_object (builder);
    }
  json_builder_set_member_name (builder, "measurements");
  json_builder_begin_object (builder);
  for (gint i = 0; probabilities && i < SMEAR_N_CLASSES; i++)
    {
      json_builder_set_member_name (builder, smear_class_title (i));
      json_builder_add_double_value (builder,
                                     member_number (probabilities, smear_class_name (i)));
    }
  json_builder_end_object (builder);
}

static void
add_feature (JsonBuilder *builder, const char *type, JsonObject *object,
             const SmearRegion *box)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, "Feature");
  add_polygon (builder, box);
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "objectType");
  json_builder_add_string_value (builder, type);
  add_class (builder, object);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
write_geojson (GPtrArray *lines, GString *text)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *json = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, "FeatureCollection");
  json_builder_set_member_name (builder, "disclaimer");
  json_builder_add_string_value (builder, SMEAR_DISCLAIMER);
  json_builder_set_member_name (builder, "features");
  json_builder_begin_array (builder);
  for (guint i = 0; i < lines->len; i++)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();
      JsonObject *finding = parse (lines->pdata[i], parser);
      JsonArray *cells = member_array (finding, "cells");
      SmearRegion region = member_region (finding, "region");

      add_feature (builder, "annotation", finding, &region);
      for (guint c = 0; cells && c < json_array_get_length (cells); c++)
        if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (cells, c)))
          {
            JsonObject *cell = json_array_get_object_element (cells, c);
            SmearRegion box = member_region (cell, "box");
            add_feature (builder, "detection", cell, &box);
          }
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json = json_to_string (root, TRUE);
  g_string_append_printf (text, "%s\n", json);
}

static Writer
writer_for (const char *format, const char *path)
{
  static const struct
  {
    const char *format, *suffix;
    Writer write;
  } known[] = { { "csv", ".csv", write_csv },
                { "jsonl", ".jsonl", write_json_lines },
                { "geojson", ".geojson", write_geojson } };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (format, known[i].format)
        || (g_str_equal (format, "by-name") && g_str_has_suffix (lower, known[i].suffix)))
      return known[i].write;
  return NULL;
}

gboolean
smear_run_export (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                  GError **error)
{
  g_autofree char *json = host->get_findings (host);
  g_autoptr (GPtrArray) lines = smear_document_lines (json);
  g_autoptr (GString) text = g_string_new (NULL);
  const char *path = "", *format = "";
  Writer write;

  g_variant_dict_lookup (arguments, "file", "&s", &path);
  g_variant_dict_lookup (arguments, "format", "&s", &format);
  write = writer_for (format, path);
  if (lines->len == 0)
    g_set_error (
        error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
        _ ("This image holds no findings yet. Run Classify or Find Cells first."));
  else if (*path == '\0')
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                 _ ("No file is named to write to."));
  else if (write == NULL)
    g_set_error (
        error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
        _ ("%s: the name should end in .csv, .jsonl or .geojson, or the format be "
           "given."),
        path);
  else
    {
      write (lines, text);
      g_variant_dict_insert (results, "findings", "i", (gint)lines->len);
      return g_file_set_contents (path, text->str, text->len, error);
    }
  return FALSE;
}
