/* One tile of a sweep: read, looked over, its leukocytes found and judged. */
#include "pipeline/judge-cells.h"
#include "pipeline/preprocess.h"
#include "pipeline/sweep.h"

#define PICTURE (SMEAR_CELL_SIZE * SMEAR_CELL_SIZE * 3)
/* The network's share of memory stays the same however crowded a tile is. */
#define CELLS_AT_ONCE 64

static const char *const refusals[] = {
  "out of focus",
  "too dark",
  "too bright",
  "nothing but one colour",
  "the background is dark",
  "no empty background between cells",
  "colours that no blood stain gives",
  "no stain, only shades of grey",
  "black marks instead of cells",
  "not a stained smear",
};

const char *
smear_sweep_refusal (const char *text)
{
  for (guint i = 0; text && i < G_N_ELEMENTS (refusals); i++)
    if (g_str_equal (text, refusals[i]))
      return refusals[i];
  return NULL;
}

void
smear_sweep_tile_free (SmearSweepTile *tile)
{
  if (tile == NULL)
    return;
  g_array_unref (tile->cells);
  g_clear_error (&tile->error);
  g_free (tile);
}

static const char *
why_not (const SmearQuality *quality)
{
  if (!quality->is_smear)
    {
      const char *known = smear_sweep_refusal (quality->reason);
      return known ? known : "not a stained smear";
    }
  return quality->blurred      ? "out of focus"
         : quality->too_dark   ? "too dark"
         : quality->too_bright ? "too bright"
                               : NULL;
}

/* Cells that are the tile's own, or nearly; the others are a neighbour's to judge. */
static GArray *
own_cells (const SmearSweepGrid *grid, const SmearRegion *core, const SmearRegion *outer,
           const GArray *found)
{
  GArray *indices = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < found->len; i++)
    {
      const SmearCell *cell = &g_array_index (found, SmearCell, i);
      gfloat x = cell->x + outer->x, y = cell->y + outer->y;
      if (x >= core->x - grid->slack && y >= core->y - grid->slack
          && x < core->x + core->width + grid->slack
          && y < core->y + core->height + grid->slack)
        g_array_append_val (indices, i);
    }
  return indices;
}

static void
judge (SmearModel *model, SmearImage *image, const SmearLeukocytes *found,
       const GArray *indices)
{
  g_autofree guint8 *bytes = smear_preprocess_some (image, found, indices);
  g_autofree gfloat *pictures = g_new (gfloat, CELLS_AT_ONCE * PICTURE);
  gfloat outputs[CELLS_AT_ONCE * SMEAR_N_CLASSES];
  SmearWorkspace *ws = smear_model_borrow_workspace (model, 1);

  for (guint first = 0; first < indices->len; first += CELLS_AT_ONCE)
    {
      guint n = MIN (CELLS_AT_ONCE, indices->len - first);
      smear_bytes_to_floats (bytes + (gsize)first * PICTURE, (gsize)n * PICTURE,
                             pictures);
      smear_workspace_run (ws, pictures, n, outputs);
      for (guint i = 0; i < n; i++)
        {
          guint index = g_array_index (indices, guint, first + i);
          smear_cell_take_outputs (&g_array_index (found->cells, SmearCell, index), model,
                                   outputs + i * SMEAR_N_CLASSES);
        }
    }
  smear_model_return_workspace (model, 1, ws);
}

/* Takes them up, in pixels of the scan. */
static void
take_cells (SmearSweepTile *tile, const SmearSweepGrid *grid, const SmearRegion *outer,
            const GArray *found, const GArray *indices)
{
  for (guint i = 0; i < indices->len; i++)
    {
      SmearCell cell = g_array_index (found, SmearCell,
                                      g_array_index (indices, guint, i));
      cell.box.x += outer->x;
      cell.box.y += outer->y;
      cell.x += outer->x;
      cell.y += outer->y;
      cell.touches_edge = cell.box.x <= 0 || cell.box.y <= 0
                          || cell.box.x + cell.box.width >= grid->width
                          || cell.box.y + cell.box.height >= grid->height;
      g_array_append_val (tile->cells, cell);
    }
}

SmearSweepTile *
smear_sweep_judge (SmearScan *scan, SmearModel *model, const SmearSweepGrid *grid,
                   guint index)
{
  SmearSweepTile *tile = g_new0 (SmearSweepTile, 1);
  SmearRegion core, outer;
  gint64 began = g_get_monotonic_time ();

  tile->index = index;
  tile->cells = g_array_new (FALSE, TRUE, sizeof (SmearCell));
  smear_sweep_grid_tile (grid, index, &core, &outer);
  g_autoptr (SmearImage) image = smear_scan_read_region (scan, 0, &outer, &tile->error);
  gint64 decoded = g_get_monotonic_time ();
  tile->decoding = decoded - began;
  if (!image)
    return tile;
  tile->pixels = (gint64)core.width * core.height;

  g_autoptr (SmearImage) coarse = NULL;
  g_autoptr (SmearLeukocytes) found = smear_find_cells (image, grid->um, &coarse,
                                                        &tile->error);
  gint64 seen = g_get_monotonic_time ();
  tile->finding = seen - decoded;
  if (!found)
    return tile;
  tile->refused = why_not (&found->quality);
  if (tile->refused)
    return tile;
  smear_drop_fragments (found);
  g_autoptr (GArray) indices = own_cells (grid, &core, &outer, found->cells);
  if (indices->len == 0)
    return tile;
  judge (model, coarse, found, indices);
  tile->judging = g_get_monotonic_time () - seen;
  take_cells (tile, grid, &outer, found->cells, indices);
  return tile;
}
