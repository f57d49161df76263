/* Convolution in 32-bit floats for any vector width. Included by each kernels-*.c that
 * has defined
 *
 *   vec, LANES          a vector of floats and how many
 *   V_ZERO, V_LOAD (p), V_STORE (p, v), V_SET (x), V_FMA (a, b, c)
 *   MR                  rows of the register block; MR * 2 accumulators must fit
 *
 * One register block serves everything: MR rows by two vectors of output channels, each
 * step one broadcast from the left operand against two loads from the right. Forward, the
 * left rows are pixels and the sum runs over inputs; for the weights' gradient they are
 * inputs and the sum runs over pixels.
 */
#pragma once

#include "nn/kernels.h"
#include <string.h>

#define PANEL (2 * LANES)

static gsize row_bytes (const SmearConvShape *s);
static void pack_row (const SmearConvShape *s, const gfloat *src, void *row);
static void row_gemm (const SmearConvShape *s, void *const *rows, const void *packed,
                      gfloat *out);

#include "nn/conv-rows.h"
#include "nn/unit-passes.h"

static gsize
row_bytes (const SmearConvShape *s)
{
  /* Blocks read whole even where the row ends inside them. */
  gsize floats = (gsize)(padded_width (s) + MR * s->stride) * s->in_c + MR;
  return round_up (floats * sizeof (gfloat), 64);
}

static void
pack_row (const SmearConvShape *s, const gfloat *src, void *dst)
{
  gfloat *row = (gfloat *)dst + s->pad_left * s->in_c;
  gint pixels = MIN (s->in_w, (padded_width (s) - s->pad_left - 1) / s->dilate + 1);

  if (src == NULL)
    memset (dst, 0, (gsize)padded_width (s) * s->in_c * sizeof (gfloat));
  else if (s->dilate == 1)
    memcpy (row, src, (gsize)pixels * s->in_c * sizeof (gfloat));
  else
    for (gint p = 0; p < pixels; p++)
      memcpy (row + (gsize)p * s->dilate * s->in_c, src + (gsize)p * s->in_c,
              s->in_c * sizeof (gfloat));
}

/* Panels of output channels, zero filled: [panel][kh][kw*in_c][PANEL]. */
static gsize
weights_size (const SmearConvShape *s)
{
  return round_up (s->out_c, PANEL) * s->kh * s->kw * s->in_c * sizeof (gfloat) + 64;
}

static void
pack_weights (const SmearConvShape *s, const gfloat *weights, void *packed)
{
  gsize k = (gsize)s->kh * s->kw * s->in_c;
  gfloat *to = packed;

  for (gint o = 0; o < s->out_c; o += PANEL)
    for (gsize i = 0; i < k; i++, to += PANEL)
      {
        gint n = MIN (PANEL, s->out_c - o);
        memcpy (to, weights + i * s->out_c + o, n * sizeof (gfloat));
        memset (to + n, 0, (PANEL - n) * sizeof (gfloat));
      }
}

/* acc[m][] += sum over k of a[m * a_row + k * a_step] * b[k * b_step] */
static inline __attribute__ ((always_inline)) void
multiply (const gint rows, const gint vecs, vec acc[MR][2], const gfloat *a, gsize a_row,
          gsize a_step, const gfloat *b, gsize b_step, gint k)
{
  for (gint i = 0; i < k; i++, a += a_step, b += b_step)
    {
      vec b0 = V_LOAD (b);
      vec b1 = vecs == 2 ? V_LOAD (b + LANES) : b0;
#pragma GCC unroll 16
      for (gint m = 0; m < rows; m++)
        {
          vec x = V_SET (a[m * a_row]);
          acc[m][0] = V_FMA (x, b0, acc[m][0]);
          if (vecs == 2)
            acc[m][1] = V_FMA (x, b1, acc[m][1]);
        }
    }
}

static inline __attribute__ ((always_inline)) void
store_block (const gint rows, const gint vecs, vec acc[MR][2], gfloat *out, gsize out_row,
             gint n_rows, gint n_cols, gboolean add)
{
  gfloat tail[PANEL];

  for (gint m = 0; m < rows && m < n_rows; m++, out += out_row)
    {
      if (n_cols >= vecs * LANES && !add)
        {
          V_STORE (out, acc[m][0]);
          if (vecs == 2)
            V_STORE (out + LANES, acc[m][1]);
          continue;
        }
      V_STORE (tail, acc[m][0]);
      if (vecs == 2)
        V_STORE (tail + LANES, acc[m][1]);
      gint n = MIN (n_cols, vecs * LANES);
      for (gint o = 0; o < n; o++)
        out[o] = add ? out[o] + tail[o] : tail[o];
    }
}

static inline __attribute__ ((always_inline)) void
forward_block (const gint rows, const gint vecs, const SmearConvShape *s,
               void *const *in_rows, gsize offset, const gfloat *panel, gfloat *out,
               gint n_cols)
{
  vec acc[MR][2];
  gint k = s->kw * s->in_c;

  for (gint m = 0; m < rows; m++)
    acc[m][0] = acc[m][1] = V_ZERO;
  for (gint r = 0; r < s->kh; r++, panel += (gsize)k * PANEL)
    multiply (rows, vecs, acc, (const gfloat *)in_rows[r] + offset, s->stride * s->in_c,
              1, panel, PANEL, k);
  store_block (rows, vecs, acc, out, s->out_c, rows, n_cols, FALSE);
}

static inline __attribute__ ((always_inline)) void
row_panel (const gint vecs, const SmearConvShape *s, void *const *rows,
           const gfloat *panel, gfloat *out, gint n_cols)
{
  gint p = 0;
  gsize step = (gsize)s->stride * s->in_c;

  for (; p + MR <= s->out_w; p += MR)
    forward_block (MR, vecs, s, rows, p * step, panel, out + (gsize)p * s->out_c, n_cols);
  for (; p + 4 <= s->out_w; p += 4)
    forward_block (4, vecs, s, rows, p * step, panel, out + (gsize)p * s->out_c, n_cols);
  for (; p < s->out_w; p++)
    forward_block (1, vecs, s, rows, p * step, panel, out + (gsize)p * s->out_c, n_cols);
}

static void
row_gemm (const SmearConvShape *s, void *const *rows, const void *packed, gfloat *out)
{
  const gfloat *panel = packed;
  gsize panel_size = (gsize)s->kh * s->kw * s->in_c * PANEL;

  for (gint o = 0; o < s->out_c; o += PANEL, panel += panel_size)
    if (s->out_c - o > LANES)
      row_panel (2, s, rows, panel, out + o, s->out_c - o);
    else
      row_panel (1, s, rows, panel, out + o, s->out_c - o);
}

/* The weights' gradient: rows of dout are padded to whole panels first. */
static gsize
conv_dw_scratch (const SmearConvShape *s)
{
  return ring_slots (s) * row_bytes (s)
         + round_up ((gsize)s->out_w * round_up (s->out_c, PANEL) * sizeof (gfloat), 64)
         + 64;
}

static inline __attribute__ ((always_inline)) void
dw_block (const gint rows, const SmearConvShape *s, const gfloat *in, const gfloat *dout,
          gsize dout_row, gfloat *dw, gint n_rows, gint n_cols)
{
  vec acc[MR][2];

  for (gint m = 0; m < rows; m++)
    acc[m][0] = acc[m][1] = V_ZERO;
  multiply (rows, 2, acc, in, 1, (gsize)s->stride * s->in_c, dout, dout_row, s->out_w);
  store_block (rows, 2, acc, dw, s->out_c, n_rows, n_cols, TRUE);
}

static void
conv_dw (const SmearConvShape *s, const gfloat *in, const gfloat *dout, gfloat *dw,
         void *scratch)
{
  gint slots = ring_slots (s), have = 0, k = s->kw * s->in_c;
  gsize bytes = row_bytes (s), wide = round_up (s->out_c, PANEL);
  guint8 *ring = scratch;
  gfloat *dout_row = (gfloat *)(ring + slots * bytes);

  memset (ring, 0, slots * bytes);
  memset (dout_row, 0, s->out_w * wide * sizeof (gfloat));
  for (gint y = 0; y < s->out_h; y++, dout += (gsize)s->out_w * s->out_c)
    {
      for (; have < y * s->stride + s->kh; have++)
        pack_row (s, source_row (s, in, have), ring + have % slots * bytes);
      for (gint p = 0; p < s->out_w; p++)
        memcpy (dout_row + p * wide, dout + (gsize)p * s->out_c,
                s->out_c * sizeof (gfloat));
      for (gint r = 0; r < s->kh; r++)
        {
          const gfloat *row = (const gfloat *)(ring
                                               + (y * s->stride + r) % slots * bytes);
          for (gint o = 0; o < s->out_c; o += PANEL)
            for (gint i = 0; i < k; i += MR)
              dw_block (MR, s, row + i, dout_row + o, wide,
                        dw + ((gsize)r * k + i) * s->out_c + o, k - i, s->out_c - o);
        }
    }
}
