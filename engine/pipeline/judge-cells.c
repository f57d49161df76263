#include "pipeline/judge-cells.h"
#include "explain/grad-cam.h"
#include "pipeline/preprocess.h"

#include <math.h>
#include <string.h>

#define PICTURE (SMEAR_CELL_SIZE * SMEAR_CELL_SIZE * 3)
/* The map's longer side, at most: finer than the network's own resolution. */
#define MAP_SIDE 256

void
smear_cell_take_outputs (SmearCell *cell, const SmearModel *model, const gfloat *outputs)
{
  cell->klass = SMEAR_CLASS_BENIGN;
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    cell->probabilities[c] = outputs[c] / smear_model_temperature (model, 1);
  smear_softmax (cell->probabilities, SMEAR_N_CLASSES);
  for (gint c = 1; c < SMEAR_N_CLASSES; c++)
    if (cell->probabilities[c] > cell->probabilities[cell->klass])
      cell->klass = c;
}

/* Writes a cell's map into the field's where the cell is. */
static void
paste (const SmearLeukocytes *found, guint index, const SmearHeatMap *own, gfloat weight,
       SmearHeatMap *map)
{
  const SmearCell *cell = &g_array_index (found->cells, SmearCell, index);
  gdouble scale_x = (gdouble)found->width / map->width,
          scale_y = (gdouble)found->height / map->height;
  SmearCellWindow w;

  smear_cell_window (found, cell, &w);
  gint x0 = MAX (0, (gint)(cell->box.x / scale_x)),
       y0 = MAX (0, (gint)(cell->box.y / scale_y));
  gint x1 = MIN (map->width - 1, (gint)((cell->box.x + cell->box.width) / scale_x));
  gint y1 = MIN (map->height - 1, (gint)((cell->box.y + cell->box.height) / scale_y));

  for (gint y = y0; y <= y1; y++)
    for (gint x = x0; x <= x1; x++)
      {
        gint source_x = MIN ((gint)((x + 0.5) * scale_x), found->width - 1);
        gint source_y = MIN ((gint)((y + 0.5) * scale_y), found->height - 1);
        if (found->labels[(gsize)source_y * found->width + source_x] != index + 1)
          continue;
        gdouble u = CLAMP (
            (source_x + 0.5 - w.left) / (w.step_x * SMEAR_CELL_SIZE) * own->width - 0.5,
            0, own->width - 1.001);
        gdouble v = CLAMP (
            (source_y + 0.5 - w.top) / (w.step_y * SMEAR_CELL_SIZE) * own->height - 0.5,
            0, own->height - 1.001);
        gint i = (gint)u, j = (gint)v;
        const gfloat *a = own->values + j * own->width + i, *b = a + own->width;
        gdouble value = (a[0] * (1 - (u - i)) + a[1] * (u - i)) * (1 - (v - j))
                        + (b[0] * (1 - (u - i)) + b[1] * (u - i)) * (v - j);
        map->values[(gsize)y * map->width + x] = weight * value;
      }
}

static SmearHeatMap *
map_for (const SmearLeukocytes *found)
{
  gdouble shrink = MAX (1.0, MAX (found->width, found->height) / (gdouble)MAP_SIDE);

  return smear_heat_map_new (MAX (1, lrint (found->width / shrink)),
                             MAX (1, lrint (found->height / shrink)));
}

static void
explain (SmearWorkspace *ws, const SmearModel *model, const SmearLeukocytes *found,
         const gfloat *pictures, SmearFinding *finding)
{
  gfloat outputs[SMEAR_N_CLASSES], top = 0;

  finding->map = map_for (found);
  for (guint i = 0; i < found->cells->len; i++)
    {
      const SmearCell *cell = &g_array_index (found->cells, SmearCell, i);
      g_autoptr (SmearHeatMap) own = smear_grad_cam (ws, smear_model_network (model),
                                                     pictures + (gsize)i * PICTURE,
                                                     finding->explained, outputs);
      paste (found, i, own, cell->probabilities[finding->explained], finding->map);
    }
  for (gint p = 0; p < finding->map->width * finding->map->height; p++)
    top = MAX (top, finding->map->values[p]);
  for (gint p = 0; top > 0 && p < finding->map->width * finding->map->height; p++)
    finding->map->values[p] /= top;
}

static void
judge (SmearModel *model, SmearImage *image, SmearLeukocytes *found,
       const SmearClassifyOptions *options, SmearFinding *finding)
{
  guint n = found->cells->len;
  g_autofree guint8 *bytes = smear_preprocess_cells (image, found);
  g_autofree gfloat *pictures = g_new (gfloat, (gsize)n * PICTURE);
  g_autofree gfloat *outputs = g_new (gfloat, n * SMEAR_N_CLASSES);
  gfloat mean[SMEAR_N_CLASSES] = { 0 };

  smear_bytes_to_floats (bytes, (gsize)n * PICTURE, pictures);
  SmearWorkspace *ws = smear_model_borrow_workspace (model, options->n_threads);
  smear_workspace_run (ws, pictures, n, outputs);
  for (guint i = 0; i < n; i++)
    {
      smear_cell_take_outputs (&g_array_index (found->cells, SmearCell, i), model,
                               outputs + i * SMEAR_N_CLASSES);
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        mean[c] += outputs[i * SMEAR_N_CLASSES + c] / n;
    }
  smear_finding_take_outputs (finding, model, mean, n);
  finding->explained = options->explain != SMEAR_CLASS_NONE ? options->explain
                                                            : finding->klass;
  if (options->want_map)
    explain (ws, model, found, pictures, finding);
  smear_model_return_workspace (model, options->n_threads, ws);
}

void
smear_cells_move (GArray *cells, gint x, gint y)
{
  for (guint i = 0; i < cells->len; i++)
    {
      SmearCell *cell = &g_array_index (cells, SmearCell, i);
      cell->box.x += x;
      cell->box.y += y;
      cell->x += x;
      cell->y += y;
    }
}

gboolean
smear_judge_cells (SmearModel *model, SmearImage *image,
                   const SmearClassifyOptions *options, GCancellable *cancellable,
                   SmearFinding *finding, GError **error)
{
  g_autoptr (SmearImage) coarse = NULL;
  g_autoptr (SmearLeukocytes) found = smear_find_cells (image, 0, &coarse, error);

  if (found == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  smear_drop_fragments (found);
  finding->has_quality = TRUE;
  finding->quality = found->quality;
  if (!found->quality.is_smear)
    finding->verdict = SMEAR_VERDICT_NOT_A_SMEAR;
  else if (found->cells->len == 0)
    finding->verdict = SMEAR_VERDICT_NO_LEUKOCYTES;
  else
    judge (model, coarse, found, options, finding);
  if (finding->klass == SMEAR_CLASS_NONE && options->want_map)
    finding->map = map_for (found);
  finding->cells = g_array_ref (found->cells);
  smear_cells_move (finding->cells, finding->region.x, finding->region.y);
  return TRUE;
}
