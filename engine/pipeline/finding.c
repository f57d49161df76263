#include "pipeline/finding.h"

#include "pipeline/json-line.h"

void
smear_finding_free (SmearFinding *finding)
{
  if (finding == NULL)
    return;
  g_free (finding->source);
  g_clear_pointer (&finding->map, smear_heat_map_free);
  g_clear_pointer (&finding->cells, g_array_unref);
  g_free (finding->model_name);
  g_free (finding->model_hash);
  g_free (finding);
}

const char *
smear_verdict_name (SmearVerdict verdict)
{
  switch (verdict)
    {
    case SMEAR_VERDICT_ANSWERED:
      return "answered";
    case SMEAR_VERDICT_UNCERTAIN:
      return "uncertain";
    case SMEAR_VERDICT_NO_LEUKOCYTES:
      return "no leukocytes";
    case SMEAR_VERDICT_NOT_A_SMEAR:
      return "not a smear";
    }
  g_return_val_if_reached (NULL);
}

static void
append_class (GString *json, SmearClass klass)
{
  smear_json_string (json, klass == SMEAR_CLASS_NONE ? NULL : smear_class_name (klass));
}

static void
append_probabilities (GString *json, const gfloat probabilities[SMEAR_N_CLASSES])
{
  g_string_append_c (json, '{');
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      g_string_append_printf (json, "%s\"%s\": ", i ? ", " : "", smear_class_name (i));
      smear_json_number (json, probabilities[i]);
    }
  g_string_append_c (json, '}');
}

static void
append_region (GString *json, const SmearRegion *region)
{
  g_string_append_printf (json, "[%d, %d, %d, %d]", region->x, region->y, region->width,
                          region->height);
}

static void
append_cell (GString *json, const SmearCell *cell)
{
  g_string_append (json, "{\"box\": ");
  append_region (json, &cell->box);
  g_string_append (json, ", \"x\": ");
  smear_json_number (json, cell->x);
  g_string_append (json, ", \"y\": ");
  smear_json_number (json, cell->y);
  g_string_append_printf (json,
                          ", \"area\": %d, \"touches_edge\": %s, \"class\": ", cell->area,
                          cell->touches_edge ? "true" : "false");
  append_class (json, cell->klass);
  g_string_append (json, ", \"probabilities\": ");
  append_probabilities (json, cell->probabilities);
  g_string_append_c (json, '}');
}

static void
append_quality (GString *json, const SmearQuality *quality)
{
  g_string_append_printf (
      json,
      ", \"quality\": {\"is_smear\": %s, \"blurred\": %s, "
      "\"too_dark\": %s, \"too_bright\": %s, \"sharpness\": ",
      quality->is_smear ? "true" : "false", quality->blurred ? "true" : "false",
      quality->too_dark ? "true" : "false", quality->too_bright ? "true" : "false");
  smear_json_number (json, quality->sharpness);
  g_string_append (json, ", \"um_per_pixel\": [");
  smear_json_number (json, quality->um_per_pixel_x);
  g_string_append (json, ", ");
  smear_json_number (json, quality->um_per_pixel_y);
  g_string_append (json, "]}");
}

void
smear_finding_append_json (const SmearFinding *finding, GString *json)
{
  g_auto (GStrv) warnings = smear_finding_warnings (finding);

  g_string_append (json, "\"file\": ");
  smear_json_string (json, finding->source);
  g_string_append (json, ", \"class\": ");
  append_class (json, finding->klass);
  g_string_append (json, ", \"probabilities\": ");
  append_probabilities (json, finding->probabilities);
  g_string_append (json, ", \"malignant\": ");
  smear_json_number (json, finding->malignant);
  g_string_append (json, ", \"confidence\": ");
  smear_json_number (json, finding->confidence);
  g_string_append (json, ", \"model\": ");
  smear_json_string (json, finding->model_name);
  if (finding->model_hash)
    {
      g_string_append (json, ", \"model_sha256\": ");
      smear_json_string (json, finding->model_hash);
    }
  g_string_append (json, ", \"verdict\": ");
  smear_json_string (json, smear_verdict_name (finding->verdict));
  g_string_append (json, ", \"region\": ");
  append_region (json, &finding->region);
  if (finding->has_quality)
    append_quality (json, &finding->quality);
  g_string_append (json, ", \"cells\": [");
  for (guint i = 0; finding->cells && i < finding->cells->len; i++)
    {
      if (i > 0)
        g_string_append (json, ", ");
      append_cell (json, &g_array_index (finding->cells, SmearCell, i));
    }
  g_string_append (json, "], \"warnings\": [");
  for (guint i = 0; warnings[i]; i++)
    {
      if (i > 0)
        g_string_append (json, ", ");
      smear_json_string (json, warnings[i]);
    }
  g_string_append (json, "], \"research_use_only\": true");
}

char *
smear_finding_to_json (const SmearFinding *finding)
{
  g_return_val_if_fail (finding != NULL, NULL);
  GString *json = g_string_new ("{");
  smear_finding_append_json (finding, json);
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

/* The decimal point does not follow the locale: layer names and tables have to be the
 * same wherever they are made. */
static char *
class_and_percent (const SmearFinding *finding)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup_printf (
      "%s %s %%", smear_class_title (finding->klass),
      g_ascii_formatd (digits, sizeof digits, "%.1f", 100.0 * finding->confidence));
}

char *
smear_finding_title (const SmearFinding *finding)
{
  g_return_val_if_fail (finding != NULL, NULL);
  if (finding->verdict == SMEAR_VERDICT_NO_LEUKOCYTES)
    return g_strdup ("no leukocytes found");
  if (finding->verdict == SMEAR_VERDICT_NOT_A_SMEAR)
    return g_strdup ("not a stained smear");
  g_autofree char *answer = class_and_percent (finding);
  return finding->verdict == SMEAR_VERDICT_UNCERTAIN
             ? g_strdup_printf ("uncertain (%s)", answer)
             : g_steal_pointer (&answer);
}

char **
smear_finding_warnings (const SmearFinding *finding)
{
  g_return_val_if_fail (finding != NULL, NULL);
  g_autoptr (GStrvBuilder) warnings = g_strv_builder_new ();
  const SmearQuality *quality = finding->has_quality ? &finding->quality : NULL;

  switch (finding->verdict)
    {
    case SMEAR_VERDICT_ANSWERED:
      if (finding->cells && finding->cells->len == 1)
        g_strv_builder_add (warnings, "The answer rests on a single leukocyte.");
      break;
    case SMEAR_VERDICT_UNCERTAIN:
      g_strv_builder_add (warnings,
                          "No class is probable enough: take this as no answer.");
      break;
    case SMEAR_VERDICT_NO_LEUKOCYTES:
      g_strv_builder_add (warnings,
                          "No leukocytes were found, so there is nothing to judge.");
      break;
    case SMEAR_VERDICT_NOT_A_SMEAR:
      {
        const char *reason = quality ? quality->reason : NULL;
        g_autofree char *refusal = g_strdup_printf (
            "This does not look like a stained blood smear%s%s.", reason ? ": " : "",
            reason ? reason : "");
        g_strv_builder_add (warnings, refusal);
        break;
      }
    }
  if (quality && quality->blurred)
    g_strv_builder_add (warnings, "The cells are out of focus.");
  if (quality && quality->too_dark)
    g_strv_builder_add (warnings, "The image is too dark.");
  if (quality && quality->too_bright)
    g_strv_builder_add (warnings, "The image is too bright.");
  return g_strv_builder_end (warnings);
}
