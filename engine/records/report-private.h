/* Shared by the files that put findings on paper. */
#pragma once

#include "records/history-private.h"

#include <smearscope/report.h>

G_BEGIN_DECLS

/** SMEAR_REPORT_PICTURE_SIDE: longer side of pictures: 80 mm at 200 dots an inch. */
#define SMEAR_REPORT_PICTURE_SIDE 640

/**
 * SmearReportEntry:
 * @finding: a copy; its source is the name to show
 * @picture: (nullable): the region, small; only for entries with a page of their own
 * @is_sweep: of a scan: @totals are filled in, probabilities are shares of cells
 * @heat_map: (nullable): of a scan; likewise @class_map
 * @id: in the history, 0 if it is not there
 */
typedef struct
{
  SmearFinding *finding;
  SmearImage *picture, *heat_map, *class_map;
  gboolean is_sweep;
  SmearSweepTotals totals;
  char **warnings;
  gint64 id, time;
  char *hash, *user, *program, *version, *pixel_hash;
  SmearClassifyOptions options;
} SmearReportEntry;

struct _SmearReport
{
  SmearPaper paper;
  char *title, *laboratory;
  SmearColourMap colours;
  gfloat opacity;
  gint max_pages;
  SmearModel *model;
  GPtrArray *entries;
};

/** SmearPair: a label and what belongs to it. */
typedef struct
{
  const char *label;
  char *value;
} SmearPair;

/* report-facts.c: what is said, whatever it is set in */
/** smear_report_model_pairs: Returns: (transfer full) (element-type SmearPair) */
GPtrArray *smear_report_model_pairs (const SmearReport *report);
/** smear_report_trace_pairs: what is needed to reproduce the finding. Returns: likewise
 */
GPtrArray *smear_report_trace_pairs (const SmearReport *report,
                                     const SmearReportEntry *entry);
/** smear_report_count_pairs: how many of each answer. Returns: likewise */
GPtrArray *smear_report_count_pairs (const SmearReport *report);
/** smear_report_title: the answer in a line. Returns: (transfer full) */
char *smear_report_title (const SmearReportEntry *entry);
/** smear_report_confidence_text: how far such answers were right. Returns: (transfer
 * full) */
char *smear_report_confidence_text (const SmearReport *report,
                                    const SmearReportEntry *entry);
/** smear_report_right_text: the same in few words, for a table. Returns: (transfer full)
 */
char *smear_report_right_text (const SmearReport *report, const SmearReportEntry *entry);
/** smear_report_cells_text: how the cells were judged. Returns: (transfer full) */
char *smear_report_cells_text (const SmearReportEntry *entry);
/** smear_report_quality_text: of the image, where nothing is wrong with it. Returns:
 * likewise */
char *smear_report_quality_text (const SmearReportEntry *entry);
/** smear_report_count_cells: @counts: (out caller-allocates): by class */
guint smear_report_count_cells (const SmearReportEntry *entry,
                                guint counts[SMEAR_N_CLASSES]);
/** smear_report_caption: of the picture. */
const char *smear_report_caption (const SmearReportEntry *entry);
/** smear_report_heat_caption: Returns: (transfer full) */
char *smear_report_heat_caption (const SmearReportEntry *entry);
/** smear_report_heat_note: what the line in it means. Returns: (nullable) */
const char *smear_report_heat_note (const SmearReportEntry *entry);
/** smear_report_percent: "97.3 %" with a narrow space. Returns: (transfer full) */
char *smear_report_percent (gdouble share);
char *smear_report_time (gint64 time);

/* report-reliability.c */
/** smear_report_calibration_text: how often answers of this confidence were right.
 * Returns: (transfer full) */
char *smear_report_calibration_text (SmearModel *model, gfloat confidence);
/** smear_report_calibration_brief: the same in a table's cell. Returns: (transfer full)
 */
char *smear_report_calibration_brief (SmearModel *model, gfloat confidence);
/** smear_report_plain: JSON in lines that a person reads; other text as it is. Returns:
 * (transfer full) */
char *smear_report_plain (const char *text);

/* report-card.c */
/** smear_report_card_section: of the card beside the weights. Returns: (nullable)
 * (transfer full) */
char *smear_report_card_section (SmearModel *model, const char *title);

/* report-picture.c */
/** smear_report_draw_cells: numbered outlines of the cells, over a picture of @width
 * points. */
void smear_report_draw_cells (cairo_t *cr, const SmearFinding *finding, gdouble width);
/** smear_report_heat: the picture with the map over it, or a scan's own. Returns:
 * (transfer full) (nullable) */
SmearImage *smear_report_heat (const SmearReport *report, const SmearReportEntry *entry);
/** smear_report_class_panel: where a scan has leukocytes of this class, dark among pale
 * others: four such tell more in grey print than one map in four colours. Returns:
 * (transfer full) (nullable) */
SmearImage *smear_report_class_panel (const SmearReportEntry *entry, SmearClass klass);
/** smear_report_draw_scale: the colours from 0 to 1, left to right. */
void smear_report_draw_scale (cairo_t *cr, SmearColourMap colours, gdouble x, gdouble y,
                              gdouble width, gdouble height);

/* report-pdf.c, report-html.c */
gboolean smear_report_write_pdf (SmearReport *report, const char *path, GError **error);
gboolean smear_report_write_html (SmearReport *report, const char *path, GError **error);

G_END_DECLS
