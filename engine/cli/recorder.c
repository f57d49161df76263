#include "cli/recorder.h"

#include "cli/options.h"

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

static gint64
record_row (SmearCliRecorder *recorder, const SmearBatchRow *row)
{
  SmearRecordContext context = { .path = row->file->path,
                                 .program = "smearscope",
                                 .model = recorder->model,
                                 .options = &recorder->options };
  g_autoptr (GError) error = NULL;
  gint64 id = smear_history_add (recorder->history, row->finding, row->image, &context,
                                 &error);

  if (id == 0)
    warn (recorder, error->message);
  else
    recorder->n_recorded++;
  return id;
}

void
smear_cli_recorder_row (SmearCliRecorder *recorder, const SmearBatchRow *row)
{
  g_autoptr (SmearRecord) record = NULL;
  gint64 id = 0;

  if (!row->finding)
    return;
  if (recorder->history)
    id = record_row (recorder, row);
  if (!recorder->report)
    return;
  if (id > 0)
    record = smear_history_get (recorder->history, id, NULL);
  smear_report_add (recorder->report, row->finding, row->image, record);
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
