#include "cli/commands.h"
#include "cli/options.h"

static char *model_name, *output, *class_name, *colour_map, *region_text;
static char **paths;
static gboolean overlay;
static gint threads;
static gdouble opacity = 0.5, threshold;

static const GOptionEntry entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
    "Weights file or name of a shipped model", "MODEL" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    "Where the heat map goes (default: FILE-heat-map.png in this directory)", "PNG" },
  { "class", 0, 0, G_OPTION_ARG_STRING, &class_name,
    "Class to explain (default: the winner)", "NAME" },
  { "overlay", 0, 0, G_OPTION_ARG_NONE, &overlay, "Blend the heat map over the image",
    NULL },
  { "opacity", 0, 0, G_OPTION_ARG_DOUBLE, &opacity, "Of the blend (default 0.5)",
    "0..1" },
  { "colour-map", 0, 0, G_OPTION_ARG_STRING, &colour_map,
    "viridis, magma, inferno, turbo or grey", "NAME" },
  { "threshold", 0, 0, G_OPTION_ARG_DOUBLE, &threshold,
    "Heat below it stays transparent, without --overlay (default 0)", "0..1" },
  { "region", 0, 0, G_OPTION_ARG_STRING, &region_text,
    "Judge only this part of the image", "X,Y,W,H" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads (default: one a core)", "N" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "FILE" },
  G_OPTION_ENTRY_NULL
};

static char *
default_output (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  char *dot = g_strrstr (base, ".");
  if (dot && dot > base)
    *dot = '\0';
  return g_strconcat (base, "-heat-map.png", NULL);
}

/* Fails naming @path. */
static gboolean
explain (SmearModel *model, const char *path, const SmearRegion *region,
         const SmearClassifyOptions *how, const SmearMapStyle *style, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autoptr (SmearImage) image = smear_image_load (path, error);
  if (image == NULL)
    return FALSE;
  g_autoptr (SmearFinding) finding = smear_classify (model, image, region, how, NULL,
                                                     NULL, NULL, error);
  if (finding == NULL)
    {
      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }

  g_autofree char *title = smear_finding_title (finding);
  g_auto (GStrv) warnings = smear_finding_warnings (finding);
  printf ("%s: %s\n", name, title);
  for (char **warning = warnings; *warning; warning++)
    printf ("  %s\n", *warning);
  puts (SMEAR_DISCLAIMER);
  if (finding->map == NULL)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED,
                   "%s: nothing to explain: %s", name, title);
      return FALSE;
    }

  g_autofree char *where = output ? g_strdup (output) : default_output (path);
  g_autofree char *where_name = g_filename_display_name (where);
  if (!smear_finding_save_map (finding, image, style, where, error))
    return FALSE;
  printf ("%s shows what speaks for %s\n", where_name,
          smear_class_title (finding->explained));
  return TRUE;
}

int
smear_cmd_explain (int argc, char **argv)
{
  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Writes a heat map of where in the image the answer comes from. Exit "
          "status: 0 written, 1 the image could not be judged, 2 could not run."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (paths == NULL || paths[0] == NULL || paths[1] != NULL)
    {
      smear_cli_error ("name one image; “--help” says more");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }

  SmearClassifyOptions how = SMEAR_CLASSIFY_OPTIONS_DEFAULT;
  SmearMapStyle style = SMEAR_MAP_STYLE_DEFAULT;
  SmearRegion region;
  if (!smear_cli_map_style (colour_map, opacity, threshold, overlay, &style)
      || !smear_cli_class (class_name, &how.explain)
      || (region_text && !smear_cli_region (region_text, &region)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  how.n_threads = MAX (threads, 0);

  g_autoptr (SmearModel) model = smear_cli_model (model_name);
  if (model == NULL)
    return SMEAR_EXIT_COULD_NOT_RUN;
  g_autoptr (GError) error = NULL;
  if (explain (model, paths[0], region_text ? &region : NULL, &how, &style, &error))
    return SMEAR_EXIT_OK;
  smear_cli_error (error->message);
  return SMEAR_EXIT_SOME_FAILED;
}
