/* The same image, the same model, the same bits? */
#include "records/history-private.h"

#include <string.h>

void
smear_reproduction_free (SmearReproduction *reproduction)
{
  if (!reproduction)
    return;
  smear_finding_free (reproduction->finding);
  g_clear_pointer (&reproduction->image, smear_image_unref);
  g_clear_pointer (&reproduction->model, smear_model_unref);
  g_strfreev (reproduction->differences);
  g_free (reproduction);
}

/* Where it lay, else by its name; the hash decides afterwards whether it is the one. */
static SmearModel *
load_model (const SmearRecord *record, const char *path, GError **error)
{
  g_autoptr (GError) inner = NULL;
  SmearModel *model;

  if (path)
    return smear_model_load (path, error);
  if (record->model_path)
    {
      model = smear_model_load (record->model_path, &inner);
      if (model
          && g_strcmp0 (smear_model_get_hash (model), record->finding->model_hash) == 0)
        return model;
      g_clear_pointer (&model, smear_model_unref);
    }
  return smear_model_load (record->finding->model_name, error);
}

static void
compare_float (GStrvBuilder *differences, const char *what, gfloat before, gfloat now)
{
  g_autofree char *line = NULL;

  if (memcmp (&before, &now, sizeof before) == 0)
    return;
  line = g_strdup_printf ("%s: %.9g before, %.9g now", what, before, now);
  g_strv_builder_add (differences, line);
}

static void
compare_text (GStrvBuilder *differences, const char *what, const char *before,
              const char *now)
{
  g_autofree char *line = NULL;

  if (g_strcmp0 (before, now) == 0)
    return;
  line = g_strdup_printf ("%s: %s before, %s now", what, before ? before : "none",
                          now ? now : "none");
  g_strv_builder_add (differences, line);
}

static void
compare_cells (GStrvBuilder *differences, GArray *before, GArray *now)
{
  guint n_before = before ? before->len : 0, n_now = now ? now->len : 0;
  g_autofree char *counts = NULL;

  if (n_before != n_now)
    {
      counts = g_strdup_printf ("cells: %u before, %u now", n_before, n_now);
      g_strv_builder_add (differences, counts);
      return;
    }
  for (guint i = 0; i < n_before; i++)
    {
      const SmearCell *a = &g_array_index (before, SmearCell, i);
      const SmearCell *b = &g_array_index (now, SmearCell, i);
      gboolean same
          = memcmp (&a->box, &b->box, sizeof a->box) == 0 && a->klass == b->klass
            && a->area == b->area
            && memcmp (a->probabilities, b->probabilities, sizeof a->probabilities) == 0;
      g_autofree char *line = same ? NULL : g_strdup_printf ("cell %u differs", i + 1);

      if (line)
        g_strv_builder_add (differences, line);
    }
}

static char **
compare (const SmearRecord *record, const SmearReproduction *run)
{
  const SmearFinding *before = record->finding, *now = run->finding;
  g_autoptr (GStrvBuilder) differences = g_strv_builder_new ();
  g_autofree char *pixels = smear_pixel_hash (run->image, &before->region);
  g_autofree char *map = now->map && record->map_hash ? smear_map_hash (now->map) : NULL;

  compare_text (differences, "pixels of the region (SHA-256)", record->pixel_hash,
                pixels);
  compare_text (differences, "model (SHA-256)", before->model_hash, now->model_hash);
  compare_text (differences, "verdict", smear_verdict_name (before->verdict),
                smear_verdict_name (now->verdict));
  compare_text (differences, "class", smear_class_name (before->klass),
                smear_class_name (now->klass));
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      g_autofree char *what = g_strdup_printf ("probability of %s",
                                               smear_class_title (i));
      compare_float (differences, what, before->probabilities[i], now->probabilities[i]);
    }
  compare_float (differences, "confidence", before->confidence, now->confidence);
  compare_text (differences, "heat map (SHA-256)", record->map_hash, map);
  compare_cells (differences, before->cells, now->cells);
  return g_strv_builder_end (differences);
}

static gboolean
is_scan (const SmearRecord *record)
{
  return record->program && g_str_has_prefix (record->program, SMEAR_SCAN_PROGRAM);
}

static gboolean
can_run (const SmearRecord *record, const char *image_path, GError **error)
{
  if (record->kind != SMEAR_RECORD_FINDING)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                 "entry %" G_GINT64_FORMAT
                 " is no finding; reproduce finding %" G_GINT64_FORMAT,
                 record->id, record->about);
  else if (record->erased)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                 "what finding %" G_GINT64_FORMAT " was made from has been erased",
                 record->id);
  else if (!record->pixel_hash && !is_scan (record))
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                 "finding %" G_GINT64_FORMAT
                 " was recorded without its pixels' hash, so nothing "
                 "can be compared",
                 record->id);
  else if (!image_path && !record->path)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                 "where the image of finding %" G_GINT64_FORMAT
                 " lies is not on record. Name "
                 "it: smearscope reproduce %" G_GINT64_FORMAT " --image FILE",
                 record->id, record->id);
  else
    return TRUE;
  return FALSE;
}

static SmearReproduction *
reproduce (const SmearRecord *record, const char *image_path, const char *model_path,
           gboolean want_map, GError **error)
{
  g_autoptr (SmearReproduction) run = g_new0 (SmearReproduction, 1);
  SmearClassifyOptions options;

  if (!can_run (record, image_path, error))
    return NULL;
  run->model = load_model (record, model_path, error);
  if (!run->model)
    return NULL;
  if (is_scan (record))
    return smear_reproduce_scan (record, image_path, run->model, error);
  run->image = smear_image_load (image_path ? image_path : record->path, error);
  if (!run->image)
    return NULL;
  options = record->options;
  options.want_map = want_map || record->map_hash != NULL;
  run->finding = smear_classify (run->model, run->image, &record->finding->region,
                                 &options, NULL, NULL, NULL, error);
  if (!run->finding)
    return NULL;
  run->differences = compare (record, run);
  run->same = run->differences[0] == NULL;
  return g_steal_pointer (&run);
}

SmearReproduction *
smear_reproduce (const SmearRecord *record, const char *image_path,
                 const char *model_path, GError **error)
{
  g_return_val_if_fail (record != NULL, NULL);
  return reproduce (record, image_path, model_path, FALSE, error);
}

SmearReproduction *
smear_reproduce_with_map (const SmearRecord *record, const char *model_path,
                          GError **error)
{
  return reproduce (record, NULL, model_path, TRUE, error);
}
