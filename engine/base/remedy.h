/* What to do about a write that failed. */
#pragma once

#include <glib.h>

/**
 * smear_io_remedy:
 * @number: an errno
 * @resumable: what was being written can be gone on with
 *
 * Returns: a clause to put after the reason, beginning with "; "; or ""
 */
const char *smear_io_remedy (gint number, gboolean resumable);
