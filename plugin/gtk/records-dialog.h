/* Dialogs of the procedures around the history, for GTK 2 and GTK 3 alike. */
#pragma once

#include <gtk/gtk.h>

#include "core/procedures.h"

G_BEGIN_DECLS

/** smear_records_dialog_has: @procedure is asked for here. */
gboolean smear_records_dialog_has (const SmearProcedure *procedure);

/**
 * smear_records_dialog:
 * @arguments: complete; changed by the user
 *
 * Where there is nothing to ask because the run will fail, it returns TRUE at once: the
 * run says why. Returns: FALSE if cancelled
 */
gboolean smear_records_dialog (const SmearProcedure *procedure, SmearHost *host,
                               GVariantDict *arguments);

/** smear_records_ask: @from and the arguments after it in a small dialog. @parent:
 * (nullable) */
gboolean smear_records_ask (GtkWindow *parent, const char *title, const SmearArg *from,
                            GVariantDict *arguments);

/** smear_records_ask_report: the file of a report, named after @image, and the arguments
 * after @file. */
gboolean smear_records_ask_report (GtkWindow *parent, const char *title,
                                   const char *image, const SmearArg *file,
                                   GVariantDict *arguments);

G_END_DECLS
