/* The procedure plug-in-smearscope-classify. */
#include "core/run.h"

#include "core/document.h"
#include "core/judge.h"
#include "core/keeper.h"
#include "core/labels.h"
#include "core/overlay.h"
#include "core/pixels.h"
#include "core/resident.h"
#include "core/texts.h"

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
  share->host->progress (share->host, smear_stage_label (stage),
                         share->from + fraction * (share->to - share->from));
}

static void
say_dropped (SmearHost *host, guint n_dropped)
{
  g_autofree char *text = NULL;

  if (n_dropped == 0)
    return;
  text = g_strdup_printf (
      smear_text_n (
          "%u part of the selection is smaller than %d × %d pixels and was left out.",
          "%u parts of the selection are smaller than %d × %d pixels and were left out.",
          n_dropped),
      n_dropped, SMEAR_JUDGE_SMALLEST, SMEAR_JUDGE_SMALLEST);
  host->message (host, text);
}

static SmearJudged *
judge (SmearHost *host, const SmearScene *scene, SmearModel *model, const SmearPart *part,
       const SmearClassifyOptions *how, SmearKeeper *keeper, const Share *share,
       GError **error)
{
  g_autofree guint8 *mask = NULL;
  g_autoptr (SmearImage) image = smear_judge_read (host, scene, part, &mask, error);
  g_autoptr (SmearRecord) record = NULL;
  SmearFinding *finding;
  SmearJudged *judged;

  if (image == NULL)
    return NULL;
  finding = smear_judge (model, image, scene, part, how, on_progress, (gpointer)share,
                         error);
  if (finding == NULL)
    return NULL;
  judged = g_new0 (SmearJudged, 1);
  record = smear_keeper_add (keeper, finding, image, &part->bounds);
  *judged = (SmearJudged){ finding, part->bounds, part->area, g_steal_pointer (&mask),
                           smear_keeper_line (finding, record, NULL) };
  return judged;
}

static GPtrArray *
judge_all (SmearHost *host, const SmearScene *scene, SmearModel *model, GArray *parts,
           const SmearOptions *options, GVariantDict *arguments, GError **error)
{
  const SmearClassifyOptions how = { options->explain, options->heat_map, 0 };
  g_auto (SmearKeeper) keeper;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (
      (GDestroyNotify)smear_judged_free);

  smear_keeper_init (&keeper, host, scene, model, arguments, &how);
  for (guint i = 0; i < parts->len; i++)
    {
      Share share = { host, JUDGED * i / parts->len, JUDGED * (i + 1) / parts->len };
      SmearJudged *one = judge (host, scene, model, &g_array_index (parts, SmearPart, i),
                                &how, &keeper, &share, error);
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
    g_ptr_array_add (lines, g_strdup (((SmearJudged *)judged->pdata[i])->line));
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
      if (one->area > largest->area)
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
  guint n_dropped = 0;
  gboolean done;

  smear_options_read (&options, arguments);
  if (!host->describe (host, &scene, error) || !smear_scene_check (&scene, error))
    return FALSE;
  parts = smear_judge_regions (host, &scene, &n_dropped, error);
  if (parts == NULL)
    return FALSE;
  say_dropped (host, n_dropped);
  host->progress (host, _ ("Loading the model"), 0);
  model = smear_resident_model (options.model, error);
  if (model == NULL)
    return FALSE;
  judged = judge_all (host, &scene, model, parts, &options, arguments, error);
  if (judged == NULL)
    return FALSE;

  host->undo_begin (host);
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
