/* Convolution in 32-bit floats for any vector width. Included by each kernels-*.c that
 * has defined
 *
 *   vec, LANES          a vector of floats and how many
 *   V_ZERO, V_LOAD (p), V_STORE (p, v), V_SET (x), V_FMA (a, b, c)
 *   MR                  rows of the register block; MR * 2 accumulators must fit
 *   EACH_ROWS (c)       c (1) to c (MR) one after the other
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
static void row_gemm (const SmearConvShape *s, gint y, void *const *rows,
                      const void *packed, gfloat *out);

#define ROW_SLACK 0
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
             gint n_cols, const gboolean add)
{
  gfloat tail[PANEL];

  for (gint m = 0; m < rows; m++, out += out_row)
    {
      if (n_cols >= vecs * LANES)
        {
          for (gint v = 0; v < vecs; v++)
            {
              vec value = acc[m][v];
              if (add)
                value = value + V_LOAD (out + v * LANES);
              V_STORE (out + v * LANES, value);
            }
          continue;
        }
      for (gint v = 0; v < vecs; v++)
        V_STORE (tail + v * LANES, acc[m][v]);
      for (gint o = 0; o < n_cols; o++)
        out[o] = add ? out[o] + tail[o] : tail[o];
    }
}

/**
 * Taps:
 * @row: first kernel row, @column: first kernel column that meets anything but the zeros
 * between pixels that stand apart; the next ones follow at the same distance as pixels
 * @width: floats of a kernel row that are read at once
 */
typedef struct
{
  gint row, column, width;
} Taps;

/* Of the output pixel in row @y and column @x. */
static inline Taps
taps_at (const SmearConvShape *s, gint y, gint x)
{
  gint apart = s->dilate;

  if (apart == 1)
    return (Taps){ 0, 0, s->kw * s->in_c };
  return (Taps){ (s->pad_top + apart - y % apart) % apart,
                 (s->pad_left + apart - x % apart) % apart, s->in_c };
}

static inline __attribute__ ((always_inline)) void
forward_block (const gint rows, const gint vecs, const SmearConvShape *s,
               const Taps *taps, void *const *in_rows, gsize offset, const gfloat *panel,
               gfloat *out, gint n_cols)
{
  vec acc[MR][2];
  gint k = s->kw * s->in_c;

  for (gint m = 0; m < rows; m++)
    acc[m][0] = acc[m][1] = V_ZERO;
  for (gint r = taps->row; r < s->kh; r += s->dilate)
    for (gint i = taps->column * s->in_c; i < k; i += s->dilate * taps->width)
      multiply (rows, vecs, acc, (const gfloat *)in_rows[r] + offset + i,
                (gsize)s->stride * s->dilate * s->in_c, 1,
                panel + ((gsize)r * k + i) * PANEL, PANEL, taps->width);
  store_block (rows, vecs, acc, out, (gsize)s->dilate * s->out_c, n_cols, FALSE);
}

/* How many rows the next register block takes of @left: as even as can be, as one with
 * few rows waits for loads. */
static inline gint
even_rows (gint left)
{
  gint blocks = (left + MR - 1) / MR;

  return (left + blocks - 1) / blocks;
}

/* Every @dilate-th pixel of a row from @x on: they meet the same taps. */
static void
row_panel (gint vecs, const SmearConvShape *s, gint y, gint x, void *const *rows,
           const gfloat *panel, gfloat *out, gint n_cols)
{
  Taps taps = taps_at (s, y, x);
  gint pixels = (s->out_w - x + s->dilate - 1) / s->dilate;

  for (gint p = 0, n; p < pixels; p += n)
    {
      gint at = x + p * s->dilate;
      gsize offset = (gsize)at * s->stride * s->in_c;
      gfloat *to = out + (gsize)at * s->out_c;
      n = even_rows (pixels - p);
#define BLOCK(n)                                                                         \
  case n:                                                                                \
    forward_block (n, 2, s, &taps, rows, offset, panel, to, n_cols);                     \
    break;                                                                               \
  case MR + n:                                                                           \
    forward_block (n, 1, s, &taps, rows, offset, panel, to, n_cols);                     \
    break;
      switch (vecs == 2 ? n : MR + n)
        {
          EACH_ROWS (BLOCK)
        }
#undef BLOCK
    }
}

static void
row_gemm (const SmearConvShape *s, gint y, void *const *rows, const void *packed,
          gfloat *out)
{
  const gfloat *panel = packed;
  gsize panel_size = (gsize)s->kh * s->kw * s->in_c * PANEL;

  for (gint o = 0; o < s->out_c; o += PANEL, panel += panel_size)
    for (gint x = 0; x < MIN (s->dilate, s->out_w); x++)
      row_panel (s->out_c - o > LANES ? 2 : 1, s, y, x, rows, panel, out + o,
                 s->out_c - o);
}

/* The weights' gradient. So many output rows are summed in registers that loading and
 * storing the accumulators no longer counts. Rows of dout are padded to whole panels
 * where they are not. */
typedef struct
{
  gint rows, in_rows;
  gsize wide; /* floats of one pixel of dout */
  gsize in_row, dout_row;
} DwPlan;

static inline DwPlan
dw_plan (const SmearConvShape *s)
{
  DwPlan p = { .rows = MIN (s->out_h, MAX (1, 128 / s->out_w)),
               .wide = round_up (s->out_c, PANEL),
               .in_row = row_bytes (s) };

  p.in_rows = (p.rows - 1) * s->stride + s->kh;
  p.dout_row = p.wide * s->out_w;
  return p;
}

static gsize
conv_dw_scratch (const SmearConvShape *s)
{
  DwPlan p = dw_plan (s);

  return p.in_rows * p.in_row + round_up (p.rows * p.dout_row * sizeof (gfloat), 64) + 64;
}

static inline __attribute__ ((always_inline)) void
dw_block (const gint rows, const SmearConvShape *s, const DwPlan *p, gint n,
          const guint8 *in, const gfloat *dout, gfloat *dw, gint n_cols)
{
  vec acc[MR][2];

  for (gint m = 0; m < rows; m++)
    acc[m][0] = acc[m][1] = V_ZERO;
  for (gint y = 0; y < n; y++, in += s->stride * p->in_row, dout += p->dout_row)
    multiply (rows, 2, acc, (const gfloat *)in, 1, (gsize)s->stride * s->in_c, dout,
              p->wide, s->out_w);
  store_block (rows, 2, acc, dw, s->out_c, n_cols, TRUE);
}

/* From @n output rows, the weights of one kernel row and one panel. */
static void
dw_panel (const SmearConvShape *s, const DwPlan *p, gint n, const guint8 *in,
          const gfloat *dout, gfloat *dw, gint n_cols)
{
  for (gint i = 0, k = s->kw * s->in_c, rows; i < k; i += rows)
    {
      rows = even_rows (k - i);
#define BLOCK(rows)                                                                      \
  case rows:                                                                             \
    dw_block (rows, s, p, n, in + i * sizeof (gfloat), dout, dw + (gsize)i * s->out_c,   \
              n_cols);                                                                   \
    break;
      switch (rows)
        {
          EACH_ROWS (BLOCK)
        }
#undef BLOCK
    }
}

static const gfloat *
pad_dout (const SmearConvShape *s, const DwPlan *p, const gfloat *dout, gint n,
          gfloat *padded)
{
  if (p->wide == (gsize)s->out_c)
    return dout;
  for (gsize i = 0; i < (gsize)n * s->out_w; i++)
    {
      memcpy (padded + i * p->wide, dout + i * s->out_c, s->out_c * sizeof (gfloat));
      memset (padded + i * p->wide + s->out_c, 0, (p->wide - s->out_c) * sizeof (gfloat));
    }
  return padded;
}

static void
conv_dw (const SmearConvShape *s, const gfloat *in, const gfloat *dout, gint image,
         gint n_images, gfloat *dw, void *scratch)
{
  DwPlan p = dw_plan (s);
  guint8 *in_rows = scratch;
  gfloat *padded = (gfloat *)(in_rows + p.in_rows * p.in_row);

  memset (in_rows, 0, p.in_rows * p.in_row);
  for (gint y = 0, n; y < s->out_h; y += n, dout += (gsize)n * s->out_w * s->out_c)
    {
      n = MIN (p.rows, s->out_h - y);
      for (gint r = 0; r < (n - 1) * s->stride + s->kh; r++)
        pack_row (s, source_row (s, in, y * s->stride + r), in_rows + r * p.in_row);
      const gfloat *right = pad_dout (s, &p, dout, n, padded);
      for (gint r = 0; r < s->kh; r++)
        for (gint o = 0; o < s->out_c; o += PANEL)
          dw_panel (s, &p, n, in_rows + r * p.in_row, right + o,
                    dw + (gsize)r * s->kw * s->in_c * s->out_c + o, s->out_c - o);
    }
}
