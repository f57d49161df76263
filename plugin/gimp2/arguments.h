/* GIMP 2.10's positional arguments and results, to and from the core's named ones. */
#pragma once

#include <libgimp/gimp.h>

#include "core/procedures.h"

G_BEGIN_DECLS

/** smear_gimp2_install: register @procedure with GIMP. */
void smear_gimp2_install (const SmearProcedure *procedure);

/** smear_gimp2_first: how many parameters stand before the procedure's own. */
gint smear_gimp2_first (const SmearProcedure *procedure);

/** smear_gimp2_pack: FALSE if their number is not that of smear_gimp2_install(). */
gboolean smear_gimp2_pack (const SmearProcedure *procedure, gint n_params,
                           const GimpParam *params, GVariantDict *arguments);

/** smear_gimp2_unpack: Returns: (transfer full): status and results, for GIMP to read */
GimpParam *smear_gimp2_unpack (const SmearProcedure *procedure, GVariantDict *results,
                               gint *n_values);

G_END_DECLS
