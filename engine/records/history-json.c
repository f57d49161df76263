/* Findings and feedback as text: the facts that stay, and the personal part that may go.
 */
#include "records/history-json.h"

#include "pipeline/json-line.h"

#include <math.h>
#include <sodium.h>
#include <smearscope/smearscope.h>

/* Nine digits bring every float back to the bit, which is what reproducing compares. */
static void
append_float (GString *json, gfloat value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (json, isfinite (value)
                             ? g_ascii_formatd (digits, sizeof digits, "%.9g", value)
                             : "null");
}

static void
append_member (GString *json, const char *key, const char *text)
{
  g_autofree char *valid = text ? g_utf8_make_valid (text, -1) : NULL;

  g_string_append_printf (json, ",\"%s\":", key);
  smear_json_string (json, valid);
}

static void
append_class (GString *json, const char *key, SmearClass klass)
{
  append_member (json, key, klass == SMEAR_CLASS_NONE ? NULL : smear_class_name (klass));
}

static void
append_floats (GString *json, const gfloat *values, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      append_float (json, values[i]);
    }
}

/* The chain's hash stays when facts are sealed; the salt keeps them from being guessed.
 */
static GString *
begin_facts (void)
{
  GString *json = g_string_new ("{\"salt\":\"");
  guint8 salt[8];
  g_autofree char *hex = NULL;

  randombytes_buf (salt, sizeof salt);
  hex = smear_hex (salt, sizeof salt);
  g_string_append_printf (json, "%s\"", hex);
  return json;
}

static char *
end_facts (GString *json)
{
  append_member (json, "version", SMEARSCOPE_VERSION);
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

static void
append_cells (GString *json, GArray *cells)
{
  g_string_append (json, ",\"cells\":[");
  for (guint i = 0; cells && i < cells->len; i++)
    {
      const SmearCell *cell = &g_array_index (cells, SmearCell, i);
      gfloat centre[] = { cell->x, cell->y };

      g_string_append_printf (json, "%s[%d,%d,%d,%d,", i ? "," : "", cell->box.x,
                              cell->box.y, cell->box.width, cell->box.height);
      append_floats (json, centre, 2);
      g_string_append_printf (json, ",%d,%d,%d,", cell->area, cell->touches_edge ? 1 : 0,
                              cell->klass);
      append_floats (json, cell->probabilities, SMEAR_N_CLASSES);
      g_string_append_c (json, ']');
    }
  g_string_append_c (json, ']');
}

static void
append_quality (GString *json, const SmearQuality *quality)
{
  gfloat measures[] = { quality->sharpness, quality->um_per_pixel_x,
                        quality->um_per_pixel_y };

  g_string_append_printf (json, ",\"quality\":{\"flags\":[%d,%d,%d,%d]",
                          quality->is_smear, quality->blurred, quality->too_dark,
                          quality->too_bright);
  g_string_append (json, ",\"measures\":[");
  append_floats (json, measures, G_N_ELEMENTS (measures));
  g_string_append_c (json, ']');
  append_member (json, "reason", quality->reason);
  g_string_append_c (json, '}');
}

static void
append_warnings (GString *json, const SmearFinding *finding)
{
  g_auto (GStrv) warnings = smear_finding_warnings (finding);

  g_string_append (json, ",\"warnings\":[");
  for (guint i = 0; warnings[i]; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      smear_json_string (json, warnings[i]);
    }
  g_string_append_c (json, ']');
}

static void
append_size (GString *json, SmearImage *image, const SmearRecordContext *context)
{
  gint width = image ? smear_image_get_width (image) : 0;
  gint height = image ? smear_image_get_height (image) : 0;

  if (context && context->cut)
    {
      width = context->width;
      height = context->height;
    }
  g_string_append_printf (json, ",\"image\":[%d,%d]", width, height);
}

char *
smear_record_facts_from_finding (const SmearFinding *finding, SmearImage *image,
                                 const SmearRecordContext *context)
{
  const SmearClassifyOptions defaults = SMEAR_CLASSIFY_OPTIONS_DEFAULT;
  const SmearClassifyOptions *options = context && context->options ? context->options
                                                                    : &defaults;
  g_autofree char *map = finding->map ? smear_map_hash (finding->map) : NULL;
  GString *json = begin_facts ();

  append_class (json, "class", finding->klass);
  append_member (json, "verdict", smear_verdict_name (finding->verdict));
  g_string_append (json, ",\"confidence\":");
  append_float (json, finding->confidence);
  g_string_append (json, ",\"malignant\":");
  append_float (json, finding->malignant);
  g_string_append (json, ",\"probabilities\":[");
  append_floats (json, finding->probabilities, SMEAR_N_CLASSES);
  g_string_append_c (json, ']');
  append_class (json, "explained", finding->explained);
  append_member (json, "model", finding->model_name);
  append_member (json, "model_hash", finding->model_hash);
  g_string_append_printf (json, ",\"region\":[%d,%d,%d,%d]", finding->region.x,
                          finding->region.y, finding->region.width,
                          finding->region.height);
  append_size (json, image, context);
  append_cells (json, finding->cells);
  if (finding->has_quality)
    append_quality (json, &finding->quality);
  append_member (json, "map", map);
  append_warnings (json, finding);
  append_class (json, "explain", options->explain);
  g_string_append_printf (json, ",\"want_map\":%s,\"threads\":%d",
                          options->want_map ? "true" : "false", options->n_threads);
  append_member (json, "program", context && context->program ? context->program : NULL);
  return end_facts (json);
}

char *
smear_record_facts_from_feedback (const SmearFeedback *feedback)
{
  GString *json = begin_facts ();

  append_class (json, "class", feedback->klass);
  append_member (json, "verdict", smear_feedback_kind_name (feedback->kind));
  g_string_append_printf (json, ",\"cell\":%d", feedback->cell);
  return end_facts (json);
}

char *
smear_record_facts_from_erasure (const char *reason)
{
  GString *json = begin_facts ();

  append_member (json, "reason", reason);
  return end_facts (json);
}

/* Paths go as URIs, since a file's name may be bytes that are no text. */
static void
append_file (GString *json, const char *key, const char *path)
{
  g_autofree char *absolute = path ? g_canonicalize_filename (path, NULL) : NULL;
  g_autofree char *uri = absolute ? g_filename_to_uri (absolute, NULL, NULL) : NULL;

  append_member (json, key, uri);
}

char *
smear_record_personal_from_finding (const SmearPersonal *personal)
{
  GString *json = g_string_new (NULL);

  append_member (json, "name", personal->name);
  append_file (json, "path", personal->path);
  append_member (json, "pixels", personal->pixel_hash);
  append_member (json, "user", personal->user);
  append_file (json, "model_path", personal->model_path);
  append_member (json, "picture", personal->picture_hash);
  json->str[0] = '{'; /* in place of the first comma */
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

char *
smear_record_personal_from_feedback (const char *who, const char *note)
{
  GString *json = g_string_new (NULL);

  append_member (json, "user", who);
  append_member (json, "note", note);
  json->str[0] = '{';
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}
