/* The two maps of a sweep, drawn from its list of cells. */
#include "records/map-pyramid.h"
#include "records/sweep-records.h"

#include <math.h>
#include <string.h>

#define TILE SMEAR_MAP_TILE
/* So far a cell colours its surroundings. */
#define REACH_UM 60.0
/* The finest level of either map, in micrometres a pixel: a cell is six pixels. */
#define HEAT_UM 4.0
#define CLASS_UM 2.0
#define PAPER 255
#define REFUSED 176

/* Paper, and grey where nothing was judged. */
static void
draw_ground (const SmearSweepResult *result, gint factor, gint x, gint y, guint8 *rgb)
{
  memset (rgb, PAPER, TILE * TILE * 3);
  for (guint i = 0; i < result->tiles->len; i++)
    {
      const SmearSweepTile *tile = result->tiles->pdata[i];
      SmearRegion part;
      if ((!tile->refused && !tile->error)
          || !smear_sweep_own_part (result, tile->index, &part))
        continue;
      gint x0 = MAX (part.x / factor - x, 0), y0 = MAX (part.y / factor - y, 0);
      gint x1 = MIN ((part.x + part.width) / factor - x, TILE);
      gint y1 = MIN ((part.y + part.height) / factor - y, TILE);
      for (gint row = y0; x1 > x0 && row < y1; row++)
        memset (rgb + (row * TILE + x0) * 3, REFUSED, (gsize)(x1 - x0) * 3);
    }
}

/* Adds one cell's share to all pixels of the tile within reach; none to one further off.
 */
static void
spread (const SmearCell *cell, gdouble reach, gint factor, gint x, gint y,
        gfloat *weights, gfloat *sums)
{
  gfloat u = cell->x / factor - x, v = cell->y / factor - y;
  gfloat r = MAX (1.0f, (gfloat)(reach / factor));
  gint x0 = MAX (0, (gint)floorf (u - r)), x1 = MIN (TILE - 1, (gint)ceilf (u + r));
  gint y0 = MAX (0, (gint)floorf (v - r)), y1 = MIN (TILE - 1, (gint)ceilf (v + r));
  gfloat malignant = smear_cell_malignant (cell);

  for (gint j = y0; j <= y1; j++)
    for (gint i = x0; i <= x1; i++)
      {
        gfloat dx = (i + 0.5f - u) / r, dy = (j + 0.5f - v) / r;
        gfloat nearness = 1 - dx * dx - dy * dy;
        if (nearness <= 0)
          continue;
        weights[j * TILE + i] += nearness * nearness;
        sums[j * TILE + i] += nearness * nearness * malignant;
      }
}

static void
draw_heat (gpointer data, gint factor, gint x, gint y, guint8 *rgb)
{
  const SmearSweepResult *result = data;
  gdouble reach = REACH_UM / result->grid.um, farthest = MAX (reach, factor);
  g_autofree gfloat *weights = g_new0 (gfloat, TILE * TILE);
  g_autofree gfloat *sums = g_new0 (gfloat, TILE * TILE);

  draw_ground (result, factor, x, y, rgb);
  guint end = smear_sweep_first_below (result->cells,
                                       (gdouble)(y + TILE) * factor + farthest);
  for (guint i = smear_sweep_first_below (result->cells, (gdouble)y * factor - farthest);
       i < end; i++)
    spread (&g_array_index (result->cells, SmearCell, i), reach, factor, x, y, weights,
            sums);
  for (gint p = 0; p < TILE * TILE; p++)
    {
      guint8 colour[3];
      if (weights[p] <= 0)
        continue;
      gfloat alpha = MIN (1, weights[p]);
      smear_colour_map_lookup (result->colours, sums[p] / weights[p], colour);
      for (gint c = 0; c < 3; c++)
        rgb[3 * p + c] = (guint8)lrintf (alpha * colour[c]
                                         + (1 - alpha) * rgb[3 * p + c]);
    }
}

/* The ellipse in the cell's box; a pixel at least. */
static void
draw_cell (const SmearCell *cell, gint factor, gint x, gint y, guint8 *rgb)
{
  gfloat u = (cell->box.x + cell->box.width / 2.0f) / factor - x;
  gfloat v = (cell->box.y + cell->box.height / 2.0f) / factor - y;
  gfloat a = MAX (0.75f, cell->box.width / 2.0f / factor);
  gfloat b = MAX (0.75f, cell->box.height / 2.0f / factor);
  guint8 colour[3];

  smear_class_rgb (cell->klass, colour);
  for (gint j = MAX (0, (gint)(v - b)); j <= MIN (TILE - 1, (gint)(v + b)); j++)
    for (gint i = MAX (0, (gint)(u - a)); i <= MIN (TILE - 1, (gint)(u + a)); i++)
      {
        gfloat dx = (i + 0.5f - u) / a, dy = (j + 0.5f - v) / b;
        if (dx * dx + dy * dy <= 1)
          memcpy (rgb + (j * TILE + i) * 3, colour, 3);
      }
}

static void
draw_classes (gpointer data, gint factor, gint x, gint y, guint8 *rgb)
{
  const SmearSweepResult *result = data;
  /* No cell's box reaches further from its nucleus. */
  gdouble farthest = REACH_UM / result->grid.um;

  draw_ground (result, factor, x, y, rgb);
  guint end = smear_sweep_first_below (result->cells,
                                       (gdouble)(y + TILE) * factor + farthest);
  for (guint i = smear_sweep_first_below (result->cells, (gdouble)y * factor - farthest);
       i < end; i++)
    draw_cell (&g_array_index (result->cells, SmearCell, i), factor, x, y, rgb);
}

gboolean
smear_sweep_write_heat_map (const SmearSweepResult *result, const char *path,
                            GError **error)
{
  return smear_map_pyramid_write (path, result->grid.width, result->grid.height,
                                  result->grid.um, HEAT_UM,
                                  "Share of leukaemia classes among the leukocytes "
                                  "around each place. " SMEAR_DISCLAIMER,
                                  draw_heat, (gpointer)result, error);
}

gboolean
smear_sweep_write_class_map (const SmearSweepResult *result, const char *path,
                             GError **error)
{
  return smear_map_pyramid_write (
      path, result->grid.width, result->grid.height, result->grid.um, CLASS_UM,
      "Leukocytes in the colour of their most probable class. " SMEAR_DISCLAIMER,
      draw_classes, (gpointer)result, error);
}
