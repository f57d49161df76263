/* The weights' gradient by Winograd: with y of the output's gradient in place of g of the
 * weights the same identity, transposed, gives at each point the product of transformed
 * inputs and transformed gradients, summed over all tiles of all images, and only the sum
 * is transformed back.
 *
 * Tiles of several images are gathered first, so that small maps too make long sums. */
#pragma once

#include "nn/winograd.h"

#define GATHERED 64

typedef struct
{
  gint gathered;
  gsize plane, dout_plane, dw_plane; /* floats from point to point */
  gsize wide;                        /* floats of one pixel of dout */
  gfloat *points, *dout_points, *dw_points, *patch;
} DwTiles;

static inline DwTiles
dw_tiles (const SmearConvShape *s, void *scratch)
{
  DwTiles d = { .wide = round_up (s->out_c, PANEL) };

  d.plane = odd_lines ((gsize)GATHERED * s->in_c);
  d.dout_plane = odd_lines (GATHERED * d.wide);
  d.dw_plane = odd_lines (s->in_c * d.wide);
  d.points = (gfloat *)((guint8 *)scratch + 64); /* how many are gathered stands before */
  d.dout_points = d.points + POINTS * d.plane;
  d.dw_points = d.dout_points + POINTS * d.dout_plane;
  d.patch = d.dw_points + POINTS * d.dw_plane;
  return d;
}

static gsize
winograd_dw_scratch (const SmearConvShape *s)
{
  guint8 *start = (guint8 *)64; /* never read or written: only the distance is wanted */
  DwTiles d = dw_tiles (s, start);

  return (guint8 *)(d.patch + POINTS * MAX ((gsize)s->in_c, d.wide)) - start;
}

static inline __attribute__ ((always_inline)) void
gradient_points (vec y0, vec y1, vec y2, vec y3, vec *to, const gint step)
{
  vec even = V_FMA (y2, V_SET (NEAR), y0), odd = V_FMA (y3, V_SET (NEAR), y1);

  to[0] = y0;
  to[step] = V_FMA (odd, V_SET (ROOT_NEAR), even);
  to[2 * step] = V_FMA (odd, V_SET (-ROOT_NEAR), even);
  even = V_FMA (y2, V_SET (FAR), y0);
  odd = V_FMA (y3, V_SET (FAR), y1);
  to[3 * step] = V_FMA (odd, V_SET (ROOT_FAR), even);
  to[4 * step] = V_FMA (odd, V_SET (-ROOT_FAR), even);
  to[5 * step] = y3;
}

static inline __attribute__ ((always_inline)) void
weight_line (const vec *m, const gint step, vec *g, const gint g_step)
{
  const gfloat near = 1 / (2 * NEAR * (NEAR - FAR)), far = 1 / (2 * FAR * (FAR - NEAR));
  vec near_sum = m[step] + m[2 * step], near_difference = m[step] - m[2 * step];
  vec far_sum = m[3 * step] + m[4 * step], far_difference = m[3 * step] - m[4 * step];

  g[0] = V_FMA (m[0], V_SET (1 / (NEAR * FAR)),
                V_FMA (near_sum, V_SET (near), far_sum * V_SET (far)));
  g[g_step] = V_FMA (near_difference, V_SET (near * ROOT_NEAR),
                     far_difference * V_SET (far * ROOT_FAR));
  g[2 * g_step] = V_FMA (near_sum, V_SET (near * NEAR),
                         V_FMA (far_sum, V_SET (far * FAR), m[5 * step]));
}

static inline void
transform_gradient (const gfloat *dout, gsize row, gsize pixel, gint c, gfloat *to,
                    gsize plane)
{
  vec columns[6 * SIDE], points[POINTS];

  for (gint i = 0; i < c; i += LANES)
    {
      const gfloat *from = dout + i;
#pragma GCC unroll 4
      for (gint x = 0; x < SIDE; x++, from += pixel)
        gradient_points (V_LOAD (from), V_LOAD (from + row), V_LOAD (from + 2 * row),
                         V_LOAD (from + 3 * row), columns + x, SIDE);
#pragma GCC unroll 6
      for (gint y = 0; y < 6; y++)
        {
          const vec *d = columns + SIDE * y;
          gradient_points (d[0], d[1], d[2], d[3], points + 6 * y, 1);
        }
#pragma GCC unroll 36
      for (gint p = 0; p < POINTS; p++)
        V_STORE (to + p * plane + i, points[p]);
    }
}

static void
transform_gradients (const SmearConvShape *s, const DwTiles *d, gint across,
                     const gfloat *dout, gint first, gint n, gfloat *to)
{
  gsize c = s->out_c;

  for (gint i = first; i < first + n; i++, to += d->wide)
    {
      gint y = i / across * SIDE, x = i % across * SIDE;
      gint rows = MIN (s->out_h - y, SIDE), columns = MIN (s->out_w - x, SIDE);
      const gfloat *from = dout + ((gsize)y * s->out_w + x) * c;
      if (rows == SIDE && columns == SIDE && c == d->wide)
        {
          transform_gradient (from, s->out_w * c, c, c, to, d->dout_plane);
          continue;
        }
      memset (d->patch, 0, SIDE * SIDE * d->wide * sizeof (gfloat));
      for (gint r = 0; r < rows; r++)
        for (gint j = 0; j < columns; j++)
          memcpy (d->patch + (r * SIDE + j) * d->wide, from + (r * s->out_w + j) * c,
                  c * sizeof (gfloat));
      transform_gradient (d->patch, SIDE * d->wide, d->wide, d->wide, to, d->dout_plane);
    }
}

static inline __attribute__ ((always_inline)) void
multiply_gradient (const gint rows, gint tiles, const gfloat *in, gsize in_c,
                   const gfloat *dout, gsize wide, gfloat *dw)
{
  vec acc[MR][2];

  for (gint m = 0; m < rows; m++)
    acc[m][0] = acc[m][1] = V_ZERO;
  multiply (rows, 2, acc, in, 1, in_c, dout, wide, tiles);
  store_block (rows, 2, acc, dw, wide, PANEL, TRUE);
}

static void
multiply_gathered (const SmearConvShape *s, const DwTiles *d)
{
  for (gint p = 0; p < POINTS; p++)
    for (gint i = 0, rows; i < s->in_c; i += rows)
      {
        const gfloat *in = d->points + p * d->plane + i;
        const gfloat *dout = d->dout_points + p * d->dout_plane;
        gfloat *dw = d->dw_points + p * d->dw_plane + i * d->wide;
        rows = even_rows (s->in_c - i);
        for (gsize o = 0; o < d->wide; o += PANEL)
          {
#define BLOCK(n)                                                                         \
  case n:                                                                                \
    multiply_gradient (n, d->gathered, in, s->in_c, dout + o, d->wide, dw + o);          \
    break;
            switch (rows)
              {
                EACH_ROWS (BLOCK)
              }
#undef BLOCK
          }
      }
}

static void
add_dw (const SmearConvShape *s, const DwTiles *d, gfloat *dw)
{
  gsize tap = (gsize)s->in_c * s->out_c;

  for (gint i = 0; i < s->in_c; i++)
    for (gint o = 0; o < s->out_c; o += LANES)
      {
        const gfloat *from = d->dw_points + i * d->wide + o;
        gfloat *to = dw + (gsize)i * s->out_c + o;
        vec points[POINTS], columns[3 * 6], g[9];
#pragma GCC unroll 36
        for (gint p = 0; p < POINTS; p++)
          points[p] = V_LOAD (from + p * d->dw_plane);
#pragma GCC unroll 6
        for (gint x = 0; x < 6; x++)
          weight_line (points + x, 6, columns + x, 6);
#pragma GCC unroll 3
        for (gint y = 0; y < 3; y++)
          weight_line (columns + 6 * y, 1, g + 3 * y, 1);
        for (gint k = 0; k < 9; k++)
          store_some (to + k * tap, load_some (to + k * tap, s->out_c - o) + g[k],
                      s->out_c - o);
      }
}

static void
winograd_dw (const SmearConvShape *s, const gfloat *in, const gfloat *dout, gint image,
             gint n_images, gfloat *dw, void *scratch)
{
  Tiling t = tiling (s);
  DwTiles d = dw_tiles (s, scratch);
  gint *gathered = scratch;

  if (image == 0)
    {
      *gathered = 0;
      memset (d.dw_points, 0, POINTS * d.dw_plane * sizeof (gfloat));
    }
  d.gathered = *gathered;
  t.plane = d.plane;
  for (gint tile = 0, n; tile < t.all; tile += n)
    {
      n = MIN (t.all - tile, GATHERED - d.gathered);
      transform_tiles (s, &t, in, tile, n, d.points + (gsize)d.gathered * s->in_c,
                       d.patch);
      transform_gradients (s, &d, t.across, dout, tile, n,
                           d.dout_points + d.gathered * d.wide);
      d.gathered += n;
      if (d.gathered == GATHERED)
        {
          multiply_gathered (s, &d);
          d.gathered = 0;
        }
    }
  *gathered = d.gathered;
  if (image < n_images - 1)
    return;
  multiply_gathered (s, &d);
  add_dw (s, &d, dw);
}
