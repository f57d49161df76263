#include "cli/options.h"

#include <stdlib.h>
#include <unistd.h>

gboolean
smear_cli_parse (int *argc, char ***argv, const GOptionEntry *entries,
                 const char *arguments, const char *summary)
{
  g_autoptr (GOptionContext) context = g_option_context_new (arguments);
  g_autoptr (GError) error = NULL;
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, SMEAR_DISCLAIMER "\n");
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  smear_cli_error (error->message);
  return FALSE;
}

void
smear_cli_error (const char *message)
{
  fprintf (stderr, "%s: %s\n", g_get_prgname (), message);
}

static gboolean
refuse (const char *option, const char *text, const char *remedy)
{
  fprintf (stderr, "%s: --%s: “%s”: %s\n", g_get_prgname (), option, text, remedy);
  return FALSE;
}

gboolean
smear_cli_map_style (const char *colour_map, gdouble opacity, gdouble threshold,
                     gboolean overlay, SmearMapStyle *style)
{
  if (colour_map && !smear_colour_map_from_name (colour_map, &style->colours))
    {
      g_autoptr (GString) names = g_string_new ("choose one of");
      for (gint i = 0; i < SMEAR_N_COLOUR_MAPS; i++)
        g_string_append_printf (names, " %s", smear_colour_map_name (i));
      return refuse ("colour-map", colour_map, names->str);
    }
  if (!(opacity >= 0 && opacity <= 1) || !(threshold >= 0 && threshold <= 1))
    {
      smear_cli_error ("--opacity and --threshold go from 0 to 1");
      return FALSE;
    }
  style->overlay = overlay;
  style->opacity = (gfloat)opacity;
  style->threshold = (gfloat)threshold;
  return TRUE;
}

gboolean
smear_cli_class (const char *text, SmearClass *klass)
{
  *klass = text ? smear_class_from_name (text) : SMEAR_CLASS_NONE;
  return text == NULL || *klass != SMEAR_CLASS_NONE
         || refuse ("class", text, "choose Benign, Early, Pre or Pro");
}

gboolean
smear_cli_region (const char *text, SmearRegion *region)
{
  gint numbers[4];
  char *at = (char *)text;
  for (gint i = 0; i < 4; i++)
    {
      char *end;
      gint64 n = g_ascii_strtoll (at, &end, 10);
      if (end == at || n < 0 || n > G_MAXINT || *end != (i < 3 ? ',' : '\0'))
        return refuse ("region", text, "give x,y,width,height in pixels");
      numbers[i] = (gint)n;
      at = end + 1;
    }
  *region = (SmearRegion){ numbers[0], numbers[1], numbers[2], numbers[3] };
  return (region->width > 0 && region->height > 0)
         || refuse ("region", text, "width and height have to be at least 1");
}

SmearModel *
smear_cli_model (const char *name)
{
  g_autoptr (GError) error = NULL;
  SmearModel *model = smear_model_load (name, &error);
  if (model == NULL)
    smear_cli_error (error->message);
  return model;
}

SmearModel *
smear_cli_model_of_fold (const char *pattern, const char *fold)
{
  g_auto (GStrv) around = g_strsplit (pattern, "*", 2);
  g_autofree char *name = g_strconcat (around[0], fold, around[1], NULL);

  return smear_cli_model (name);
}

void
smear_cli_progress_init (SmearCliProgress *progress, gboolean forced)
{
  *progress = (SmearCliProgress){ .tty = isatty (STDERR_FILENO),
                                  .began = g_get_monotonic_time () };
  progress->wanted = forced || progress->tty;
}

void
smear_cli_progress_row (SmearCliProgress *progress, const SmearBatchRow *row,
                        guint n_files)
{
  progress->n_worked += !row->skipped;
  gint64 now = g_get_monotonic_time ();
  guint n_done = row->index + 1;
  /* The last line comes whenever it is due: of a log it is what one looks at. */
  if (!progress->wanted
      || (n_done < n_files && now - progress->last < G_USEC_PER_SEC / 4))
    return;
  progress->last = now;

  gdouble seconds = MAX (1e-3, (now - progress->began) / (gdouble)G_USEC_PER_SEC);
  gdouble rate = progress->n_worked / seconds;
  fprintf (stderr, "%s%u of %u · %.1f images/s", progress->tty ? "\r\033[K" : "", n_done,
           n_files, rate);
  if (rate > 0)
    {
      guint left = (guint)((n_files - n_done) / rate + 0.5);
      fprintf (stderr, " · %u:%02u:%02u left", left / 3600, left / 60 % 60, left % 60);
    }
  fputs (progress->tty ? "" : "\n", stderr);
  progress->shown = TRUE;
}

void
smear_cli_progress_clear (SmearCliProgress *progress)
{
  if (progress->shown && progress->tty)
    fputs ("\r\033[K", stderr);
  progress->shown = FALSE;
}
