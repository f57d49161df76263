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

/**
 * smear_file_chooser_run:
 * @dialog: a file chooser that saves and asks before it replaces a file
 * @endings: without dots, ended by %NULL; a name with none of them gets the first
 *
 * Returns: (transfer full) (nullable): the file, %NULL if the user thought better of it
 */
char *smear_file_chooser_run (GtkWidget *dialog, const char *const *endings);

G_END_DECLS
