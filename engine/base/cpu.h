/* Which instruction set the kernels may use, decided once. */
#pragma once

#include <glib.h>

/**
 * SmearIsa:
 *
 * In rising order; each includes those before it.
 */
typedef enum
{
  SMEAR_ISA_PORTABLE,
  SMEAR_ISA_AVX2,
  SMEAR_ISA_AVX512,
  SMEAR_ISA_AMX,
  SMEAR_N_ISAS
} SmearIsa;

/**
 * smear_cpu_isa:
 *
 * The best this processor and kernel allow. `SMEARSCOPE_ISA` = portable, avx2, avx512 or
 * amx lowers it (never raises it).
 */
SmearIsa smear_cpu_isa (void);
SmearIsa smear_cpu_best_isa (void);
const char *smear_isa_name (SmearIsa isa);
/** smear_cpu_count: processors this process may run on. */
gint smear_cpu_count (void);
/** SMEAR_MOST_JOBS: workers started at once, whatever is asked for: more than any machine
 * has processors only take memory. */
#define SMEAR_MOST_JOBS 512

/**
 * SMEAR_WIDE:
 *
 * Before a function of plain loops: it is compiled a second time for wider registers, and
 * the processor's own is taken. Results are the same to the bit, as nothing is contracted
 * or reordered.
 */
#if defined __x86_64__ && defined __GNUC__ && !defined __clang__                         \
    && !defined __SANITIZE_ADDRESS__
#define SMEAR_WIDE __attribute__ ((target_clones ("avx2", "default")))
#else
#define SMEAR_WIDE
#endif
