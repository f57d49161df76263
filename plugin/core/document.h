/* The findings of one image as kept in its parasite: a JSON document, one finding a line.
 */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

/**
 * smear_document_lines:
 * @json: (nullable): text of the parasite; anything may stand there
 *
 * Returns: (transfer full) (element-type utf8): one JSON object each; empty if none
 */
GPtrArray *smear_document_lines (const char *json);

/**
 * smear_document_new:
 * @lines: (element-type utf8): JSON objects
 *
 * Returns: (transfer full): `{"smearscope": version, "research_use_only": true,
 *   "findings": […]}`
 */
char *smear_document_new (GPtrArray *lines);

G_END_DECLS
