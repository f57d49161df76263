/* Pieces of a line of JSON. json-glib prints every number with 17 digits; tables that
 * people look into want 7, which is what a float holds. */
#pragma once

#include <glib.h>

/** smear_json_string: appends @text quoted; %NULL gives null. Must be UTF-8. */
void smear_json_string (GString *json, const char *text);
/** smear_json_number: appends @value; null if it is not finite. */
void smear_json_number (GString *json, gdouble value);
/** smear_json_strings: appends an array. */
void smear_json_strings (GString *json, const char *const *list);

/** smear_json_member: appends the name of an object's next member, after a comma unless
 * it is the first; its value has to follow. */
void smear_json_member (GString *json, const char *name);
/* The same with the value. */
void smear_json_member_string (GString *json, const char *name, const char *text);
void smear_json_member_number (GString *json, const char *name, gdouble value);
void smear_json_member_integer (GString *json, const char *name, gint64 value);
void smear_json_member_boolean (GString *json, const char *name, gboolean value);

/** smear_text_from_filename: UTF-8, bytes that are not as `\xHH`. Returns: (transfer
 * full) */
char *smear_text_from_filename (const char *filename);
