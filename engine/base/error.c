#include <smearscope/error.h>

/* clang-format off: a quark is one word, not a subtraction. */
G_DEFINE_QUARK (smear - error - quark, smear_error)
