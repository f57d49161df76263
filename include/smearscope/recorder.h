/* Findings of one run on their way into the history and a report. */
#pragma once

#include <smearscope/batch.h>
#include <smearscope/report.h>
#include <smearscope/scan.h>

G_BEGIN_DECLS

/**
 * SmearRecorder:
 *
 * Whatever is wrong with the history never stops a run: what fails is told once by
 * smear_recorder_get_problem(), nothing more is recorded, and the run goes on.
 */
typedef struct _SmearRecorder SmearRecorder;

/**
 * SmearRecorderOptions:
 * @wanted: the user asked for this run to be kept. Needed where the settings say “ask”;
 *   “on” keeps without, “off” refuses
 * @program: (nullable): what the findings were made with, for people
 * @how: (nullable): as given to smear_classify(); %NULL for the defaults
 * @report: (nullable): file to write at the end, .pdf or .html
 * @style: (nullable): of the report; %NULL for the defaults
 */
typedef struct
{
  gboolean wanted;
  const char *program;
  const SmearClassifyOptions *how;
  const char *report;
  const SmearReportOptions *style;
} SmearRecorderOptions;

/**
 * smear_recorder_new:
 * @model: that answers
 *
 * Errors: %SMEAR_ERROR_ARGUMENT for a report that ends in neither .pdf nor .html.
 *
 * Returns: (transfer full) (nullable)
 */
SmearRecorder *smear_recorder_new (SmearModel *model, const SmearRecorderOptions *options,
                                   GError **error);
void smear_recorder_free (SmearRecorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearRecorder, smear_recorder_free)

/** smear_recorder_wants_images: findings have to come with their images. */
gboolean smear_recorder_wants_images (const SmearRecorder *recorder);
/** smear_recorder_get_problem: why nothing is recorded. Returns: (nullable): %NULL while
 * all is well, or nothing is to be recorded */
const char *smear_recorder_get_problem (const SmearRecorder *recorder);

/**
 * smear_recorder_add:
 * @image: (nullable): as for smear_history_add()
 * @context: its program, model and options are the recorder's own
 *
 * Returns: (transfer full) (nullable): the finding's entry; %NULL if it was not recorded
 */
SmearRecord *smear_recorder_add (SmearRecorder *recorder, const SmearFinding *finding,
                                 SmearImage *image, const SmearRecordContext *context);
/** smear_recorder_add_row: of a batch; rows without finding are passed over, and one that
 * an earlier run has done goes into the report alone. */
void smear_recorder_add_row (SmearRecorder *recorder, const SmearBatchRow *row);
/**
 * smear_recorder_add_sweep:
 * @path: of the scan
 * @options: of the sweep, whose maps go into the report
 *
 * One finding for the whole sweep, whose probabilities are the shares of its leukocytes.
 */
void smear_recorder_add_sweep (SmearRecorder *recorder, SmearScan *scan, const char *path,
                               const SmearSweepOptions *options,
                               const SmearSweepTotals *totals);

/** smear_recorder_finish: writes the report. */
gboolean smear_recorder_finish (SmearRecorder *recorder, GError **error);

G_END_DECLS
