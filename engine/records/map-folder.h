/* The folder that a batch draws its heat maps into. */
#pragma once

#include "records/output-lock.h"
#include <smearscope/batch.h>

/**
 * smear_map_folder_hold:
 * @options: with maps
 *
 * Makes the folder and keeps other runs out of it. Heat maps of one folder are to be
 * alike: a run that goes on leaves those that are there, and they would be taken for what
 * was asked.
 *
 * Returns: (transfer full) (nullable): %NULL with %SMEAR_ERROR_IO, or with
 *   %SMEAR_ERROR_ARGUMENT where they are drawn otherwise
 */
SmearOutputLock *smear_map_folder_hold (const SmearBatchOptions *options, GError **error);

/** smear_map_folder_note: notes beside the maps how they are drawn; before the first. */
gboolean smear_map_folder_note (const SmearBatchOptions *options, GError **error);
