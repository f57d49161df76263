/* smearscope scan: all leukocytes of a slide. */
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/recorder.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

static char *model_name, *output, *region_text, *regions, *colour_map, **paths;
static gboolean resume, show_progress;
static gint jobs, cache;
static gdouble um_per_pixel;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Folder for what is found", "DIR" },
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
    "Weights file or name of a model that judges cells (default: the first shipped one "
    "that does)",
    "MODEL" },
  { "region", 0, 0, G_OPTION_ARG_STRING, &region_text,
    "Count only the cells of this part; they are what a sweep of all gives there",
    "X,Y,W,H" },
  { "regions", 0, 0, G_OPTION_ARG_FILENAME, &regions,
    "The same for every area of a GeoJSON file in pixels, as QuPath exports it; each is "
    "also judged as a field by itself, up to 16 megapixels (regions.csv, regions.jsonl)",
    "FILE" },
  { "resume", 0, 0, G_OPTION_ARG_NONE, &resume,
    "Keep the finished tiles of an earlier run into the same folder and do the rest",
    NULL },
  { "um-per-pixel", 0, 0, G_OPTION_ARG_DOUBLE, &um_per_pixel,
    "Scale (default: the file's, or else an estimate from the red cells)", "X" },
  { "colour-map", 0, 0, G_OPTION_ARG_STRING, &colour_map,
    "viridis, magma, inferno, turbo or grey", "NAME" },
  { "jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "Tiles at a time (default: one a core)", "N" },
  { "cache", 0, 0, G_OPTION_ARG_INT, &cache,
    "Decoded pixels kept in memory, in MiB (default 128)", "N" },
  { "progress", 0, 0, G_OPTION_ARG_NONE, &show_progress,
    "Show progress even if standard error is no terminal", NULL },
  SMEAR_CLI_RECORDER_ENTRIES,
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "FILE" },
  G_OPTION_ENTRY_NULL
};

static gboolean
refuse (const char *message)
{
  smear_cli_error (message);
  return FALSE;
}

static gboolean
check_options (SmearSweepOptions *options, SmearRegion *region)
{
  SmearMapStyle style = SMEAR_MAP_STYLE_DEFAULT;

  if (!paths || paths[1])
    return refuse ("name one scan; “--help” says how");
  if (!output)
    return refuse ("--output is missing: say which folder the cells shall go to");
  if (jobs < 0 || cache < 0 || cache > 1 << 20 || um_per_pixel < 0)
    return refuse (
        "--jobs, --cache and --um-per-pixel cannot be negative, and --cache has "
        "its limit at 1048576");
  if (!smear_cli_map_style (colour_map, style.opacity, style.threshold, FALSE, &style)
      || (region_text && !smear_cli_region (region_text, region)))
    return FALSE;
  if (region_text && regions)
    return refuse ("give --region or --regions, not both");
  *options = (SmearSweepOptions){ .output = output,
                                  .region = region_text ? region : NULL,
                                  .um_per_pixel = um_per_pixel,
                                  .n_jobs = jobs,
                                  .resume = resume,
                                  .colours = style.colours };
  return TRUE;
}

/* The first shipped model that judges cells. */
static SmearModel *
find_model (void)
{
  g_auto (GStrv) names = smear_model_list ();

  for (char **name = names; *name; name++)
    {
      g_autoptr (SmearModel) model = smear_model_load (*name, NULL);
      if (model && g_strcmp0 (smear_model_get_metadata (model, "judges"), "cells") == 0)
        return g_steal_pointer (&model);
    }
  smear_cli_error (
      "no model that judges cells was found; name one with --model, or train "
      "one with “smearscope train --architecture cell”");
  return NULL;
}

/* What the line of progress is made from. */
typedef struct
{
  SmearCliProgress line;
  gdouble megapixels; /* of what was asked for */
  gdouble first;      /* share that was there already; it says nothing of the rate */
} Sweeping;

static gdouble
megapixels_of (SmearScan *scan, const SmearSweepOptions *options)
{
  gdouble pixels = 0;

  for (guint i = 0; options->areas && i < options->areas->len; i++)
    {
      const SmearArea *area = options->areas->pdata[i];
      pixels += (gdouble)area->bounds.width * area->bounds.height;
    }
  if (options->region)
    pixels = (gdouble)options->region->width * options->region->height;
  else if (!options->areas)
    pixels = (gdouble)smear_scan_get_width (scan) * smear_scan_get_height (scan);
  return pixels * 1e-6;
}

static void
print_progress (const char *stage, gdouble fraction, gpointer user_data)
{
  Sweeping *sweeping = user_data;
  SmearCliProgress *line = &sweeping->line;
  gint64 now = g_get_monotonic_time ();

  /* The last line comes whenever it is due: of a log it is what one looks at. */
  if (!line->wanted || (fraction < 1 && now - line->last < G_USEC_PER_SEC / 4))
    return;
  line->last = now;
  fprintf (stderr, "%s%s · %.1f %%", line->tty ? "\r\033[K" : "", stage, 100 * fraction);
  if (!line->shown)
    {
      line->began = now;
      sweeping->first = fraction;
    }
  gdouble done = fraction - sweeping->first, seconds = (now - line->began) * 1e-6;
  if (done > 0 && seconds > 0)
    {
      guint left = (guint)(seconds / done * (1 - fraction) + 0.5);
      fprintf (stderr, " · %.1f megapixels/s · %u:%02u:%02u left",
               done * sweeping->megapixels / seconds, left / 3600, left / 60 % 60,
               left % 60);
    }
  fputs (line->tty ? "" : "\n", stderr);
  line->shown = TRUE;
}

static void
print_totals (const SmearSweepTotals *totals)
{
  gdouble busy = totals->decoding + totals->finding + totals->judging;

  printf ("%u leukocytes at %.3f µm/px:", totals->n_cells, totals->um_per_pixel);
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    printf (" %s %u%s", smear_class_title (c), totals->by_class[c],
            c < SMEAR_N_CLASSES - 1 ? "," : "\n");
  if (totals->n_cells > 0)
    printf ("blasts %.1f %% (95 %%: %.1f to %.1f); %u cells uncertain\n",
            100 * totals->blasts, 100 * totals->blasts_low, 100 * totals->blasts_high,
            totals->n_uncertain);
  printf ("%u tiles: %u refused, %u unreadable", totals->n_tiles, totals->n_refused,
          totals->n_unreadable);
  if (totals->n_done_before)
    printf (", %u done before", totals->n_done_before);
  puts ("");
  if (totals->megapixels > 0 && busy > 0)
    printf ("%.1f s: %.1f megapixels/s, %.1f cells/s; decoding %.0f %%, finding %.0f %%, "
            "network %.0f %%\n",
            totals->seconds, totals->megapixels / totals->seconds,
            totals->n_cells / totals->seconds, 100 * totals->decoding / busy,
            100 * totals->finding / busy, 100 * totals->judging / busy);
}

/* Every tile needs the same large buffers. Given back to the system in between, they come
 * anew page by page, which took as long as a fifth of finding the cells. */
static void
keep_freed_memory (void)
{
#ifdef __GLIBC__
  mallopt (M_MMAP_THRESHOLD, 32 << 20);
  mallopt (M_TRIM_THRESHOLD, 256 << 20);
  mallopt (M_TOP_PAD, 16 << 20);
#endif
}

int
smear_cmd_scan (int argc, char **argv)
{
  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Finds the leukocytes of a scan, however large, and names the class of each.\n"
          "DIR gets cells.csv, cells.geojson for QuPath, heat-map.tif and "
          "class-map.tif\n(pyramids), and summary.json. Killed, or the "
          "disk full, the same line with --resume\ngoes on. Exit status: 0 "
          "all swept, 1 parts could not be read, 2 could not run."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  keep_freed_memory ();

  SmearSweepOptions options;
  SmearRegion region;
  if (!check_options (&options, &region))
    return SMEAR_EXIT_COULD_NOT_RUN;
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearScan) scan = smear_scan_open (paths[0], (gsize)cache << 20, &error);
  if (!scan)
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  g_autoptr (GPtrArray) areas = NULL;
  if (regions
      && !(areas = smear_areas_load (regions, smear_scan_get_width (scan),
                                     smear_scan_get_height (scan), &error)))
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  options.areas = areas;
  g_autoptr (SmearModel) model = model_name ? smear_cli_model (model_name)
                                            : find_model ();
  if (!model)
    return SMEAR_EXIT_COULD_NOT_RUN;

  const SmearClassifyOptions how = SMEAR_CLASSIFY_OPTIONS_DEFAULT;
  g_autoptr (SmearRecorder) recorder = smear_cli_recorder (model, "scan", &how);
  gboolean warned = FALSE;
  if (!recorder)
    return SMEAR_EXIT_COULD_NOT_RUN;
  smear_cli_recorder_warn (recorder, &warned);
  SmearSweepTotals totals;
  Sweeping sweeping = { .megapixels = megapixels_of (scan, &options) };
  smear_cli_progress_init (&sweeping.line, show_progress);
  gboolean done = smear_scan_sweep (scan, model, &options, NULL, print_progress,
                                    &sweeping, &totals, &error);
  smear_cli_progress_clear (&sweeping.line);
  if (!done)
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  print_totals (&totals);
  printf ("%s: cells.csv, cells.geojson (QuPath), heat-map.tif, class-map.tif, "
          "%ssummary.json\n",
          output, options.areas ? "regions.csv, regions.jsonl, " : "");
  puts (SMEAR_DISCLAIMER);
  smear_recorder_add_sweep (recorder, scan, paths[0], &options, &totals);
  smear_cli_recorder_warn (recorder, &warned);
  if (!smear_recorder_finish (recorder, &error))
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (totals.n_unreadable > 0)
    fprintf (
        stderr,
        "%s: %s: %u tiles could not be read; summary.json says why. Once the file is "
        "whole, --resume does only these\n",
        g_get_prgname (), paths[0], totals.n_unreadable);
  if (totals.scan_changed)
    fprintf (stderr, "%s: %s: was changed during the sweep; sweep it again\n",
             g_get_prgname (), paths[0]);
  return totals.n_unreadable > 0 || totals.scan_changed ? SMEAR_EXIT_SOME_FAILED
                                                        : SMEAR_EXIT_OK;
}
