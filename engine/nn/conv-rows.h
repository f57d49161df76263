/* The part of a convolution that is alike for every instruction set: the ring of padded
 * input rows and the epilogue. Included by each kernels-*.c after it has defined
 *
 * - ROW_SLACK: pixels that row_gemm may write past a row's end
 *
 * - row_bytes (shape): bytes of one padded input row
 *
 * - pack_row (shape, src, row): src is one input row, NULL for a row of zeros; row was
 *   zeroed before its first use
 *
 * - row_gemm (shape, y, rows, packed, out): output row y; out is
 *   [out_w + ROW_SLACK][out_c]
 *
 * The compiler vectorises it for the file's own instruction set.
 */
#pragma once

#include "nn/unit-lines.h"
#include <string.h>

#define MAX_KERNEL_ROWS 16

static inline gsize
round_up (gsize n, gsize step)
{
  return (n + step - 1) / step * step;
}

/* Width in pixels of a padded row. */
static inline gint
padded_width (const SmearConvShape *s)
{
  return (s->out_w - 1) * s->stride + s->kw;
}

static inline gint
ring_slots (const SmearConvShape *s)
{
  return s->kh + s->stride;
}

static inline gsize
out_row_bytes (const SmearConvShape *s)
{
  return round_up ((gsize)(s->out_w + ROW_SLACK) * s->out_c * sizeof (gfloat), 64);
}

static gsize
conv_scratch (const SmearConvShape *s)
{
  return ring_slots (s) * row_bytes (s) + 2 * out_row_bytes (s) + 64;
}

/* The input row that lies at padded row @row, or NULL where there are only zeros. */
static inline const gfloat *
source_row (const SmearConvShape *s, const gfloat *in, gint row)
{
  gint y = row - s->pad_top;

  if (y < 0 || y % s->dilate != 0 || y / s->dilate >= s->in_h)
    return NULL;
  return in + (gsize)(y / s->dilate) * s->in_w * s->in_c;
}

static inline void
add_bias_and_clip (gfloat *row, gint pixels, gint c, const gfloat *bias, gboolean relu)
{
  if (bias != NULL && relu)
    for (gint p = 0; p < pixels; p++, row += c)
      for (gint o = 0; o < c; o++)
        {
          gfloat v = row[o] + bias[o];
          row[o] = v > 0 ? v : 0;
        }
  else if (bias != NULL)
    for (gint p = 0; p < pixels; p++, row += c)
      for (gint o = 0; o < c; o++)
        row[o] += bias[o];
  else if (relu)
    for (gsize i = 0; i < (gsize)pixels * c; i++)
      row[i] = row[i] > 0 ? row[i] : 0;
}

/* Four pixels at a time: the sums are loaded and stored a quarter as often. */
static inline void
add_sums (const gfloat *row, gint pixels, gint c, gdouble *sums, gfloat *partial)
{
  gfloat *restrict sum = partial, *restrict square = partial + c;
  gint p = 0;

  memset (partial, 0, 2 * c * sizeof (gfloat));
  for (; p + 4 <= pixels; p += 4, row += 4 * c)
    for (gint o = 0; o < c; o++)
      {
        gfloat v0 = row[o], v1 = row[c + o], v2 = row[2 * c + o], v3 = row[3 * c + o];
        sum[o] += (v0 + v1) + (v2 + v3);
        square[o] += (v0 * v0 + v1 * v1) + (v2 * v2 + v3 * v3);
      }
  for (; p < pixels; p++, row += c)
    for (gint o = 0; o < c; o++)
      {
        sum[o] += row[o];
        square[o] += row[o] * row[o];
      }
  for (gint o = 0; o < 2 * c; o++)
    sums[o] += partial[o];
}

/* Of output row @y all that comes after the sum; @above is the even row of its pair. */
static void
finish_row (const SmearConvShape *s, const SmearEpilogue *e, gint y, gfloat *row,
            const gfloat *above, gfloat *partial)
{
  gint c = s->out_c;
  gsize n = (gsize)s->out_w * c;
  Line line = { s->out_w, c, e->scale, e->shift, e->relu_after };

  add_bias_and_clip (row, s->out_w, c, e->bias, e->relu);
  if (e->tap != NULL && row != e->tap + y * n)
    memcpy (e->tap + y * n, row, n * sizeof (gfloat));
  if (e->sums != NULL)
    add_sums (row, s->out_w, c, e->sums, partial);
  if (e->out == NULL)
    return;
  if (!e->pool)
    finish_line (&line, row, e->out + y * n, e->add);
  else if (y % 2 == 1)
    pool_lines (&line, above, row, e->out + (gsize)(y / 2) * (s->out_w / 2) * c);
}

/* Where output row @y is summed: where it is wanted, if nothing is written past its end.
 */
static inline gfloat *
row_place (const SmearConvShape *s, const SmearEpilogue *e, gint y, guint8 *out_rows)
{
  if (ROW_SLACK == 0 && e->tap != NULL)
    return e->tap + (gsize)y * s->out_w * s->out_c;
  return (gfloat *)(out_rows + (y & 1) * out_row_bytes (s));
}

static void
conv_rows (const SmearConvShape *s, const gfloat *in, const void *packed,
           const SmearEpilogue *e, gint first, gint last, void *scratch)
{
  gint slots = ring_slots (s), have = first * s->stride; /* padded rows packed so far */
  gsize bytes = row_bytes (s);
  guint8 *ring = scratch;
  guint8 *out_rows = ring + slots * bytes;
  void *rows[MAX_KERNEL_ROWS];
  /* Without sums, out_c can be all inputs of a dense layer: too many for the stack. */
  gfloat *partial = e->sums != NULL ? g_newa (gfloat, 2 * s->out_c) : NULL;

  memset (ring, 0, slots * bytes);
  for (gint y = first; y < last; y++)
    {
      for (; have < y * s->stride + s->kh; have++)
        pack_row (s, source_row (s, in, have), ring + have % slots * bytes);
      for (gint r = 0; r < s->kh; r++)
        rows[r] = ring + (y * s->stride + r) % slots * bytes;
      gfloat *row = row_place (s, e, y, out_rows);
      row_gemm (s, y, rows, packed, row);
      finish_row (s, e, y, row, row_place (s, e, y & ~1, out_rows), partial);
    }
}
