/* Writing a file that somebody named. */
#pragma once

#include <glib.h>

/** smear_is_special: whether there is something at @path that is neither file nor folder:
 * /dev/null, a pipe. A file put in its place would take it from everybody. */
gboolean smear_is_special (const char *path);

/**
 * smear_put_file:
 * @data: (array length=length): what it shall hold
 * @mode: permissions of a new file
 *
 * Whole or not at all, on the disk before it takes the place of what was there; but what
 * is special is written to as it is.
 */
gboolean smear_put_file (const char *path, const char *data, gsize length, gint mode,
                         GError **error);
