/* Many files: collected in a stable order, judged side by side, recorded row by row. */
#pragma once

#include <smearscope/classify.h>

G_BEGIN_DECLS

/**
 * SmearBatchFile:
 * @path: to open it by, in the file system's encoding
 * @name: @path for tables and people: UTF-8, bytes that are not as `\xHH`
 * @map: where its heat map goes below the folder of maps, in the file system's encoding
 */
typedef struct
{
  char *path, *name, *map;
} SmearBatchFile;

/**
 * SmearBatchRow:
 * @file: which file
 * @index: its place in the list
 * @sha256: (nullable): of its content; %NULL if nothing asked for it or it cannot be read
 * @finding: (nullable): the answer
 * @error: (nullable): why there is none
 * @done: an earlier run has done it, and its row stands
 * @skipped: neither answer nor error: it was done, and nobody asked for it again
 * @thumbnail: (nullable): JPEG of the region with its heat map
 * @image: (nullable): what was judged, with @want_image
 */
typedef struct
{
  const SmearBatchFile *file;
  guint index;
  const char *sha256;
  const SmearFinding *finding;
  const GError *error;
  gboolean done, skipped;
  GBytes *thumbnail;
  SmearImage *image;
} SmearBatchRow;

/**
 * smear_batch_row_to_json:
 *
 * smear_finding_to_json(), or `file` and `error` where there is no finding. Not for a row
 * that was skipped.
 *
 * Returns: (transfer full)
 */
char *smear_batch_row_to_json (const SmearBatchRow *row);

/** SmearBatchRowFunc: called on the caller's thread, once a file, in the order of the
 * list. */
typedef void (*SmearBatchRowFunc) (const SmearBatchRow *row, guint n_files,
                                   gpointer user_data);

/**
 * SmearBatchLoadFunc:
 *
 * Opens what the engine cannot decode (XCF, PSD, …); called on the caller's thread.
 *
 * Returns: (transfer full) (nullable)
 */
typedef SmearImage *(*SmearBatchLoadFunc) (const char *path, gpointer user_data,
                                           GError **error);

/**
 * SmearBatchOptions:
 * @n_jobs: files judged at a time; 0 for one a core. Rows are the same for any number.
 * @n_threads: threads inside one file; 0 for one when there are several jobs, else all
 * cores
 * @region: (nullable): part of every image to judge; %NULL for all
 * @explain: class that heat maps explain; %SMEAR_CLASS_NONE for the winner
 * @want_map: leave the heat map in the finding
 * @want_image: hand the image on with its row
 * @csv: (nullable): table to write; names that a spreadsheet would run as a formula get
 * an apostrophe before them
 * @jsonl: (nullable): the same as JSON Lines
 * @summary: (nullable): contact sheet to write, HTML
 * @plain: the contact sheet has no pictures, each of which takes a heat map
 * @maps: (nullable): folder for one heat map a file, PNG
 * @style: of maps and thumbnails
 * @resume: keep finished rows of earlier runs; otherwise the outputs are replaced
 * @again: judge what they have done once more, for whoever is told of the rows
 * @only_listed: rows of earlier runs are dropped whose files are not in the list
 * @load: (nullable): opens what the engine cannot
 * @load_data: for @load
 */
typedef struct
{
  gint n_jobs, n_threads;
  const SmearRegion *region;
  SmearClass explain;
  gboolean want_map, want_image, plain;
  const char *csv, *jsonl, *summary, *maps;
  SmearMapStyle style;
  gboolean resume, again, only_listed;
  SmearBatchLoadFunc load;
  gpointer load_data;
} SmearBatchOptions;

#define SMEAR_BATCH_OPTIONS_DEFAULT                                                      \
  {                                                                                      \
    .explain = SMEAR_CLASS_NONE, .style = SMEAR_MAP_STYLE_DEFAULT                        \
  }

/**
 * SmearBatchTotals:
 * @n_files: in the list
 * @n_answered: a class was given
 * @n_uncertain: best class below the threshold
 * @n_refused: not a smear, or no leukocytes in it
 * @n_failed: could not be read or judged
 * @n_done: done by an earlier run
 * @n_skipped: of these, not judged again
 */
typedef struct
{
  guint n_files, n_answered, n_uncertain, n_refused, n_failed, n_done, n_skipped;
} SmearBatchTotals;

/**
 * smear_batch_collect:
 * @paths: files and directories; files are taken as they are, in this order
 * @recursive: descend into sub-directories
 * @include: (nullable): shell patterns; a file of a directory has to match one. %NULL for
 *   the formats the engine decodes. A pattern with a slash is held against the path below
 *   the directory, one without against the name.
 * @exclude: (nullable): shell patterns of files and directories to leave out
 * @leave_out: (nullable): a directory not to descend into: where maps are written
 * @error: return location for %SMEAR_ERROR_IO, and %SMEAR_ERROR_ARGUMENT where nothing
 * but
 *   @leave_out itself is asked for
 *
 * Directories are walked in byte order of the names, hidden entries left out, no
 * directory entered twice. A path that does not exist stays in the list, so that it gets
 * its row.
 *
 * Returns: (transfer full) (nullable) (element-type SmearBatchFile)
 */
GPtrArray *smear_batch_collect (const char *const *paths, gboolean recursive,
                                const char *const *include, const char *const *exclude,
                                const char *leave_out, GError **error);

/**
 * smear_batch_run:
 * @model: a loaded model
 * @files: (element-type SmearBatchFile): of smear_batch_collect()
 * @options: (nullable): %NULL for the defaults
 * @row: (nullable) (scope call): told of every file
 * @totals: (out) (optional)
 *
 * A file that cannot be read gets a row with its error, and the run goes on. Every row is
 * in the tables before the next is begun; maps are in place before their row. Interrupted
 * at any moment and started again with @resume, the outputs end up as if undisturbed.
 * Errors: %SMEAR_ERROR_IO for an output that cannot be written or is in use by another
 * run; %SMEAR_ERROR_ARGUMENT where maps of earlier runs are drawn otherwise;
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: %FALSE if the run could not be finished; failed files alone do not count
 */
gboolean smear_batch_run (SmearModel *model, GPtrArray *files,
                          const SmearBatchOptions *options, GCancellable *cancellable,
                          SmearBatchRowFunc row, gpointer user_data,
                          SmearBatchTotals *totals, GError **error);

G_END_DECLS
