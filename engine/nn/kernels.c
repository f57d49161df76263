#include "nn/kernels.h"

extern const SmearKernels smear_kernels_portable;
#if defined(__x86_64__)
extern const SmearKernels smear_kernels_avx2, smear_kernels_avx512, smear_kernels_amx;
#endif

const SmearKernels *
smear_kernels_get (SmearIsa isa)
{
  switch (MIN (isa, smear_cpu_best_isa ()))
    {
#if defined(__x86_64__)
    case SMEAR_ISA_AMX:
      return &smear_kernels_amx;
    case SMEAR_ISA_AVX512:
      return &smear_kernels_avx512;
    case SMEAR_ISA_AVX2:
      return &smear_kernels_avx2;
#endif
    default:
      return &smear_kernels_portable;
    }
}
