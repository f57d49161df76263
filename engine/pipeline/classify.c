#include "explain/grad-cam.h"
#include "pipeline/judge-cells.h"
#include "pipeline/model-file.h"
#include "pipeline/preprocess.h"

#include <smearscope/classify.h>
#include <string.h>

#define SMALLEST 16

static gboolean
check_region (SmearImage *image, const SmearRegion *region, GError **error)
{
  gint w = smear_image_get_width (image), h = smear_image_get_height (image);

  if (region->x < 0 || region->y < 0 || region->width < 1 || region->height < 1
      || region->width > w - region->x || region->height > h - region->y)
    g_set_error (
        error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
        "the region %d×%d at %d, %d does not lie inside the image of %d×%d pixels",
        region->width, region->height, region->x, region->y, w, h);
  else if (region->width < SMALLEST || region->height < SMALLEST)
    g_set_error (
        error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
        "the region of %d×%d pixels is too small to judge: at least %d×%d are needed",
        region->width, region->height, SMALLEST, SMALLEST);
  else
    return TRUE;
  return FALSE;
}

/* Probabilities into the finding, and the verdict they allow. */
void
smear_finding_take_outputs (SmearFinding *finding, const SmearModel *model,
                            const gfloat *outputs, guint n_cells)
{
  gfloat temperature = smear_model_temperature (model, n_cells);
  gfloat p[SMEAR_N_CLASSES];

  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    p[c] = outputs[c] / temperature;
  smear_softmax (p, SMEAR_N_CLASSES);
  memcpy (finding->probabilities, p, sizeof p);
  finding->klass = SMEAR_CLASS_BENIGN;
  for (gint c = 1; c < SMEAR_N_CLASSES; c++)
    if (p[c] > p[finding->klass])
      finding->klass = c;
  finding->confidence = p[finding->klass];
  finding->malignant = p[SMEAR_CLASS_EARLY] + p[SMEAR_CLASS_PRE] + p[SMEAR_CLASS_PRO];
  finding->verdict = finding->confidence < smear_model_threshold (model)
                         ? SMEAR_VERDICT_UNCERTAIN
                         : SMEAR_VERDICT_ANSWERED;
}

static gboolean
judge_field (SmearModel *model, SmearImage *image, const SmearClassifyOptions *options,
             SmearFinding *finding, GError **error)
{
  gint size = smear_model_input_size (model);
  g_autoptr (SmearImage) field = smear_preprocess_field (image, size, error);
  gfloat outputs[SMEAR_N_CLASSES];

  if (field == NULL)
    return FALSE;
  gsize n = (gsize)size * size * 3;
  g_autofree gfloat *input = g_new (gfloat, n);
  smear_bytes_to_floats (smear_image_get_pixels (field), n, input);
  SmearWorkspace *ws = smear_model_borrow_workspace (model, options->n_threads);
  if (options->want_map)
    finding->map = smear_grad_cam (ws, smear_model_network (model), input,
                                   options->explain, outputs);
  else
    smear_workspace_run (ws, input, 1, outputs);
  smear_model_return_workspace (model, options->n_threads, ws);
  smear_finding_take_outputs (finding, model, outputs, 0);
  finding->explained = options->explain != SMEAR_CLASS_NONE ? options->explain
                                                            : finding->klass;
  return TRUE;
}

static SmearFinding *
finding_new (SmearModel *model, const SmearRegion *region)
{
  SmearFinding *finding = g_new0 (SmearFinding, 1);

  finding->region = *region;
  finding->klass = finding->explained = SMEAR_CLASS_NONE;
  finding->model_name = g_strdup (smear_model_get_name (model));
  finding->model_hash = g_strdup (smear_model_get_hash (model));
  return finding;
}

SmearFinding *
smear_classify (SmearModel *model, SmearImage *image, const SmearRegion *region,
                const SmearClassifyOptions *options, GCancellable *cancellable,
                SmearProgressFunc progress, gpointer user_data, GError **error)
{
  SmearClassifyOptions defaults = SMEAR_CLASSIFY_OPTIONS_DEFAULT;
  SmearRegion whole = { 0, 0, smear_image_get_width (image),
                        smear_image_get_height (image) };
  g_autoptr (SmearImage) part = NULL;

  g_return_val_if_fail (model != NULL && image != NULL, NULL);
  if (options == NULL)
    options = &defaults;
  if (region == NULL)
    region = &whole;
  if (!check_region (image, region, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (progress != NULL)
    progress ("preparing", 0, user_data);
  part = memcmp (region, &whole, sizeof whole) == 0 ? smear_image_ref (image)
                                                    : smear_image_crop (image, region);
  g_autoptr (SmearFinding) finding = finding_new (model, region);
  if (progress != NULL)
    progress ("classifying", 0.3, user_data);
  gboolean ok = smear_model_judges_cells (model)
                    ? smear_judge_cells (model, part, options, cancellable, finding,
                                         error)
                    : judge_field (model, part, options, finding, error);
  if (!ok || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (progress != NULL)
    progress ("done", 1, user_data);
  return g_steal_pointer (&finding);
}
