/* Eight floats at a time: twelve accumulators, two weights, one broadcast in 16
 * registers. */
#include "nn/kernels.h"

#if defined(__AVX2__)
#include <immintrin.h>

typedef __m256 vec;
#define LANES 8
#define MR 6
#define EACH_ROWS(c) c (1) c (2) c (3) c (4) c (5) c (6)
#define V_ZERO _mm256_setzero_ps ()
#define V_LOAD(p) _mm256_loadu_ps (p)
#define V_STORE(p, v) _mm256_storeu_ps (p, v)
#define V_SET(x) _mm256_set1_ps (x)
#define V_FMA(a, b, c) _mm256_fmadd_ps (a, b, c)
#define V_MAX(a, b) _mm256_max_ps (a, b)

#include "nn/kernels-fp32.h"
#include "nn/winograd-choice.h"

const SmearKernels smear_kernels_avx2 = BEST_KERNELS (SMEAR_ISA_AVX2);
#endif
