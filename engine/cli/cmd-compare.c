#include "cli/commands.h"
#include "cli/options.h"
#include "nn/architectures.h"
#include "train/contest.h"
#include "train/helper.h"

#include <gio/gio.h>
#include <math.h>
#include <unistd.h>

static char *data, *folds, *looks, *output, *models;
static gint size = 80, epochs = 6, seeds = 1, limit = 120, threads;
static gboolean quiet;

static const GOptionEntry entries[] = {
  { "folds", 0, 0, G_OPTION_ARG_FILENAME, &folds,
    "Table with the columns path, class, smear and fold: smear-wise folds", "CSV" },
  { "looks", 0, 0, G_OPTION_ARG_FILENAME, &looks,
    "The same images with look-out folds (scripts/make-look-folds)", "CSV" },
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &data, "Where the tables' paths start",
    "DIR" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    "Folder for the tables, and for every piece that is done", "DIR" },
  { "models", 'm', 0, G_OPTION_ARG_STRING, &models,
    "Only these, with commas: cell, published-cnn, vgg16, resnet50, inception-v3, svm, "
    "forest, background-forest",
    "NAMES" },
  { "input-size", 0, 0, G_OPTION_ARG_INT, &size,
    "Side of the fields that networks get (80; at least 75 for Inception-v3)", "PIXELS" },
  { "epochs", 'e', 0, G_OPTION_ARG_INT, &epochs, "Of every network (6)", "N" },
  { "seeds", 0, 0, G_OPTION_ARG_INT, &seeds, "Trainings of each (1)", "N" },
  { "audit", 0, 0, G_OPTION_ARG_INT, &limit, "Images of the audit (120)", "N" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "At most (default: one a core)", "N" },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "No progress", NULL },
  G_OPTION_ENTRY_NULL
};

static void
show_work (const char *what, guint done, guint all, gpointer user_data)
{
  if (!quiet)
    fprintf (stderr, "%s[%u of %u] %s\n", isatty (2) ? "\r\033[K" : "", done + 1, all,
             what);
}

static void
show_progress (const char *stage, gdouble fraction, gpointer user_data)
{
  if (!quiet && isatty (2))
    fprintf (stderr, "\r  %s %3.0f %%", stage, 100 * fraction);
}

static void
show_epoch (const SmearEpoch *epoch, gint n_epochs, gpointer user_data)
{
  gint left = (gint)(epoch->seconds * (n_epochs - epoch->epoch));

  if (!quiet)
    fprintf (stderr,
             "%s  epoch %d of %d: loss %.4f, kept back %.1f %% right, %.0f s; this "
             "training ends in %d:%02d\n",
             isatty (2) ? "\r\033[K" : "", epoch->epoch, n_epochs, epoch->loss,
             100 * epoch->validation_accuracy, epoch->seconds, left / 60, left % 60);
}

static const char *
objection (int argc)
{
  if (argc > 1 || folds == NULL || output == NULL)
    return "give --folds CSV and --output DIR, and for look-out folds --looks CSV";
  if (epochs < 1 || seeds < 1 || limit < 1 || threads < 0)
    return "--epochs, --seeds and --audit are at least 1";
  if (size < 16 || size > 1024)
    return "--input-size is 16 to 1024 pixels";
  return NULL;
}

/* Better now than after a night. */
static gboolean
size_fits (const SmearContestPlan *plan)
{
  const char *const *names = smear_architecture_names ();

  for (gint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SmearNetwork) net = NULL;
      if (plan->models != NULL
          && !g_strv_contains ((const char *const *)plan->models, names[i]))
        continue;
      net = smear_architecture_new (names[i], size, SMEAR_N_CLASSES, &error);
      if (net != NULL)
        continue;
      smear_cli_error (error->message);
      return FALSE;
    }
  return TRUE;
}

/* The picture is an extra: without gnuplot there are still the tables. */
static void
draw (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *script = smear_helper_find ("plot-comparison", &error);
  g_autoptr (GSubprocess) process = script != NULL ? g_subprocess_new (
                                        G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, script,
                                        output, NULL)
                                                   : NULL;

  if (process == NULL || !g_subprocess_wait_check (process, NULL, &error))
    fprintf (stderr, "%s: there are the tables, but no picture: %s\n", g_get_prgname (),
             error->message);
}

static gboolean
print_table (void)
{
  g_autofree char *path = g_build_filename (output, "comparison.md", NULL);
  g_autofree char *text = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL))
    fputs (text, stdout);
  return text != NULL;
}

int
smear_cmd_compare (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Trains our model and its rivals on the same folds under one budget, audits "
          "them, and writes comparison.csv, comparison.md and a picture: accuracy under "
          "random, smear-wise and look-out folds, what the answers rest on, size and "
          "time. Takes hours; killed and started again, it goes on where it was."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  const char *wrong = objection (argc);
  if (wrong != NULL)
    {
      smear_cli_error (wrong);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  g_auto (GStrv) chosen = models != NULL ? g_strsplit (models, ",", -1) : NULL;
  SmearContestPlan plan = { .folder = output,
                            .size = size,
                            .epochs = epochs,
                            .n_seeds = seeds,
                            .audit_limit = limit,
                            .models = chosen };
  SmearContestWatch watch
      = { .work = show_work, .progress = show_progress, .epoch = show_epoch };
  if (!size_fits (&plan))
    return SMEAR_EXIT_COULD_NOT_RUN;
  g_autoptr (SmearPool) pool = smear_pool_new (threads);
  g_autoptr (SmearLabelled) smears = smear_labelled_from_table (folds, data, NULL,
                                                                &error);
  g_autoptr (SmearLabelled) look_out = smears != NULL && looks != NULL
                                           ? smear_labelled_from_table (looks, data, NULL,
                                                                        &error)
                                           : NULL;
  if (error != NULL || !smear_contest_run (&plan, smears, look_out, pool, &watch, &error))
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  draw ();
  return print_table () ? SMEAR_EXIT_OK : SMEAR_EXIT_COULD_NOT_RUN;
}
