/* Scans of slides: larger than memory, read by region; and their leukocytes, counted. */
#pragma once

#include <smearscope/area.h>
#include <smearscope/classify.h>

G_BEGIN_DECLS

/** SMEAR_SCAN_CACHE_BYTES: decoded pixels that an open scan keeps, unless told otherwise.
 */
#define SMEAR_SCAN_CACHE_BYTES ((gsize)128 << 20)

/**
 * SmearScan:
 *
 * Any number of threads may read from one at a time.
 */
typedef struct _SmearScan SmearScan;

/**
 * smear_scan_open:
 * @path: TIFF or BigTIFF, in tiles or strips, with or without a pyramid; a whole-slide
 *   format that OpenSlide knows, if the engine was built with it; or any image that
 *   smear_image_load() takes, which is then held in memory
 * @cache_bytes: decoded pixels kept at most; 0 for %SMEAR_SCAN_CACHE_BYTES
 * @error: return location
 *
 * Only the directory of the file is read. A TIFF is held open: it may be renamed or
 * removed meanwhile. OpenSlide opens a slide again by its name.
 *
 * Returns: (transfer full) (nullable)
 */
SmearScan *smear_scan_open (const char *path, gsize cache_bytes, GError **error);
void smear_scan_free (SmearScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearScan, smear_scan_free)

/** smear_scan_get_format: "TIFF", "OpenSlide aperio", "image"; for people. */
const char *smear_scan_get_format (const SmearScan *scan);
gint smear_scan_get_width (const SmearScan *scan);
gint smear_scan_get_height (const SmearScan *scan);
/** smear_scan_get_um_per_pixel: of level 0; 0 where unknown. */
gdouble smear_scan_get_um_per_pixel (const SmearScan *scan);
/** smear_scan_get_n_levels: at least 1; level 0 is the largest. */
gint smear_scan_get_n_levels (const SmearScan *scan);
void smear_scan_get_level_size (const SmearScan *scan, gint level, gint *width,
                                gint *height);

/**
 * smear_scan_read_region:
 * @level: of the pyramid
 * @region: in pixels of that level; must lie inside
 *
 * Errors: %SMEAR_ERROR_FORMAT if that part of the file is damaged or missing,
 * %SMEAR_ERROR_ARGUMENT for a region outside, %SMEAR_ERROR_TOO_LARGE.
 *
 * Returns: (transfer full) (nullable)
 */
SmearImage *smear_scan_read_region (SmearScan *scan, gint level,
                                    const SmearRegion *region, GError **error);

/**
 * SmearSweepOptions:
 * @output: folder for `cells.csv`, `cells.geojson`, `summary.json`, `heat-map.tif` and
 *   `class-map.tif`
 * @region: (nullable): count only the cells whose centre lies in it
 * @areas: (nullable) (element-type SmearArea): the same for several, as of
 *   smear_areas_load(); each is counted, and judged as smear_classify() judges its
 *   pixels by themselves, in `regions.csv` and `regions.jsonl`. Not with @region.
 * @um_per_pixel: scale; 0 to take the file's, or else to estimate it from the red cells
 * @n_jobs: tiles at a time; 0 for one a core. Results are the same for any number.
 * @resume: go on with what an earlier run left; otherwise begin anew
 * @colours: of the heat map
 */
typedef struct
{
  const char *output;
  const SmearRegion *region;
  GPtrArray *areas;
  gdouble um_per_pixel;
  gint n_jobs;
  gboolean resume;
  SmearColourMap colours;
} SmearSweepOptions;

/**
 * SmearSweepTotals:
 * @um_per_pixel: scale that was used
 * @n_tiles: tiles of the sweep
 * @n_done_before: by an earlier run
 * @n_refused: tiles that are no smear, or too dark, too bright or out of focus
 * @n_unreadable: tiles that could not be read
 * @n_cells: leukocytes counted
 * @n_uncertain: of them, those whose best class is below the model's threshold
 * @by_class: cells by their most probable class
 * @blasts: share of the three leukaemia classes; with @blasts_low and @blasts_high the 95
 * % interval after Wilson
 * @scan_changed: the file was written to during the sweep
 * @megapixels: read in this run
 * @seconds: this run took; of all its threads together, decoding took @decoding, finding
 *   cells @finding, the network @judging
 */
typedef struct
{
  gdouble um_per_pixel;
  guint n_tiles, n_done_before, n_refused, n_unreadable;
  guint n_cells, n_uncertain, by_class[SMEAR_N_CLASSES];
  gdouble blasts, blasts_low, blasts_high;
  gboolean scan_changed;
  gdouble megapixels, seconds, decoding, finding, judging;
} SmearSweepTotals;

/**
 * smear_scan_sweep:
 * @scan: an open scan
 * @model: one that judges cells
 * @totals: (out) (optional)
 *
 * Goes over the scan in overlapping tiles on a grid that depends on the scan alone. Each
 * leukocyte is judged in the tile in whose middle it lies deepest, and counted once; a
 * region therefore gets the very numbers that a sweep of the whole scan gives for it.
 * Every finished tile is on disk before it counts as done, so a killed run can be
 * resumed, with the outputs of an undisturbed one. Tiles that cannot be read are left
 * out, counted, and tried again by @resume. Errors: %SMEAR_ERROR_IO for an output that
 * cannot be written or is in use by another run, %SMEAR_ERROR_MODEL for a model that
 * judges whole fields, %SMEAR_ERROR_ARGUMENT for a region outside or a scale that is
 * neither known nor can be estimated, %SMEAR_ERROR_UNSUPPORTED for one outside of 0.04 to
 * 1 µm, %SMEAR_ERROR_FORMAT if nothing could be read,
 * %G_IO_ERROR_CANCELLED.
 */
gboolean smear_scan_sweep (SmearScan *scan, SmearModel *model,
                           const SmearSweepOptions *options, GCancellable *cancellable,
                           SmearProgressFunc progress, gpointer user_data,
                           SmearSweepTotals *totals, GError **error);

G_END_DECLS
