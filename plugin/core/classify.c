/* The procedure plug-in-smearscope-classify. */
#include "core/run.h"

#include "core/document.h"
#include "core/overlay.h"
#include "core/parts.h"
#include "core/pixels.h"
#include "core/texts.h"

/* As small as smear_classify() takes. */
#define SMALLEST 16
/* Share of the progress bar that ends with the classification. */
#define JUDGED 0.8

typedef struct
{
  SmearHost *host;
  gdouble from, to;
} Share;

static void
on_progress (const char *stage, gdouble fraction, gpointer user_data)
{
  const Share *share = user_data;
  share->host->progress (share->host, stage,
                         share->from + fraction * (share->to - share->from));
}

static GArray *
whole_drawable (const SmearScene *scene, GError **error)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (SmearPart));
  SmearPart whole = { scene->drawable,
                      (gint64)scene->drawable.width * scene->drawable.height,
                      scene->drawable.x, scene->drawable.y };

  g_array_append_val (parts, whole);
  if (MIN (scene->drawable.width, scene->drawable.height) >= SMALLEST)
    return parts;
  g_array_unref (parts);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               _ ("The layer is %d × %d pixels; at least %d × %d are needed."),
               scene->drawable.width, scene->drawable.height, SMALLEST, SMALLEST);
  return NULL;
}

static GArray *
regions_to_judge (SmearHost *host, const SmearScene *scene, GError **error)
{
  g_autoptr (GArray) parts = NULL;
  SmearRegion bounds;
  guint dropped;

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
  parts = smear_parts_find (host, &bounds, SMALLEST, &dropped, error);
  if (parts == NULL)
    return NULL;
  if (parts->len == 0)
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
          _ ("What is selected of the layer is too small: at least %d × %d pixels "
             "are needed."),
          SMALLEST, SMALLEST);
      return NULL;
    }
  if (dropped > 0)
    {
      g_autofree char *text = g_strdup_printf (
          _ ("%u parts of the selection are smaller than %d × %d pixels and were left "
             "out."),
          dropped, SMALLEST, SMALLEST);
      host->message (host, text);
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

static SmearJudged *
judge (SmearHost *host, const SmearScene *scene, SmearModel *model, const SmearPart *part,
       const SmearOptions *options, const Share *share, GError **error)
{
  g_autofree guint8 *mask = smear_part_is_rectangle (part) ? NULL
                                                           : smear_part_mask (host, part);
  g_autoptr (SmearImage) image = smear_pixels_read (host, scene, &part->bounds, mask,
                                                    error);
  SmearClassifyOptions how = { options->explain, options->heat_map, 0 };
  SmearFinding *finding;
  SmearJudged *judged;

  if (image == NULL)
    return NULL;
  finding = smear_classify (model, image, NULL, &how, NULL, on_progress, (gpointer)share,
                            error);
  if (finding == NULL)
    return NULL;
  move_finding (finding, scene, &part->bounds);
  judged = g_new0 (SmearJudged, 1);
  *judged = (SmearJudged){ finding, part->bounds, g_steal_pointer (&mask) };
  return judged;
}

static GPtrArray *
judge_all (SmearHost *host, const SmearScene *scene, SmearModel *model, GArray *parts,
           const SmearOptions *options, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (
      (GDestroyNotify)smear_judged_free);

  for (guint i = 0; i < parts->len; i++)
    {
      Share share = { host, JUDGED * i / parts->len, JUDGED * (i + 1) / parts->len };
      SmearJudged *one = judge (host, scene, model, &g_array_index (parts, SmearPart, i),
                                options, &share, error);
      if (one == NULL)
        return NULL;
      g_ptr_array_add (all, one);
    }
  return g_steal_pointer (&all);
}

static void
keep_findings (SmearHost *host, GPtrArray *judged, gboolean replace)
{
  g_autofree char *before = replace ? NULL : host->get_findings (host);
  g_autoptr (GPtrArray) lines = smear_document_lines (before);
  g_autofree char *document = NULL;

  for (guint i = 0; i < judged->len; i++)
    g_ptr_array_add (lines,
                     smear_finding_to_json (((SmearJudged *)judged->pdata[i])->finding));
  document = smear_document_new (lines);
  host->set_findings (host, document);
}

static void
hand_out (GPtrArray *judged, GVariantDict *results)
{
  const SmearJudged *largest = judged->pdata[0];
  GVariantBuilder probabilities;
  g_autoptr (GString) json = g_string_new (NULL);

  g_variant_builder_init (&probabilities, G_VARIANT_TYPE ("ad"));
  for (guint i = 0; i < judged->len; i++)
    {
      const SmearJudged *one = judged->pdata[i];
      g_autofree char *line = smear_finding_to_json (one->finding);

      g_string_append_printf (json, "%s%s", i ? "\n" : "", line);
      if ((gint64)one->place.width * one->place.height
          > (gint64)largest->place.width * largest->place.height)
        largest = one;
    }
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    g_variant_builder_add (&probabilities, "d",
                           (gdouble)largest->finding->probabilities[i]);
  g_variant_dict_insert (results, "class", "s",
                         smear_class_name (largest->finding->klass));
  g_variant_dict_insert (results, "confidence", "d",
                         (gdouble)largest->finding->confidence);
  g_variant_dict_insert_value (results, "probabilities",
                               g_variant_builder_end (&probabilities));
  g_variant_dict_insert (results, "json", "s", json->str);
}

gboolean
smear_run_classify (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                    GError **error)
{
  g_auto (SmearOptions) options;
  g_auto (SmearScene) scene = { 0 };
  g_autoptr (SmearModel) model = NULL;
  g_autoptr (GArray) parts = NULL;
  g_autoptr (GPtrArray) judged = NULL;
  gboolean done;

  smear_options_read (&options, arguments);
  if (!host->describe (host, &scene, error) || !smear_scene_check (&scene, error))
    return FALSE;
  parts = regions_to_judge (host, &scene, error);
  if (parts == NULL)
    return FALSE;
  host->progress (host, _ ("Loading the model"), 0);
  model = smear_model_load (options.model, error);
  if (model == NULL)
    return FALSE;
  judged = judge_all (host, &scene, model, parts, &options, error);
  if (judged == NULL)
    return FALSE;

  host->undo_begin (host, _ ("Smearscope"));
  if (options.replace)
    host->remove_ours (host);
  done = !options.heat_map || smear_overlay_add (host, &scene, &options, judged, error);
  if (done)
    keep_findings (host, judged, options.replace);
  host->undo_end (host);
  if (done)
    hand_out (judged, results);
  return done;
}
