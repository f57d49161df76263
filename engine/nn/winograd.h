/* 3x3 convolutions of stride 1 by Winograd's minimal filtering F(4x4, 3x3) (Lavin and
 * Gray, CVPR 2016): 16 outputs cost 36 products a pair of channels instead of 144.
 * Included by each kernels-*.c that wants it, after kernels-fp32.h and with
 *
 *   V_MAX (a, b)        the larger, b where a is not a number
 *
 * The map is cut into tiles of 4x4 outputs. Each tile's 6x6 inputs are transformed to 36
 * points; at every point tiles times weights is one small matrix product, done by the
 * register block of kernels-fp32.h; and back from 36 points to 16 outputs, which are
 * finished in registers. Tiles stand at multiples of four whatever rows are asked for, so
 * sharing out rows changes no bits, and rows shared out by fours waste nothing.
 *
 * The points are 0, 3/4, -3/4, 3/2, -3/2 and infinity: every constant of both transforms
 * of activations is exact in 32 bits, and near one in size, which keeps the error at
 * twice the direct sum's. The usual 0, 1, -1, 2, -2 make it four times.
 */
#pragma once

#include "nn/kernels-fp32.h"

#define SIDE 4
#define POINTS 36
/* Floats of transformed inputs: what shares a cache with weights and products. */
#define IN_CACHE 65536

/* The points' squares, their sum and product; (x^2 - NEAR) (x^2 - FAR). */
#define NEAR 0.5625f
#define FAR 2.25f
#define ROOT_NEAR 0.75f
#define ROOT_FAR 1.5f

/**
 * Tiling:
 * @across: tiles in a row of tiles; @all of the whole map
 * @block: tiles transformed together
 * @plane: floats from point to point of transformed inputs, and @out_plane of products;
 * odd numbers of cache lines, or all points would want the same places of the cache
 */
typedef struct
{
  gint across, all, block;
  gsize plane, out_plane;
} Tiling;

static inline gsize
odd_lines (gsize floats)
{
  return round_up (floats, 32) + 16;
}

static inline Tiling
tiling (const SmearConvShape *s)
{
  Tiling t = { .across = (s->out_w + SIDE - 1) / SIDE };

  t.all = t.across * ((s->out_h + SIDE - 1) / SIDE);
  t.block = MIN (MAX (IN_CACHE / (POINTS * s->in_c * MR), 1) * MR, t.all);
  t.plane = odd_lines ((gsize)t.block * s->in_c);
  t.out_plane = odd_lines (MR * PANEL);
  return t;
}

/* Channels fill the registers, and tiles the map well enough to save half the products.
 */
static inline gboolean
winograd_fits (const SmearConvShape *s)
{
  return s->kh == 3 && s->kw == 3 && s->stride == 1 && s->dilate == 1 && s->in_c >= LANES
         && s->out_c >= LANES && 8 * tiling (s).all <= s->out_h * s->out_w;
}

/* The three transforms of a line; in two dimensions, columns first and then rows. */
static inline __attribute__ ((always_inline)) void
input_points (vec d0, vec d1, vec d2, vec d3, vec d4, vec d5, vec *to, const gint step)
{
  const vec near = V_SET (-NEAR), far = V_SET (-FAR), sum = V_SET (-NEAR - FAR);
  const vec product = V_SET (NEAR * FAR);
  vec even, odd;

  to[0] = V_FMA (d0, product, V_FMA (d2, sum, d4));
  even = V_FMA (d2, far, d4);
  odd = V_FMA (d1, far, d3);
  to[step] = V_FMA (odd, V_SET (ROOT_NEAR), even);
  to[2 * step] = V_FMA (odd, V_SET (-ROOT_NEAR), even);
  even = V_FMA (d2, near, d4);
  odd = V_FMA (d1, near, d3);
  to[3 * step] = V_FMA (odd, V_SET (ROOT_FAR), even);
  to[4 * step] = V_FMA (odd, V_SET (-ROOT_FAR), even);
  to[5 * step] = V_FMA (d1, product, V_FMA (d3, sum, d5));
}

static inline __attribute__ ((always_inline)) void
output_line (const vec *m, const gint step, vec *y, const gint y_step)
{
  vec near_sum = m[step] + m[2 * step], near_difference = m[step] - m[2 * step];
  vec far_sum = m[3 * step] + m[4 * step], far_difference = m[3 * step] - m[4 * step];

  y[0] = m[0] + near_sum + far_sum;
  y[y_step] = V_FMA (far_difference, V_SET (ROOT_FAR),
                     near_difference * V_SET (ROOT_NEAR));
  y[2 * y_step] = V_FMA (far_sum, V_SET (FAR), near_sum * V_SET (NEAR));
  y[3 * y_step] = V_FMA (far_difference, V_SET (FAR * ROOT_FAR),
                         V_FMA (near_difference, V_SET (NEAR * ROOT_NEAR), m[5 * step]));
}

static inline __attribute__ ((always_inline)) void
weight_points (vec g0, vec g1, vec g2, vec *to, const gint step)
{
  const gfloat near = 1 / (2 * NEAR * (NEAR - FAR)), far = 1 / (2 * FAR * (FAR - NEAR));
  vec even, odd;

  to[0] = g0 * V_SET (1 / (NEAR * FAR));
  even = V_FMA (g2, V_SET (near * NEAR), g0 * V_SET (near));
  odd = g1 * V_SET (near * ROOT_NEAR);
  to[step] = even + odd;
  to[2 * step] = even - odd;
  even = V_FMA (g2, V_SET (far * FAR), g0 * V_SET (far));
  odd = g1 * V_SET (far * ROOT_FAR);
  to[3 * step] = even + odd;
  to[4 * step] = even - odd;
  to[5 * step] = g2;
}

static inline vec
load_some (const gfloat *from, gint n)
{
  gfloat whole[LANES] = { 0 };

  if (n >= LANES)
    return V_LOAD (from);
  memcpy (whole, from, MAX (n, 0) * sizeof (gfloat));
  return V_LOAD (whole);
}

static inline void
store_some (gfloat *to, vec v, gint n)
{
  gfloat whole[LANES];

  if (n >= LANES)
    {
      V_STORE (to, v);
      return;
    }
  V_STORE (whole, v);
  memcpy (to, whole, MAX (n, 0) * sizeof (gfloat));
}

/* Panels of output channels, zero filled: [panel][POINTS][in_c][PANEL]. */
static gsize
winograd_weights_size (const SmearConvShape *s)
{
  return round_up (s->out_c, PANEL) * POINTS * s->in_c * sizeof (gfloat) + 64;
}

static void
winograd_pack_weights (const SmearConvShape *s, const gfloat *weights, void *packed)
{
  gsize tap = (gsize)s->in_c * s->out_c;
  vec columns[3 * 6], points[POINTS];

  for (gint o = 0; o < s->out_c; o += LANES)
    for (gint i = 0; i < s->in_c; i++)
      {
        const gfloat *from = weights + (gsize)i * s->out_c + o;
        gfloat *to = (gfloat *)packed + (gsize)(o / PANEL) * POINTS * s->in_c * PANEL
                     + i * PANEL + o % PANEL;
        gint n = s->out_c - o;
        for (gint x = 0; x < 3; x++)
          weight_points (load_some (from + x * tap, n),
                         load_some (from + (3 + x) * tap, n),
                         load_some (from + (6 + x) * tap, n), columns + x, 3);
        for (gint y = 0; y < 6; y++)
          weight_points (columns[3 * y], columns[3 * y + 1], columns[3 * y + 2],
                         points + 6 * y, 1);
        for (gint p = 0; p < POINTS; p++)
          {
            V_STORE (to + (gsize)p * s->in_c * PANEL, points[p]);
            if (n <= LANES && o % PANEL == 0)
              V_STORE (to + (gsize)p * s->in_c * PANEL + LANES, V_ZERO);
          }
      }
}

static gsize
winograd_scratch (const SmearConvShape *s)
{
  Tiling t = tiling (s);

  return POINTS * (t.plane + t.out_plane + s->in_c) * sizeof (gfloat) + 64;
}

/* The last vector of channels overlaps the one before where they do not come out even. */
static inline void
transform_tile (const gfloat *in, gsize row, gsize pixel, gint c, gfloat *to, gsize plane)
{
  vec columns[POINTS];

  for (gint i = 0; i < c; i += LANES)
    {
      gint at = MIN (i, c - LANES);
      const gfloat *from = in + at;
#pragma GCC unroll 6
      for (gint x = 0; x < 6; x++, from += pixel)
        input_points (V_LOAD (from), V_LOAD (from + row), V_LOAD (from + 2 * row),
                      V_LOAD (from + 3 * row), V_LOAD (from + 4 * row),
                      V_LOAD (from + 5 * row), columns + x, 6);
#pragma GCC unroll 6
      for (gint y = 0; y < 6; y++)
        {
          const vec *d = columns + 6 * y;
          vec points[6];
          input_points (d[0], d[1], d[2], d[3], d[4], d[5], points, 1);
#pragma GCC unroll 6
          for (gint x = 0; x < 6; x++)
            V_STORE (to + (6 * y + x) * plane + at, points[x]);
        }
    }
}

/* The 6x6 inputs of the tile that begins at (@x, @y), with zeros outside the map. */
static void
copy_patch (const SmearConvShape *s, const gfloat *in, gint x, gint y, gfloat *patch)
{
  gsize c = s->in_c, row = 6 * c;
  gint left = CLAMP (-x, 0, 6), right = CLAMP (s->in_w - x, left, 6);

  for (gint r = 0; r < 6; r++, patch += row)
    if (y + r < 0 || y + r >= s->in_h)
      memset (patch, 0, row * sizeof (gfloat));
    else
      {
        memset (patch, 0, left * c * sizeof (gfloat));
        memcpy (patch + left * c, in + ((gsize)(y + r) * s->in_w + x + left) * c,
                (right - left) * c * sizeof (gfloat));
        memset (patch + right * c, 0, (6 - right) * c * sizeof (gfloat));
      }
}

/* Tiles @first to @first + @n - 1. */
static void
transform_tiles (const SmearConvShape *s, const Tiling *t, const gfloat *in, gint first,
                 gint n, gfloat *to, gfloat *patch)
{
  gint c = s->in_c;

  for (gint i = first; i < first + n; i++, to += c)
    {
      gint y = i / t->across * SIDE - s->pad_top, x = i % t->across * SIDE - s->pad_left;
      if (y >= 0 && x >= 0 && y + 6 <= s->in_h && x + 6 <= s->in_w)
        transform_tile (in + ((gsize)y * s->in_w + x) * c, (gsize)s->in_w * c, c, c, to,
                        t->plane);
      else
        {
          copy_patch (s, in, x, y, patch);
          transform_tile (patch, 6 * c, c, c, to, t->plane);
        }
    }
}

static inline __attribute__ ((always_inline)) void
multiply_points (const gint rows, const gfloat *in, const Tiling *t, gint in_c,
                 const gfloat *panel, gfloat *out)
{
  for (gint p = 0; p < POINTS;
       p++, in += t->plane, panel += (gsize)in_c * PANEL, out += t->out_plane)
    {
      vec acc[MR][2];
      for (gint m = 0; m < rows; m++)
        acc[m][0] = acc[m][1] = V_ZERO;
      multiply (rows, 2, acc, in, in_c, 1, panel, PANEL, in_c);
      store_block (rows, 2, acc, out, PANEL, PANEL, FALSE);
    }
}

static void
multiply_tiles (gint n, const gfloat *in, const Tiling *t, gint in_c, const gfloat *panel,
                gfloat *out)
{
#define BLOCK(rows)                                                                      \
  case rows:                                                                             \
    multiply_points (rows, in, t, in_c, panel, out);                                     \
    break;
  switch (n)
    {
      EACH_ROWS (BLOCK)
    }
#undef BLOCK
}

/**
 * Finish:
 * @o: first of the @n channels of one vector
 * @y: row of the tile, of which rows @from to @to - 1 are wanted; @x its column, of which
 * there are @columns
 */
typedef struct
{
  const SmearConvShape *s;
  const SmearEpilogue *e;
  vec bias, scale, shift, sum, square;
  gint o, n, y, x, from, to, columns;
} Finish;

static inline __attribute__ ((always_inline)) void
finish_pixels (Finish *f, vec *v, const gboolean whole)
{
  const SmearEpilogue *e = f->e;
  gint from = whole ? 0 : f->from, to = whole ? SIDE : f->to;
  gint columns = whole ? SIDE : f->columns, n = whole ? LANES : f->n, c = f->s->out_c;
  gsize at = ((gsize)f->y * f->s->out_w + f->x) * c + f->o, row = (gsize)f->s->out_w * c;

  if (e->bias != NULL)
    for (gint i = 0; i < SIDE * SIDE; i++)
      v[i] = v[i] + f->bias;
  if (e->relu)
    for (gint i = 0; i < SIDE * SIDE; i++)
      v[i] = V_MAX (v[i], V_ZERO);
  for (gint r = from; e->tap != NULL && r < to; r++)
    for (gint i = 0; i < columns; i++)
      store_some (e->tap + at + r * row + i * c, v[r * SIDE + i], n);
  for (gint r = from; e->sums != NULL && r < to; r++)
    for (gint i = 0; i < columns; i++)
      {
        f->sum = f->sum + v[r * SIDE + i];
        f->square = V_FMA (v[r * SIDE + i], v[r * SIDE + i], f->square);
      }
  if (e->out == NULL)
    return;
  if (e->scale != NULL)
    for (gint i = 0; i < SIDE * SIDE; i++)
      v[i] = V_FMA (v[i], f->scale, f->shift);
  if (e->scale != NULL && e->relu_after)
    for (gint i = 0; i < SIDE * SIDE; i++)
      v[i] = V_MAX (v[i], V_ZERO);
  if (e->pool)
    {
      gint width = f->s->out_w / 2;
      gfloat *out = e->out + ((gsize)(f->y / 2) * width + f->x / 2) * c + f->o;
      for (gint r = from; r + 1 < to; r += 2)
        for (gint i = 0; i + 1 < columns; i += 2)
          {
            const vec *w = v + r * SIDE + i;
            store_some (out + ((gsize)(r / 2) * width + i / 2) * c,
                        V_MAX (V_MAX (w[0], w[1]), V_MAX (w[SIDE], w[SIDE + 1])), n);
          }
      return;
    }
  for (gint r = from; r < to; r++)
    for (gint i = 0; i < columns; i++)
      {
        gfloat *out = e->out + at + r * row + i * c;
        vec value = v[r * SIDE + i];
        if (e->add)
          value = value + load_some (out, n);
        store_some (out, value, n);
      }
}

/* One vector of channels of tiles @tile to @tile + @n - 1, of rows @first to @last - 1.
 */
static void
finish_tiles (Finish f, const Tiling *t, const gfloat *products, gint tile, gint n,
              gint first, gint last)
{
  gfloat part[LANES];

  f.sum = f.square = V_ZERO;
  for (gint i = tile; i < tile + n; i++, products += PANEL)
    {
      vec columns[SIDE * 6], v[SIDE * SIDE];
#pragma GCC unroll 6
      for (gint x = 0; x < 6; x++)
        {
          vec m[6];
#pragma GCC unroll 6
          for (gint y = 0; y < 6; y++)
            m[y] = V_LOAD (products + (6 * y + x) * t->out_plane);
          output_line (m, 1, columns + x, 6);
        }
#pragma GCC unroll 4
      for (gint y = 0; y < SIDE; y++)
        output_line (columns + 6 * y, 1, v + SIDE * y, 1);
      f.y = i / t->across * SIDE;
      f.x = i % t->across * SIDE;
      f.from = MAX (first - f.y, 0);
      f.to = MIN (last - f.y, SIDE);
      f.columns = MIN (f.s->out_w - f.x, SIDE);
      if (f.from == 0 && f.to == SIDE && f.columns == SIDE && f.n >= LANES)
        finish_pixels (&f, v, TRUE);
      else
        finish_pixels (&f, v, FALSE);
    }
  if (f.e->sums == NULL)
    return;
  V_STORE (part, f.sum);
  for (gint i = 0; i < MIN (f.n, LANES); i++)
    f.e->sums[f.o + i] += part[i];
  V_STORE (part, f.square);
  for (gint i = 0; i < MIN (f.n, LANES); i++)
    f.e->sums[f.s->out_c + f.o + i] += part[i];
}

static Finish
finish_of (const SmearConvShape *s, const SmearEpilogue *e, gint o)
{
  Finish f = { .s = s, .e = e, .o = o, .n = s->out_c - o };

  f.bias = e->bias != NULL ? load_some (e->bias + o, f.n) : V_ZERO;
  f.scale = e->scale != NULL ? load_some (e->scale + o, f.n) : V_ZERO;
  f.shift = e->scale != NULL ? load_some (e->shift + o, f.n) : V_ZERO;
  return f;
}

static void
winograd_rows (const SmearConvShape *s, const gfloat *in, const void *packed,
               const SmearEpilogue *e, gint first, gint last, void *scratch)
{
  Tiling t = tiling (s);
  gfloat *points = scratch, *products = points + POINTS * t.plane;
  gfloat *patch = products + POINTS * t.out_plane;
  gint end = (last + SIDE - 1) / SIDE * t.across;

  for (gint tile = first / SIDE * t.across, n; tile < end; tile += n)
    {
      n = MIN (t.block, end - tile);
      transform_tiles (s, &t, in, tile, n, points, patch);
      for (gint o = 0; o < s->out_c; o += PANEL)
        {
          const gfloat *panel = (const gfloat *)packed + (gsize)o * POINTS * s->in_c;
          Finish left = finish_of (s, e, o), right = finish_of (s, e, o + LANES);
          for (gint i = 0, rows; i < n; i += rows)
            {
              rows = even_rows (n - i);
              multiply_tiles (rows, points + (gsize)i * s->in_c, &t, s->in_c, panel,
                              products);
              finish_tiles (left, &t, products, tile + i, rows, first, last);
              if (right.n > 0)
                finish_tiles (right, &t, products + LANES, tile + i, rows, first, last);
            }
        }
    }
}
