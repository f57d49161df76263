/* The options of commands whose findings may go into the history and a report. */
#pragma once

#include <smearscope/smearscope.h>

/** SMEAR_CLI_RECORDER_ENTRIES: `--record` and `--report`. */
#define SMEAR_CLI_RECORDER_ENTRIES                                                       \
  { "record",                                                                            \
    0,                                                                                   \
    0,                                                                                   \
    G_OPTION_ARG_NONE,                                                                   \
    &smear_cli_record,                                                                   \
    "Keep the findings in the history",                                                  \
    NULL },                                                                              \
  {                                                                                      \
    "report", 0, 0, G_OPTION_ARG_FILENAME, &smear_cli_report,                            \
        "Write a report (.pdf or .html)", "FILE"                                         \
  }
extern gboolean smear_cli_record;
extern char *smear_cli_report;

/** smear_cli_recorder: as the options say; reports what is wrong. Returns: (transfer
 * full) (nullable): %NULL only for a report that cannot be named so */
SmearRecorder *smear_cli_recorder (SmearModel *model, const char *program,
                                   const SmearClassifyOptions *how);
/** smear_cli_recorder_warn: says once on stderr why nothing is recorded any more; @warned
 * remembers that it was said. */
void smear_cli_recorder_warn (const SmearRecorder *recorder, gboolean *warned);
