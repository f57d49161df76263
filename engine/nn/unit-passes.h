/* What stands behind a convolution in training - normalise, clip, pool - as passes over
 * one image each, so that the big feature map is read as few times as can be. Included by
 * each kernels-*.c; the compiler vectorises over channels.
 *
 * x is the convolution's value, v = scale * x + shift, and the output is the maximum of v
 * over 2x2 windows (or v itself), clipped where asked.
 */
#pragma once

#include "nn/kernels.h"
#include <string.h>

static inline __attribute__ ((always_inline)) gfloat
clip (gfloat v, const gboolean yes)
{
  return yes ? (v > 0 ? v : 0) : v;
}

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

static inline __attribute__ ((always_inline)) void
forward_pass (const SmearUnit *u, const gfloat *x, gfloat *out, const gboolean relu)
{
  gint c = u->c;
  const gfloat *restrict scale = u->scale, *restrict shift = u->shift;

  if (!u->pool)
    for (gsize p = 0; p < (gsize)u->h * u->w; p++, x += c, out += c)
      for (gint i = 0; i < c; i++)
        out[i] = clip (x[i] * scale[i] + shift[i], relu);
  else
    for (gint y = 0; y + 1 < u->h; y += 2)
      for (gint w = 0; w + 1 < u->w; w += 2, out += c)
        {
          const gfloat *restrict a = x + ((gsize)y * u->w + w) * c, *restrict b
                                                                    = a + u->w * c;
          gfloat *restrict to = out;
          for (gint i = 0; i < c; i++)
            {
              gfloat v0 = a[i] * scale[i] + shift[i], v1 = a[c + i] * scale[i] + shift[i];
              gfloat v2 = b[i] * scale[i] + shift[i], v3 = b[c + i] * scale[i] + shift[i];
              gfloat upper = v0 > v1 ? v0 : v1, lower = v2 > v3 ? v2 : v3;
              to[i] = clip (upper > lower ? upper : lower, relu);
            }
        }
}

static void
unit_forward (const SmearUnit *u, const gfloat *x, gfloat *out)
{
  if (u->relu_after)
    forward_pass (u, x, out, TRUE);
  else
    forward_pass (u, x, out, FALSE);
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

  for (gint y = 0; y + u->pool < u->h; y += 1 + u->pool)
    {
      memset (row, 0, 2 * c * sizeof (gfloat));
      for (gint w = 0; w + u->pool < u->w; w += 1 + u->pool, dout += c)
        {
          const gfloat *restrict a = x + ((gsize)y * u->w + w) * c, *restrict b
                                                                    = a + u->w * c;
          if (u->pool)
            for (gint i = 0; i < c; i++)
              {
                ROUTE (i);
                sum[i] += dy0 + dy1 + dy2 + dy3;
                product[i] += dy0 * x0 + dy1 * x1 + dy2 * x2 + dy3 * x3;
              }
          else
            for (gint i = 0; i < c; i++)
              {
                gfloat dy = keep_if (!relu || a[i] * scale[i] + shift[i] > 0, dout[i]);
                sum[i] += dy;
                product[i] += dy * a[i];
              }
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

static inline __attribute__ ((always_inline)) void
backward_pass (const SmearUnit *u, const gfloat *x, const gfloat *dout, gfloat *dx,
               const gboolean relu, const gboolean relu_before)
{
  gint c = u->c;
  const gfloat *restrict scale = u->scale, *restrict shift = u->shift;
  const gfloat *restrict slope = u->slope, *restrict offset = u->offset;

  if (!u->pool)
    for (gsize p = 0; p < (gsize)u->h * u->w; p++, x += c, dout += c, dx += c)
      for (gint i = 0; i < c; i++)
        {
          gfloat dy = keep_if (!relu || x[i] * scale[i] + shift[i] > 0, dout[i]);
          dx[i] = TO_DX (dy, x[i]);
        }
  else
    for (gint y = 0; y < u->h; y += 2)
      for (gint w = 0; w < u->w; w += 2)
        {
          gsize at = ((gsize)y * u->w + w) * c;
          const gfloat *restrict a = x + at, *restrict b = a + u->w * c;
          gfloat *restrict da = dx + at, *restrict db = da + u->w * c;
          if (y + 1 < u->h && w + 1 < u->w)
            {
              backward_window (u, a, b, dout, da, db, relu, relu_before);
              dout += c;
              continue;
            }
          /* The odd last row or column took no part in pooling. */
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

static void
unit_backward (const SmearUnit *u, const gfloat *x, const gfloat *dout, gfloat *dx)
{
  if (u->relu_after && u->relu)
    backward_pass (u, x, dout, dx, TRUE, TRUE);
  else if (u->relu_after)
    backward_pass (u, x, dout, dx, TRUE, FALSE);
  else if (u->relu)
    backward_pass (u, x, dout, dx, FALSE, TRUE);
  else
    backward_pass (u, x, dout, dx, FALSE, FALSE);
}

#undef ROUTE
#undef TO_DX

/* By runs of pixels: one running sum over a whole map would lose digits. */
static void
channel_sums (const gfloat *x, gsize pixels, gint c, gfloat *sums)
{
  gfloat *run = g_newa (gfloat, c);

  for (gsize first = 0; first < pixels; first += 128)
    {
      memset (run, 0, c * sizeof (gfloat));
      for (gsize p = first; p < MIN (first + 128, pixels); p++, x += c)
        for (gint i = 0; i < c; i++)
          run[i] += x[i];
      for (gint i = 0; i < c; i++)
        sums[i] += run[i];
    }
}

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
