/* The reference: plain C that any compiler vectorises as far as the baseline allows. */
#include "nn/kernels.h"

typedef gfloat vec __attribute__ ((vector_size (16), aligned (4), may_alias));
#define LANES 4
#define MR 4
#define EACH_ROWS(c) c (1) c (2) c (3) c (4)
#define V_ZERO ((vec){ 0 })
#define V_LOAD(p) (*(const vec *)(p))
#define V_STORE(p, v) (*(vec *)(p) = (v))
#define V_SET(x) ((vec){ (x), (x), (x), (x) })
#define V_FMA(a, b, c) ((a) * (b) + (c))

#include "nn/kernels-fp32.h"

const SmearKernels smear_kernels_portable
    = { SMEAR_ISA_PORTABLE, weights_size,    pack_weights, conv_scratch,
        conv_rows,          conv_dw_scratch, conv_dw,      unit_forward,
        unit_sums,          unit_backward,   adam };
