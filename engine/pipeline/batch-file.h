/* One file of a batch, from bytes to finding. */
#pragma once

#include "pipeline/batch.h"

/**
 * SmearBatchResult:
 * @wants_host: only the caller's loader can open it
 */
typedef struct
{
  char *sha256;
  SmearFinding *finding;
  GError *error;
  GBytes *thumbnail;
  SmearImage *image;
  gboolean done, skipped, wants_host;
} SmearBatchResult;

void smear_batch_result_clear (SmearBatchResult *result);

/** smear_batch_file_judge: reads, hashes, decodes and judges; any thread. */
void smear_batch_file_judge (SmearModel *model, const SmearBatchFile *file, guint index,
                             const SmearBatchOptions *options, gint n_threads,
                             gboolean want_thumbnail, SmearBatchDoneFunc done,
                             gpointer user_data, GCancellable *cancellable,
                             SmearBatchResult *result);

/** smear_batch_file_judge_by_host: the rest, for @wants_host; the caller's thread only.
 */
void smear_batch_file_judge_by_host (SmearModel *model, const SmearBatchFile *file,
                                     const SmearBatchOptions *options, gint n_threads,
                                     gboolean want_thumbnail, GCancellable *cancellable,
                                     SmearBatchResult *result);
