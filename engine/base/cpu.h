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
