/* Sixteen floats at a time. Fourteen rows divide 224, 112, 56, 28 and 14. */
#include "nn/kernels.h"

#if defined(__AVX512F__)
#include <immintrin.h>

typedef __m512 vec;
#define LANES 16
#define MR 14
#define EACH_ROWS(c)                                                                     \
  c (1) c (2) c (3) c (4) c (5) c (6) c (7) c (8) c (9) c (10) c (11) c (12) c (13) c (14)
#define V_ZERO _mm512_setzero_ps ()
#define V_LOAD(p) _mm512_loadu_ps (p)
#define V_STORE(p, v) _mm512_storeu_ps (p, v)
#define V_SET(x) _mm512_set1_ps (x)
#define V_FMA(a, b, c) _mm512_fmadd_ps (a, b, c)
#define V_MAX(a, b) _mm512_max_ps (a, b)

#include "nn/kernels-fp32.h"
#include "nn/winograd-choice.h"

const SmearKernels smear_kernels_avx512 = BEST_KERNELS (SMEAR_ISA_AVX512);
#endif
