/* Where the tiles of a sweep lie. */
#include "pipeline/sweep.h"

#include <math.h>

/* A core of this side and a margin that holds a large leukocyte whole. The finder works
 * on a picture of the same size however large the tile: a larger one costs less for its
 * area, but shows the finder less of each cell. */
#define CORE_UM 304.0
#define MARGIN_UM 24.0
#define SLACK_UM 4.0
#define TWIN_UM 3.5

/* Finer than this a tile is too many pixels to hold, coarser and there is nothing to see
 * of a nucleus. */
#define FINEST_UM 0.04
#define COARSEST_UM 1.0

static gint
pixels (gdouble um, gdouble um_per_pixel)
{
  return (gint)ceil (um / um_per_pixel);
}

gboolean
smear_sweep_grid_init (SmearSweepGrid *grid, SmearScan *scan, gdouble um, GError **error)
{
  if (!(um >= FINEST_UM && um <= COARSEST_UM))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED,
                   "%g micrometres a pixel; leukocytes are judged at %g to %g", um,
                   FINEST_UM, COARSEST_UM);
      return FALSE;
    }
  gint core = pixels (CORE_UM, um);
  *grid = (SmearSweepGrid){ .width = smear_scan_get_width (scan),
                            .height = smear_scan_get_height (scan),
                            .um = um,
                            .margin = pixels (MARGIN_UM, um),
                            .slack = pixels (SLACK_UM, um),
                            .twin = pixels (TWIN_UM, um) };
  /* Tiles of equal size, none of them a sliver. */
  grid->columns = MAX (1, (grid->width + core / 2) / core);
  grid->rows = MAX (1, (grid->height + core / 2) / core);
  return TRUE;
}

static gint
edge (gint i, gint n, gint length)
{
  return (gint)((gint64)i * length / n);
}

void
smear_sweep_grid_tile (const SmearSweepGrid *grid, guint index, SmearRegion *core,
                       SmearRegion *outer)
{
  gint column = (gint)index % grid->columns, row = (gint)index / grid->columns;

  core->x = edge (column, grid->columns, grid->width);
  core->y = edge (row, grid->rows, grid->height);
  core->width = edge (column + 1, grid->columns, grid->width) - core->x;
  core->height = edge (row + 1, grid->rows, grid->height) - core->y;
  outer->x = MAX (0, core->x - grid->margin);
  outer->y = MAX (0, core->y - grid->margin);
  outer->width = MIN (grid->width, core->x + core->width + grid->margin) - outer->x;
  outer->height = MIN (grid->height, core->y + core->height + grid->margin) - outer->y;
}

GArray *
smear_sweep_grid_list (const SmearSweepGrid *grid, const SmearRegion *region)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (guint));
  gint reach = grid->slack + grid->twin + 1;

  for (guint i = 0; i < (guint)grid->columns * (guint)grid->rows; i++)
    {
      SmearRegion core, outer;
      smear_sweep_grid_tile (grid, i, &core, &outer);
      if (!region
          || (region->x - reach < core.x + core.width
              && region->x + region->width + reach > core.x
              && region->y - reach < core.y + core.height
              && region->y + region->height + reach > core.y))
        g_array_append_val (list, i);
    }
  return list;
}
