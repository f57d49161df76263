#include "core/procedures.h"

#include "core/procedure-table.h"
#include "core/records.h"
#include "core/run.h"
#include "core/texts.h"

static const char *const classes[] = { "winner", "Benign", "Early", "Pre", "Pro", NULL };
static const char *const colour_maps[] = { "viridis", "magma", "inferno",
                                           "turbo",   "grey",  NULL };
static const char *const earlier[] = { "add", "replace", NULL };
static const char *const colours[] = { "keep", "convert", NULL };
static const char *const formats[] = { "by-name", "csv", "jsonl", "geojson", NULL };

#define ARG_MODEL                                                                        \
  TEXT ("model", N_ ("Model: a weights file, a shipped name, or empty for the default"))
#define ARG_CLASS CHOICE ("class", N_ ("Class that the heat map explains"), classes)
#define ARG_COLOUR_MAP                                                                   \
  CHOICE ("colour-map", N_ ("Colour map of the heat map"), colour_maps)
#define ARG_OPACITY                                                                      \
  NUMBER ("opacity", N_ ("Opacity of the heat map in per cent"), 0, 100, 60)
#define ARG_HEAT_MAP TRUTH ("heat-map", N_ ("Make the heat map"), 1)
#define ARG_CAPTION TRUTH ("caption", N_ ("Write class and model beside the region"), 1)
#define ARG_COLOUR_BAR                                                                   \
  TRUTH ("colour-bar", N_ ("Show the heat map's colours in the caption"), 1)
#define ARG_EARLIER                                                                      \
  CHOICE ("earlier", N_ ("What becomes of earlier runs' layers"), earlier)
#define ARG_COLOURS                                                                      \
  CHOICE ("colours",                                                                     \
          N_ ("Grey or indexed image: keep it and map in grey, or convert it to RGB"),   \
          colours)

#define ARG_RECORD                                                                       \
  TRUTH ("record", N_ ("Keep the findings in the history, where its settings ask"), 0)

static const SmearArg nothing[] = { END };

static const SmearArg classify_arguments[] = { ARG_MODEL,   ARG_CLASS,    ARG_COLOUR_MAP,
                                               ARG_OPACITY, ARG_HEAT_MAP, END };
static const SmearArg classify_more[]
    = { NUMBER ("threshold", N_ ("Hide the heat map below this value"), 0, 1, 0),
        TRUTH ("outlines", N_ ("Outline what was judged, as a path"), 1),
        ARG_CAPTION,
        ARG_COLOUR_BAR,
        ARG_EARLIER,
        ARG_COLOURS,
        ARG_RECORD,
        END };
static const SmearArg classify_results[] = {
  RESULT (SMEAR_ARG_STRING, "class",
          N_ ("Most probable class; \"none\" if nothing was judged")),
  RESULT (SMEAR_ARG_DOUBLE, "confidence", N_ ("Its probability")),
  RESULT (SMEAR_ARG_DOUBLE_ARRAY, "probabilities", N_ ("Benign, Early, Pre, Pro")),
  RESULT (SMEAR_ARG_STRING, "json", N_ ("The findings, one JSON object a line")), END
};

static const SmearProcedure classify = {
  .name = "plug-in-smearscope-classify",
  .menu_label = N_ ("_Classify…"),
  .blurb = N_ ("Classify a stained blood smear and show where the answer comes from"),
  .help = N_ (
      "Judges the drawable, or each connected part of the selection by itself, as "
      "Benign, Early Pre-B, Pre-B or Pro-B, and adds a layer group with a Grad-CAM heat "
      "map. The findings are kept in the image as the parasite smearscope-findings. "
      "With several parts the returned class is that of the largest. For research use "
      "only. Not a diagnostic device."),
  .on = SMEAR_ON_DRAWABLE,
  .has_dialog = TRUE,
  .arguments = classify_arguments,
  .more = classify_more,
  .results = classify_results,
  .run = smear_run_classify,
};

static const SmearArg cells_arguments[] = {
  ARG_MODEL,
  TEXT_OF_ONE_IMAGE ("leave-out",
                     N_ ("Numbers of found cells that are none, separated by commas")),
  END
};
static const SmearArg cells_more[] = { ARG_CAPTION, ARG_EARLIER, ARG_COLOURS, ARG_RECORD,
                                       END };
static const SmearArg cells_results[] = {
  RESULT (SMEAR_ARG_INT, "cells", N_ ("How many were found and not left out")),
  RESULT (SMEAR_ARG_STRING, "json", N_ ("The findings, one JSON object a line")), END
};

static const SmearProcedure find_cells = {
  .name = "plug-in-smearscope-find-cells",
  .menu_label = N_ ("_Find Cells…"),
  .blurb = N_ ("Outline the leukocytes of a stained blood smear and classify each"),
  .help = N_ (
      "Finds leukocytes in the drawable or the selection's bounds, numbers them in "
      "reading order, judges each one and adds a path of their outlines and a layer "
      "group with numbers and classes. For research use only. Not a diagnostic device."),
  .on = SMEAR_ON_DRAWABLE,
  .has_dialog = TRUE,
  .arguments = cells_arguments,
  .more = cells_more,
  .results = cells_results,
  .run = smear_run_find_cells,
};

static const SmearArg export_arguments[] = { TEXT ("file", N_ ("File to write")),
                                             CHOICE ("format", N_ ("Format"), formats),
                                             END };
static const SmearArg export_results[]
    = { RESULT (SMEAR_ARG_INT, "findings", N_ ("How many findings were written")), END };

static const SmearProcedure export_findings = {
  .name = "plug-in-smearscope-export-findings",
  .menu_label = N_ ("_Export Findings…"),
  .blurb = N_ ("Write the findings kept in this image as CSV, JSON Lines or GeoJSON"),
  .help = N_ (
      "Writes what earlier runs found in this image. GeoJSON is in pixels, as QuPath "
      "imports it. For research use only. Not a diagnostic device."),
  .on = SMEAR_ON_IMAGE,
  .has_dialog = TRUE,
  .asks_anew = TRUE,
  .arguments = export_arguments,
  .more = nothing,
  .results = export_results,
  .run = smear_run_export,
};

static const SmearArg batch_arguments[]
    = { TEXT ("input", N_ ("Folder, pattern (*.jpg) or file; several on a line each")),
        TEXT ("output", N_ ("Folder for results.csv and the heat maps")),
        ARG_MODEL,
        ARG_CLASS,
        ARG_COLOUR_MAP,
        ARG_OPACITY,
        ARG_HEAT_MAP,
        ARG_RECORD,
        TEXT ("report", N_ ("Report to write at the end (.pdf or .html), or empty")),
        TEXT ("outcome", N_ ("File for the outcome, or empty")),
        END };
static const SmearArg batch_more[] = {
  TRUTH ("recursive", N_ ("Descend into folders below"), 0),
  TEXT ("include", N_ ("Only files whose name fits one of these patterns, on a line "
                       "each; empty for all images")),
  TEXT ("exclude", N_ ("Leave out what fits one of these patterns")),
  INTEGER ("jobs", N_ ("Files at a time; 0 for one a core"), 0, 512, 0), END
};
static const SmearArg batch_results[]
    = { RESULT (SMEAR_ARG_INT, "files", N_ ("Files in all")),
        RESULT (SMEAR_ARG_INT, "skipped", N_ ("Finished by an earlier run")),
        RESULT (SMEAR_ARG_INT, "failed", N_ ("Rows with an error")), END };

static const SmearProcedure batch = {
  .name = "plug-in-smearscope-batch",
  .blurb = N_ ("Classify all images of a folder into a table and heat maps"),
  .help = N_ (
      "Writes results.csv row by row and a PNG of the heat map over each image. Files "
      "finished earlier are skipped; one that cannot be read gets a row with its error. "
      "What the engine cannot decode is read by GIMP's own loaders. For research use "
      "only. Not a diagnostic device."),
  .on = SMEAR_ON_NOTHING,
  .arguments = batch_arguments,
  .more = batch_more,
  .results = batch_results,
  .run = smear_run_batch,
};

#define SIDE (gdouble) G_MAXINT32
static const SmearArg open_region_arguments[]
    = { TEXT ("file", N_ ("Scan: a TIFF of any size, or what OpenSlide reads")),
        INTEGER ("x", N_ ("Left edge of the region, in pixels of the level"), 0, SIDE, 0),
        INTEGER ("y", N_ ("Upper edge of the region"), 0, SIDE, 0),
        INTEGER ("width", N_ ("Width of the region"), 1, SIDE, 1024),
        INTEGER ("height", N_ ("Height of the region"), 1, SIDE, 768),
        INTEGER ("level", N_ ("Level of the scan's pyramid; 0 is the largest"), 0, 63, 0),
        END };
static const SmearArg open_region_results[]
    = { RESULT (SMEAR_ARG_IMAGE, "image", N_ ("The region as an image")), END };

static const SmearProcedure open_region = {
  .name = "plug-in-smearscope-open-region",
  .menu_label = N_ ("_Open Region of Scan…"),
  .blurb = N_ ("Open a part of a scan that is too large to be opened whole"),
  .help = N_ ("Reads no more of the file than the region, whose pixels are those that "
              "smearscope scan and classify --region see. The image gets the scan's "
              "resolution. For research use only. Not a diagnostic device."),
  .on = SMEAR_ON_NOTHING,
  .has_dialog = TRUE,
  .arguments = open_region_arguments,
  .more = nothing,
  .results = open_region_results,
  .run = smear_run_open_region,
};

static const SmearArg self_test_results[] = {
  RESULT (SMEAR_ARG_BOOLEAN, "passed", N_ ("Whether everything works")),
  RESULT (SMEAR_ARG_STRING, "report", N_ ("What was tried and where files are")), END
};

static const SmearProcedure self_test = {
  .name = "plug-in-smearscope-self-test",
  .menu_label = N_ ("_Self-test and Help…"),
  .blurb = N_ ("Try the engine and its models on a drawn smear, say where files are"),
  .help = N_ ("Needs no image. For research use only. Not a diagnostic device."),
  .on = SMEAR_ON_NOTHING,
  .arguments = nothing,
  .more = nothing,
  .results = self_test_results,
  .run = smear_run_self_test,
};

const SmearProcedure *const *
smear_procedures (void)
{
  static const SmearProcedure *const all[] = { &classify,
                                               &find_cells,
                                               &export_findings,
                                               &smear_procedure_report,
                                               &smear_procedure_feedback,
                                               &smear_procedure_history,
                                               &smear_procedure_history_feedback,
                                               &smear_procedure_history_compare,
                                               &smear_procedure_history_open,
                                               &smear_procedure_history_verify,
                                               &smear_procedure_history_export,
                                               &smear_procedure_history_erase,
                                               &smear_procedure_history_reproduce,
                                               &smear_procedure_history_report,
                                               &smear_procedure_feedback_agreement,
                                               &smear_procedure_feedback_export,
                                               &smear_procedure_history_settings,
                                               &batch,
                                               &open_region,
                                               &self_test,
                                               NULL };
  return all;
}

const SmearProcedure *
smear_procedure_find (const char *name)
{
  for (const SmearProcedure *const *p = smear_procedures (); *p; p++)
    if (g_str_equal ((*p)->name, name))
      return *p;
  return NULL;
}

const SmearArg *
smear_procedure_arg (const SmearProcedure *procedure, guint n)
{
  const SmearArg *arg = procedure->arguments;

  for (; arg->name && n > 0; n--)
    arg++;
  if (arg->name)
    return arg;
  for (arg = procedure->more; arg->name && n > 0; n--)
    arg++;
  return arg->name ? arg : NULL;
}

gboolean
smear_procedure_takes (const SmearProcedure *procedure, const char *name)
{
  const SmearArg *arg;

  for (guint i = 0; (arg = smear_procedure_arg (procedure, i)); i++)
    if (g_str_equal (arg->name, name))
      return TRUE;
  return FALSE;
}
