/* The preview of core/preview.h as a widget, for GTK 2 and GTK 3 alike. */
#pragma once

#include <gtk/gtk.h>

#include "core/preview.h"

G_BEGIN_DECLS

/**
 * smear_preview_box_new:
 * @preview: has to outlive the widget
 *
 * Picture, answer, bars and notes, one below the other.
 *
 * Returns: (transfer floating)
 */
GtkWidget *smear_preview_box_new (SmearPreview *preview);

/** smear_preview_box_on_click: @toggled is given what the argument "leave-out" becomes
 * when a cell is clicked. */
void smear_preview_box_on_click (GtkWidget *box,
                                 void (*toggled) (const char *leave_out,
                                                  gpointer user_data),
                                 gpointer user_data);

/** smear_preview_box_refresh: show what the preview says now. */
void smear_preview_box_refresh (GtkWidget *box);

G_END_DECLS
