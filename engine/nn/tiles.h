/* What the two halves of the AMX kernels share: splitting floats, and one step of the
 * tile unit. Included only by files compiled for AMX. */
#pragma once

#include <glib.h>
#include <immintrin.h>

#define TILE 16  /* rows of a tile, and floats a row of an accumulator */
#define DEPTH 32 /* bfloat16 numbers a row of a tile */
#define TILE_SIZE (TILE * DEPTH)

static inline __m256i
to_bf16 (__m512 x)
{
  return (__m256i)_mm512_cvtneps_pbh (x);
}

static inline __m512
from_bf16 (__m256i x)
{
  return _mm512_castsi512_ps (_mm512_slli_epi32 (_mm512_cvtepu16_epi32 (x), 16));
}

static inline void
split (const gfloat *src, gsize n, guint16 *hi, guint16 *lo)
{
  gsize i = 0;

  for (; i < n; i += TILE)
    {
      __mmask16 mask = n - i >= TILE ? 0xffff : (__mmask16)((1u << (n - i)) - 1);
      __m512 x = _mm512_maskz_loadu_ps (mask, src + i);
      __m256i h = to_bf16 (x);
      _mm256_mask_storeu_epi16 (hi + i, mask, h);
      _mm256_mask_storeu_epi16 (lo + i, mask, to_bf16 (_mm512_sub_ps (x, from_bf16 (h))));
    }
}

static void
configure_tiles (void)
{
  struct
  {
    guint8 palette, start_row, reserved[14];
    guint16 row_bytes[16];
    guint8 rows[16];
  } config = { .palette = 1 };

  for (gint i = 0; i < 8; i++)
    {
      config.row_bytes[i] = 2 * DEPTH;
      config.rows[i] = TILE;
    }
  _tile_loadconfig (&config);
}

/* Accumulators 0..3 are (left 0, right 0), (0, 1), (1, 0), (1, 1). One step multiplies
 * DEPTH inputs: high with high, low with high, high with low. */
static inline __attribute__ ((always_inline)) void
tile_step (const gboolean two_left, const gboolean two_right, const guint16 *a0,
           const guint16 *a1, gsize a_lo, gsize a_stride, const guint16 *b0,
           const guint16 *b1, gsize b_lo, gsize b_stride)
{
#define MULTIPLY_LEFT_0(part)                                                            \
  _tile_loadd (4, a0 + (part), a_stride);                                                \
  _tile_dpbf16ps (0, 4, 6);                                                              \
  if (two_right)                                                                         \
    _tile_dpbf16ps (1, 4, 7);
#define MULTIPLY_LEFT_1(part)                                                            \
  if (two_left)                                                                          \
    {                                                                                    \
      _tile_loadd (5, a1 + (part), a_stride);                                            \
      _tile_dpbf16ps (2, 5, 6);                                                          \
      if (two_right)                                                                     \
        _tile_dpbf16ps (3, 5, 7);                                                        \
    }
  _tile_loadd (6, b0, b_stride);
  if (two_right)
    _tile_loadd (7, b1, b_stride);
  MULTIPLY_LEFT_0 (0)
  MULTIPLY_LEFT_1 (0)
  MULTIPLY_LEFT_0 (a_lo)
  MULTIPLY_LEFT_1 (a_lo)
  _tile_loadd (6, b0 + b_lo, b_stride);
  if (two_right)
    _tile_loadd (7, b1 + b_lo, b_stride);
  MULTIPLY_LEFT_0 (0)
  MULTIPLY_LEFT_1 (0)
#undef MULTIPLY_LEFT_0
#undef MULTIPLY_LEFT_1
}

static inline __attribute__ ((always_inline)) void
zero_tiles (void)
{
  _tile_zero (0);
  _tile_zero (1);
  _tile_zero (2);
  _tile_zero (3);
}
