/* Asking the user, the GIMP 3 way. */
#pragma once

#include <libgimp/gimp.h>

#include "core/procedures.h"

G_BEGIN_DECLS

/**
 * smear_gimp3_dialog: let the user set @config, which keeps the last values by itself.
 *
 * Returns: %FALSE if the user thought better of it
 */
gboolean smear_gimp3_dialog (GimpProcedure *target, const SmearProcedure *procedure,
                             SmearHost *host, GimpProcedureConfig *config);

G_END_DECLS
