/* Findings of a run go into the history and a report, whatever may be wrong with either:
 * what fails here is said once on stderr, and the run goes on. */
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

/**
 * SmearCliRecorder:
 * @model: what answers
 * @history: (nullable): where findings go
 * @report: (nullable): what is written at the end
 * @options: as the findings were made with
 */
typedef struct
{
  SmearModel *model;
  SmearHistory *history;
  SmearReport *report;
  SmearClassifyOptions options;
} SmearCliRecorder;

/** smear_cli_recorder_init: Returns: FALSE only for a report that cannot be named so */
gboolean smear_cli_recorder_init (SmearCliRecorder *recorder, SmearModel *model,
                                  const SmearClassifyOptions *options);
/** smear_cli_recorder_wants_images: rows have to come with their images */
gboolean smear_cli_recorder_wants_images (const SmearCliRecorder *recorder);
void smear_cli_recorder_row (SmearCliRecorder *recorder, const SmearBatchRow *row);
/**
 * smear_cli_recorder_scan:
 * @path: of the scan
 * @region: (nullable): of level 0; %NULL for all
 *
 * One finding for the whole sweep, whose probabilities are the shares of its leukocytes.
 */
void smear_cli_recorder_scan (SmearCliRecorder *recorder, SmearScan *scan,
                              const char *path, const SmearRegion *region,
                              const SmearSweepTotals *totals);
/** smear_cli_recorder_finish: writes the report. Returns: FALSE if that failed */
gboolean smear_cli_recorder_finish (SmearCliRecorder *recorder);
