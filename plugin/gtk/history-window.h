/* The window on the history, for GTK 2 and GTK 3 alike. */
#pragma once

#include <gtk/gtk.h>

#include "core/procedures.h"

G_BEGIN_DECLS

/**
 * smear_history_window_run:
 * @arguments: of plug-in-smearscope-history: what is searched for at first, and at the
 *   end what was searched for last
 *
 * Returns when the window is closed.
 */
void smear_history_window_run (SmearHost *host, const char *title,
                               GVariantDict *arguments);

G_END_DECLS
