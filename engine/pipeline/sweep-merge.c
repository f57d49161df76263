/* One list of cells out of overlapping tiles. */
#include "pipeline/sweep.h"

#include <math.h>

/* How far inside the tile's core a cell's centre lies; negative outside. At the scan's
 * own edges there is no neighbour who sees more. */
static gfloat
depth (const SmearSweepGrid *grid, const SmearRegion *core, const SmearCell *cell)
{
  gfloat left = core->x > 0 ? cell->x - core->x : G_MAXFLOAT;
  gfloat top = core->y > 0 ? cell->y - core->y : G_MAXFLOAT;
  gint x1 = core->x + core->width, y1 = core->y + core->height;
  gfloat right = x1 < grid->width ? x1 - cell->x : G_MAXFLOAT;
  gfloat bottom = y1 < grid->height ? y1 - cell->y : G_MAXFLOAT;
  return MIN (MIN (left, right), MIN (top, bottom));
}

/* Whether another tile has the same cell, and has the better view of it. */
static gboolean
is_better_in (const SmearSweepGrid *grid, const SmearSweepTile *other,
              const SmearCell *cell, gfloat own_depth, guint own_index)
{
  SmearRegion core, outer;

  smear_sweep_grid_tile (grid, other->index, &core, &outer);
  for (guint i = 0; i < other->cells->len; i++)
    {
      const SmearCell *rival = &g_array_index (other->cells, SmearCell, i);
      if (hypotf (rival->x - cell->x, rival->y - cell->y) >= grid->twin)
        continue;
      gfloat its_depth = depth (grid, &core, rival);
      if (its_depth > own_depth || (its_depth == own_depth && other->index < own_index))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_twin (const SmearSweepGrid *grid, SmearSweepTile **by_index,
         const SmearSweepTile *tile, const SmearRegion *core, const SmearCell *cell)
{
  gfloat own_depth = depth (grid, core, cell);
  if (own_depth > grid->slack + grid->twin)
    return FALSE; /* no other tile takes up anything that near */

  gint column = (gint)tile->index % grid->columns,
       row = (gint)tile->index / grid->columns;
  for (gint r = MAX (0, row - 1); r <= MIN (grid->rows - 1, row + 1); r++)
    for (gint c = MAX (0, column - 1); c <= MIN (grid->columns - 1, column + 1); c++)
      {
        const SmearSweepTile *other = by_index[(gsize)r * grid->columns + c];
        if (other && other != tile
            && is_better_in (grid, other, cell, own_depth, tile->index))
          return TRUE;
      }
  return FALSE;
}

static gint
from_the_top (gconstpointer a, gconstpointer b)
{
  const SmearCell *p = a, *q = b;
  if (p->y != q->y)
    return p->y < q->y ? -1 : 1;
  if (p->x != q->x)
    return p->x < q->x ? -1 : 1;
  return p->area - q->area;
}

GArray *
smear_sweep_merge (const SmearSweepGrid *grid, GPtrArray *tiles,
                   const SmearRegion *region)
{
  GArray *cells = g_array_new (FALSE, TRUE, sizeof (SmearCell));
  g_autofree SmearSweepTile **by_index = g_new0 (SmearSweepTile *,
                                                 (gsize)grid->columns * grid->rows);

  for (guint i = 0; i < tiles->len; i++)
    {
      SmearSweepTile *tile = tiles->pdata[i];
      by_index[tile->index] = tile;
    }
  for (guint i = 0; i < tiles->len; i++)
    {
      const SmearSweepTile *tile = tiles->pdata[i];
      SmearRegion core, outer;

      smear_sweep_grid_tile (grid, tile->index, &core, &outer);
      for (guint k = 0; k < tile->cells->len; k++)
        {
          const SmearCell *cell = &g_array_index (tile->cells, SmearCell, k);
          gboolean wanted = !region
                            || (cell->x >= region->x && cell->y >= region->y
                                && cell->x < region->x + region->width
                                && cell->y < region->y + region->height);
          if (wanted && !is_twin (grid, by_index, tile, &core, cell))
            g_array_append_vals (cells, cell, 1);
        }
    }
  g_array_sort (cells, from_the_top);
  return cells;
}
