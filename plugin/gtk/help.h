/* The Help button opens our own page, for GTK 2 and GTK 3 alike. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * smear_help: a GimpHelpFunc, for a dialog's Help button and F1
 *
 * Shows our page in the user's browser; where there is none, says where the page is.
 */
void smear_help (const char *help_id, gpointer help_data);

G_END_DECLS
