/* Asking a person, with GTK 2. */
#pragma once

#include "core/procedures.h"

G_BEGIN_DECLS

/** smear_gimp2_dialog: lets @arguments be changed; FALSE if cancelled. */
gboolean smear_gimp2_dialog (const SmearProcedure *procedure, SmearHost *host,
                             GVariantDict *arguments);

G_END_DECLS
