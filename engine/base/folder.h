/* What is in a folder, always in the same order. */
#pragma once

#include <smearscope/error.h>

/**
 * smear_folder_names:
 *
 * Returns: (transfer full) (nullable) (element-type filename): names in it that are not
 *   hidden, in byte order; %SMEAR_ERROR_IO if it cannot be read
 */
GPtrArray *smear_folder_names (const char *folder, GError **error);
