#include "nn/protobuf.h"

#include <string.h>

/* The low three bits of a field's key: how its value is written. */
enum
{
  WIRE_VARINT = 0,
  WIRE_BYTES = 2,
  WIRE_FIXED32 = 5
};

/* Seven bits a byte, lowest first; the top bit says that more follow. */
static void
append_varint (GByteArray *message, guint64 value)
{
  guint8 bytes[10];
  guint n = 0;

  for (; value >= 0x80; value >>= 7)
    bytes[n++] = (guint8)(value | 0x80);
  bytes[n++] = (guint8)value;
  g_byte_array_append (message, bytes, n);
}

void
smear_protobuf_int (GByteArray *message, guint field, gint64 value)
{
  append_varint (message, field << 3 | WIRE_VARINT);
  append_varint (message, (guint64)value);
}

void
smear_protobuf_float (GByteArray *message, guint field, gfloat value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT32_TO_LE (bits);
  append_varint (message, field << 3 | WIRE_FIXED32);
  g_byte_array_append (message, (const guint8 *)&bits, sizeof bits);
}

void
smear_protobuf_head (GByteArray *message, guint field, gsize size)
{
  append_varint (message, field << 3 | WIRE_BYTES);
  append_varint (message, size);
}

void
smear_protobuf_string (GByteArray *message, guint field, const char *value)
{
  gsize n = strlen (value);

  smear_protobuf_head (message, field, n);
  g_byte_array_append (message, (const guint8 *)value, (guint)n);
}

void
smear_protobuf_message (GByteArray *message, guint field, GByteArray *part)
{
  smear_protobuf_head (message, field, part->len);
  g_byte_array_append (message, part->data, part->len);
  g_byte_array_unref (part);
}
