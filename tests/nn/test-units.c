/* What stands behind a convolution in training - normalise, clip, pool - and the
 * optimiser, of each instruction set against plain loops in 64 bits. */
#include "base/random.h"
#include "nn/network.h"
#include "support/suite.h"

#include <math.h>
#include <string.h>

static const struct
{
  gint h, w, c;
} sizes[] = { { 1, 1, 1 },  { 2, 2, 1 },  { 4, 6, 16 }, { 5, 4, 3 },
              { 4, 7, 33 }, { 7, 9, 17 }, { 3, 3, 64 }, { 1, 8, 5 } };

/* One image behind a convolution: x, the gradient of the output, and what is expected. */
typedef struct
{
  SmearUnit u;
  gint out_h, out_w;
  gfloat *x, *dout, *factors;
} Unit;

static Unit
unit_new (gint h, gint w, gint c, gint flags)
{
  SmearRandom random = smear_random (h * 100 + w * 10 + c);
  gint pool = flags >> 2 & 1;
  Unit t = { .out_h = pool ? h / 2 : h, .out_w = pool ? w / 2 : w };
  gsize n = (gsize)h * w * c, n_out = (gsize)t.out_h * t.out_w * c;

  t.x = g_new (gfloat, n);
  t.dout = g_new (gfloat, MAX (n_out, 1));
  t.factors = g_new (gfloat, 4 * c);
  /* Quarters, clipped at nothing where a convolution would have: windows have ties. */
  for (gsize i = 0; i < n; i++)
    t.x[i] = floor (smear_random_uniform (&random, -2, 4)) / 4;
  for (gsize i = 0; flags & 1 && i < n; i++)
    t.x[i] = MAX (t.x[i], 0);
  for (gsize i = 0; i < n_out; i++)
    t.dout[i] = smear_random_uniform (&random, -1, 1);
  for (gint i = 0; i < 4 * c; i++)
    t.factors[i] = smear_random_uniform (&random, -1, 1);
  t.u = (SmearUnit){ h,
                     w,
                     c,
                     flags & 1,
                     flags >> 1 & 1,
                     pool,
                     t.factors,
                     t.factors + c,
                     t.factors + 2 * c,
                     t.factors + 3 * c };
  return t;
}

static void
unit_clear (Unit *t)
{
  g_free (t->x);
  g_free (t->dout);
  g_free (t->factors);
}

/* In 32 bits, as the kernels: which of two nearly equal values is the larger hangs on it.
 */
static gfloat
normalised (const Unit *t, gsize at)
{
  gint i = at % t->u.c;

  return t->x[at] * t->u.scale[i] + t->u.shift[i];
}

/* Index into x of the value that becomes the output at @y, @x, @channel: the first
 * largest of its window. */
static gsize
winner (const Unit *t, gint y, gint x, gint channel)
{
  gint step = t->u.pool ? 2 : 1;
  gsize best = 0;

  for (gint j = 0; j < step * step; j++)
    {
      gsize at = ((gsize)(y * step + j / step) * t->u.w + x * step + j % step) * t->u.c
                 + channel;
      if (j == 0 || normalised (t, at) > normalised (t, best))
        best = at;
    }
  return best;
}

static gsize
output_index (const Unit *t, gint y, gint x, gint channel)
{
  return ((gsize)y * t->out_w + x) * t->u.c + channel;
}

/* The gradient of each normalised value. */
static gdouble *
gradient_of_normalised (const Unit *t)
{
  gdouble *dy = g_new0 (gdouble, (gsize)t->u.h * t->u.w * t->u.c);

  for (gint y = 0; y < t->out_h; y++)
    for (gint x = 0; x < t->out_w; x++)
      for (gint i = 0; i < t->u.c; i++)
        {
          gsize at = winner (t, y, x, i);
          if (!t->u.relu_after || normalised (t, at) > 0)
            dy[at] = t->dout[output_index (t, y, x, i)];
        }
  return dy;
}

static void
check_close (const char *what, SmearIsa isa, gdouble ours, gdouble expected, gdouble size)
{
  ck_assert_msg (fabs (ours - expected) <= 2e-6 * (1 + size), "%s on %s: %.9g, not %.9g",
                 what, smear_isa_name (isa), ours, expected);
}

static void
check_forward (const Unit *t, SmearIsa isa)
{
  gsize n = (gsize)t->out_h * t->out_w * t->u.c;
  g_autofree gfloat *out = g_malloc (MAX (n, 1) * sizeof (gfloat));

  smear_kernels_get (isa)->unit_forward (&t->u, t->x, out);
  for (gint y = 0; y < t->out_h; y++)
    for (gint x = 0; x < t->out_w; x++)
      for (gint i = 0; i < t->u.c; i++)
        {
          gdouble v = normalised (t, winner (t, y, x, i));
          check_close ("output", isa, out[output_index (t, y, x, i)],
                       t->u.relu_after ? MAX (v, 0) : v, 0);
        }
}

static void
check_gradient_sums (const Unit *t, SmearIsa isa, const gdouble *dy)
{
  gint c = t->u.c;
  g_autofree gdouble *sums = g_new (gdouble, 2 * c), *expected = g_new0 (gdouble, 2 * c);

  smear_kernels_get (isa)->unit_sums (&t->u, t->x, t->dout, sums);
  for (gsize i = 0; i < (gsize)t->u.h * t->u.w * c; i++)
    {
      expected[i % c] += dy[i];
      expected[c + i % c] += dy[i] * t->x[i];
    }
  for (gint i = 0; i < 2 * c; i++)
    check_close ("sum of gradients", isa, sums[i], expected[i], t->u.h * t->u.w);
}

static void
check_backward (const Unit *t, SmearIsa isa, const gdouble *dy)
{
  gsize n = (gsize)t->u.h * t->u.w * t->u.c;
  g_autofree gfloat *dx = g_malloc (n * sizeof (gfloat));
  g_autofree gfloat *sums = g_new (gfloat, t->u.c);
  g_autofree gdouble *expected = g_new (gdouble, t->u.c);

  for (gint i = 0; i < t->u.c; i++)
    expected[i] = sums[i] = i; /* added to what is there */
  smear_kernels_get (isa)->unit_backward (&t->u, t->x, t->dout, dx, sums);
  for (gsize at = 0; at < n; at++)
    {
      gint i = at % t->u.c;
      gdouble d = t->u.scale[i] * dy[at] + t->u.slope[i] * t->x[at] + t->u.offset[i];
      d = t->u.relu && t->x[at] <= 0 ? 0 : d;
      check_close ("gradient", isa, dx[at], d, 0);
      expected[i] += d;
    }
  for (gint i = 0; i < t->u.c; i++)
    check_close ("sum of the gradient", isa, sums[i], expected[i], n);
}

START_TEST (test_unit)
{
  for (gint flags = 0; flags < 8; flags++)
    {
      Unit t = unit_new (sizes[_i].h, sizes[_i].w, sizes[_i].c, flags);
      g_autofree gdouble *dy = gradient_of_normalised (&t);
      for (gint isa = 0; isa <= (gint)smear_cpu_best_isa (); isa++)
        {
          if (!t.u.pool) /* they stand behind it */
            {
              check_forward (&t, isa);
              check_gradient_sums (&t, isa, dy);
            }
          check_backward (&t, isa, dy);
        }
      unit_clear (&t);
    }
}
END_TEST

/* Five steps; 37 numbers are no multiple of any vector. */
static void
check_adam (SmearIsa isa, gfloat decay)
{
  enum
  {
    N = 37
  };
  SmearRandom random = smear_random (11);
  gfloat values[N], gradient[N], first[N] = { 0 }, second[N] = { 0 };
  gdouble v[N], m[N] = { 0 }, s[N] = { 0 };

  for (gint i = 0; i < N; i++)
    v[i] = values[i] = smear_random_uniform (&random, -1, 1);
  for (gint step = 1; step <= 5; step++)
    {
      SmearAdam a = { 1e-2f,
                      0.9f,
                      0.999f,
                      1e-7f,
                      decay,
                      1 / (1 - pow (0.9, step)),
                      1 / (1 - pow (0.999, step)) };
      for (gint i = 0; i < N; i++)
        gradient[i] = i == 0 ? 0 : smear_random_uniform (&random, -1, 1);
      smear_kernels_get (isa)->adam (&a, values, gradient, first, second, N);
      for (gint i = 0; i < N; i++)
        {
          m[i] = 0.9 * m[i] + 0.1 * gradient[i];
          s[i] = 0.999 * s[i] + 0.001 * gradient[i] * gradient[i];
          v[i] -= 0.01
                  * (m[i] / (1 - pow (0.9, step))
                         / (sqrt (s[i] / (1 - pow (0.999, step))) + 1e-7)
                     + decay * v[i]);
          check_close ("value", isa, values[i], v[i], 0);
        }
    }
}

START_TEST (test_adam)
{
  for (gint isa = 0; isa <= (gint)smear_cpu_best_isa (); isa++)
    {
      check_adam (isa, 0);
      check_adam (isa, 0.1f);
    }
}
END_TEST

gint
main (void)
{
  Suite *suite = suite_create ("units");
  TCase *tcase = tcase_create ("units");

  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, test_unit, 0, G_N_ELEMENTS (sizes));
  tcase_add_test (tcase, test_adam);
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
