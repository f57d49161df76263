/* JSON that others wrote: of another type is as good as absent, and nesting has an end.
 */
#pragma once

#include <json-glib/json-glib.h>

/** smear_json_load: as json_parser_load_from_data(), of what is shallow:
 * smear_json_is_shallow(). */
gboolean smear_json_load (JsonParser *parser, const char *text, gsize length,
                          GError **error);

/** smear_json_parse: as json_from_string(). Returns: (transfer full) (nullable) */
JsonNode *smear_json_parse (const char *text);

/** smear_json_get: Returns: (transfer none) (nullable) */
JsonNode *smear_json_get (JsonObject *object, const char *name, JsonNodeType type);

/** smear_json_get_text: Returns: (transfer none) (nullable) */
const char *smear_json_get_text (JsonObject *object, const char *name);
