/* What stands behind a convolution in training - normalise, clip, pool - as passes over
 * one image each, so that the big feature map is read as few times as can be. Included by
 * each kernels-*.c; the compiler vectorises over channels.
 *
 * x is the convolution's value, v = scale * x + shift, and the output is the maximum of v
 * over 2x2 windows (or v itself), clipped where asked.
 */
#pragma once

#include "nn/unit-lines.h"
#include <string.h>

/* @v or zero, by bits: a condition would become a branch, and where vectors have no masks
 * that keeps the compiler from using them. */
static inline __attribute__ ((always_inline)) gfloat
keep_if (const gboolean yes, gfloat v)
{
  union
  {
    gfloat number;
    guint32 bits;
  } u = { v };

  u.bits &= -(guint32)(yes != 0);
  return u.number;
}

static void
unit_forward (const SmearUnit *u, const gfloat *x, gfloat *out)
{
  Line line = { u->h * u->w, u->c, u->scale, u->shift, u->relu_after };

  finish_line (&line, x, out, FALSE);
}

/* Hands each output's gradient to the first largest of its window: dy0 to dy3. */
#define ROUTE(i)                                                                         \
  gfloat x0 = a[i], x1 = a[c + i], x2 = b[i], x3 = b[c + i];                             \
  gfloat v0 = x0 * scale[i] + shift[i], v1 = x1 * scale[i] + shift[i];                   \
  gfloat v2 = x2 * scale[i] + shift[i], v3 = x3 * scale[i] + shift[i];                   \
  gfloat upper = v0 > v1 ? v0 : v1, lower = v2 > v3 ? v2 : v3;                           \
  gfloat top = upper > lower ? upper : lower;                                            \
  gfloat d = keep_if (!relu || top > 0, dout[i]);                                        \
  gfloat dy0 = keep_if (v0 == top, d);                                                   \
  d = keep_if (v0 != top, d);                                                            \
  gfloat dy1 = keep_if (v1 == top, d);                                                   \
  d = keep_if (v1 != top, d);                                                            \
  gfloat dy2 = keep_if (v2 == top, d);                                                   \
  d = keep_if (v2 != top, d);                                                            \
  gfloat dy3 = d

static inline __attribute__ ((always_inline)) void
sums_pass (const SmearUnit *u, const gfloat *x, const gfloat *dout, gdouble *sums,
           gfloat *row, const gboolean relu)
{
  gint c = u->c;
  const gfloat *restrict scale = u->scale, *restrict shift = u->shift;
  gfloat *restrict sum = row, *restrict product = row + c;

  for (gint y = 0; y < u->h; y++)
    {
      memset (row, 0, 2 * c * sizeof (gfloat));
      for (gint w = 0; w < u->w; w++, x += c, dout += c)
        for (gint i = 0; i < c; i++)
          {
            gfloat dy = keep_if (!relu || x[i] * scale[i] + shift[i] > 0, dout[i]);
            sum[i] += dy;
            product[i] += dy * x[i];
          }
      for (gint i = 0; i < 2 * c; i++)
        sums[i] += row[i];
    }
}

static void
unit_sums (const SmearUnit *u, const gfloat *x, const gfloat *dout, gdouble *sums)
{
  gfloat *row = g_newa (gfloat, 2 * u->c);

  memset (sums, 0, 2 * u->c * sizeof (gdouble));
  if (u->relu_after)
    sums_pass (u, x, dout, sums, row, TRUE);
  else
    sums_pass (u, x, dout, sums, row, FALSE);
}

/* dx from dy, with the mask of the clipping before normalisation. */
#define TO_DX(dy, x)                                                                     \
  keep_if (!relu_before || (x) > 0, scale[i] * (dy) + slope[i] * (x) + offset[i])

/* Parameters, not locals, carry the promise that nothing overlaps: only then the compiler
 * vectorises. */
static inline __attribute__ ((always_inline)) void
backward_window (const SmearUnit *u, const gfloat *restrict a, const gfloat *restrict b,
                 const gfloat *restrict dout, gfloat *restrict da, gfloat *restrict db,
                 const gboolean relu, const gboolean relu_before)
{
  gint c = u->c;
  const gfloat *restrict scale = u->scale, *restrict shift = u->shift;
  const gfloat *restrict slope = u->slope, *restrict offset = u->offset;

#pragma GCC ivdep
  for (gint i = 0; i < c; i++)
    {
      ROUTE (i);
      da[i] = TO_DX (dy0, x0);
      da[c + i] = TO_DX (dy1, x1);
      db[i] = TO_DX (dy2, x2);
      db[c + i] = TO_DX (dy3, x3);
    }
}

/* The gradient of a bias, line by line while it is in cache: one running sum over a whole
 * map would lose digits. */
static inline void
add_line_sums (const gfloat *x, gsize pixels, gint c, gfloat *run, gfloat *sums)
{
  memset (run, 0, c * sizeof (gfloat));
  for (gsize p = 0; p < pixels; p++, x += c)
    for (gint i = 0; i < c; i++)
      run[i] += x[i];
  for (gint i = 0; i < c; i++)
    sums[i] += run[i];
}

static inline __attribute__ ((always_inline)) void
backward_line (const SmearUnit *u, const gfloat *x, const gfloat *dout, gfloat *dx,
               const gboolean relu, const gboolean relu_before)
{
  gint c = u->c;
  const gfloat *restrict scale = u->scale, *restrict shift = u->shift;
  const gfloat *restrict slope = u->slope, *restrict offset = u->offset;

  for (gint p = 0; p < u->w; p++, x += c, dout += c, dx += c)
    for (gint i = 0; i < c; i++)
      {
        gfloat dy = keep_if (!relu || x[i] * scale[i] + shift[i] > 0, dout[i]);
        dx[i] = TO_DX (dy, x[i]);
      }
}

/* Line @y and the next, if there is one. */
static inline __attribute__ ((always_inline)) void
backward_pooled_lines (const SmearUnit *u, gint y, const gfloat *x, const gfloat *dout,
                       gfloat *dx, const gboolean relu, const gboolean relu_before)
{
  gint c = u->c;
  gsize row = (gsize)u->w * c;
  const gfloat *restrict scale = u->scale;
  const gfloat *restrict slope = u->slope, *restrict offset = u->offset;

  for (gint w = 0; w < u->w; w += 2, x += 2 * c, dx += 2 * c)
    {
      const gfloat *restrict a = x, *restrict b = x + row;
      gfloat *restrict da = dx, *restrict db = dx + row;
      if (y + 1 < u->h && w + 1 < u->w)
        {
          backward_window (u, a, b, dout, da, db, relu, relu_before);
          dout += c;
          continue;
        }
      /* The odd last line or column took no part in pooling. */
      for (gint i = 0; i < c; i++)
        {
          da[i] = TO_DX (0, a[i]);
          if (w + 1 < u->w)
            da[c + i] = TO_DX (0, a[c + i]);
          if (y + 1 < u->h)
            db[i] = TO_DX (0, b[i]);
        }
    }
}

static inline __attribute__ ((always_inline)) void
backward_pass (const SmearUnit *u, const gfloat *x, const gfloat *dout, gfloat *dx,
               gfloat *sums, gfloat *run, const gboolean relu, const gboolean relu_before)
{
  gsize row = (gsize)u->w * u->c;
  gint lines = u->pool ? 2 : 1;

  for (gint y = 0; y < u->h; y += lines, x += lines * row, dx += lines * row)
    {
      if (u->pool)
        backward_pooled_lines (u, y, x, dout, dx, relu, relu_before);
      else
        backward_line (u, x, dout, dx, relu, relu_before);
      dout += u->w / lines * u->c;
      if (sums != NULL)
        add_line_sums (dx, (gsize)MIN (lines, u->h - y) * u->w, u->c, run, sums);
    }
}

static void
unit_backward (const SmearUnit *u, const gfloat *x, const gfloat *dout, gfloat *dx,
               gfloat *sums)
{
  gfloat *run = g_newa (gfloat, u->c);

  if (u->relu_after && u->relu)
    backward_pass (u, x, dout, dx, sums, run, TRUE, TRUE);
  else if (u->relu_after)
    backward_pass (u, x, dout, dx, sums, run, TRUE, FALSE);
  else if (u->relu)
    backward_pass (u, x, dout, dx, sums, run, FALSE, TRUE);
  else
    backward_pass (u, x, dout, dx, sums, run, FALSE, FALSE);
}

#undef ROUTE
#undef TO_DX

static void
adam (const SmearAdam *a, gfloat *values, const gfloat *gradient, gfloat *first,
      gfloat *second, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      gfloat g = gradient[i];
      first[i] = a->beta1 * first[i] + (1 - a->beta1) * g;
      second[i] = a->beta2 * second[i] + (1 - a->beta2) * g * g;
      values[i] -= a->rate
                   * (first[i] * a->correct1
                          / (__builtin_sqrtf (second[i] * a->correct2) + a->epsilon)
                      + a->decay * values[i]);
    }
}
