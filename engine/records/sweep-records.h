/* What a sweep leaves behind: a journal of finished tiles, and the files made from it. */
#pragma once

#include "pipeline/model-file.h"
#include "pipeline/sweep.h"

typedef struct _SmearSweepJournal SmearSweepJournal;

/**
 * smear_sweep_journal_open:
 * @identity: of scan, model and grid, one line of JSON; a journal of another one cannot
 * be resumed
 * @resume: take up the tiles that are there; what is not a whole record is cut off
 * @tiles: (element-type SmearSweepTile): gets the tiles that are there
 *
 * Returns: (transfer full) (nullable)
 */
SmearSweepJournal *smear_sweep_journal_open (const char *path, const char *identity,
                                             guint n_tiles, gboolean resume,
                                             GPtrArray *tiles, GError **error);
/** smear_sweep_journal_append: on disk when this returns, or not at all. */
gboolean smear_sweep_journal_append (SmearSweepJournal *journal,
                                     const SmearSweepTile *tile, GError **error);
void smear_sweep_journal_close (SmearSweepJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearSweepJournal, smear_sweep_journal_close)

/**
 * SmearSweepTally: cells counted.
 * @blasts: share of the leukaemia classes, with its interval; as of SmearSweepTotals
 */
typedef struct
{
  guint n_cells, n_uncertain, by_class[SMEAR_N_CLASSES];
  gdouble blasts, blasts_low, blasts_high;
} SmearSweepTally;

/** smear_sweep_tally: counts those of @cells that lie in @area, all if that is %NULL. */
void smear_sweep_tally (const GArray *cells, const SmearArea *area, gfloat threshold,
                        SmearSweepTally *tally);
/** smear_sweep_first_below: cells are sorted from the top down. Returns: the first whose
 * centre is at @y or below */
guint smear_sweep_first_below (const GArray *cells, gdouble y);

/**
 * SmearSweepArea: one of several areas asked for.
 * @finding: (nullable): of its pixels by themselves
 * @error: (nullable): why there is none
 */
typedef struct
{
  const SmearArea *area;
  SmearSweepTally tally;
  SmearFinding *finding;
  GError *error;
} SmearSweepArea;

/**
 * SmearSweepResult: all that the files of a sweep are made from.
 * @scan: its name, UTF-8
 * @region: what was swept; the bounds of all areas where there are any
 * @areas: (nullable) (element-type SmearSweepArea)
 * @tiles: (element-type SmearSweepTile): those that bear on it, in order
 * @cells: (element-type SmearCell): those counted
 */
typedef struct
{
  const char *scan;
  SmearModel *model;
  SmearSweepGrid grid;
  SmearRegion region;
  GPtrArray *areas;
  GPtrArray *tiles;
  GArray *cells;
  SmearColourMap colours;
  const SmearSweepTotals *totals;
} SmearSweepResult;

/** smear_sweep_judge_areas: fills in @areas, counted and judged. */
gboolean smear_sweep_judge_areas (SmearSweepResult *result, SmearScan *scan,
                                  GPtrArray *areas, gint n_jobs,
                                  GCancellable *cancellable, GError **error);
/** smear_sweep_in_areas: whether the point lies in one of those asked for. */
gboolean smear_sweep_in_areas (GPtrArray *areas, gdouble x, gdouble y);

/** smear_sweep_is_uncertain: no class of @cell reaches the model's threshold. */
gboolean smear_sweep_is_uncertain (const SmearSweepResult *result, const SmearCell *cell);
/** smear_cell_malignant: sum over the leukaemia classes. */
gfloat smear_cell_malignant (const SmearCell *cell);
/** smear_sweep_own_part: the part of a tile's core that lies in the region. Returns:
 * %FALSE if none does */
gboolean smear_sweep_own_part (const SmearSweepResult *result, guint index,
                               SmearRegion *part);

gboolean smear_sweep_write_csv (const SmearSweepResult *result, const char *path,
                                GError **error);
gboolean smear_sweep_write_geojson (const SmearSweepResult *result, const char *path,
                                    GError **error);
gboolean smear_sweep_write_summary (const SmearSweepResult *result, const char *path,
                                    GError **error);
/** smear_sweep_write_regions_csv: a row an area. */
gboolean smear_sweep_write_regions_csv (const SmearSweepResult *result, const char *path,
                                        GError **error);
/** smear_sweep_write_regions_jsonl: an area's finding and count a line. */
gboolean smear_sweep_write_regions_jsonl (const SmearSweepResult *result,
                                          const char *path, GError **error);
/** smear_sweep_write_heat_map: how malignant the cells around each place are. */
gboolean smear_sweep_write_heat_map (const SmearSweepResult *result, const char *path,
                                     GError **error);
/** smear_sweep_write_class_map: each cell in the colour of its class. */
gboolean smear_sweep_write_class_map (const SmearSweepResult *result, const char *path,
                                      GError **error);
