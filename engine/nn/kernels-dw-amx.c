/* The weights' gradient on tiles: dw[i][o] = sum over pixels of x[pixel][i] *
 * dy[pixel][o].
 *
 * The sum runs over pixels, so the left operand is the input transposed to one row of
 * pixels a channel; a step of one pixel to the right is then a step of one number in it,
 * and each kernel column reads the same rows shifted. The right operand is dy in pairs of
 * pixels. A few output rows are taken together so that accumulators are loaded and stored
 * once for many pixels.
 */
#include "nn/kernels.h"

#if defined(__AMX_BF16__) || defined(__AMXBF16__) /* as clang 14 says it */
#include "nn/tiles.h"
#include <string.h>

extern const SmearKernels smear_kernels_avx512;

gsize smear_amx_conv_dw_scratch (const SmearConvShape *s);
void smear_amx_conv_dw (const SmearConvShape *s, const gfloat *in, const gfloat *dout,
                        gint image, gint n_images, gfloat *dw, void *scratch);

#define ROWS 4 /* output rows taken together */

/* Few channels (the first layer) would leave tiles mostly empty, so there the kernel's
 * columns become rows of the left operand of their own. */
typedef struct
{
  gboolean expand;
  gint lines;              /* transposed lines of one input row */
  gint depth;              /* pixels of an output row, rounded up to whole steps */
  gsize line;              /* numbers a line, with room for the shifts */
  gsize left_row;          /* numbers one input row takes, one half */
  gsize right_row;         /* the same for dy */
  gsize left_lo, right_lo; /* from high to low halves */
  gsize m, n;              /* accumulator: kw*in_c and out_c, rounded up */
} Plan;

static inline gsize
up (gsize n, gsize step)
{
  return (n + step - 1) / step * step;
}

static Plan
plan (const SmearConvShape *s)
{
  Plan p = { .expand = s->in_c % TILE != 0 };

  p.lines = up (p.expand ? s->kw * s->in_c : s->in_c, TILE);
  p.depth = up (s->out_w, DEPTH);
  p.line = up (p.depth + s->kw, DEPTH);
  p.left_row = p.lines * p.line;
  p.left_lo = (ROWS + s->kh - 1) * p.left_row;
  p.m = up (s->kw * s->in_c, TILE);
  p.n = up (s->out_c, TILE);
  p.right_row = p.depth * p.n;
  p.right_lo = ROWS * p.right_row;
  return p;
}

gsize
smear_amx_conv_dw_scratch (const SmearConvShape *s)
{
  Plan p = plan (s);

  if (s->stride != 1 || s->dilate != 1)
    return smear_kernels_avx512.conv_dw_scratch (s);
  return 2 * (p.left_lo + p.right_lo) * sizeof (guint16)
         + s->kh * p.m * p.n * sizeof (gfloat) + 256;
}

/* One line: every @stride-th float of @src, @n of them, behind @left zeros. */
static void
transpose_line (const gfloat *src, gint stride, gint n, gint left, guint16 *hi,
                guint16 *lo)
{
  __m512i index = _mm512_mullo_epi32 (
      _mm512_setr_epi32 (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
      _mm512_set1_epi32 (stride));

  for (gint i = 0; i < n; i += TILE)
    {
      __mmask16 mask = n - i >= TILE ? 0xffff : (__mmask16)((1u << (n - i)) - 1);
      __m512 x = _mm512_mask_i32gather_ps (_mm512_setzero_ps (), mask, index,
                                           src + (gsize)i * stride, 4);
      __m256i h = to_bf16 (x);
      _mm256_mask_storeu_epi16 (hi + left + i, mask, h);
      _mm256_mask_storeu_epi16 (lo + left + i, mask,
                                to_bf16 (_mm512_sub_ps (x, from_bf16 (h))));
    }
}

static void
pack_left (const SmearConvShape *s, const Plan *p, const gfloat *in, gint row,
           guint16 *hi)
{
  gint y = row - s->pad_top;
  guint16 *lo = hi + p->left_lo;
  const gfloat *src = in + (gsize)y * s->in_w * s->in_c;

  memset (hi, 0, p->left_row * sizeof (guint16));
  memset (lo, 0, p->left_row * sizeof (guint16));
  if (y < 0 || y >= s->in_h)
    return;
  for (gint line = 0; line < (p->expand ? s->kw * s->in_c : s->in_c);
       line++, hi += p->line, lo += p->line)
    {
      /* Pixel 0 of the line is input column dx - pad_left. */
      gint dx = p->expand ? line / s->in_c : 0, c = p->expand ? line % s->in_c : line;
      gint left = MAX (s->pad_left - dx, 0), skip = MAX (dx - s->pad_left, 0);
      gint n = MIN (s->in_w - skip, (gint)p->line - left);
      transpose_line (src + (gsize)skip * s->in_c + c, s->in_c, n, left, hi, lo);
    }
}

static void
pack_right (const SmearConvShape *s, const Plan *p, const gfloat *dout, guint16 *hi)
{
  guint16 *lo = hi + p->right_lo;

  for (gint x = 0; x < p->depth; x += 2)
    for (gsize o = 0; o < p->n; o += TILE, hi += DEPTH, lo += DEPTH)
      {
        gint left = s->out_c - (gint)o;
        __mmask16 mask = left >= TILE ? 0xffff : (__mmask16)((1u << left) - 1);
        __m512i h = _mm512_setzero_si512 (), l = h;
        for (gint j = 0; j < 2 && x + j < s->out_w; j++)
          {
            __m512 v = _mm512_maskz_loadu_ps (mask, dout + (gsize)(x + j) * s->out_c + o);
            __m256i vh = to_bf16 (v), vl = to_bf16 (_mm512_sub_ps (v, from_bf16 (vh)));
            h = _mm512_or_si512 (h,
                                 _mm512_slli_epi32 (_mm512_cvtepu16_epi32 (vh), 16 * j));
            l = _mm512_or_si512 (l,
                                 _mm512_slli_epi32 (_mm512_cvtepu16_epi32 (vl), 16 * j));
          }
        _mm512_storeu_si512 (hi, h);
        _mm512_storeu_si512 (lo, l);
      }
}

/* Where the left operand's 16 lines from line @i of kernel row @r begin. */
static inline const guint16 *
left_lines (const SmearConvShape *s, const Plan *p, const guint16 *left, gint r, gint i)
{
  gint dx = p->expand ? 0 : i / s->in_c, c = p->expand ? i : i % s->in_c;
  return left + r * p->left_row + c * p->line + dx;
}

static inline __attribute__ ((always_inline)) void
dw_block (const gboolean two_left, const gboolean two_right, const SmearConvShape *s,
          const Plan *p, const guint16 *left, const guint16 *right, gint n_rows, gint r,
          gint i, gint o, gfloat *acc)
{
  gsize row = p->n * sizeof (gfloat);

  acc += ((gsize)r * p->m + i) * p->n + o;
  _tile_loadd (0, acc, row);
  if (two_right)
    _tile_loadd (1, acc + TILE, row);
  if (two_left)
    _tile_loadd (2, acc + TILE * p->n, row);
  if (two_left && two_right)
    _tile_loadd (3, acc + TILE * p->n + TILE, row);
  for (gint y = 0; y < n_rows; y++)
    {
      const guint16 *a0 = left_lines (s, p, left, y + r, i);
      const guint16 *a1 = two_left ? left_lines (s, p, left, y + r, i + TILE) : NULL;
      const guint16 *b = right + y * p->right_row + o * 2;
      for (gint x = 0; x < p->depth; x += DEPTH)
        tile_step (two_left, two_right, a0 + x, a1 + x, p->left_lo, 2 * p->line,
                   b + x * p->n, b + x * p->n + DEPTH, p->right_lo, 4 * p->n);
    }
  _tile_stored (0, acc, row);
  if (two_right)
    _tile_stored (1, acc + TILE, row);
  if (two_left)
    _tile_stored (2, acc + TILE * p->n, row);
  if (two_left && two_right)
    _tile_stored (3, acc + TILE * p->n + TILE, row);
}

static void
multiply_rows (const SmearConvShape *s, const Plan *p, const guint16 *left,
               const guint16 *right, gint n_rows, gfloat *acc)
{
  for (gint r = 0; r < s->kh; r++)
    for (gsize i = 0; i < p->m; i += 2 * TILE)
      for (gsize o = 0; o < p->n; o += 2 * TILE)
        {
          gboolean two_left = p->m - i > TILE, two_right = p->n - o > TILE;
          if (two_left && two_right)
            dw_block (TRUE, TRUE, s, p, left, right, n_rows, r, i, o, acc);
          else if (two_left)
            dw_block (TRUE, FALSE, s, p, left, right, n_rows, r, i, o, acc);
          else if (two_right)
            dw_block (FALSE, TRUE, s, p, left, right, n_rows, r, i, o, acc);
          else
            dw_block (FALSE, FALSE, s, p, left, right, n_rows, r, i, o, acc);
        }
}

void
smear_amx_conv_dw (const SmearConvShape *s, const gfloat *in, const gfloat *dout,
                   gint image, gint n_images, gfloat *dw, void *scratch)
{
  Plan p = plan (s);
  guint16 *left = scratch, *right = left + 2 * p.left_lo;
  gfloat *acc = (gfloat *)(right + 2 * p.right_lo);

  if (s->stride != 1 || s->dilate != 1)
    {
      smear_kernels_avx512.conv_dw (s, in, dout, image, n_images, dw, scratch);
      return;
    }
  configure_tiles ();
  memset (acc, 0, s->kh * p.m * p.n * sizeof (gfloat));
  for (gint y = 0; y < s->out_h; y += ROWS)
    {
      gint n = MIN (ROWS, s->out_h - y);
      for (gint r = 0; r < n + s->kh - 1; r++)
        pack_left (s, &p, in, y + r, left + r * p.left_row);
      for (gint r = 0; r < n; r++)
        pack_right (s, &p, dout + (gsize)(y + r) * s->out_w * s->out_c,
                    right + r * p.right_row);
      multiply_rows (s, &p, left, right, n, acc);
    }
  _tile_release ();
  for (gint r = 0; r < s->kh; r++)
    for (gint i = 0; i < s->kw * s->in_c; i++)
      for (gint o = 0; o < s->out_c; o++)
        dw[((gsize)r * s->kw * s->in_c + i) * s->out_c + o]
            += acc[(r * p.m + i) * p.n + o];
}
#endif
