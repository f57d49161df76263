/* The procedure plug-in-smearscope-find-cells. */
#include "core/run.h"

#include "core/caption.h"
#include "core/cell-layer.h"
#include "core/cell-search.h"
#include "core/document.h"
#include "core/keeper.h"
#include "core/options.h"
#include "core/outline.h"
#include "core/pixels.h"
#include "core/resident.h"
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

static void
add_to_image (SmearHost *host, const SmearScene *scene, const SmearOptions *options,
              const SmearFinding *finding, GArray *numbers, GPtrArray *outlines)
{
  const guint n = finding->cells->len;
  g_autofree char *said = g_strdup_printf (
      smear_text_n ("Smearscope: %u cell", "Smearscope: %u cells", n), n);
  g_autofree char *name = smear_caption_title (said, options->caption);
  g_auto (SmearCellLayer) layer;

  host->group_new (host, name);
  smear_cell_layer_init (&layer, finding, numbers, outlines);
  host->layer_new (host, _ ("Cells"), &finding->region, 100, smear_cell_layer_rows,
                   &layer);
  if (options->caption)
    smear_caption_add (host, scene, finding, SMEAR_N_COLOUR_MAPS);
  host->path_new (host, name, outlines);
}

/* What the engine itself judged is what it can be held to when it is run again. */
static SmearRecord *
record (SmearHost *host, const SmearScene *scene, SmearModel *model,
        GVariantDict *arguments, const SmearFinding *finding, SmearCellsJudged *judged)
{
  const SmearClassifyOptions how = { SMEAR_CLASS_NONE, FALSE, 0 };
  SmearFinding own = *finding;
  g_auto (SmearKeeper) keeper;

  smear_keeper_init (&keeper, host, scene, model, arguments, &how);
  own.cells = judged->cells;
  for (guint i = 0; own.cells != NULL && i < own.cells->len; i++)
    {
      SmearCell *cell = &g_array_index (own.cells, SmearCell, i);
      cell->box.x += finding->region.x;
      cell->box.y += finding->region.y;
      cell->x += finding->region.x;
      cell->y += finding->region.y;
    }
  return smear_keeper_add (&keeper, &own, judged->image, &finding->region);
}

/* Takes @kept. */
static void
keep (SmearHost *host, const SmearFinding *finding, char *kept, gboolean replace,
      GVariantDict *results)
{
  g_autofree char *before = replace ? NULL : host->get_findings (host);
  g_autoptr (GPtrArray) lines = smear_document_lines (before);
  g_autofree char *line = smear_finding_to_json (finding);
  g_autofree char *document = NULL;

  g_ptr_array_add (lines, kept);
  document = smear_document_new (lines);
  host->set_findings (host, document);
  g_variant_dict_insert (results, "cells", "i", (gint)finding->cells->len);
  g_variant_dict_insert (results, "json", "s", line);
}

gboolean
smear_run_find_cells (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                      GError **error)
{
  g_auto (SmearOptions) options;
  g_auto (SmearScene) scene = { 0 };
  g_autoptr (SmearModel) model = NULL;
  g_autoptr (SmearCellSearch) search = NULL;
  g_autoptr (SmearFinding) finding = NULL;
  g_autoptr (GPtrArray) outlines = NULL;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint));
  g_autofree gboolean *out = NULL;
  g_autoptr (SmearRecord) kept = NULL;
  g_auto (SmearCellsJudged) judged = { 0 };
  const char *leave_out = "";
  gboolean done = TRUE;

  smear_options_read (&options, arguments);
  g_variant_dict_lookup (arguments, "leave-out", "&s", &leave_out);
  if (!host->describe (host, &scene, error) || !smear_scene_check (&scene, error))
    return FALSE;
  host->progress (host, _ ("Finding cells"), 0);
  search = smear_cell_search_new (host, &scene, error);
  out = search ? smear_cell_search_leave_out (search, leave_out, error) : NULL;
  model = out ? smear_resident_model (options.model, error) : NULL;
  if (model == NULL)
    return FALSE;
  host->progress (host, _ ("Classifying"), 0.5);
  finding = smear_cell_search_judge (search, model, out, &judged, error);
  if (finding == NULL)
    return FALSE;
  g_free (finding->source);
  finding->source = g_strdup (scene.name);
  outlines = trace_all (search->found, out, numbers);
  move (finding, outlines, &search->place);
  kept = record (host, &scene, model, arguments, finding, &judged);

  host->undo_begin (host);
  if (options.replace)
    host->remove_ours (host);
  if (scene.base != SMEAR_BASE_RGB && options.convert)
    done = host->make_rgb (host, error);
  if (done)
    {
      add_to_image (host, &scene, &options, finding, numbers, outlines);
      keep (host, finding, smear_keeper_line (finding, kept, numbers), options.replace,
            results);
    }
  host->undo_end (host);
  return done;
}
