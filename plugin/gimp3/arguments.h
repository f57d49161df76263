/* The procedures of core/procedures.h as GIMP 3 wants to be told them, and back. */
#pragma once

#include <libgimp/gimp.h>

#include "core/procedures.h"

G_BEGIN_DECLS

/** smear_gimp3_declare: adds arguments, with their ranges, and results to @target. */
void smear_gimp3_declare (GimpProcedure *target, const SmearProcedure *procedure);

/** smear_gimp3_pack: Returns: (transfer full): the arguments in @config by name */
GVariantDict *smear_gimp3_pack (const SmearProcedure *procedure,
                                GimpProcedureConfig *config);

/** smear_gimp3_unpack: into the values that @target's caller gets. */
void smear_gimp3_unpack (const SmearProcedure *procedure, GVariantDict *results,
                         GimpValueArray *values);

/** smear_gimp3_repack: @arguments back into @config. */
void smear_gimp3_repack (const SmearProcedure *procedure, GVariantDict *arguments,
                         GimpProcedureConfig *config);

/** smear_gimp3_forget: GIMP keeps the last value of every argument: gives those that
 * belong to one image their default again. */
void smear_gimp3_forget (const SmearProcedure *procedure, GimpProcedureConfig *config);

G_END_DECLS
