#include "core/cell-search.h"

#include <string.h>

#include "core/cell-layer.h"
#include "core/pixels.h"
#include "core/texts.h"

/* As small as smear_leukocytes_find() takes; as wide as cairo can draw. */
#define SMALLEST 16

static gboolean
region_to_search (SmearHost *host, const SmearScene *scene, SmearRegion *place,
                  GError **error)
{
  SmearRegion bounds;

  *place = scene->drawable;
  if (host->selection_bounds (host, &bounds)
      && !smear_region_intersect (&bounds, &scene->drawable, place))
    g_set_error (
        error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
        _ ("The selection does not touch the layer. Choose the layer beneath the "
           "selection, or select nothing to search the whole layer."));
  else if (MIN (place->width, place->height) < SMALLEST)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                 _ ("There are %d × %d pixels to search; at least %d × %d are needed."),
                 place->width, place->height, SMALLEST, SMALLEST);
  else if (place->width > SMEAR_CELL_LAYER_MAX)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                 _ ("%d pixels across are too many to search at once; select up to %d."),
                 place->width, SMEAR_CELL_LAYER_MAX);
  else
    return TRUE;
  return FALSE;
}

SmearCellSearch *
smear_cell_search_new (SmearHost *host, const SmearScene *scene, GError **error)
{
  g_autoptr (SmearCellSearch) search = g_new0 (SmearCellSearch, 1);

  if (!region_to_search (host, scene, &search->place, error))
    return NULL;
  search->image = smear_pixels_read (host, scene, &search->place, NULL, error);
  if (search->image == NULL)
    return NULL;
  /* By the scale of the red cells, as the engine searches a field first. */
  search->found = smear_leukocytes_find (search->image, 0, 0, error);
  return search->found != NULL ? g_steal_pointer (&search) : NULL;
}

void
smear_cell_search_free (SmearCellSearch *search)
{
  g_clear_pointer (&search->image, smear_image_unref);
  g_clear_pointer (&search->found, smear_leukocytes_free);
  g_free (search);
}

gboolean *
smear_cell_search_leave_out (const SmearCellSearch *search, const char *text,
                             GError **error)
{
  const guint n_cells = search->found->cells->len;
  g_autofree gboolean *out = g_new0 (gboolean, n_cells + 1);
  g_auto (GStrv) numbers = g_strsplit_set (text, ", ;", -1);

  for (char **number = numbers; *number; number++)
    {
      guint64 value;

      if (**number == '\0')
        continue;
      if (!g_ascii_string_to_unsigned (*number, 10, 1, n_cells, &value, NULL))
        {
          g_set_error (
              error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
              _ ("leave-out: \"%s\" is no number of a found cell; there are %u."),
              *number, n_cells);
          return NULL;
        }
      out[value - 1] = TRUE;
    }
  return g_steal_pointer (&out);
}

/* What is around a cell is the best guess at what would be there without it. */
static void
paint_over (SmearImage *image, const SmearLeukocytes *found, guint index)
{
  const SmearRegion *box = &g_array_index (found->cells, SmearCell, index).box;
  guint8 *pixels = smear_image_get_pixels (image);
  guint64 sum[3] = { 0 }, n = 0;

  for (gint pass = 0; pass < 2; pass++)
    for (gint y = box->y; y < box->y + box->height; y++)
      for (gint x = box->x; x < box->x + box->width; x++)
        {
          gsize at = (gsize)y * found->width + x;

          if (pass == 0 && found->labels[at] == 0)
            {
              for (gint c = 0; c < 3; c++)
                sum[c] += pixels[3 * at + c];
              n++;
            }
          else if (pass == 1 && found->labels[at] == index + 1)
            for (gint c = 0; c < 3; c++)
              pixels[3 * at + c] = n ? sum[c] / n : 255;
        }
}

/* The cells kept: the engine's own judgement of each where it gave one. */
static void
take_classes (SmearFinding *finding, const SmearLeukocytes *found, const gboolean *out)
{
  g_autoptr (GArray) judged = g_steal_pointer (&finding->cells);

  finding->cells = g_array_new (FALSE, FALSE, sizeof (SmearCell));
  for (guint i = 0; i < found->cells->len; i++)
    {
      SmearCell cell = g_array_index (found->cells, SmearCell, i);

      if (out[i])
        continue;
      for (guint j = 0; judged && j < judged->len; j++)
        {
          const SmearCell *other = &g_array_index (judged, SmearCell, j);
          gint x = (gint)other->x, y = (gint)other->y;

          if (x >= 0 && y >= 0 && x < found->width && y < found->height
              && found->labels[(gsize)y * found->width + x] == i + 1)
            {
              cell.klass = other->klass;
              memcpy (cell.probabilities, other->probabilities,
                      sizeof cell.probabilities);
            }
        }
      g_array_append_val (finding->cells, cell);
    }
}

void
smear_cells_judged_clear (SmearCellsJudged *judged)
{
  g_clear_pointer (&judged->image, smear_image_unref);
  g_clear_pointer (&judged->cells, g_array_unref);
}

SmearFinding *
smear_cell_search_judge (const SmearCellSearch *search, SmearModel *model,
                         const gboolean *out, SmearCellsJudged *judged, GError **error)
{
  const SmearClassifyOptions how = { SMEAR_CLASS_NONE, FALSE, 0 };
  const SmearRegion whole = { 0, 0, search->place.width, search->place.height };
  g_autoptr (SmearImage) image = smear_image_crop (search->image, &whole);
  SmearFinding *finding;

  for (guint i = 0; i < search->found->cells->len; i++)
    if (out[i])
      paint_over (image, search->found, i);
  finding = smear_classify (model, image, NULL, &how, NULL, NULL, NULL, error);
  if (finding != NULL && judged != NULL)
    {
      judged->image = g_steal_pointer (&image);
      judged->cells = finding->cells != NULL ? g_array_copy (finding->cells) : NULL;
    }
  if (finding != NULL)
    take_classes (finding, search->found, out);
  return finding;
}
