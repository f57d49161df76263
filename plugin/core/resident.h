/* What stays in memory between calls.
 *
 * A plug-in of GIMP is a program that is started anew for each call, and spends most of
 * its time on starting. So GIMP starts one more of ours with itself, which offers the
 * same procedures again, under the same names: GIMP asks it first. It answers what asks
 * no questions; a call that opens a window it passes on to a program of its own, so that
 * a dialog left open holds up nobody. Where it has died, or was cancelled, which is the
 * same in GIMP, every call takes the long way.
 */
#pragma once

#include "core/procedures.h"

G_BEGIN_DECLS

/** SMEAR_RESIDENT: the procedure that GIMP calls at its start and that does not return.
 */
#define SMEAR_RESIDENT "extension-smearscope"
#define SMEAR_RESIDENT_BLURB N_ ("Keep Smearscope ready between calls")
#define SMEAR_RESIDENT_HELP                                                              \
  N_ ("GIMP starts this by itself. It answers the procedures that judge an image "       \
      "without "                                                                         \
      "starting a program for each call. For research use only. Not a diagnostic "       \
      "device.")

/** smear_resident_serves: whether starting costs much of what @procedure takes. A whole
 * folder is better off in a process that ends. */
gboolean smear_resident_serves (const SmearProcedure *procedure);

/**
 * smear_resident_model: as smear_model_load(), but one that was loaded before is used
 * again while its file is the same.
 *
 * Not for more than one thread. Returns: (transfer full) (nullable)
 */
SmearModel *smear_resident_model (const char *name, GError **error);

/** smear_resident_rest: after a call: gives unused memory back to the system. */
void smear_resident_rest (void);

G_END_DECLS
