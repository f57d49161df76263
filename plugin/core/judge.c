#include "core/judge.h"

#include "core/pixels.h"
#include "core/texts.h"

static GArray *
whole_drawable (const SmearScene *scene, GError **error)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (SmearPart));
  SmearPart whole = { scene->drawable,
                      (gint64)scene->drawable.width * scene->drawable.height,
                      scene->drawable.x, scene->drawable.y };

  g_array_append_val (parts, whole);
  if (MIN (scene->drawable.width, scene->drawable.height) >= SMEAR_JUDGE_SMALLEST)
    return parts;
  g_array_unref (parts);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               _ ("The layer is %d × %d pixels; at least %d × %d are needed."),
               scene->drawable.width, scene->drawable.height, SMEAR_JUDGE_SMALLEST,
               SMEAR_JUDGE_SMALLEST);
  return NULL;
}

GArray *
smear_judge_regions (SmearHost *host, const SmearScene *scene, guint *n_dropped,
                     GError **error)
{
  g_autoptr (GArray) parts = NULL;
  SmearRegion bounds;

  *n_dropped = 0;
  if (!host->selection_bounds (host, &bounds))
    return whole_drawable (scene, error);
  if (!smear_region_intersect (&bounds, &scene->drawable, &bounds))
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
          _ ("The selection does not touch the layer. Choose the layer beneath the "
             "selection, or select nothing to judge the whole layer."));
      return NULL;
    }
  parts = smear_parts_find (host, &bounds, SMEAR_JUDGE_SMALLEST, n_dropped, error);
  if (parts == NULL)
    return NULL;
  if (parts->len == 0)
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
          _ ("What is selected of the layer is too small: at least %d × %d pixels "
             "are needed."),
          SMEAR_JUDGE_SMALLEST, SMEAR_JUDGE_SMALLEST);
      return NULL;
    }
  return g_steal_pointer (&parts);
}

/* The engine saw a cut-out: its places become places on the canvas. */
static void
move_finding (SmearFinding *finding, const SmearScene *scene, const SmearRegion *place)
{
  g_free (finding->source);
  finding->source = g_strdup (scene->name);
  finding->region = *place;
  for (guint i = 0; finding->cells && i < finding->cells->len; i++)
    {
      SmearCell *cell = &g_array_index (finding->cells, SmearCell, i);
      cell->box.x += place->x;
      cell->box.y += place->y;
      cell->x += place->x;
      cell->y += place->y;
    }
}

SmearImage *
smear_judge_read (SmearHost *host, const SmearScene *scene, const SmearPart *part,
                  guint8 **mask, GError **error)
{
  *mask = smear_part_is_rectangle (part) ? NULL : smear_part_mask (host, part);
  return smear_pixels_read (host, scene, &part->bounds, *mask, error);
}

SmearFinding *
smear_judge (SmearModel *model, SmearImage *image, const SmearScene *scene,
             const SmearPart *part, const SmearClassifyOptions *how,
             SmearProgressFunc progress, gpointer user_data, GError **error)
{
  SmearFinding *finding = smear_classify (model, image, NULL, how, NULL, progress,
                                          user_data, error);

  if (finding == NULL)
    return NULL;
  /* Where nothing was answered there is nothing to explain. */
  if (finding->klass == SMEAR_CLASS_NONE)
    g_clear_pointer (&finding->map, smear_heat_map_free);
  move_finding (finding, scene, &part->bounds);
  return finding;
}
