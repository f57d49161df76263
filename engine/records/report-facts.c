/* What a report says, in words. */
#include "records/report-private.h"

#include "pipeline/model-file.h"
#include "train/metrics.h"

#include <math.h>
#include <smearscope/smearscope.h>
#include <stdlib.h>
#include <string.h>

#define NARROW "\u202f"

static void
pair_free (gpointer data)
{
  SmearPair *pair = data;

  g_free (pair->value);
  g_free (pair);
}

static void
take_pair (GPtrArray *pairs, const char *label, char *value)
{
  SmearPair *pair = g_new (SmearPair, 1);

  pair->label = label;
  pair->value = value;
  g_ptr_array_add (pairs, pair);
}

static void
add_pair (GPtrArray *pairs, const char *label, const char *value)
{
  if (value && *value)
    take_pair (pairs, label, g_utf8_make_valid (value, -1));
}

char *
smear_report_percent (gdouble share)
{
  return g_strdup_printf ("%.1f" NARROW "%%", 100 * share);
}

char *
smear_report_time (gint64 time)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return g_date_time_format (local, "%-d %B %Y, %H:%M:%S (UTC%:z)");
}

static const struct
{
  const char *key, *label;
} model_keys[] = {
  { "architecture", "Network" },
  { "judges", "Judges" },
  { "input_size", "Input" },
  { "preprocessing", "Preprocessing" },
  { "um_per_pixel", "Scale" },
  { "training_data", "Trained on" },
  { "training_samples", "Training samples" },
  { "training_data_sha256", "Training data SHA-256" },
  { "metrics", "Measured" },
  { "audit", "Audit" },
  { "limits", "Limits" },
  { "notes", "Notes" },
  { "temperature", "Calibrated by" },
  { "threshold", "Uncertain" },
  { "licence", "Licence" },
  { "citation", "Cite" },
};

/* What outputs are divided by before softmax. */
static char *
calibration_text (SmearModel *model)
{
  const char *few = smear_model_get_metadata (model, "few_cells");

  if (few == NULL || g_ascii_strtod (few, NULL) <= 0)
    return g_strdup_printf ("temperature %.2f", smear_model_temperature (model, 0));
  return g_strdup_printf ("a temperature by the number of cells: %.2f for one, %.2f for "
                          "ten, %.2f for fifty",
                          smear_model_temperature (model, 1),
                          smear_model_temperature (model, 10),
                          smear_model_temperature (model, 50));
}

/* Figures of the weights file as a person would say them; the rest as it stands there. */
static void
take_metadata (GPtrArray *pairs, const char *label, const char *key, SmearModel *model)
{
  const char *value = smear_model_get_metadata (model, key);

  if (!value)
    return;
  if (g_str_equal (key, "input_size"))
    take_pair (pairs, label, g_strdup_printf ("%s × %s pixels", value, value));
  else if (g_str_equal (key, "judges"))
    add_pair (pairs, label,
              g_str_equal (value, "cells") ? "each leukocyte by itself"
                                           : "the field as a whole");
  else if (g_str_equal (key, "threshold"))
    {
      gdouble threshold = g_ascii_strtod (value, NULL);
      take_pair (pairs, label,
                 threshold > 0 ? g_strdup_printf (
                     "below a probability of %.0f" NARROW "%%", 100 * threshold)
                               : g_strdup ("never: it always names a class"));
    }
  else if (g_str_equal (key, "temperature"))
    take_pair (pairs, label, calibration_text (model));
  else
    take_pair (pairs, label, smear_report_plain (value));
}

static const char *
model_hash (const SmearReport *report)
{
  const SmearReportEntry *first = report->entries->pdata[0];

  return report->model ? smear_model_get_hash (report->model)
                       : first->finding->model_hash;
}

/* How good it is and what it looks at: as the weights say, else as the card beside them.
 */
static void
add_measured (GPtrArray *pairs, SmearModel *model)
{
  g_autofree char *measured = NULL;
  g_autofree char *audit = NULL;

  if (!model)
    {
      add_pair (pairs, "Audit",
                "The weights were not at hand when this report was made.");
      return;
    }
  if (!smear_model_get_metadata (model, "metrics"))
    measured = smear_report_card_section (model, "How good");
  add_pair (pairs, "Measured", measured);
  if (smear_model_get_metadata (model, "audit"))
    return;
  audit = smear_report_card_section (model, "What it looks at");
  add_pair (
      pairs, "Audit",
      audit
          ? audit
          : "Neither the weights nor a card beside them hold an audit: how far the model "
            "goes by background, scale bar or stain instead of cells is not known.");
}

GPtrArray *
smear_report_model_pairs (const SmearReport *report)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func (pair_free);
  const SmearReportEntry *first = report->entries->pdata[0];

  add_pair (pairs, "Model",
            report->model ? smear_model_get_name (report->model)
                          : first->finding->model_name);
  add_pair (pairs, "Weights SHA-256", model_hash (report));
  for (guint i = 0; report->model && i < G_N_ELEMENTS (model_keys); i++)
    take_metadata (pairs, model_keys[i].label, model_keys[i].key, report->model);
  add_measured (pairs, report->model);
  add_pair (pairs, "Intended use", SMEAR_DISCLAIMER);
  return pairs;
}

static char *
settings_text (const SmearReportEntry *entry)
{
  const SmearClassifyOptions *options = &entry->options;

  if (entry->is_sweep)
    return g_strdup_printf ("swept at %.3f µm a pixel; any number of threads gives the "
                            "same numbers",
                            entry->totals.um_per_pixel);
  return g_strdup_printf ("heat map of %s; any number of threads gives the same bits",
                          options->explain == SMEAR_CLASS_NONE
                              ? "the winner"
                              : smear_class_title (options->explain));
}

/* Recorded, it is the one of the chain; else anybody can compute it from what classify
 * prints. */
static void
add_finding_hash (GPtrArray *pairs, const SmearReportEntry *entry)
{
  g_autofree char *json = NULL;

  if (entry->hash)
    add_pair (pairs, "Finding SHA-256", entry->hash);
  else if (entry->is_sweep)
    add_pair (pairs, "Finding SHA-256", "not recorded in a history");
  if (entry->hash || entry->is_sweep)
    return;
  json = smear_finding_to_json (entry->finding);
  take_pair (pairs, "Finding SHA-256",
             g_compute_checksum_for_string (G_CHECKSUM_SHA256, json, -1));
  add_pair (pairs, "", "of its line from “classify --json”; not recorded in a history");
}

GPtrArray *
smear_report_trace_pairs (const SmearReport *report, const SmearReportEntry *entry)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func (pair_free);
  const SmearRegion *region = &entry->finding->region;
  g_autofree char *settings = settings_text (entry);
  const char *by = entry->is_sweep ? "scan" : entry->program;
  g_autofree char *program = g_strdup_printf (
      "Smearscope %s%s%s", entry->version ? entry->version : SMEARSCOPE_VERSION,
      by ? ", " : "", by ? by : "");
  g_autofree char *where = g_strdup_printf ("x %d, y %d, %d × %d pixels", region->x,
                                            region->y, region->width, region->height);

  add_pair (pairs, "Program", program);
  add_pair (pairs, "Region", where);
  add_pair (pairs, "Settings", settings);
  add_pair (pairs, "Model", entry->finding->model_name);
  add_pair (pairs, "Model SHA-256", entry->finding->model_hash);
  add_pair (pairs, "Pixels SHA-256", entry->pixel_hash);
  if (entry->id > 0
      && (entry->pixel_hash
          || (entry->program && g_str_has_prefix (entry->program, SMEAR_SCAN_PROGRAM))))
    take_pair (pairs, "Run again",
               g_strdup_printf ("smearscope reproduce %" G_GINT64_FORMAT, entry->id));
  add_finding_hash (pairs, entry);
  return pairs;
}

GPtrArray *
smear_report_count_pairs (const SmearReport *report)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func (pair_free);
  guint classes[SMEAR_N_CLASSES] = { 0 }, verdicts[SMEAR_VERDICT_NOT_A_SMEAR + 1] = { 0 };

  for (guint i = 0; i < report->entries->len; i++)
    {
      const SmearReportEntry *entry = report->entries->pdata[i];
      verdicts[entry->finding->verdict]++;
      if (entry->finding->verdict == SMEAR_VERDICT_ANSWERED && entry->finding->klass >= 0)
        classes[entry->finding->klass]++;
    }
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    take_pair (pairs, smear_class_title (i), g_strdup_printf ("%u", classes[i]));
  for (guint i = SMEAR_VERDICT_UNCERTAIN; i < G_N_ELEMENTS (verdicts); i++)
    take_pair (pairs, smear_verdict_name (i), g_strdup_printf ("%u", verdicts[i]));
  return pairs;
}

guint
smear_report_count_cells (const SmearReportEntry *entry, guint counts[SMEAR_N_CLASSES])
{
  GArray *cells = entry->finding->cells;
  guint judged = 0;

  memset (counts, 0, SMEAR_N_CLASSES * sizeof *counts);
  if (entry->is_sweep)
    {
      memcpy (counts, entry->totals.by_class, SMEAR_N_CLASSES * sizeof *counts);
      return entry->totals.n_cells;
    }
  for (guint i = 0; cells && i < cells->len; i++)
    {
      SmearClass klass = g_array_index (cells, SmearCell, i).klass;
      if (klass >= 0 && klass < SMEAR_N_CLASSES)
        {
          counts[klass]++;
          judged++;
        }
    }
  return judged;
}

const char *
smear_report_caption (const SmearReportEntry *entry)
{
  if (entry->is_sweep)
    return "The scan, or the region of it that was swept";
  return entry->finding->cells && entry->finding->cells->len > 0
             ? "Region as judged, leukocytes numbered"
             : "Region as judged";
}

char *
smear_report_heat_caption (const SmearReportEntry *entry)
{
  if (entry->is_sweep)
    return g_strdup ("Leukaemia classes, share by place");
  return g_strdup_printf ("What speaks for %s",
                          entry->finding->explained == SMEAR_CLASS_NONE
                              ? "the answer"
                              : smear_class_title (entry->finding->explained));
}

const char *
smear_report_heat_note (const SmearReportEntry *entry)
{
  return entry->is_sweep ? NULL : "Outlined: at least half of the most";
}

char *
smear_report_cells_text (const SmearReportEntry *entry)
{
  const SmearFinding *finding = entry->finding;
  guint counts[SMEAR_N_CLASSES], judged = smear_report_count_cells (entry, counts);
  guint n = finding->cells ? finding->cells->len : 0;
  SmearInterval interval;

  if (entry->is_sweep)
    return g_strdup_printf (
        "%u leukocytes, each judged by itself; for %u of them no class is probable "
        "enough.",
        entry->totals.n_cells, entry->totals.n_uncertain);
  if (n == 0)
    return g_strdup ("No leukocytes were outlined.");
  if (judged == 0 || finding->klass < 0)
    return g_strdup_printf ("%u leukocyte%s outlined; the region was judged as a whole.",
                            n, n == 1 ? "" : "s");
  interval = smear_wilson (counts[finding->klass], judged);
  return g_strdup_printf (
      "%u of %u leukocytes were given %s by themselves: %.0f" NARROW "%%, 95" NARROW
      "%% interval %.0f to %.0f" NARROW "%%.",
      counts[finding->klass], judged, smear_class_title (finding->klass),
      100.0 * counts[finding->klass] / judged, 100 * interval.low, 100 * interval.high);
}

static char *
shares_text (const SmearSweepTotals *totals)
{
  if (totals->n_cells == 0)
    return g_strdup ("No leukocytes were counted, so there is no share to state.");
  return g_strdup_printf ("%.1f" NARROW
                          "%% of %u leukocytes were given a leukaemia class, 95" NARROW
                          "%% interval (Wilson) %.1f to %.1f" NARROW
                          "%%. It covers the count alone, not errors of the model, and "
                          "counts cells that are uncertain by their likeliest class.",
                          100 * totals->blasts, totals->n_cells, 100 * totals->blasts_low,
                          100 * totals->blasts_high);
}

char *
smear_report_confidence_text (const SmearReport *report, const SmearReportEntry *entry)
{
  if (entry->is_sweep)
    return shares_text (&entry->totals);
  if (entry->finding->klass < 0)
    return g_strdup ("Nothing was judged, so there is no confidence to state.");
  return smear_report_calibration_text (report->model, entry->finding->confidence);
}

char *
smear_report_right_text (const SmearReport *report, const SmearReportEntry *entry)
{
  if (entry->is_sweep || entry->finding->klass < 0)
    return g_strdup ("–");
  return smear_report_calibration_brief (report->model, entry->finding->confidence);
}

char *
smear_report_title (const SmearReportEntry *entry)
{
  const SmearSweepTotals *totals = &entry->totals;

  if (!entry->is_sweep || totals->n_cells == 0)
    return smear_finding_title (entry->finding);
  return g_strdup_printf ("%.1f" NARROW "%% leukaemic of %u cells, %u uncertain",
                          100 * totals->blasts, totals->n_cells, totals->n_uncertain);
}

static char *
sweep_text (const SmearSweepTotals *totals)
{
  g_autofree char *refused = totals->n_refused > 0 ? g_strdup_printf (
                                 ", %u no smear or not to be judged", totals->n_refused)
                                                   : g_strdup ("");
  g_autofree char *unread = totals->n_unreadable > 0 ? g_strdup_printf (
                                ", %u unreadable", totals->n_unreadable)
                                                     : g_strdup ("");

  return g_strdup_printf ("Scale %.3f µm a pixel; %u tiles%s%s.", totals->um_per_pixel,
                          totals->n_tiles, refused, unread);
}

char *
smear_report_quality_text (const SmearReportEntry *entry)
{
  const SmearQuality *quality = &entry->finding->quality;

  if (entry->is_sweep)
    return sweep_text (&entry->totals);
  if (!entry->finding->has_quality)
    return g_strdup ("The quality of the image was not examined.");
  if (quality->um_per_pixel_x <= 0)
    return g_strdup_printf ("Sharpness %.2f; scale unknown.", quality->sharpness);
  return g_strdup_printf ("Sharpness %.2f; scale %.3f × %.3f µm a pixel.",
                          quality->sharpness, quality->um_per_pixel_x,
                          quality->um_per_pixel_y);
}
