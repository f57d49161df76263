#include "cli/recorder.h"

#include "cli/options.h"

#include "pipeline/json-line.h"

gboolean smear_cli_record;
char *smear_cli_report;

static void
warn (SmearCliRecorder *recorder, const char *message)
{
  fprintf (stderr, "%s: not recorded: %s\n", g_get_prgname (), message);
  g_clear_pointer (&recorder->history, smear_history_close);
}

static void
open_history (SmearCliRecorder *recorder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearHistorySettings) settings = smear_history_settings_load (&error);

  if (!settings)
    {
      if (smear_cli_record)
        warn (recorder, error->message);
      return;
    }
  if (settings->recording == SMEAR_RECORDING_OFF && smear_cli_record)
    warn (recorder,
          "the history is switched off; smearscope history settings record=ask");
  if (settings->recording == SMEAR_RECORDING_OFF
      || (settings->recording == SMEAR_RECORDING_ASK && !smear_cli_record))
    return;
  recorder->history = smear_history_open (NULL, settings, &error);
  if (!recorder->history)
    warn (recorder, error->message);
}

gboolean
smear_cli_recorder_init (SmearCliRecorder *recorder, SmearModel *model,
                         const SmearClassifyOptions *options)
{
  *recorder = (SmearCliRecorder){ .model = model, .options = *options };
  if (smear_cli_report && !g_str_has_suffix (smear_cli_report, ".pdf")
      && !g_str_has_suffix (smear_cli_report, ".html"))
    {
      smear_cli_error ("--report: a report ends in .pdf or .html");
      return FALSE;
    }
  open_history (recorder);
  if (smear_cli_report)
    {
      recorder->report = smear_report_new (NULL);
      smear_report_set_model (recorder->report, model);
    }
  return TRUE;
}

gboolean
smear_cli_recorder_wants_images (const SmearCliRecorder *recorder)
{
  return recorder->history || recorder->report;
}

/* Read back only for a report, which shows what the history made of it. */
static SmearRecord *
record_finding (SmearCliRecorder *recorder, const SmearFinding *finding,
                SmearImage *image, const SmearRecordContext *context)
{
  g_autoptr (GError) error = NULL;
  gint64 id = smear_history_add (recorder->history, finding, image, context, &error);

  if (id == 0)
    warn (recorder, error->message);
  return id > 0 && recorder->report ? smear_history_get (recorder->history, id, NULL)
                                    : NULL;
}

void
smear_cli_recorder_row (SmearCliRecorder *recorder, const SmearBatchRow *row)
{
  g_autoptr (SmearRecord) record = NULL;

  if (!row->finding)
    return;
  if (recorder->history)
    {
      SmearRecordContext context = { .path = row->file->path,
                                     .program = "classify",
                                     .model = recorder->model,
                                     .options = &recorder->options };
      record = record_finding (recorder, row->finding, row->image, &context);
    }
  if (recorder->report)
    smear_report_add (recorder->report, row->finding, row->image, record);
}

static SmearFinding *
finding_of_sweep (SmearModel *model, SmearScan *scan, const char *path,
                  const SmearRegion *region, const SmearSweepTotals *totals)
{
  const SmearRegion all = { 0, 0, smear_scan_get_width (scan),
                            smear_scan_get_height (scan) };
  SmearFinding *finding = g_new0 (SmearFinding, 1);

  finding->source = smear_text_from_filename (path);
  finding->region = region ? *region : all;
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

/* Of the smallest level; a scan without a pyramid goes without a picture. */
static SmearImage *
overview (SmearScan *scan, const SmearRegion *region)
{
  gint level = smear_scan_get_n_levels (scan) - 1, width, height;
  gdouble across, down;
  SmearRegion part;

  smear_scan_get_level_size (scan, level, &width, &height);
  across = (gdouble)width / smear_scan_get_width (scan);
  down = (gdouble)height / smear_scan_get_height (scan);
  part = (SmearRegion){ (gint)(region->x * across), (gint)(region->y * down),
                        MAX (1, (gint)(region->width * across)),
                        MAX (1, (gint)(region->height * down)) };
  if ((gint64)part.width * part.height > 1 << 24)
    return NULL;
  return smear_scan_read_region (scan, level, &part, NULL);
}

void
smear_cli_recorder_scan (SmearCliRecorder *recorder, SmearScan *scan, const char *path,
                         const SmearRegion *region, const SmearSweepTotals *totals)
{
  g_autoptr (SmearFinding) finding = finding_of_sweep (recorder->model, scan, path,
                                                       region, totals);
  g_autoptr (SmearRecord) record = NULL;
  g_autoptr (SmearImage) picture = NULL;
  g_autofree char *program = g_strdup_printf ("scan: shares of %u leukocytes",
                                              totals->n_cells);
  SmearRecordContext context
      = { .path = path, .program = program, .model = recorder->model };

  if (recorder->history)
    record = record_finding (recorder, finding, NULL, &context);
  if (!recorder->report)
    return;
  picture = overview (scan, &finding->region);
  smear_report_add (recorder->report, finding, picture, record);
}

gboolean
smear_cli_recorder_finish (SmearCliRecorder *recorder)
{
  g_autoptr (GError) error = NULL;
  gboolean written = !recorder->report
                     || smear_report_write (recorder->report, smear_cli_report, &error);

  if (!written)
    smear_cli_error (error->message);
  g_clear_pointer (&recorder->history, smear_history_close);
  g_clear_pointer (&recorder->report, smear_report_free);
  return written;
}
