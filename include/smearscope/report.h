/* Findings on paper: PDF and HTML that a laboratory can file. */
#pragma once

#include <smearscope/history.h>
#include <smearscope/scan.h>

G_BEGIN_DECLS

typedef enum
{
  SMEAR_PAPER_A4,
  SMEAR_PAPER_LETTER
} SmearPaper;

/**
 * SmearReportOptions:
 * @paper: sheet of the PDF
 * @title: (nullable): %NULL for "Blood smear findings"
 * @laboratory: (nullable): head of each page
 * @colours: of the heat map
 * @opacity: of the heat map over the image, 0 to 1
 * @max_pages: findings that get a page of their own; the list holds all of them
 */
typedef struct
{
  SmearPaper paper;
  const char *title, *laboratory;
  SmearColourMap colours;
  gfloat opacity;
  gint max_pages;
} SmearReportOptions;

#define SMEAR_REPORT_OPTIONS_DEFAULT                                                     \
  {                                                                                      \
    SMEAR_PAPER_A4, NULL, NULL, SMEAR_COLOUR_MAP_VIRIDIS, 0.55f, 50                      \
  }

/** SmearReport: collects findings, then writes them. */
typedef struct _SmearReport SmearReport;

/** smear_report_new: @options: (nullable): %NULL for the defaults */
SmearReport *smear_report_new (const SmearReportOptions *options);
void smear_report_free (SmearReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearReport, smear_report_free)

/** smear_report_set_model: states what the model is, from its metadata. */
void smear_report_set_model (SmearReport *report, SmearModel *model);

/**
 * smear_report_add:
 * @finding: copied
 * @image: (nullable): image that the region lies in; drawn small, not kept
 * @record: (nullable): its entry in the history: time, user, hash
 *
 * Only the last part of @finding's source is shown: no folders.
 */
void smear_report_add (SmearReport *report, const SmearFinding *finding,
                       SmearImage *image, const SmearRecord *record);

/** smear_report_add_cut: the same, where @image is the region and nothing else. */
void smear_report_add_cut (SmearReport *report, const SmearFinding *finding,
                           SmearImage *image, const SmearRecord *record);

/**
 * smear_report_add_record:
 * @record: a finding of the history
 * @model: (nullable): name or file of the model; %NULL for where it lay
 * @without: (out) (optional) (transfer full) (nullable): why it goes without pictures
 *
 * The pictures come from running it again, and only where that gives the same bits.
 */
void smear_report_add_record (SmearReport *report, const SmearRecord *record,
                              const char *model, char **without);

/**
 * SmearReportSweep:
 * @totals: what was counted
 * @overview: (nullable): the region swept, small; drawn smaller, not kept
 * @heat_map: (nullable): how malignant the cells around each place are; likewise
 * @class_map: (nullable): each cell in the colour of its class; likewise
 */
typedef struct
{
  const SmearSweepTotals *totals;
  SmearImage *overview, *heat_map, *class_map;
} SmearReportSweep;

/** smear_report_add_sweep: a scan's finding; its probabilities are shares of cells. */
void smear_report_add_sweep (SmearReport *report, const SmearFinding *finding,
                             const SmearReportSweep *sweep, const SmearRecord *record);

/** smear_report_check_path: FALSE with %SMEAR_ERROR_ARGUMENT unless it ends in .pdf or
 * .html, in whatever case. */
gboolean smear_report_check_path (const char *path, GError **error);

/**
 * smear_report_write:
 * @path: ends in .pdf or .html; written beside it and renamed
 */
gboolean smear_report_write (SmearReport *report, const char *path, GError **error);

G_END_DECLS
