/* A finding in pieces, for those who put more into its line of JSON. */
#pragma once

#include <smearscope/finding.h>

/** smear_finding_append_json: the members of smear_finding_to_json() without the braces.
 */
void smear_finding_append_json (const SmearFinding *finding, GString *json);
