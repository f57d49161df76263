/* What the reviewer says of a finding of the image, for GTK 2 and GTK 3 alike. */
#pragma once

#include <gtk/gtk.h>

#include "core/procedures.h"

G_BEGIN_DECLS

/**
 * smear_feedback_dialog:
 * @from: the first of the arguments that a form can ask for
 * @arguments: "finding" and "cell" are set to what was chosen, the rest to what was said
 *
 * Returns: FALSE if cancelled; TRUE at once if the image holds no findings
 */
gboolean smear_feedback_dialog (SmearHost *host, const char *title, const SmearArg *from,
                                GVariantDict *arguments);

G_END_DECLS
