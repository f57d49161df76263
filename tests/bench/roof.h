/* The most that the processor's 32-bit float units can do. */
#pragma once

#include "base/pool.h"

#if defined(__x86_64__)
#include <immintrin.h>

/* Enough independent sums that no multiply-add waits for another. */
#define ROOF_SUMS 24
#define ROOF_ROUNDS 4000000

#define ROOF_LOOP(type, set, fma)                                                        \
  type sums[ROOF_SUMS], a = set (0.999f), b = set (1e-3f);                               \
  for (gint i = 0; i < ROOF_SUMS; i++)                                                   \
    sums[i] = set (i);                                                                   \
  for (gint round = 0; round < ROOF_ROUNDS; round++)                                     \
    {                                                                                    \
      _Pragma ("GCC unroll 24") for (gint i = 0; i < ROOF_SUMS; i++) sums[i] = fma (     \
          sums[i], a, b);                                                                \
    }                                                                                    \
  for (gint i = 1; i < ROOF_SUMS; i++)                                                   \
    sums[0] += sums[i];                                                                  \
  return ((const gfloat *)sums)[0]

__attribute__ ((target ("avx512f"))) static gfloat
roof_avx512 (void)
{
  ROOF_LOOP (__m512, _mm512_set1_ps, _mm512_fmadd_ps);
}

__attribute__ ((target ("avx2,fma"))) static gfloat
roof_avx2 (void)
{
  ROOF_LOOP (__m256, _mm256_set1_ps, _mm256_fmadd_ps);
}

static void
roof_task (gpointer data, gint task, gint thread)
{
  gfloat *results = data;

  results[task] = __builtin_cpu_supports ("avx512f") ? roof_avx512 () : roof_avx2 ();
}

/* GFLOP/s over so many threads. */
static gdouble
bench_roof (gint threads)
{
  g_autoptr (SmearPool) pool = smear_pool_new (threads);
  g_autofree gfloat *results = g_new (gfloat, threads);
  gint lanes = __builtin_cpu_supports ("avx512f") ? 16 : 8;
  gint64 start = g_get_monotonic_time ();

  smear_pool_run (pool, roof_task, results, threads);
  gdouble seconds = (g_get_monotonic_time () - start) / 1e6;
  g_assert (results[0] > 0); /* and so it was computed */
  return 2.0 * lanes * ROOF_SUMS * ROOF_ROUNDS * threads / seconds / 1e9;
}
#else
/* Not known here. */
static gdouble
bench_roof (gint threads)
{
  return 0;
}
#endif
