/* One run at a time into one output. */
#pragma once

#include <smearscope/error.h>

typedef struct _SmearOutputLock SmearOutputLock;

/**
 * smear_output_lock_new:
 * @path: lock file, removed again at the end; one left behind by a killed run is no
 *   obstacle, since the system lets go of its lock
 * @output: (not nullable): what is protected, for the message
 *
 * Returns: (transfer full) (nullable): %NULL with %SMEAR_ERROR_IO if another run holds it
 */
SmearOutputLock *smear_output_lock_new (const char *path, const char *output,
                                        GError **error);
void smear_output_lock_free (SmearOutputLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearOutputLock, smear_output_lock_free)
