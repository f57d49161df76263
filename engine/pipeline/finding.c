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
  smear_json_member_string (json, "class",
                            klass == SMEAR_CLASS_NONE ? NULL : smear_class_name (klass));
}

static void
append_probabilities (GString *json, const gfloat probabilities[SMEAR_N_CLASSES])
{
  smear_json_member (json, "probabilities");
  g_string_append_c (json, '{');
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    smear_json_member_number (json, smear_class_name (i), probabilities[i]);
  g_string_append_c (json, '}');
}

static void
append_region (GString *json, const char *name, const SmearRegion *region)
{
  smear_json_member (json, name);
  g_string_append_printf (json, "[%d, %d, %d, %d]", region->x, region->y, region->width,
                          region->height);
}

static void
append_cell (GString *json, const SmearCell *cell)
{
  g_string_append_c (json, '{');
  append_region (json, "box", &cell->box);
  smear_json_member_number (json, "x", cell->x);
  smear_json_member_number (json, "y", cell->y);
  smear_json_member_integer (json, "area", cell->area);
  smear_json_member_boolean (json, "touches_edge", cell->touches_edge);
  append_class (json, cell->klass);
  append_probabilities (json, cell->probabilities);
  g_string_append_c (json, '}');
}

static void
append_cells (GString *json, const GArray *cells)
{
  smear_json_member (json, "cells");
  g_string_append_c (json, '[');
  for (guint i = 0; cells && i < cells->len; i++)
    {
      g_string_append (json, i ? ", " : "");
      append_cell (json, &g_array_index (cells, SmearCell, i));
    }
  g_string_append_c (json, ']');
}

static void
append_quality (GString *json, const SmearQuality *quality)
{
  smear_json_member (json, "quality");
  g_string_append_c (json, '{');
  smear_json_member_boolean (json, "is_smear", quality->is_smear);
  smear_json_member_boolean (json, "blurred", quality->blurred);
  smear_json_member_boolean (json, "too_dark", quality->too_dark);
  smear_json_member_boolean (json, "too_bright", quality->too_bright);
  smear_json_member_number (json, "sharpness", quality->sharpness);
  smear_json_member (json, "um_per_pixel");
  g_string_append_c (json, '[');
  smear_json_number (json, quality->um_per_pixel_x);
  g_string_append (json, ", ");
  smear_json_number (json, quality->um_per_pixel_y);
  g_string_append (json, "]}");
}

void
smear_finding_append_json (const SmearFinding *finding, GString *json)
{
  g_auto (GStrv) warnings = smear_finding_warnings (finding);

  smear_json_member_string (json, "file", finding->source);
  append_class (json, finding->klass);
  append_probabilities (json, finding->probabilities);
  smear_json_member_number (json, "malignant", finding->malignant);
  smear_json_member_number (json, "confidence", finding->confidence);
  smear_json_member_string (json, "model", finding->model_name);
  if (finding->model_hash)
    smear_json_member_string (json, "model_sha256", finding->model_hash);
  smear_json_member_string (json, "verdict", smear_verdict_name (finding->verdict));
  append_region (json, "region", &finding->region);
  if (finding->has_quality)
    append_quality (json, &finding->quality);
  append_cells (json, finding->cells);
  smear_json_member (json, "warnings");
  smear_json_strings (json, (const char *const *)warnings);
  smear_json_member_boolean (json, "research_use_only", TRUE);
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
