#include "core/overlay.h"

#include "core/caption.h"
#include "core/finding-text.h"
#include "core/outline.h"
#include "core/texts.h"

/* Half a pixel of slack turns the stairs of a traced edge into the line they stand for.
 */
#define OUTLINE_TOLERANCE 0.75

typedef struct
{
  const SmearJudged *judged;
  const SmearOptions *options;
  SmearColourMap colours;
} Heat;

void
smear_judged_free (SmearJudged *judged)
{
  smear_finding_free (judged->finding);
  g_free (judged->mask);
  g_free (judged->line);
  g_free (judged);
}

static void
heat_rows (gint first_row, gint n_rows, guint8 *rgba, gpointer user_data)
{
  const Heat *heat = user_data;
  const SmearRegion *place = &heat->judged->place;
  gsize first = (gsize)first_row * place->width, n = (gsize)n_rows * place->width;

  smear_heat_map_render (heat->judged->finding->map, heat->colours,
                         heat->options->threshold, place->width, place->height, first_row,
                         n_rows, rgba);
  if (heat->judged->mask)
    for (gsize i = 0; i < n; i++)
      if (heat->judged->mask[first + i] == 0)
        rgba[4 * i + 3] = 0;
}

static char *
heat_name (const SmearFinding *finding)
{
  g_autofree char *title = smear_finding_text (finding);

  if (finding->explained == finding->klass)
    return g_strdup_printf (_ ("Heat map: %s"), title);
  return g_strdup_printf (_ ("Heat map of %s: %s"),
                          smear_class_title (finding->explained), title);
}

static char *
group_name (GPtrArray *judged)
{
  const SmearJudged *first = judged->pdata[0];
  g_autofree char *title = smear_finding_text (first->finding);

  if (judged->len == 1)
    return g_strdup_printf ("Smearscope: %s", title);
  return g_strdup_printf (_ ("Smearscope: %u regions"), judged->len);
}

static gboolean
inside_mask (gint x, gint y, gpointer data)
{
  const SmearJudged *judged = data;
  return judged
      ->mask[(gsize)(y - judged->place.y) * judged->place.width + x - judged->place.x];
}

static GArray *
outline_of (SmearJudged *judged)
{
  g_autoptr (GArray) traced = NULL;

  if (judged->mask == NULL)
    return smear_outline_rectangle (&judged->place);
  traced = smear_outline_trace (inside_mask, judged, &judged->place);
  return smear_outline_smooth (traced, OUTLINE_TOLERANCE);
}

static void
add_outlines (SmearHost *host, const char *name, GPtrArray *judged)
{
  g_autoptr (GPtrArray) outlines = g_ptr_array_new_with_free_func (
      (GDestroyNotify)g_array_unref);

  for (guint i = 0; i < judged->len; i++)
    g_ptr_array_add (outlines, outline_of (judged->pdata[i]));
  host->path_new (host, name, outlines);
}

gboolean
smear_overlay_add (SmearHost *host, const SmearScene *scene, const SmearOptions *options,
                   GPtrArray *judged, GError **error)
{
  g_autofree char *said = group_name (judged);
  g_autofree char *name = smear_caption_title (said, options->caption);
  /* In an image without colour only lightness can carry the map. */
  SmearColourMap colours = scene->base == SMEAR_BASE_RGB || options->convert
                               ? options->colours
                               : SMEAR_COLOUR_MAP_GREY;

  if (scene->base != SMEAR_BASE_RGB && options->convert && !host->make_rgb (host, error))
    return FALSE;
  host->group_new (host, name);
  for (guint i = 0; i < judged->len; i++)
    {
      SmearJudged *one = judged->pdata[i];

      host->progress (host, _ ("Adding layers"), 0.8 + 0.2 * i / judged->len);
      if (one->finding->map)
        {
          Heat heat = { one, options, colours };
          g_autofree char *layer = heat_name (one->finding);
          host->layer_new (host, layer, &one->place, options->opacity, heat_rows, &heat);
        }
      if (options->caption || one->finding->map == NULL)
        smear_caption_add (
            host, scene, one->finding,
            one->finding->map && options->colour_bar ? colours : SMEAR_N_COLOUR_MAPS);
    }
  if (options->outlines)
    add_outlines (host, name, judged);
  return TRUE;
}
