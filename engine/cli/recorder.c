#include "cli/recorder.h"

#include "cli/options.h"

gboolean smear_cli_record;
char *smear_cli_report;

SmearRecorder *
smear_cli_recorder (SmearModel *model, const char *program,
                    const SmearClassifyOptions *how)
{
  const SmearRecorderOptions options = {
    .wanted = smear_cli_record, .program = program, .how = how, .report = smear_cli_report
  };
  g_autoptr (GError) error = NULL;
  SmearRecorder *recorder = smear_recorder_new (model, &options, &error);

  if (!recorder)
    smear_cli_error (error->message);
  return recorder;
}

void
smear_cli_recorder_warn (const SmearRecorder *recorder, gboolean *warned)
{
  const char *problem = smear_recorder_get_problem (recorder);

  if (problem && !*warned)
    fprintf (stderr, "%s: not recorded: %s\n", g_get_prgname (), problem);
  *warned = *warned || problem;
}
