/* What a finding says, in the user's language. Tables and JSON keep the engine's own
 * words. */
#pragma once

#include <smearscope/smearscope.h>

G_BEGIN_DECLS

/** smear_finding_text: as smear_finding_title(). Returns: (transfer full) */
char *smear_finding_text (const SmearFinding *finding);

/** smear_warning_text: one of the engine's sentences. Returns: (transfer full) */
char *smear_warning_text (const char *warning);
/** smear_warnings_text: as smear_finding_warnings(). Returns: (transfer full) */
char **smear_warnings_text (const SmearFinding *finding);

G_END_DECLS
