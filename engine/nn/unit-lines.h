/* Lines of pixels on their way out of a convolution: scaled, shifted, clipped and pooled
 * in one pass. Shared by the epilogue of conv-rows.h and by training's unit-passes.h; the
 * compiler vectorises over channels.
 */
#pragma once

#include "nn/kernels.h"
#include <string.h>

static inline __attribute__ ((always_inline)) gfloat
clip (gfloat v, const gboolean yes)
{
  return yes ? (v > 0 ? v : 0) : v;
}

/**
 * Line:
 * @pixels: of @c channels
 * @scale: (nullable): v = scale * x + shift, and clipped at zero if @relu; %NULL: v = x
 */
typedef struct
{
  gint pixels, c;
  const gfloat *scale, *shift;
  gboolean relu;
} Line;

static inline __attribute__ ((always_inline)) void
finish_pixels_of_line (const Line *l, const gfloat *x, gfloat *out, const gboolean scaled,
                       const gboolean relu, const gboolean add)
{
  const gfloat *restrict scale = l->scale, *restrict shift = l->shift;

  for (gint p = 0; p < l->pixels; p++, x += l->c, out += l->c)
    {
      const gfloat *restrict from = x;
      gfloat *restrict to = out;
      for (gint i = 0; i < l->c; i++)
        {
          gfloat v = clip (scaled ? from[i] * scale[i] + shift[i] : from[i], relu);
          to[i] = add ? to[i] + v : v;
        }
    }
}

static inline __attribute__ ((always_inline)) void
pool_pixels_of_lines (const Line *l, const gfloat *upper, const gfloat *lower,
                      gfloat *out, const gboolean scaled, const gboolean relu)
{
  gint c = l->c;
  const gfloat *restrict scale = l->scale, *restrict shift = l->shift;

  for (gint p = 0; p + 1 < l->pixels; p += 2, upper += 2 * c, lower += 2 * c, out += c)
    {
      const gfloat *restrict a = upper, *restrict b = lower;
      gfloat *restrict to = out;
      for (gint i = 0; i < c; i++)
        {
          gfloat v0 = a[i], v1 = a[c + i], v2 = b[i], v3 = b[c + i];
          if (scaled)
            {
              v0 = v0 * scale[i] + shift[i];
              v1 = v1 * scale[i] + shift[i];
              v2 = v2 * scale[i] + shift[i];
              v3 = v3 * scale[i] + shift[i];
            }
          gfloat above = v0 > v1 ? v0 : v1, below = v2 > v3 ? v2 : v3;
          to[i] = clip (above > below ? above : below, relu);
        }
    }
}

/* @out takes each value of the line, or is @add-ed it. */
static inline void
finish_line (const Line *l, const gfloat *x, gfloat *out, gboolean add)
{
  if (l->scale == NULL)
    {
      if (add)
        finish_pixels_of_line (l, x, out, FALSE, FALSE, TRUE);
      else
        memcpy (out, x, (gsize)l->pixels * l->c * sizeof (gfloat));
    }
  else if (l->relu && add)
    finish_pixels_of_line (l, x, out, TRUE, TRUE, TRUE);
  else if (l->relu)
    finish_pixels_of_line (l, x, out, TRUE, TRUE, FALSE);
  else
    finish_pixels_of_line (l, x, out, TRUE, FALSE, add);
}

/* @out takes the largest value of each 2x2 window of two lines; an odd last pixel takes
 * no part. */
static inline void
pool_lines (const Line *l, const gfloat *upper, const gfloat *lower, gfloat *out)
{
  if (l->scale == NULL)
    pool_pixels_of_lines (l, upper, lower, out, FALSE, FALSE);
  else if (l->relu)
    pool_pixels_of_lines (l, upper, lower, out, TRUE, TRUE);
  else
    pool_pixels_of_lines (l, upper, lower, out, TRUE, FALSE);
}
