/* Tiles of bfloat16 with the accuracy of floats.
 *
 * Every float is split into two bfloat16 numbers, x = hi + lo, which keeps 16 bits of its
 * 24; a product becomes hi*hi + hi*lo + lo*hi, summed in 32-bit floats by the tile unit.
 * What is dropped, lo*lo, is below 2^-16 of the product. (The idea of split accumulation:
 * Henry, Tang, Heinecke, "Leveraging the bfloat16 Artificial Intelligence Datatype for
 * Higher-Precision Computations", ARITH 2019.) Three tile products cost a fifth of the
 * same work in AVX-512 floats.
 */
#include "nn/kernels.h"

#if defined(__AMX_BF16__) || defined(__AMXBF16__) /* as clang 14 says it */
#include "nn/tiles.h"
#include <string.h>

/* kernels-dw-amx.c */
gsize smear_amx_conv_dw_scratch (const SmearConvShape *s);
void smear_amx_conv_dw (const SmearConvShape *s, const gfloat *in, const gfloat *dout,
                        gint image, gint n_images, gfloat *dw, void *scratch);

static gsize row_bytes (const SmearConvShape *s);
static void pack_row (const SmearConvShape *s, const gfloat *src, void *row);
static void row_gemm (const SmearConvShape *s, gint y, void *const *rows,
                      const void *packed, gfloat *out);

#define ROW_SLACK (2 * TILE)
#include "nn/conv-rows.h"
#include "nn/unit-passes.h"

/* Rows hold all high halves, then all low halves. */
static gsize
plane (const SmearConvShape *s)
{
  gsize pixels = round_up (s->out_w, 2 * TILE);
  return round_up ((pixels - 1) * s->stride * s->in_c + round_up (s->kw * s->in_c, DEPTH),
                   DEPTH);
}

static gsize
row_bytes (const SmearConvShape *s)
{
  return 2 * plane (s) * sizeof (guint16);
}

static void
pack_row (const SmearConvShape *s, const gfloat *src, void *dst)
{
  guint16 *hi = dst, *lo = hi + plane (s);
  gint pixels = MIN (s->in_w, (padded_width (s) - s->pad_left - 1) / s->dilate + 1);
  gsize left = (gsize)s->pad_left * s->in_c;

  if (src == NULL)
    memset (dst, 0, row_bytes (s));
  else if (s->dilate == 1)
    split (src, (gsize)pixels * s->in_c, hi + left, lo + left);
  else
    for (gint p = 0; p < pixels; p++, left += (gsize)s->dilate * s->in_c)
      split (src + (gsize)p * s->in_c, s->in_c, hi + left, lo + left);
}

/* Weights as the tile unit wants its right operand: pairs of inputs side by side for each
 * of 16 outputs; [out_c / 16][kh][k / 32][hi, lo][16][16][2]. */
static inline gsize
panel_size (const SmearConvShape *s)
{
  return s->kh * round_up (s->kw * s->in_c, DEPTH) / DEPTH * 2 * TILE_SIZE;
}

static gsize
weights_size (const SmearConvShape *s)
{
  return round_up (s->out_c, TILE) / TILE * panel_size (s) * sizeof (guint16) + 64;
}

static void
pack_weights (const SmearConvShape *s, const gfloat *weights, void *packed)
{
  gint k = s->kw * s->in_c;
  guint16 *to = packed;

  for (gint o = 0; o < s->out_c; o += TILE)
    {
      __mmask16 mask = s->out_c - o >= TILE ? 0xffff
                                            : (__mmask16)((1u << (s->out_c - o)) - 1);
      for (gint r = 0; r < s->kh; r++)
        for (gint i = 0; i < k; i += DEPTH, to += 2 * TILE_SIZE)
          for (gint pair = 0; pair < TILE; pair++)
            {
              __m512i hi = _mm512_setzero_si512 (), lo = hi;
              for (gint j = 0; j < 2 && i + 2 * pair + j < k; j++)
                {
                  gsize row = (gsize)r * k + i + 2 * pair + j;
                  __m512 x = _mm512_maskz_loadu_ps (mask, weights + row * s->out_c + o);
                  __m256i h = to_bf16 (x), l = to_bf16 (_mm512_sub_ps (x, from_bf16 (h)));
                  hi = _mm512_or_si512 (
                      hi, _mm512_slli_epi32 (_mm512_cvtepu16_epi32 (h), 16 * j));
                  lo = _mm512_or_si512 (
                      lo, _mm512_slli_epi32 (_mm512_cvtepu16_epi32 (l), 16 * j));
                }
              _mm512_storeu_si512 (to + pair * DEPTH, hi);
              _mm512_storeu_si512 (to + TILE_SIZE + pair * DEPTH, lo);
            }
    }
}

/* A tile of 16 pixels by 16 channels into the row, where only @n channels are left. */
#define PUT_TILE(tile, to, row, n)                                                       \
  do                                                                                     \
    {                                                                                    \
      if ((n) >= TILE)                                                                   \
        _tile_stored (tile, (to), (row) * sizeof (gfloat));                              \
      else                                                                               \
        {                                                                                \
          gfloat whole_[TILE * TILE] __attribute__ ((aligned (64)));                     \
          _tile_stored (tile, whole_, 64);                                               \
          for (gint i_ = 0; i_ < TILE; i_++)                                             \
            memcpy ((to) + i_ * (row), whole_ + i_ * TILE, (n) * sizeof (gfloat));       \
        }                                                                                \
    }                                                                                    \
  while (0)

static inline __attribute__ ((always_inline)) void
gemm_block (const gboolean two_left, const gboolean two_right, const SmearConvShape *s,
            void *const *rows, gsize offset, const guint16 *b, gfloat *out, gint n_cols)
{
  gsize step = (gsize)s->stride * s->in_c, lo = plane (s), panel = panel_size (s);
  gint depth = round_up (s->kw * s->in_c, DEPTH);

  zero_tiles ();
  for (gint r = 0; r < s->kh; r++)
    {
      const guint16 *a = (const guint16 *)rows[r] + offset;
      for (gint i = 0; i < depth; i += DEPTH, b += 2 * TILE_SIZE)
        tile_step (two_left, two_right, a + i, a + TILE * step + i, lo, 2 * step, b,
                   b + panel, TILE_SIZE, 2 * DEPTH);
    }
  PUT_TILE (0, out, s->out_c, n_cols);
  if (two_right)
    PUT_TILE (1, out + TILE, s->out_c, n_cols - TILE);
  if (two_left)
    PUT_TILE (2, out + TILE * s->out_c, s->out_c, n_cols);
  if (two_left && two_right)
    PUT_TILE (3, out + TILE * s->out_c + TILE, s->out_c, n_cols - TILE);
}

static inline __attribute__ ((always_inline)) void
gemm_panel (const gboolean two_right, const SmearConvShape *s, void *const *rows,
            const guint16 *b, gfloat *out, gint n_cols)
{
  gsize step = (gsize)s->stride * s->in_c;

  for (gint p = 0; p < s->out_w; p += 2 * TILE)
    if (s->out_w - p > TILE)
      gemm_block (TRUE, two_right, s, rows, p * step, b, out + (gsize)p * s->out_c,
                  n_cols);
    else
      gemm_block (FALSE, two_right, s, rows, p * step, b, out + (gsize)p * s->out_c,
                  n_cols);
}

static void
row_gemm (const SmearConvShape *s, gint y, void *const *rows, const void *packed,
          gfloat *out)
{
  const guint16 *b = packed;

  for (gint o = 0; o < s->out_c; o += 2 * TILE, b += 2 * panel_size (s))
    if (s->out_c - o > TILE)
      gemm_panel (TRUE, s, rows, b, out + o, s->out_c - o);
    else
      gemm_panel (FALSE, s, rows, b, out + o, s->out_c - o);
}

static void
conv_rows_amx (const SmearConvShape *s, const gfloat *in, const void *packed,
               const SmearEpilogue *e, gint first, gint last, void *scratch)
{
  configure_tiles ();
  conv_rows (s, in, packed, e, first, last, scratch);
  _tile_release ();
}

const SmearKernels smear_kernels_amx
    = { SMEAR_ISA_AMX,     weights_size,  pack_weights,
        conv_scratch,      conv_rows_amx, smear_amx_conv_dw_scratch,
        smear_amx_conv_dw, unit_forward,  unit_sums,
        unit_backward,     adam };
#endif
