/* What the subcommands have in common. */
#pragma once

#include <smearscope/smearscope.h>

#include <stdio.h>

/**
 * smear_cli_parse:
 * @entries: options of the command
 * @arguments: what comes after the options, for the usage line
 * @summary: what the command does
 *
 * Reports what is wrong on stderr. `--help` ends the program.
 */
gboolean smear_cli_parse (int *argc, char ***argv, const GOptionEntry *entries,
                          const char *arguments, const char *summary);

/** smear_cli_error: prints @message on stderr after the program's name. */
void smear_cli_error (const char *message);

/* Each takes options as given, %NULL for the default, and reports what is wrong. */
gboolean smear_cli_map_style (const char *colour_map, gdouble opacity, gdouble threshold,
                              gboolean overlay, SmearMapStyle *style);
gboolean smear_cli_class (const char *text, SmearClass *klass);
gboolean smear_cli_region (const char *text, SmearRegion *region);

/** smear_cli_model: loads it or reports why not. Returns: (transfer full) (nullable) */
SmearModel *smear_cli_model (const char *name);
/** SMEAR_CLI_FOLDS_WANTED: why models of folds cannot be used with a table. */
#define SMEAR_CLI_FOLDS_WANTED                                                           \
  "a model for each fold needs a table in which every image has its fold"
/** smear_cli_model_of_fold: the same of the model that @fold was kept back from; it
 * stands in @pattern for the asterisk. */
SmearModel *smear_cli_model_of_fold (const char *pattern, const char *fold);

/** SmearCliProgress: a line on stderr with rate and time left. */
typedef struct
{
  gboolean wanted, tty, shown;
  gint64 began, last;
  guint n_worked; /* rows that took work; skipped ones say nothing about the rate */
} SmearCliProgress;

/** smear_cli_progress_init: @forced shows it even if stderr is no terminal. */
void smear_cli_progress_init (SmearCliProgress *progress, gboolean forced);
void smear_cli_progress_row (SmearCliProgress *progress, const SmearBatchRow *row,
                             guint n_files);
/** smear_cli_progress_clear: wipes the line so that something else can be printed. */
void smear_cli_progress_clear (SmearCliProgress *progress);
