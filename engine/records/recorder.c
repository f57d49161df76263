#include "records/report-private.h"

#include "pipeline/json-line.h"

#include <smearscope/recorder.h>

/* Pixels of a scan's overview that are worth reading for a small picture. */
#define OVERVIEW_PIXELS (1 << 24)

struct _SmearRecorder
{
  SmearModel *model;
  SmearHistory *history;
  SmearReport *report;
  SmearClassifyOptions how;
  char *program, *path, *problem;
};

static void
give_up (SmearRecorder *recorder, const char *why)
{
  g_clear_pointer (&recorder->history, smear_history_close);
  if (!recorder->problem)
    recorder->problem = g_strdup (why);
}

static void
open_history (SmearRecorder *recorder, gboolean wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearHistorySettings) settings = smear_history_settings_load (&error);

  if (!settings)
    {
      /* They may have said that everything is to be recorded. */
      give_up (recorder, error->message);
      return;
    }
  if (settings->recording == SMEAR_RECORDING_OFF && wanted)
    give_up (recorder,
             "the history is switched off; smearscope history settings record=ask");
  if (settings->recording == SMEAR_RECORDING_OFF
      || (settings->recording == SMEAR_RECORDING_ASK && !wanted))
    return;
  recorder->history = smear_history_open (NULL, settings, &error);
  if (!recorder->history)
    give_up (recorder, error->message);
}

SmearRecorder *
smear_recorder_new (SmearModel *model, const SmearRecorderOptions *options,
                    GError **error)
{
  const SmearClassifyOptions defaults = SMEAR_CLASSIFY_OPTIONS_DEFAULT;
  g_autoptr (SmearRecorder) recorder = g_new0 (SmearRecorder, 1);

  g_return_val_if_fail (model != NULL && options != NULL, NULL);
  if (options->report && !smear_report_check_path (options->report, error))
    return NULL;
  recorder->model = smear_model_ref (model);
  recorder->how = options->how ? *options->how : defaults;
  recorder->program = g_strdup (options->program);
  recorder->path = g_strdup (options->report);
  open_history (recorder, options->wanted);
  if (options->report)
    {
      recorder->report = smear_report_new (options->style);
      smear_report_set_model (recorder->report, model);
    }
  return g_steal_pointer (&recorder);
}

void
smear_recorder_free (SmearRecorder *recorder)
{
  if (!recorder)
    return;
  g_clear_pointer (&recorder->history, smear_history_close);
  g_clear_pointer (&recorder->report, smear_report_free);
  g_clear_pointer (&recorder->model, smear_model_unref);
  g_free (recorder->program);
  g_free (recorder->path);
  g_free (recorder->problem);
  g_free (recorder);
}

gboolean
smear_recorder_wants_images (const SmearRecorder *recorder)
{
  g_return_val_if_fail (recorder != NULL, FALSE);
  return recorder->history || recorder->report;
}

const char *
smear_recorder_get_problem (const SmearRecorder *recorder)
{
  g_return_val_if_fail (recorder != NULL, NULL);
  return recorder->problem;
}

static SmearRecord *
record (SmearRecorder *recorder, const SmearFinding *finding, SmearImage *image,
        const SmearRecordContext *given, const char *program)
{
  SmearRecordContext context = given ? *given : (SmearRecordContext){ 0 };
  g_autoptr (GError) error = NULL;
  SmearRecord *kept = NULL;
  gint64 id;

  if (!recorder->history)
    return NULL;
  context.program = program;
  context.model = recorder->model;
  context.options = &recorder->how;
  id = smear_history_add (recorder->history, finding, image, &context, &error);
  if (id > 0)
    kept = smear_history_get (recorder->history, id, &error);
  if (!kept)
    give_up (recorder, error->message);
  return kept;
}

SmearRecord *
smear_recorder_add (SmearRecorder *recorder, const SmearFinding *finding,
                    SmearImage *image, const SmearRecordContext *context)
{
  SmearRecord *kept;

  g_return_val_if_fail (recorder != NULL && finding != NULL, NULL);
  kept = record (recorder, finding, image, context, recorder->program);
  if (recorder->report)
    smear_report_add (recorder->report, finding, image, kept);
  return kept;
}

void
smear_recorder_add_row (SmearRecorder *recorder, const SmearBatchRow *row)
{
  g_return_if_fail (recorder != NULL && row != NULL);
  SmearRecordContext context = { .path = row->file->path };

  if (row->finding && row->done) /* kept when it was done, if that was wanted */
    {
      if (recorder->report)
        smear_report_add (recorder->report, row->finding, row->image, NULL);
    }
  else if (row->finding)
    smear_record_free (smear_recorder_add (recorder, row->finding, row->image, &context));
}

/* What was swept; of outlined areas the least rectangle around them. */
static SmearRegion
region_of_sweep (SmearScan *scan, const SmearSweepOptions *options)
{
  SmearRegion region = { 0, 0, smear_scan_get_width (scan),
                         smear_scan_get_height (scan) };

  if (options->region)
    return *options->region;
  for (guint i = 0; options->areas && i < options->areas->len; i++)
    {
      const SmearRegion *bounds = &((SmearArea *)options->areas->pdata[i])->bounds;
      gint right = bounds->x + bounds->width, bottom = bounds->y + bounds->height;

      if (i == 0)
        {
          region = *bounds;
          continue;
        }
      right = MAX (right, region.x + region.width);
      bottom = MAX (bottom, region.y + region.height);
      region.x = MIN (region.x, bounds->x);
      region.y = MIN (region.y, bounds->y);
      region.width = right - region.x;
      region.height = bottom - region.y;
    }
  return region;
}

static SmearFinding *
finding_of_sweep (SmearModel *model, SmearScan *scan, const char *path,
                  const SmearSweepOptions *options, const SmearSweepTotals *totals)
{
  SmearFinding *finding = g_new0 (SmearFinding, 1);

  finding->source = smear_text_from_filename (path);
  finding->region = region_of_sweep (scan, options);
  finding->klass = finding->explained = SMEAR_CLASS_NONE;
  finding->verdict = totals->n_cells > 0 ? SMEAR_VERDICT_ANSWERED
                                         : SMEAR_VERDICT_NO_LEUKOCYTES;
  finding->malignant = totals->blasts;
  for (gint i = 0; totals->n_cells > 0 && i < SMEAR_N_CLASSES; i++)
    {
      finding->probabilities[i] = (gfloat)totals->by_class[i] / totals->n_cells;
      if (finding->probabilities[i] > finding->confidence)
        {
          finding->confidence = finding->probabilities[i];
          finding->klass = i;
        }
    }
  finding->model_name = g_strdup (smear_model_get_name (model));
  finding->model_hash = g_strdup (smear_model_get_hash (model));
  return finding;
}

/* The region from the smallest level that still shows something; @scan_width is of the
 * coordinates that @region is in. */
static SmearImage *
overview (SmearScan *scan, const SmearRegion *region, gint scan_width, gint scan_height)
{
  for (gint level = smear_scan_get_n_levels (scan) - 1; level >= 0; level--)
    {
      gint width, height;
      gdouble across, down;
      SmearRegion part;

      smear_scan_get_level_size (scan, level, &width, &height);
      across = (gdouble)width / scan_width;
      down = (gdouble)height / scan_height;
      part = (SmearRegion){ (gint)(region->x * across), (gint)(region->y * down),
                            MAX (1, (gint)(region->width * across)),
                            MAX (1, (gint)(region->height * down)) };
      if (level > 0 && MAX (part.width, part.height) < SMEAR_REPORT_PICTURE_SIDE)
        continue;
      if ((gint64)part.width * part.height > OVERVIEW_PIXELS)
        return NULL;
      return smear_scan_read_region (scan, level, &part, NULL);
    }
  return NULL;
}

/* A map that the sweep has written, seen small. */
static SmearImage *
map_of_sweep (const char *folder, const char *name, SmearScan *scan,
              const SmearRegion *region)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (SmearScan) map = smear_scan_open (path, 0, NULL);

  return map ? overview (map, region, smear_scan_get_width (scan),
                         smear_scan_get_height (scan))
             : NULL;
}

void
smear_recorder_add_sweep (SmearRecorder *recorder, SmearScan *scan, const char *path,
                          const SmearSweepOptions *options,
                          const SmearSweepTotals *totals)
{
  g_autoptr (SmearFinding) finding = NULL;
  g_autoptr (SmearRecord) kept = NULL;
  g_autofree char *program = NULL;
  SmearRecordContext context = { .path = path };
  SmearReportSweep shown = { .totals = totals };

  g_return_if_fail (recorder != NULL && scan != NULL && totals != NULL);
  finding = finding_of_sweep (recorder->model, scan, path, options, totals);
  program = smear_scan_program (totals, options->areas != NULL);
  kept = record (recorder, finding, NULL, &context, program);
  if (!recorder->report)
    return;
  shown.overview = overview (scan, &finding->region, smear_scan_get_width (scan),
                             smear_scan_get_height (scan));
  shown.heat_map = map_of_sweep (options->output, "heat-map.tif", scan, &finding->region);
  shown.class_map = map_of_sweep (options->output, "class-map.tif", scan,
                                  &finding->region);
  smear_report_add_sweep (recorder->report, finding, &shown, kept);
  g_clear_pointer (&shown.overview, smear_image_unref);
  g_clear_pointer (&shown.heat_map, smear_image_unref);
  g_clear_pointer (&shown.class_map, smear_image_unref);
}

gboolean
smear_recorder_finish (SmearRecorder *recorder, GError **error)
{
  g_return_val_if_fail (recorder != NULL, FALSE);
  return !recorder->report
         || smear_report_write (recorder->report, recorder->path, error);
}
