/* The procedure plug-in-smearscope-find-cells. */
#include "core/run.h"

#include <string.h>

#include "core/caption.h"
#include "core/cell-layer.h"
#include "core/document.h"
#include "core/options.h"
#include "core/outline.h"
#include "core/pixels.h"
#include "core/texts.h"

#define OUTLINE_TOLERANCE 0.75

typedef struct
{
  const SmearLeukocytes *found;
  guint16 label;
} Labelled;

static gboolean
inside_cell (gint x, gint y, gpointer data)
{
  const Labelled *cell = data;
  return cell->found->labels[(gsize)y * cell->found->width + x] == cell->label;
}

/* Of all found cells, by index, whether the user left it out. */
static gboolean *
read_leave_out (const char *text, guint n_cells, GError **error)
{
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

static void
move (SmearFinding *finding, GPtrArray *outlines, const SmearRegion *place)
{
  finding->region = *place;
  for (guint i = 0; i < finding->cells->len; i++)
    {
      SmearCell *cell = &g_array_index (finding->cells, SmearCell, i);
      GArray *outline = outlines->pdata[i];

      cell->box.x += place->x;
      cell->box.y += place->y;
      cell->x += place->x;
      cell->y += place->y;
      for (guint p = 0; p < outline->len; p++)
        g_array_index (outline, gdouble, p) += p % 2 ? place->y : place->x;
    }
}

static GPtrArray *
trace_all (const SmearLeukocytes *found, const gboolean *out, GArray *numbers)
{
  GPtrArray *outlines = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);

  for (guint i = 0; i < found->cells->len; i++)
    {
      Labelled cell = { found, i + 1 };
      gint number = i + 1;
      g_autoptr (GArray) traced = NULL;

      if (out[i])
        continue;
      traced = smear_outline_trace (inside_cell, &cell,
                                    &g_array_index (found->cells, SmearCell, i).box);
      g_ptr_array_add (outlines, smear_outline_smooth (traced, OUTLINE_TOLERANCE));
      g_array_append_val (numbers, number);
    }
  return outlines;
}

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
  else if (MIN (place->width, place->height) < 16)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                 _ ("There are %d × %d pixels to search; at least 16 × 16 are needed."),
                 place->width, place->height);
  else if (place->width > SMEAR_CELL_LAYER_MAX)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                 _ ("%d pixels across are too many to search at once; select up to %d."),
                 place->width, SMEAR_CELL_LAYER_MAX);
  else
    return TRUE;
  return FALSE;
}

static void
add_to_image (SmearHost *host, const SmearScene *scene, const SmearOptions *options,
              const SmearFinding *finding, GArray *numbers, GPtrArray *outlines)
{
  g_autofree char *name = g_strdup_printf (_ ("Smearscope: %u cells"),
                                           finding->cells->len);
  SmearCellLayer layer = { finding, numbers, outlines };
  gint group = host->group_new (host, name);

  host->layer_new (host, group, _ ("Cells"), &finding->region, 100, smear_cell_layer_rows,
                   &layer);
  if (options->caption)
    smear_caption_add (host, scene, group, finding, SMEAR_N_COLOUR_MAPS);
  host->path_new (host, name, outlines);
}

static void
keep (SmearHost *host, const SmearFinding *finding, gboolean replace,
      GVariantDict *results)
{
  g_autofree char *before = replace ? NULL : host->get_findings (host);
  g_autoptr (GPtrArray) lines = smear_document_lines (before);
  char *line = smear_finding_to_json (finding);
  g_autofree char *document = NULL;

  g_ptr_array_add (lines, line);
  document = smear_document_new (lines);
  host->set_findings (host, document);
  g_variant_dict_insert (results, "cells", "i", (gint)finding->cells->len);
  g_variant_dict_insert (results, "json", "s", line);
}

gboolean
smear_run_find_cells (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                      GError **error)
{
  const SmearClassifyOptions how = { SMEAR_CLASS_NONE, FALSE, 0 };
  g_auto (SmearOptions) options;
  g_auto (SmearScene) scene = { 0 };
  g_autoptr (SmearModel) model = NULL;
  g_autoptr (SmearImage) image = NULL;
  g_autoptr (SmearLeukocytes) found = NULL;
  g_autoptr (SmearFinding) finding = NULL;
  g_autoptr (GPtrArray) outlines = NULL;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint));
  g_autofree gboolean *out = NULL;
  const char *leave_out = "";
  gboolean done = TRUE;
  SmearRegion place;
  gdouble um;

  smear_options_read (&options, arguments);
  g_variant_dict_lookup (arguments, "leave-out", "&s", &leave_out);
  if (!host->describe (host, &scene, error) || !smear_scene_check (&scene, error)
      || !region_to_search (host, &scene, &place, error))
    return FALSE;
  host->progress (host, _ ("Finding cells"), 0);
  image = smear_pixels_read (host, &scene, &place, NULL, error);
  model = image ? smear_model_load (options.model, error) : NULL;
  if (model == NULL)
    return FALSE;
  um = smear_image_get_um_per_pixel (image);
  found = smear_leukocytes_find (image, um, um, error);
  out = found ? read_leave_out (leave_out, found->cells->len, error) : NULL;
  if (out == NULL)
    return FALSE;
  for (guint i = 0; i < found->cells->len; i++)
    if (out[i])
      paint_over (image, found, i);
  host->progress (host, _ ("Classifying"), 0.5);
  finding = smear_classify (model, image, NULL, &how, NULL, NULL, NULL, error);
  if (finding == NULL)
    return FALSE;
  g_free (finding->source);
  finding->source = g_strdup (scene.name);
  take_classes (finding, found, out);
  outlines = trace_all (found, out, numbers);
  move (finding, outlines, &place);

  host->undo_begin (host, _ ("Smearscope"));
  if (options.replace)
    host->remove_ours (host);
  if (scene.base != SMEAR_BASE_RGB && options.convert)
    done = host->make_rgb (host, error);
  if (done)
    {
      add_to_image (host, &scene, &options, finding, numbers, outlines);
      keep (host, finding, options.replace, results);
    }
  host->undo_end (host);
  return done;
}
