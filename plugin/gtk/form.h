/* A procedure's arguments as widgets, for GTK 2 and GTK 3 alike. */
#pragma once

#include <gtk/gtk.h>

#include "core/procedures.h"

G_BEGIN_DECLS

/**
 * smear_form_new:
 * @scene: (nullable): what the procedure runs on; leaves out what does not matter there
 * @arguments: complete; kept up to date with what the widgets show
 * @changed: (nullable): called after each change
 *
 * Returns: (transfer floating)
 */
GtkWidget *smear_form_new (const SmearProcedure *procedure, const SmearScene *scene,
                           GVariantDict *arguments, void (*changed) (gpointer user_data),
                           gpointer user_data);

/** smear_form_set_text: as if the user had typed @text into the field of @name. */
void smear_form_set_text (GtkWidget *form, const char *name, const char *text);

/** smear_form_get_labels: for rows beside it that shall be as wide. Returns: (transfer
 * none)
 */
GtkSizeGroup *smear_form_get_labels (GtkWidget *form);

G_END_DECLS
