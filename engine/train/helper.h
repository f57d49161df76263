/* Scripts that come with the program. */
#pragma once

#include <glib.h>

/**
 * smear_helper_find:
 * @name: of a script
 *
 * Looked for in $SMEARSCOPE_SCRIPTS, in scripts/ of the source tree the program was built
 * in, and where `make install` puts it.
 *
 * Returns: (transfer full) (nullable): its path
 */
char *smear_helper_find (const char *name, GError **error);

/** smear_helper_python: the system's Python, which has Debian's packages, or the one in
 * PATH. */
const char *smear_helper_python (void);
