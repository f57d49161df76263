/* A sweep with its records. */
#include "image/scan-private.h"
#include "pipeline/json-line.h"
#include "records/output-lock.h"
#include "records/sweep-records.h"

#include <errno.h>
#include <string.h>
#include <glib/gstdio.h>

typedef struct
{
  SmearScan *scan;
  SmearSweepJournal *journal;
  GPtrArray *tiles; /* by index; NULL where not judged */
  guint n_wanted, n_done;
  SmearSweepTotals *totals;
  SmearProgressFunc progress;
  gpointer user_data;
} Run;

static gboolean
take_tile (SmearSweepTile *tile, gpointer user_data, GError **error)
{
  Run *run = user_data;

  run->totals->megapixels += tile->pixels * 1e-6;
  run->totals->decoding += tile->decoding * 1e-6;
  run->totals->finding += tile->finding * 1e-6;
  run->totals->judging += tile->judging * 1e-6;
  g_ptr_array_add (run->tiles, tile);
  /* What could not be read is tried again next time. */
  if (!tile->error && !smear_sweep_journal_append (run->journal, tile, error))
    return FALSE;
  run->n_done++;
  if (run->progress)
    run->progress ("sweeping", run->n_done / (gdouble)run->n_wanted, run->user_data);
  return TRUE;
}

/* What a journal has to agree with to be resumed. */
static char *
identity (SmearScan *scan, SmearModel *model, const SmearSweepGrid *grid, GError **error)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *sum = smear_scan_identify (scan, error);
  if (!sum)
    return NULL;
  return g_strdup_printf (
      "{\"sweep\": 1, \"scan\": \"%s\", \"width\": %d, \"height\": %d, "
      "\"um_per_pixel\": %s, \"model\": \"%s\"}",
      sum, grid->width, grid->height, g_ascii_dtostr (digits, sizeof digits, grid->um),
      smear_model_get_hash (model));
}

static gint
by_index (gconstpointer a, gconstpointer b)
{
  const SmearSweepTile *p = *(SmearSweepTile *const *)a, *q = *(SmearSweepTile *const *)b;
  return p->index < q->index ? -1 : p->index > q->index;
}

/* Of all that the journal has, this run needs the tiles it asked for; the others are
 * dropped. Returns: (transfer full): those still to do */
static GArray *
sort_out (Run *run, const GArray *wanted)
{
  GArray *left = g_array_new (FALSE, FALSE, sizeof (guint));
  guint next = 0;

  g_ptr_array_sort (run->tiles, by_index);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  for (guint i = 0; i < wanted->len; i++)
    {
      guint index = g_array_index (wanted, guint, i);
      while (next < run->tiles->len
             && ((SmearSweepTile *)run->tiles->pdata[next])->index < index)
        next++;
      if (next < run->tiles->len
          && ((SmearSweepTile *)run->tiles->pdata[next])->index == index)
        {
          g_ptr_array_add (kept, run->tiles->pdata[next]);
          run->tiles->pdata[next++] = NULL;
        }
      else
        g_array_append_val (left, index);
    }
  g_ptr_array_set_size (run->tiles, 0);
  for (guint i = 0; i < kept->len; i++)
    g_ptr_array_add (run->tiles, kept->pdata[i]);
  return left;
}

static void
sum_up (const SmearSweepResult *result, SmearSweepTotals *totals)
{
  SmearRegion part;

  for (guint i = 0; i < result->tiles->len; i++)
    {
      const SmearSweepTile *tile = result->tiles->pdata[i];
      gboolean own = smear_sweep_own_part (result, tile->index, &part);
      totals->n_refused += own && tile->refused;
      totals->n_unreadable += own && tile->error;
    }
  SmearSweepTally tally;
  smear_sweep_tally (result->cells, NULL, smear_model_threshold (result->model), &tally);
  totals->n_cells = tally.n_cells;
  totals->n_uncertain = tally.n_uncertain;
  memcpy (totals->by_class, tally.by_class, sizeof tally.by_class);
  totals->blasts = tally.blasts;
  totals->blasts_low = tally.blasts_low;
  totals->blasts_high = tally.blasts_high;
}

static gboolean
write_files (const SmearSweepResult *result, const char *folder, GError **error)
{
  static const struct
  {
    const char *name;
    gboolean (*write) (const SmearSweepResult *, const char *, GError **);
  } files[] = { { "cells.csv", smear_sweep_write_csv },
                { "cells.geojson", smear_sweep_write_geojson },
                { "heat-map.tif", smear_sweep_write_heat_map },
                { "class-map.tif", smear_sweep_write_class_map },
                { "regions.csv", smear_sweep_write_regions_csv },
                { "regions.jsonl", smear_sweep_write_regions_jsonl },
                { "summary.json", smear_sweep_write_summary } };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i].name, NULL);
      if (!result->areas && g_str_has_prefix (files[i].name, "regions."))
        g_unlink (path); /* an earlier run's */
      else if (!files[i].write (result, path, error))
        return FALSE;
    }
  return TRUE;
}

static SmearRegion
bounds_of (const GPtrArray *areas)
{
  const SmearArea *area = areas->pdata[0];
  SmearRegion all = area->bounds;

  for (guint i = 1; i < areas->len; i++)
    {
      area = areas->pdata[i];
      gint right = MAX (all.x + all.width, area->bounds.x + area->bounds.width);
      gint bottom = MAX (all.y + all.height, area->bounds.y + area->bounds.height);
      all.x = MIN (all.x, area->bounds.x);
      all.y = MIN (all.y, area->bounds.y);
      all.width = right - all.x;
      all.height = bottom - all.y;
    }
  return all;
}

static gboolean
check (SmearScan *scan, SmearModel *model, const SmearSweepOptions *options,
       SmearRegion *region, GError **error)
{
  gint width = smear_scan_get_width (scan), height = smear_scan_get_height (scan);

  *region = options->region  ? *options->region
            : options->areas ? bounds_of (options->areas)
                             : (SmearRegion){ 0, 0, width, height };
  if (options->region && options->areas)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                 "give either one region or outlined areas, not both");
  else if (region->x < 0 || region->y < 0 || region->width < 1 || region->height < 1
           || region->width > width - region->x || region->height > height - region->y)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                 "%s: the region %d,%d,%d,%d does not lie inside its %d x %d pixels",
                 scan->path, region->x, region->y, region->width, region->height, width,
                 height);
  else if (!smear_model_judges_cells (model))
    g_set_error (
        error, SMEAR_ERROR, SMEAR_ERROR_MODEL,
        "%s: this model judges whole fields; a scan needs one that judges cells, "
        "as “smearscope train --architecture cell” makes",
        smear_model_get_path (model));
  else
    return TRUE;
  return FALSE;
}

static SmearOutputLock *
hold (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_autofree char *name = g_filename_display_name (folder);
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s; choose another output",
                   name, g_strerror (errno));
      return NULL;
    }
  g_autofree char *path = g_build_filename (folder, ".lock", NULL);
  return smear_output_lock_new (path, folder, error);
}

static void
keep_inside (GArray *cells, GPtrArray *areas)
{
  guint kept = 0;

  for (guint i = 0; i < cells->len; i++)
    {
      SmearCell cell = g_array_index (cells, SmearCell, i);
      if (smear_sweep_in_areas (areas, cell.x, cell.y))
        g_array_index (cells, SmearCell, kept++) = cell;
    }
  g_array_set_size (cells, kept);
}

/* Tiles that bear on what was asked for. */
static GArray *
list_tiles (const SmearSweepGrid *grid, const SmearSweepOptions *options)
{
  if (!options->areas)
    return smear_sweep_grid_list (grid, options->region);

  guint n = (guint)grid->columns * (guint)grid->rows;
  g_autofree guint8 *bears = g_new0 (guint8, n);
  GArray *list = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < options->areas->len; i++)
    {
      const SmearArea *area = options->areas->pdata[i];
      g_autoptr (GArray) some = smear_sweep_grid_list (grid, &area->bounds);
      for (guint k = 0; k < some->len; k++)
        bears[g_array_index (some, guint, k)] = 1;
    }
  for (guint i = 0; i < n; i++)
    if (bears[i])
      g_array_append_val (list, i);
  return list;
}

/* Judges what an earlier run has not, and writes down what came of it all. */
static gboolean
sweep (Run *run, SmearModel *model, const SmearSweepOptions *options,
       SmearSweepResult *result, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_build_filename (options->output, "tiles.journal", NULL);
  g_autofree char *who = identity (run->scan, model, &result->grid, error);
  if (!who)
    return FALSE;
  g_autoptr (SmearSweepJournal) journal = smear_sweep_journal_open (
      path, who, (guint)result->grid.columns * (guint)result->grid.rows, options->resume,
      run->tiles, error);
  if (!journal)
    return FALSE;

  g_autoptr (GArray) wanted = list_tiles (&result->grid, options);
  g_autoptr (GArray) left = sort_out (run, wanted);
  run->journal = journal;
  run->n_wanted = run->totals->n_tiles = wanted->len;
  run->n_done = run->totals->n_done_before = wanted->len - left->len;
  if (!smear_sweep_run (run->scan, model, &result->grid, left, options->n_jobs,
                        cancellable, take_tile, run, error))
    return FALSE;

  guint n_failed = 0;
  const GError *first = NULL;
  for (guint i = 0; i < run->tiles->len; i++)
    {
      const SmearSweepTile *tile = run->tiles->pdata[i];
      n_failed += tile->error != NULL;
      first = first ? first : tile->error;
    }
  if (n_failed > 0 && n_failed == run->tiles->len)
    {
      g_propagate_error (error, g_error_copy (first));
      return FALSE;
    }
  g_ptr_array_sort (run->tiles, by_index);
  result->cells = smear_sweep_merge (&result->grid, run->tiles, options->region);
  if (options->areas)
    {
      keep_inside (result->cells, options->areas);
      if (!smear_sweep_judge_areas (result, run->scan, options->areas, options->n_jobs,
                                    cancellable, error))
        return FALSE;
    }
  sum_up (result, run->totals);
  run->totals->scan_changed = smear_scan_changed (run->scan);
  if (run->progress)
    run->progress ("writing", 1, run->user_data);
  return write_files (result, options->output, error);
}

gboolean
smear_scan_sweep (SmearScan *scan, SmearModel *model, const SmearSweepOptions *options,
                  GCancellable *cancellable, SmearProgressFunc progress,
                  gpointer user_data, SmearSweepTotals *totals, GError **error)
{
  g_return_val_if_fail (scan != NULL && model != NULL, FALSE);
  g_return_val_if_fail (options != NULL && options->output != NULL, FALSE);

  gint64 began = g_get_monotonic_time ();
  SmearSweepTotals own = { 0 };
  if (!totals)
    totals = &own;
  *totals = own;

  SmearSweepResult result
      = { .model = model, .colours = options->colours, .totals = totals };
  if (!check (scan, model, options, &result.region, error))
    return FALSE;
  g_autoptr (SmearOutputLock) lock = hold (options->output, error);
  if (!lock)
    return FALSE;
  gdouble um = options->um_per_pixel > 0 ? options->um_per_pixel
               : smear_scan_get_um_per_pixel (scan) > 0
                   ? smear_scan_get_um_per_pixel (scan)
                   : smear_sweep_scale (scan, cancellable, error);
  g_autofree char *name = smear_text_from_filename (scan->path);
  if (um <= 0)
    {
      if (error && *error && !strstr ((*error)->message, name))
        g_prefix_error (error, "%s: ", name);
      return FALSE;
    }
  if (!smear_sweep_grid_init (&result.grid, scan, um, error))
    return FALSE;
  totals->um_per_pixel = um;

  g_autoptr (GPtrArray) tiles = g_ptr_array_new_with_free_func (
      (GDestroyNotify)smear_sweep_tile_free);
  Run run = { .scan = scan,
              .tiles = tiles,
              .totals = totals,
              .progress = progress,
              .user_data = user_data };
  result.scan = name;
  result.tiles = tiles;
  gboolean done = sweep (&run, model, options, &result, cancellable, error);
  g_clear_pointer (&result.cells, g_array_unref);
  g_clear_pointer (&result.areas, g_ptr_array_unref);
  totals->seconds = (g_get_monotonic_time () - began) * 1e-6;
  return done;
}
