/* The help page that comes with the plug-in. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** smear_help_path: the page in the user's language, else in English. Returns: (transfer
 * full) (nullable): %NULL where none is installed */
char *smear_help_path (void);

G_END_DECLS
