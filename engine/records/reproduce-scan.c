/* The same scan, the same model, the same leukocytes? */
#include "records/history-private.h"

#include <glib/gstdio.h>
#include <smearscope/scan.h>
#include <stdio.h>
#include <string.h>

char *
smear_scan_program (const SmearSweepTotals *totals, gboolean in_areas)
{
  char scale[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf (
      "%s%u leukocytes at %s µm a pixel",
      in_areas ? "outlined areas of a scan: shares of " : SMEAR_SCAN_PROGRAM,
      totals->n_cells, g_ascii_dtostr (scale, sizeof scale, totals->um_per_pixel));
}

/* 0, which means the file's own, unless it was swept at another scale. */
static gdouble
scale_of (const SmearRecord *record, SmearScan *scan)
{
  const char *at = strstr (record->program, " at ");
  gdouble before = at ? g_ascii_strtod (at + strlen (" at "), NULL) : 0;

  return before == smear_scan_get_um_per_pixel (scan) ? 0 : before;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
}

static gboolean
sweep (const SmearRecord *record, SmearScan *scan, SmearModel *model,
       SmearSweepTotals *totals, GError **error)
{
  const SmearRegion *region = &record->finding->region;
  gboolean whole = region->x == 0 && region->y == 0
                   && region->width == smear_scan_get_width (scan)
                   && region->height == smear_scan_get_height (scan);
  g_autoptr (GError) inner = NULL;
  g_autofree char *folder = g_dir_make_tmp ("smearscope-reproduce-XXXXXX", &inner);
  SmearSweepOptions options = { .output = folder,
                                .region = whole ? NULL : region,
                                .um_per_pixel = scale_of (record, scan) };
  gboolean done;

  if (!folder)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO,
                   "%s: no folder for the scan's results can be made: %s",
                   g_get_tmp_dir (), inner->message);
      return FALSE;
    }
  done = smear_scan_sweep (scan, model, &options, NULL, NULL, NULL, totals, error);
  remove_folder (folder);
  return done;
}

static char **
compare (const SmearRecord *record, SmearModel *model, const SmearSweepTotals *totals)
{
  const SmearFinding *before = record->finding;
  g_autoptr (GStrvBuilder) differences = g_strv_builder_new ();
  guint n_before = 0;

  sscanf (record->program, SMEAR_SCAN_PROGRAM "%u", &n_before);
  if (g_strcmp0 (before->model_hash, smear_model_get_hash (model)) != 0)
    g_strv_builder_add (differences, "model (SHA-256): another one now");
  if (n_before != totals->n_cells)
    {
      g_autofree char *line = g_strdup_printf ("leukocytes: %u before, %u now", n_before,
                                               totals->n_cells);
      g_strv_builder_add (differences, line);
    }
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      gfloat now = totals->n_cells > 0 ? (gfloat)totals->by_class[i] / totals->n_cells
                                       : 0;

      if (now != before->probabilities[i])
        {
          g_autofree char *line = g_strdup_printf ("share of %s: %.9g before, %.9g now",
                                                   smear_class_title (i),
                                                   before->probabilities[i], now);
          g_strv_builder_add (differences, line);
        }
    }
  return g_strv_builder_end (differences);
}

SmearReproduction *
smear_reproduce_scan (const SmearRecord *record, const char *path, SmearModel *model,
                      GError **error)
{
  g_autoptr (SmearReproduction) run = g_new0 (SmearReproduction, 1);
  g_autoptr (SmearScan) scan = smear_scan_open (path ? path : record->path, 0, error);
  SmearSweepTotals totals;

  if (!scan || !sweep (record, scan, model, &totals, error))
    return NULL;
  run->model = smear_model_ref (model);
  run->differences = compare (record, model, &totals);
  run->same = run->differences[0] == NULL;
  return g_steal_pointer (&run);
}
