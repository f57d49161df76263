/* The inside of a sweep: a grid of overlapping tiles, each judged by itself, the cells
 * seen twice merged. Nothing here writes files. */
#pragma once

#include <smearscope/scan.h>

/**
 * SmearSweepGrid:
 * @width: of the scan, likewise @height
 * @um: micrometres a pixel
 * @columns: tiles across, likewise @rows
 * @margin: what is looked at around a tile's core, in pixels
 * @slack: how far outside its core a cell's centre may lie and still be taken up
 * @twin: centres closer than this are one cell seen twice
 */
typedef struct
{
  gint width, height;
  gdouble um;
  gint columns, rows;
  gint margin, slack, twin;
} SmearSweepGrid;

/** smear_sweep_grid_init: Errors: %SMEAR_ERROR_UNSUPPORTED for a scale out of range. */
gboolean smear_sweep_grid_init (SmearSweepGrid *grid, SmearScan *scan, gdouble um,
                                GError **error);
/** smear_sweep_grid_tile: @outer is @core with its margin, inside the scan. */
void smear_sweep_grid_tile (const SmearSweepGrid *grid, guint index, SmearRegion *core,
                            SmearRegion *outer);
/** smear_sweep_grid_list: tiles that bear on cells in @region, all if %NULL. Returns:
 * (transfer full) (element-type guint) */
GArray *smear_sweep_grid_list (const SmearSweepGrid *grid, const SmearRegion *region);

/** smear_sweep_scale: from red cells in samples of the scan; 0 with %SMEAR_ERROR_ARGUMENT
 * if there are too few, or with what is wrong if nothing could be read. */
gdouble smear_sweep_scale (SmearScan *scan, GCancellable *cancellable, GError **error);

/**
 * SmearSweepTile:
 * @index: which
 * @refused: (nullable): why no cell of it was judged; static
 * @cells: (element-type SmearCell): in pixels of the scan
 * @error: (nullable): why it could not be read
 * @pixels: read; with the microseconds that each step took
 */
typedef struct
{
  guint index;
  const char *refused;
  GArray *cells;
  GError *error;
  gint64 pixels, decoding, finding, judging;
} SmearSweepTile;

void smear_sweep_tile_free (SmearSweepTile *tile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearSweepTile, smear_sweep_tile_free)

/** smear_sweep_refusal: the static reason that says the same as @text; %NULL if none
 * does. */
const char *smear_sweep_refusal (const char *text);

/** smear_sweep_judge: reads and judges one tile. Any thread. Returns: (transfer full) */
SmearSweepTile *smear_sweep_judge (SmearScan *scan, SmearModel *model,
                                   const SmearSweepGrid *grid, guint index);

/**
 * smear_sweep_run:
 * @indices: (element-type guint): tiles to judge
 * @take: called on the caller's thread as each is ready, in no order, and owns it then;
 *   returning %FALSE with its error set ends the run
 */
gboolean smear_sweep_run (SmearScan *scan, SmearModel *model, const SmearSweepGrid *grid,
                          const GArray *indices, gint n_jobs, GCancellable *cancellable,
                          gboolean (*take) (SmearSweepTile *, gpointer, GError **),
                          gpointer user_data, GError **error);

/**
 * smear_sweep_merge:
 * @tiles: (element-type SmearSweepTile): those judged
 * @region: (nullable): cells whose centre lies elsewhere are left out
 *
 * Of a cell that neighbouring tiles both saw, the one that lies deeper in its tile stays.
 * Which one depends on these two alone, so any part of a scan gives what the whole gives.
 *
 * Returns: (transfer full) (element-type SmearCell): from the top down
 */
GArray *smear_sweep_merge (const SmearSweepGrid *grid, GPtrArray *tiles,
                           const SmearRegion *region);
