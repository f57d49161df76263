/* Judging for the preview; preview-draw.c shows it. */
#include "core/preview-private.h"

#include "core/finding-text.h"
#include "core/judge.h"
#include "core/resident.h"
#include "core/texts.h"

static void
set_problem (SmearPreview *preview, GError *error)
{
  g_free (preview->problem);
  preview->problem = g_strdup (error->message);
  g_error_free (error);
}

static gboolean
read_largest (SmearPreview *preview, GError **error)
{
  g_autoptr (GArray) parts = NULL;

  if (!preview->host->describe (preview->host, &preview->scene, error)
      || !smear_scene_check (&preview->scene, error))
    return FALSE;
  parts = smear_judge_regions (preview->host, &preview->scene, &preview->n_dropped,
                               error);
  if (parts == NULL)
    return FALSE;
  preview->n_parts = parts->len;
  for (guint i = 0; i < parts->len; i++)
    {
      const SmearPart *part = &g_array_index (parts, SmearPart, i);
      if (part->area > preview->part.area)
        preview->part = *part;
    }
  preview->image = smear_judge_read (preview->host, &preview->scene, &preview->part,
                                     &preview->mask, error);
  return preview->image != NULL && smear_preview_shrink (preview, error);
}

static gboolean
find_cells (SmearPreview *preview, GError **error)
{
  if (!preview->host->describe (preview->host, &preview->scene, error)
      || !smear_scene_check (&preview->scene, error))
    return FALSE;
  preview->search = smear_cell_search_new (preview->host, &preview->scene, error);
  if (preview->search == NULL)
    return FALSE;
  preview->part.bounds = preview->search->place;
  preview->image = smear_image_ref (preview->search->image);
  return smear_preview_shrink (preview, error);
}

SmearPreview *
smear_preview_new (SmearHost *host, const SmearProcedure *procedure)
{
  SmearPreview *preview = g_new0 (SmearPreview, 1);
  GError *error = NULL;

  preview->host = host;
  preview->options.explain = SMEAR_CLASS_NONE;
  if (!(smear_procedure_takes (procedure, "leave-out") ? find_cells (preview, &error)
                                                       : read_largest (preview, &error)))
    set_problem (preview, error);
  return preview;
}

void
smear_preview_free (SmearPreview *preview)
{
  smear_scene_clear (&preview->scene);
  smear_options_clear (&preview->options);
  g_clear_pointer (&preview->image, smear_image_unref);
  g_clear_pointer (&preview->picture, cairo_surface_destroy);
  g_clear_pointer (&preview->heat, cairo_surface_destroy);
  g_clear_pointer (&preview->model, smear_model_unref);
  g_clear_pointer (&preview->finding, smear_finding_free);
  g_clear_pointer (&preview->search, smear_cell_search_free);
  g_free (preview->out);
  g_free (preview->left_out);
  g_free (preview->mask);
  g_free (preview->problem);
  g_free (preview);
}

static SmearFinding *
judge_cells (SmearPreview *preview, GError **error)
{
  g_free (preview->out);
  preview->out = smear_cell_search_leave_out (preview->search, preview->left_out, error);
  if (preview->out == NULL)
    return NULL;
  return smear_cell_search_judge (preview->search, preview->model, preview->out, NULL,
                                  error);
}

static gboolean
judge (SmearPreview *preview, gboolean other_model, GError **error)
{
  SmearClassifyOptions how = { preview->options.explain, TRUE, 0 };

  g_clear_pointer (&preview->finding, smear_finding_free);
  if (other_model || preview->model == NULL)
    {
      g_clear_pointer (&preview->model, smear_model_unref);
      preview->model = smear_resident_model (preview->options.model, error);
    }
  if (preview->model == NULL)
    return FALSE;
  if (preview->search != NULL)
    preview->finding = judge_cells (preview, error);
  else
    preview->finding = smear_judge (preview->model, preview->image, &preview->scene,
                                    &preview->part, &how, NULL, NULL, error);
  return preview->finding != NULL;
}

void
smear_preview_update (SmearPreview *preview, GVariantDict *arguments)
{
  SmearOptions before = preview->options;
  const char *left_out = "";
  gboolean other_model, other_cells;
  GError *error = NULL;

  g_variant_dict_lookup (arguments, "leave-out", "&s", &left_out);
  other_cells = g_strcmp0 (left_out, preview->left_out) != 0;
  if (other_cells)
    {
      g_free (preview->left_out);
      preview->left_out = g_strdup (left_out);
    }
  smear_options_read (&preview->options, arguments);
  other_model = g_strcmp0 (before.model, preview->options.model) != 0;
  if (preview->image != NULL
      && (preview->finding == NULL || other_model || other_cells
          || before.explain != preview->options.explain))
    {
      g_clear_pointer (&preview->problem, g_free);
      if (!judge (preview, other_model, &error))
        set_problem (preview, error);
    }
  smear_options_clear (&before);
  smear_preview_colour (preview);
}

gboolean
smear_preview_can_run (const SmearPreview *preview)
{
  return preview->finding != NULL;
}

char *
smear_preview_title (const SmearPreview *preview)
{
  if (preview->finding != NULL)
    return smear_finding_text (preview->finding);
  return g_strdup (preview->problem != NULL ? preview->problem : "");
}

static void
add_line (GString *notes, const char *line)
{
  if (notes->len > 0)
    g_string_append_c (notes, '\n');
  g_string_append (notes, line);
}

static void
add_findings (GString *notes, const SmearFinding *finding)
{
  g_auto (GStrv) warnings = smear_warnings_text (finding);
  g_autofree char *model = g_strdup_printf (_ ("Model %s"), finding->model_name);

  for (char **warning = warnings; *warning != NULL; warning++)
    add_line (notes, *warning);
  if (finding->cells != NULL && finding->cells->len > 0)
    {
      g_autofree char *cells = g_strdup_printf (_ ("Leukocytes found: %u"),
                                                finding->cells->len);
      add_line (notes, cells);
    }
  add_line (notes, model);
}

char *
smear_preview_notes (const SmearPreview *preview)
{
  GString *notes = g_string_new (NULL);

  if (preview->search != NULL && preview->search->found->cells->len > 0)
    add_line (notes, _ ("Click a cell to leave it out or take it back."));
  if (preview->n_parts > 1)
    {
      g_autofree char *parts = g_strdup_printf (
          _ ("%u parts are selected; each is judged by itself. Shown: the largest."),
          preview->n_parts);
      add_line (notes, parts);
    }
  if (preview->finding != NULL)
    add_findings (notes, preview->finding);
  add_line (notes, _ (SMEAR_DISCLAIMER));
  return g_string_free (notes, FALSE);
}
