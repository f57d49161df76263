/* Comma-separated values (RFC 4180), with line ends of one byte. */
#pragma once

#include <glib.h>

/** smear_csv_append: appends @text as a field, quoted if need be, and a comma. */
void smear_csv_append (GString *line, const char *text);
/** smear_csv_append_number: the same with seven digits, which is what a float holds. */
void smear_csv_append_number (GString *line, gdouble value);
/** smear_csv_append_name: a name that anybody may have given (nullable), kept from being
 * run as a formula by a spreadsheet: an apostrophe goes before it. */
void smear_csv_append_name (GString *line, const char *name);
/** smear_csv_name: the name that a field so written holds; points into @field. */
const char *smear_csv_name (const char *field);
/** smear_csv_end: ends the record after its last field. */
void smear_csv_end (GString *line);

/**
 * smear_csv_parse:
 * @fields: (out) (optional) (transfer full): %NULL-ended
 *
 * Line ends of other systems are understood.
 *
 * Returns: bytes of the record at the start of @data, its line end included; 0 if the
 * data end before the record does
 */
gsize smear_csv_parse (const char *data, gsize length, char ***fields);
