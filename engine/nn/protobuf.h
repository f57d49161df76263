/* Just enough of Protocol Buffers' wire format to write messages, no reading.
 *
 * A message is the bytes of its fields one after another; a nested message is a field
 * that holds bytes.
 */
#pragma once

#include <glib.h>

void smear_protobuf_int (GByteArray *message, guint field, gint64 value);
void smear_protobuf_float (GByteArray *message, guint field, gfloat value);
void smear_protobuf_string (GByteArray *message, guint field, const char *value);

/** smear_protobuf_head: announces @size bytes that the caller appends next. */
void smear_protobuf_head (GByteArray *message, guint field, gsize size);

/** smear_protobuf_message: @part: (transfer full): becomes a field of @message */
void smear_protobuf_message (GByteArray *message, guint field, GByteArray *part);
