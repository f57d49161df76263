/* Where weights lie. */
#pragma once

#include <glib.h>

/** SMEAR_DEFAULT_MODEL: what is meant when nothing is named. */
#define SMEAR_DEFAULT_MODEL "cell"

/**
 * smear_weights_find:
 * @name: (nullable): a path, or the bare name of a model, or %NULL for the default
 *
 * Returns: (transfer full) (nullable): an existing file; %SMEAR_ERROR_IO naming the
 * folders looked in
 */
char *smear_weights_find (const char *name, GError **error);

/** smear_weights_folders: Returns: (transfer full): where bare names are looked up, in
 * order */
char **smear_weights_folders (void);
