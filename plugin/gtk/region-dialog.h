/* Choosing a scan and a region of it, for GTK 2 and GTK 3 alike. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * smear_region_dialog:
 * @arguments: file, x, y, width, height and level: as last used, then as chosen
 *
 * Returns: %FALSE if the user thought better of it
 */
gboolean smear_region_dialog (const char *title, GVariantDict *arguments);

G_END_DECLS
