/* The inside of a batch: files judged side by side, rows handed over in order. */
#pragma once

#include <smearscope/batch.h>

/** SMEAR_BATCH_MAX_BYTES: larger files are scans, read by region. */
#define SMEAR_BATCH_MAX_BYTES ((goffset)1 << 30)

/**
 * SmearBatchDoneFunc:
 * @sha256: of the file's content
 *
 * Called on any thread. Returns: %TRUE if an earlier run has done this very file
 */
typedef gboolean (*SmearBatchDoneFunc) (const SmearBatchFile *file, guint index,
                                        const char *sha256, gpointer user_data);

/**
 * smear_batch_judge:
 * @thumbnails: this many files from the first on get a thumbnail
 * @done: (nullable): asked before a file is judged; files are hashed only if it is given
 * @row: called in order on the caller's thread; returning %FALSE with its error set ends
 * the run
 *
 * smear_batch_run() without the records.
 */
gboolean smear_batch_judge (SmearModel *model, GPtrArray *files,
                            const SmearBatchOptions *options, guint thumbnails,
                            GCancellable *cancellable, SmearBatchDoneFunc done,
                            gboolean (*row) (const SmearBatchRow *, gpointer, GError **),
                            gpointer user_data, GError **error);
