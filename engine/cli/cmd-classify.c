#include "cli/commands.h"
#include "cli/options.h"
#include "cli/recorder.h"
#include "records/shard.h"

#include <string.h>

static char *model_name, *csv, *jsonl, *summary, *maps, *region_text, *colour_map,
    *class_name, *list, *shard_text;
static char **include, **exclude, **paths;
static gboolean json, recursive, resume, overlay, show_progress;
static gint jobs, threads;
static gdouble opacity = 0.5, threshold;

static const GOptionEntry entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
    "Weights file or name of a shipped model", "MODEL" },
  { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object a line", NULL },
  { "csv", 0, 0, G_OPTION_ARG_FILENAME, &csv, "Write a table", "FILE" },
  { "jsonl", 0, 0, G_OPTION_ARG_FILENAME, &jsonl, "Write JSON Lines", "FILE" },
  { "summary", 0, 0, G_OPTION_ARG_FILENAME, &summary, "Write a contact sheet (HTML)",
    "FILE" },
  { "maps", 0, 0, G_OPTION_ARG_FILENAME, &maps, "Write a heat map (PNG) for every image",
    "DIR" },
  { "overlay", 0, 0, G_OPTION_ARG_NONE, &overlay, "Blend the heat maps over the images",
    NULL },
  { "class", 0, 0, G_OPTION_ARG_STRING, &class_name,
    "Class that heat maps explain (default: the winner)", "NAME" },
  { "colour-map", 0, 0, G_OPTION_ARG_STRING, &colour_map,
    "viridis, magma, inferno, turbo or grey", "NAME" },
  { "opacity", 0, 0, G_OPTION_ARG_DOUBLE, &opacity, "Of blended heat maps (default 0.5)",
    "0..1" },
  { "threshold", 0, 0, G_OPTION_ARG_DOUBLE, &threshold,
    "Heat below it stays transparent (default 0)", "0..1" },
  { "recursive", 'r', 0, G_OPTION_ARG_NONE, &recursive, "Descend into sub-directories",
    NULL },
  { "include", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &include,
    "Take only such files of directories (may be repeated)", "GLOB" },
  { "exclude", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &exclude,
    "Leave such files and directories out (may be repeated)", "GLOB" },
  { "files-from", 0, 0, G_OPTION_ARG_FILENAME, &list,
    "Read names from a file, ended by newlines or, if it has any, by zero bytes; - for "
    "standard input",
    "FILE" },
  { "resume", 0, 0, G_OPTION_ARG_NONE, &resume,
    "Keep finished rows of --csv, --jsonl and --summary and do the rest", NULL },
  { "shard", 0, 0, G_OPTION_ARG_STRING, &shard_text,
    "Only every N-th file, from the K-th on; “smearscope merge” puts the tables together",
    "K/N" },
  { "region", 0, 0, G_OPTION_ARG_STRING, &region_text,
    "Judge only this part of every image", "X,Y,W,H" },
  { "jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "Images at a time (default: one a core)",
    "N" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads for each image", "N" },
  { "progress", 0, 0, G_OPTION_ARG_NONE, &show_progress,
    "Show progress even if standard error is no terminal", NULL },
  SMEAR_CLI_RECORDER_ENTRIES,
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "FILE|DIR…" },
  G_OPTION_ENTRY_NULL
};

typedef struct
{
  gboolean to_table; /* rows go to files, standard output gets the totals */
  gboolean headed;
  SmearCliProgress progress;
  SmearRecorder *recorder;
  gboolean warned;
} Printer;

static void
print_json (const SmearBatchRow *row)
{
  g_autofree char *line = smear_batch_row_to_json (row);
  puts (line);
  fflush (stdout); /* whoever reads along gets every row as it is ready */
}

static void
print_line (Printer *printer, const SmearFinding *finding)
{
  if (!printer->headed)
    printf ("%-28s %9s %7s %7s %7s %7s  %s\n", "answer", "malignant", "Benign", "Early",
            "Pre", "Pro", "file");
  printer->headed = TRUE;

  g_autofree char *title = smear_finding_title (finding);
  g_auto (GStrv) warnings = smear_finding_warnings (finding);
  printf ("%-28s", title);
  if (finding->klass == SMEAR_CLASS_NONE)
    printf (" %9s %7s %7s %7s %7s", "–", "–", "–", "–", "–");
  else
    {
      printf (" %7.1f %%", 100 * finding->malignant);
      for (gint i = 0; i < SMEAR_N_CLASSES; i++)
        printf (" %5.1f %%", 100 * finding->probabilities[i]);
    }
  printf ("  %s\n", finding->source);
  for (char **warning = warnings; *warning; warning++)
    printf ("  %s\n", *warning);
}

static void
print_row (const SmearBatchRow *row, guint n_files, gpointer user_data)
{
  Printer *printer = user_data;
  if (row->error)
    {
      smear_cli_progress_clear (&printer->progress);
      smear_cli_error (row->error->message);
    }
  if (json && !row->skipped)
    print_json (row);
  else if (row->finding && !printer->to_table)
    print_line (printer, row->finding);
  smear_recorder_add_row (printer->recorder, row);
  smear_cli_recorder_warn (printer->recorder, &printer->warned);
  smear_cli_progress_row (&printer->progress, row, n_files);
}

static void
print_totals (const SmearBatchTotals *totals, gdouble seconds)
{
  const char *const files[] = { csv, jsonl, summary, maps };
  guint n_worked = totals->n_files - totals->n_skipped, n_listed = 0;

  printf ("%u images: %u answered, %u uncertain, %u refused, %u failed", totals->n_files,
          totals->n_answered, totals->n_uncertain, totals->n_refused, totals->n_failed);
  if (totals->n_skipped)
    printf (", %u done before", totals->n_skipped);
  if (n_worked > 0 && seconds > 0)
    printf ("; %.1f s, %.1f images/s", seconds, n_worked / seconds);
  puts ("");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (files[i])
      printf ("%s%s", n_listed++ ? ", " : "see ", files[i]);
  if (n_listed)
    puts ("");
  if (totals->n_done && smear_cli_record)
    puts ("those done before are in the history only if that run kept them");
}

/* Names of --files-from go before those of the command line. */
static gboolean
read_list (GPtrArray *names)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;
  const char *path = strcmp (list, "-") == 0 ? "/dev/stdin" : list;
  if (!g_file_get_contents (path, &text, &length, &error))
    {
      smear_cli_error (error->message);
      return FALSE;
    }
  char end = memchr (text, '\0', length) ? '\0' : '\n';
  for (gsize at = 0; at < length;)
    {
      const char *stop = memchr (text + at, end, length - at);
      gsize n = stop ? (gsize)(stop - text) - at : length - at;
      if (n > 0)
        g_ptr_array_add (names, g_strndup (text + at, n));
      at += n + 1;
    }
  return TRUE;
}

static GPtrArray *
collect (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  if (list && !read_list (names))
    return NULL;
  for (char **path = paths; path && *path; path++)
    g_ptr_array_add (names, g_strdup (*path));
  if (names->len == 0)
    {
      smear_cli_error ("no images named; “--help” says how");
      return NULL;
    }
  g_ptr_array_add (names, NULL);

  GPtrArray *files = smear_batch_collect ((const char *const *)names->pdata, recursive,
                                          (const char *const *)include,
                                          (const char *const *)exclude, maps, &error);
  if (files == NULL)
    smear_cli_error (error->message);
  else if (files->len == 0)
    {
      fprintf (stderr, "%s: %s: no images in it%s\n", g_get_prgname (),
               (char *)names->pdata[0],
               recursive ? "" : "; --recursive looks into sub-directories");
      g_clear_pointer (&files, g_ptr_array_unref);
    }
  return files;
}

static gboolean
check_options (SmearBatchOptions *options)
{
  if (!smear_cli_map_style (colour_map, opacity, threshold, overlay, &options->style)
      || !smear_cli_class (class_name, &options->explain))
    return FALSE;
  if (jobs < 0 || threads < 0)
    {
      smear_cli_error ("--jobs and --threads cannot be negative");
      return FALSE;
    }
  if (resume && !csv && !jsonl && !summary)
    {
      smear_cli_error (
          "--resume needs the --csv, --jsonl or --summary of the earlier run");
      return FALSE;
    }
  return TRUE;
}

/* Also that there is a table to be merged. */
static gboolean
understand_shard (SmearShard *shard)
{
  char rest;

  if (sscanf (shard_text, "%u/%u%c", &shard->number, &shard->of, &rest) != 2
      || shard->number < 1 || shard->number > shard->of)
    smear_cli_error ("--shard: give K/N, the first of which is 1/N");
  else if (!csv && !jsonl)
    smear_cli_error ("--shard needs a table: --csv or --jsonl");
  else
    return TRUE;
  return FALSE;
}

/* Marks the tables as begun, or as finished. */
static gboolean
mark_shard (const SmearShard *shard, gboolean finished, guint n_files, SmearModel *model)
{
  const char *const tables[] = { csv, jsonl };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tables) && !error; i++)
    if (tables[i] && finished)
      smear_shard_close (shard, tables[i], n_files, smear_model_get_hash (model), &error);
    else if (tables[i])
      smear_shard_open (tables[i], &error);
  if (error)
    smear_cli_error (error->message);
  return error == NULL;
}

int
smear_cmd_classify (int argc, char **argv)
{
  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Names the class of every image, with its probability; of folders, every image "
          "in\nthem, in the order of their names. Rows are written as images finish; "
          "stopped or\nkilled, the same line with --resume does what is left, by "
          "content. "
          "Exit status: 0\nall judged, 1 some failed, 2 could not run."))
    return SMEAR_EXIT_COULD_NOT_RUN;

  SmearBatchOptions options = SMEAR_BATCH_OPTIONS_DEFAULT;
  SmearRegion region;
  g_auto (SmearShard) shard = { 0 };
  if (!check_options (&options)
      || (region_text && !smear_cli_region (region_text, &region))
      || (shard_text && !understand_shard (&shard)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  options.n_jobs = jobs;
  options.n_threads = threads;
  options.region = region_text ? &region : NULL;
  options.csv = csv;
  options.jsonl = jsonl;
  options.summary = summary;
  options.maps = maps;
  options.resume = resume;
  options.again = smear_cli_report != NULL; /* a report of half a run would mislead */
  options.only_listed = shard_text != NULL;

  g_autoptr (GPtrArray) files = collect ();
  if (files == NULL)
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (shard_text)
    smear_shard_take (&shard, files);
  g_autoptr (SmearModel) model = smear_cli_model (model_name);
  if (model == NULL || (shard_text && !mark_shard (&shard, FALSE, 0, model)))
    return SMEAR_EXIT_COULD_NOT_RUN;

  g_autoptr (GError) error = NULL;
  SmearBatchTotals totals;
  Printer printer = { .to_table = csv || jsonl };
  options.want_map = smear_cli_report != NULL;
  SmearClassifyOptions how = { options.explain, options.want_map, options.n_threads };
  g_autoptr (SmearRecorder) recorder = smear_cli_recorder (model, "classify", &how);
  if (!recorder)
    return SMEAR_EXIT_COULD_NOT_RUN;
  printer.recorder = recorder;
  smear_cli_recorder_warn (recorder, &printer.warned);
  options.want_image = smear_recorder_wants_images (recorder);
  smear_cli_progress_init (&printer.progress, show_progress);
  gint64 began = g_get_monotonic_time ();
  gboolean done = smear_batch_run (model, files, &options, NULL, print_row, &printer,
                                   &totals, &error);
  smear_cli_progress_clear (&printer.progress);
  gdouble seconds = (g_get_monotonic_time () - began) * 1e-6;
  if (!done)
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (shard_text && !mark_shard (&shard, TRUE, files->len, model))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (!json)
    {
      if (totals.n_files > 1 || printer.to_table)
        print_totals (&totals, seconds);
      puts (SMEAR_DISCLAIMER);
    }
  if (!smear_recorder_finish (recorder, &error))
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  return totals.n_failed > 0 ? SMEAR_EXIT_SOME_FAILED : SMEAR_EXIT_OK;
}
