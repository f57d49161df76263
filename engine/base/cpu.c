#include "base/cpu.h"

#include <sched.h>
#include <unistd.h>
#include <sys/syscall.h>

static const char *const isa_names[] = { "portable", "avx2", "avx512", "amx" };

const char *
smear_isa_name (SmearIsa isa)
{
  return isa_names[isa];
}

#if defined(__x86_64__)
#include <cpuid.h>

/* The kernel hands out the 8 KiB of tile registers only to processes that ask. */
static gboolean
ask_for_tiles (void)
{
  const long request_permission = 0x1023, tile_data = 18;
  return syscall (SYS_arch_prctl, request_permission, tile_data) == 0;
}

static SmearIsa
detect (void)
{
  guint a, b, c, d;

  if (!__builtin_cpu_supports ("avx2") || !__builtin_cpu_supports ("fma"))
    return SMEAR_ISA_PORTABLE;
  if (!__builtin_cpu_supports ("avx512f") || !__builtin_cpu_supports ("avx512bw")
      || !__builtin_cpu_supports ("avx512vl") || !__builtin_cpu_supports ("avx512dq"))
    return SMEAR_ISA_AVX2;
  if (!__get_cpuid_count (7, 0, &a, &b, &c, &d))
    return SMEAR_ISA_AVX512;
  gboolean tiles = (d >> 24 & 1) && (d >> 22 & 1);
  gboolean bf16 = __get_cpuid_count (7, 1, &a, &b, &c, &d) && (a >> 5 & 1);
  return tiles && bf16 && ask_for_tiles () ? SMEAR_ISA_AMX : SMEAR_ISA_AVX512;
}
#else
static SmearIsa
detect (void)
{
  return SMEAR_ISA_PORTABLE;
}
#endif

SmearIsa
smear_cpu_best_isa (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, 1 + (gsize)detect ());
  return (SmearIsa)(once - 1);
}

SmearIsa
smear_cpu_isa (void)
{
  SmearIsa best = smear_cpu_best_isa ();
  const char *wish = g_getenv ("SMEARSCOPE_ISA");

  for (gint i = 0; wish != NULL && i < SMEAR_N_ISAS; i++)
    if (g_ascii_strcasecmp (wish, isa_names[i]) == 0)
      return MIN ((SmearIsa)i, best);
  return best;
}

gint
smear_cpu_count (void)
{
  cpu_set_t set;

  if (sched_getaffinity (0, sizeof set, &set) == 0)
    return CPU_COUNT (&set);
  return (gint)g_get_num_processors ();
}
