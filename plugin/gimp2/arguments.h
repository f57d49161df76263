/* GIMP 2.10's positional arguments and results, to and from the core's named ones. */
#pragma once

#include <libgimp/gimp.h>

#include "core/procedures.h"

G_BEGIN_DECLS

/**
 * SmearGimp2Call:
 * @procedure: what is called
 * @full: with all its options
 *
 * Where arguments go by position nobody wants to write a dozen of them: a procedure that
 * has more options than its plain name takes is there a second time, with all of them, as
 * NAME-with-options.
 */
typedef struct
{
  const SmearProcedure *procedure;
  gboolean full;
} SmearGimp2Call;

/** smear_gimp2_call_find: the call that @name stands for; FALSE if none. */
gboolean smear_gimp2_call_find (const char *name, SmearGimp2Call *call);

/**
 * smear_gimp2_install:
 * @procedure: goes to GIMP under its one or two names
 * @run: (nullable): what runs it as long as this process is there; %NULL to register the
 *   plug-in itself, with its menu entry
 */
void smear_gimp2_install (const SmearProcedure *procedure, GimpRunProc run);

/** smear_gimp2_first: how many parameters stand before the procedure's own. */
gint smear_gimp2_first (const SmearProcedure *procedure);

/** smear_gimp2_pack: FALSE if their number is not that of smear_gimp2_install(). */
gboolean smear_gimp2_pack (const SmearGimp2Call *call, gint n_params,
                           const GimpParam *params, GVariantDict *arguments);

/** smear_gimp2_unpack: Returns: (transfer full): status and results, for GIMP to read */
GimpParam *smear_gimp2_unpack (const SmearProcedure *procedure, GVariantDict *results,
                               gint *n_values);

G_END_DECLS
