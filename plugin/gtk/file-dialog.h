/* Asking where findings shall be written, for GTK 2 and GTK 3 alike. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * smear_file_dialog:
 * @image_name: (nullable): what the file is named after
 * @before: (nullable): file written last; the new one goes beside it
 *
 * Returns: (transfer full) (nullable): the file, its ending that of a format; %NULL if
 * the user thought better of it
 */
char *smear_file_dialog (const char *title, const char *image_name, const char *before);

G_END_DECLS
