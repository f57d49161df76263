/* The Help button opens our own page, for GTK 2 and GTK 3 alike. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** smear_help_show: in the user's browser; where there is none, say where it is. */
void smear_help_show (GtkWindow *parent);

/** smear_help_connect: @dialog has a button with GTK_RESPONSE_HELP. */
void smear_help_connect (GtkWidget *dialog);

G_END_DECLS
