/* The procedure plug-in-smearscope-batch: a whole folder in one process. */
#include "core/run.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <glob.h>
#include <signal.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <unistd.h>
#endif

#include "core/options.h"
#include "core/pixels.h"
#include "core/texts.h"

/* What the engine decodes, then what GIMP's loaders are asked for. */
static const char *const readable[] = {
  "*.jpg",     "*.jpeg",   "*.jpe",  "*.png",  "*.tif",  "*.tiff", "*.xcf", "*.xcf.gz",
  "*.xcf.bz2", "*.xcf.xz", "*.psd",  "*.psb",  "*.ora",  "*.bmp",  "*.gif", "*.webp",
  "*.jp2",     "*.j2k",    "*.heic", "*.heif", "*.avif", "*.pnm",  "*.ppm", "*.pgm",
  "*.tga",     "*.pcx",    "*.exr",  "*.fits", "*.dcm",  NULL
};

static SmearImage *
load_with_host (const char *path, gpointer user_data, GError **error)
{
  SmearHost *host = user_data;
  g_auto (SmearScene) scene = { 0 };
  SmearImage *image = NULL;

  if (!host->open_file (host, path, error))
    return NULL;
  if (host->describe (host, &scene, error))
    image = smear_pixels_read (host, &scene, &scene.drawable, NULL, error);
  host->close_file (host);
  return image;
}

typedef struct
{
  SmearHost *host;
  SmearRecorder *recorder;
  gboolean tell; /* a wrapper reads along */
  gint64 told, began;
  guint n_worked; /* rows that took work; skipped ones say nothing about the rate */
} Rows;

/* A line that the wrapper shows: how many of how many, and how many a second. */
static void
tell (Rows *rows, const SmearBatchRow *row, guint n_files)
{
  gint64 now = g_get_monotonic_time ();

  rows->n_worked += !row->skipped;
  if (rows->began == 0)
    rows->began = now;
  if (!rows->tell || now - rows->told < G_USEC_PER_SEC / 2)
    return;
  rows->told = now;
  g_printerr ("progress %u %u %.2f\n", row->index + 1, n_files,
              rows->n_worked * (gdouble)G_USEC_PER_SEC / MAX (now - rows->began, 1));
}

static void
on_row (const SmearBatchRow *row, guint n_files, gpointer user_data)
{
  Rows *rows = user_data;
  SmearHost *host = rows->host;

  smear_recorder_add_row (rows->recorder, row);
  tell (rows, row, n_files);
  if (row->error)
    g_printerr ("smearscope: %s\n", row->error->message);
  host->progress (host, _ ("Classifying files"), (row->index + 1.0) / n_files);
}

/* One entry: an existing name stands for itself, whatever characters it holds. */
static gboolean
expand (const char *entry, GPtrArray *paths, GError **error)
{
  glob_t found = { 0 };
  gboolean there = g_file_test (entry, G_FILE_TEST_EXISTS);

  if (there)
    g_ptr_array_add (paths, g_strdup (entry));
  else if (glob (entry, GLOB_TILDE, NULL, &found) != 0)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                 _ ("%s: there is no such folder or file."), entry);
  for (gsize i = 0; i < found.gl_pathc; i++, there = TRUE)
    g_ptr_array_add (paths, g_strdup (found.gl_pathv[i]));
  globfree (&found);
  return there;
}

/* A pattern a line. Returns: (transfer full) (nullable): %NULL for none */
static char **
patterns (GVariantDict *arguments, const char *name)
{
  const char *text = "";

  g_variant_dict_lookup (arguments, name, "&s", &text);
  return *text != '\0' ? g_strsplit (text, "\n", -1) : NULL;
}

static GPtrArray *
collect (const char *input, const char *output, GVariantDict *arguments, GError **error)
{
  g_auto (GStrv) include = patterns (arguments, "include");
  g_auto (GStrv) exclude = patterns (arguments, "exclude");
  gboolean recursive = FALSE;
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) files = NULL;
  g_auto (GStrv) entries = g_strsplit (input, "\n", -1);

  if (g_file_test (input, G_FILE_TEST_EXISTS))
    g_ptr_array_add (paths, g_strdup (input));
  else
    for (char **entry = entries; *entry; entry++)
      if (**entry && !expand (*entry, paths, error))
        return NULL;
  g_ptr_array_add (paths, NULL);
  g_variant_dict_lookup (arguments, "recursive", "b", &recursive);
  files = smear_batch_collect ((const char *const *)paths->pdata, recursive,
                               include ? (const char *const *)include : readable,
                               (const char *const *)exclude, output, error);
  if (files == NULL || files->len > 0)
    return g_steal_pointer (&files);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT, _ ("%s: no images there."),
               input);
  return NULL;
}

/* The findings go where the user wants them besides the tables. */
static gboolean
judge (SmearHost *host, SmearModel *model, GPtrArray *files, SmearBatchOptions *how,
       GVariantDict *arguments, SmearBatchTotals *totals, GError **error)
{
  const char *report = "", *outcome = "", *problem;
  SmearRecorderOptions options = { 0 };
  SmearClassifyOptions as = { how->explain, how->want_map, how->n_threads };
  g_autoptr (SmearRecorder) recorder = NULL;

  g_variant_dict_lookup (arguments, "record", "b", &options.wanted);
  g_variant_dict_lookup (arguments, "report", "&s", &report);
  g_variant_dict_lookup (arguments, "outcome", "&s", &outcome);
  as.want_map = how->want_map = how->want_map || *report != '\0';
  options.program = host->program;
  options.report = *report != '\0' ? report : NULL;
  options.how = &as;
  recorder = smear_recorder_new (model, &options, error);
  if (recorder == NULL)
    return FALSE;
  how->want_image = smear_recorder_wants_images (recorder);
  how->again = options.report != NULL; /* a report of half a run would mislead */
  Rows rows = { .host = host, .recorder = recorder, .tell = *outcome != '\0' };
  if (!smear_batch_run (model, files, how, NULL, on_row, &rows, totals, error))
    return FALSE;
  if (options.wanted && totals->n_done > 0)
    g_printerr ("smearscope: %s\n",
                _ ("what was finished before is in the history only if "
                   "that run kept it"));
  problem = smear_recorder_get_problem (recorder);
  if (problem != NULL && *outcome == '\0')
    {
      g_autofree char *text = g_strdup_printf (
          _ ("The findings were not kept in the history: %s"), problem);
      host->message (host, text);
    }
  else if (problem != NULL)
    g_printerr ("smearscope: %s: %s\n", _ ("not kept in the history"), problem);
  return smear_recorder_finish (recorder, error);
}

static gboolean
run (SmearHost *host, GVariantDict *arguments, SmearBatchTotals *totals, GError **error)
{
  g_auto (SmearOptions) options;
  const char *input = "", *output = "";
  g_autofree char *csv = NULL, *jsonl = NULL, *summary = NULL, *maps = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (SmearModel) model = NULL;
  SmearBatchOptions how = SMEAR_BATCH_OPTIONS_DEFAULT;

  smear_options_read (&options, arguments);
  g_variant_dict_lookup (arguments, "input", "&s", &input);
  g_variant_dict_lookup (arguments, "output", "&s", &output);
  if (*input == '\0' || *output == '\0')
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("Both what to classify and a folder to write to are needed."));
      return FALSE;
    }
  if (g_mkdir_with_parents (output, 0777) != 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO,
                   _ ("%s: the folder cannot be made: %s"), output, g_strerror (errno));
      return FALSE;
    }
  files = collect (input, output, arguments, error);
  model = files ? smear_model_load (options.model, error) : NULL;
  if (model == NULL)
    return FALSE;
  csv = g_build_filename (output, "results.csv", NULL);
  jsonl = g_build_filename (output, "results.jsonl", NULL);
  summary = g_build_filename (output, "summary.html", NULL);
  maps = options.heat_map ? g_build_filename (output, "heat-maps", NULL) : NULL;
  g_variant_dict_lookup (arguments, "jobs", "i", &how.n_jobs);
  how.explain = options.explain;
  how.want_map = options.heat_map;
  how.csv = csv;
  how.jsonl = jsonl;
  how.summary = summary;
  how.plain = !options.heat_map;
  how.maps = maps;
  how.style.overlay = TRUE;
  how.style.colours = options.colours;
  how.style.opacity = options.opacity / 100;
  how.resume = TRUE;
  how.load = load_with_host;
  how.load_data = host;
  return judge (host, model, files, &how, arguments, totals, error);
}

/* For the wrapper, which cannot trust GIMP's exit status: only a file that ends in "end"
 * is a run that came to its end. */
static gboolean
write_outcome (const char *path, const SmearBatchTotals *totals, const GError *problem,
               GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "files %u\nanswered %u\nuncertain %u\nrefused %u\nfailed %u\nskipped %u\nerror "
      "%s\nend\n",
      totals->n_files, totals->n_answered, totals->n_uncertain, totals->n_refused,
      totals->n_failed, totals->n_skipped, problem ? problem->message : "");

  return g_file_set_contents (path, text, -1, error);
}

/* While a file is judged or read nothing is heard of GIMP: when that is gone, nobody
 * waits for the rest, and a new run would find the output in use. Killed, it goes on
 * where it was. */
static void
die_with_host (void)
{
#ifdef __linux__
  pid_t host = getppid ();

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != host) /* it went in between */
    raise (SIGKILL);
#endif
}

/* Where no wrapper reads the outcome, somebody may be sitting there. */
static void
say_outcome (SmearHost *host, const SmearBatchTotals *totals, GVariantDict *arguments)
{
  const char *output = "";
  g_autofree char *text = NULL;

  g_variant_dict_lookup (arguments, "output", "&s", &output);
  text = g_strdup_printf (
      smear_text_n (
          "%u file: %u answered, %u uncertain, %u refused, %u could not be judged, "
          "%u finished before. The results are in %s.",
          "%u files: %u answered, %u uncertain, %u refused, %u could not be "
          "judged, %u finished before. The results are in %s.",
          totals->n_files),
      totals->n_files, totals->n_answered, totals->n_uncertain, totals->n_refused,
      totals->n_failed, totals->n_skipped, output);
  host->message (host, text);
}

gboolean
smear_run_batch (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                 GError **error)
{
  g_autoptr (GError) problem = NULL;
  SmearBatchTotals totals = { 0 };
  const char *outcome = "";
  gboolean done;

  die_with_host ();
  done = run (host, arguments, &totals, &problem);
  g_variant_dict_lookup (arguments, "outcome", "&s", &outcome);
  if (*outcome && !write_outcome (outcome, &totals, problem, problem ? NULL : error))
    done = FALSE;
  if (done && *outcome == '\0')
    say_outcome (host, &totals, arguments);
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  g_variant_dict_insert (results, "files", "i", (gint)totals.n_files);
  g_variant_dict_insert (results, "skipped", "i", (gint)totals.n_skipped);
  g_variant_dict_insert (results, "failed", "i", (gint)totals.n_failed);
  return done;
}
