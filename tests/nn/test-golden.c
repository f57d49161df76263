/* Ten steps of training against PyTorch's, see golden.py: logits, loss, every gradient,
 * running statistics and the parameters in the end. */
#include "nn/safetensors.h"
#include "nn/step.h"
#include "support/suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 10
#define BATCH 5
#define HEIGHT 26
#define WIDTH 22
#define CLASSES 4

/* Differences are told as a share of the largest value of the same tensor; a step's is
 * the worst of its logits, loss, gradients and running statistics.
 *
 * The reference computes in 64 bits. In 32 a sum rounds by 6e-8, and ten steps make about
 * 1e-5 of it. AMX keeps 16 bits of each factor, 250 times the rounding: 1e-3 at most
 * steps. But where a value lies that close to the kink of a ReLU, or to its neighbour in
 * a pooling window, it falls on the other side, and in so small a network the gradients
 * of one pixel are a tenth of a filter's: now and then a step is off by that.
 *
 * Adam divides a gradient by its own size: a parameter whose gradient is near nothing may
 * go another way, at most the rate each step. So the parameters in the end are held to a
 * share of the whole way that they could go in ten steps. */
typedef struct
{
  SmearIsa isa;
  gdouble median_step, worst_step, of_the_way;
} Limits;

static const Limits limits[] = { { SMEAR_ISA_PORTABLE, 2e-5, 1e-4, 1e-2 },
                                 { SMEAR_ISA_AVX2, 2e-5, 1e-4, 1e-2 },
                                 { SMEAR_ISA_AVX512, 2e-5, 1e-4, 1e-2 },
                                 { SMEAR_ISA_AMX, 1e-3, 0.25, 0.15 } };
#define WAY (STEPS * 1e-3)

static SmearTensors *golden;

static void
open_golden (void)
{
  g_autoptr (GError) error = NULL;

  golden = smear_tensors_open ("tests/nn/golden.safetensors", &error);
  ck_assert_msg (golden != NULL, "%s", error != NULL ? error->message : "");
}

static void
close_golden (void)
{
  smear_tensors_free (golden);
}

static const SmearTensor *
find (const char *kind, const char *name, gint step)
{
  g_autofree char *whole = step < 0 ? g_strdup_printf ("%s.%s", kind, name)
                                    : g_strdup_printf ("%s.%s.%d", kind, name, step);
  const SmearTensor *tensor = smear_tensors_find (golden, whole);

  ck_assert_msg (tensor != NULL, "%s is not in the golden file", whole);
  return tensor;
}

static const gfloat *
numbered (const char *kind, gint step, gsize n)
{
  g_autofree char *name = g_strdup_printf ("%d", step);
  const SmearTensor *tensor = find (kind, name, -1);

  ck_assert_uint_eq (tensor->n, n);
  return tensor->values;
}

/* Largest difference as a share of the largest value. */
static gdouble
difference (const gfloat *ours, const gfloat *theirs, gsize n)
{
  gdouble top = 0, worst = 0;

  for (gsize i = 0; i < n; i++)
    {
      ck_assert (isfinite (ours[i]));
      top = MAX (top, fabs (theirs[i]));
      worst = MAX (worst, fabs ((gdouble)ours[i] - theirs[i]));
    }
  ck_assert (top > 0);
  return worst / top;
}

static SmearNetwork *
small_published_cnn (gboolean apart)
{
  SmearNetwork *net = smear_network_new ("golden", HEIGHT, WIDTH, 3);

  if (apart)
    smear_network_keep_layers_apart (net);
  for (gint filters = 4; filters <= 16; filters *= 2)
    {
      smear_add_conv (net, SMEAR_LAST, filters, 3, 3, 1, TRUE, TRUE);
      smear_add_relu (net, SMEAR_LAST);
      smear_add_norm (net, SMEAR_LAST);
      smear_add_max_pool (net, SMEAR_LAST, 2, 2, 0);
    }
  smear_add_global_pool (net, SMEAR_LAST);
  smear_add_dense (net, SMEAR_LAST, 12);
  smear_add_relu (net, SMEAR_LAST);
  smear_add_dense (net, SMEAR_LAST, CLASSES);
  smear_network_initialise (net, 1);
  return net;
}

/* The name of each parameter in the file: there layers are counted as when folded. */
static char **
golden_names (SmearNetwork *net)
{
  g_autoptr (SmearNetwork) folded = small_published_cnn (FALSE);
  char **names = g_new0 (char *, net->parameters->len + 1);

  ck_assert_uint_eq (net->parameters->len, folded->parameters->len);
  for (guint i = 0; i < net->parameters->len; i++)
    names[i] = g_strdup (smear_network_parameter (folded, i)->name);
  return names;
}

typedef struct
{
  SmearNetwork *net;
  SmearStep *step;
  const SmearKernels *kernels;
  char **names;
  gfloat **first, **second; /* Adam's moments, by parameter */
} Replay;

static void
begin_as_golden (Replay *r)
{
  for (guint i = 0; i < r->net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (r->net, i);
      r->first[i] = g_new0 (gfloat, p->n);
      r->second[i] = g_new0 (gfloat, p->n);
      if (!p->trained)
        continue;
      const SmearTensor *tensor = find ("initial", r->names[i], -1);
      ck_assert_uint_eq (tensor->n, p->n);
      memcpy (p->values, tensor->values, p->n * sizeof (gfloat));
    }
}

static gdouble
worst_parameter (Replay *r, gint k)
{
  gdouble worst = 0;

  for (guint i = 0; i < r->net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (r->net, i);
      const SmearTensor *tensor = find (p->trained ? "gradient" : "running", r->names[i],
                                        k);
      const gfloat *ours = p->trained ? smear_step_gradient (r->step, i) : p->values;
      ck_assert_uint_eq (tensor->n, p->n);
      worst = MAX (worst, difference (ours, tensor->values, p->n));
    }
  return worst;
}

/* Returns how far off the step is. */
static gdouble
one_step (Replay *r, gint k)
{
  const gfloat *input = numbered ("input", k % 2, BATCH * HEIGHT * WIDTH * 3);
  const gfloat *targets = numbered ("target", k % 2, BATCH * CLASSES);
  gfloat d[BATCH * CLASSES], probabilities[BATCH * CLASSES];

  const gfloat *outputs = smear_step_forward (r->step, input, BATCH, 0);
  gfloat loss = smear_cross_entropy (outputs, targets, NULL, BATCH, CLASSES, d,
                                     probabilities);
  gdouble worst = difference (&loss, numbered ("loss", k, 1), 1);
  worst = MAX (worst, difference (outputs, numbered ("logits", k, BATCH * CLASSES),
                                  BATCH * CLASSES));
  smear_step_backward (r->step, d);
  worst = MAX (worst, worst_parameter (r, k));

  SmearAdam adam = { 1e-3f,
                     0.9f,
                     0.999f,
                     1e-7f,
                     0,
                     1 / (1 - pow (0.9, k + 1)),
                     1 / (1 - pow (0.999, k + 1)) };
  for (guint i = 0; i < r->net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (r->net, i);
      if (p->trained)
        r->kernels->adam (&adam, p->values, smear_step_gradient (r->step, i), r->first[i],
                          r->second[i], p->n);
    }
  return worst;
}

static int
by_size (const void *a, const void *b)
{
  gdouble x = *(const gdouble *)a, y = *(const gdouble *)b;

  return (x > y) - (x < y);
}

static void
check_end (const Replay *r, gdouble of_the_way)
{
  for (guint i = 0; i < r->net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (r->net, i);
      if (!p->trained)
        continue;
      const gfloat *theirs = find ("final", r->names[i], -1)->values;
      for (gsize j = 0; j < p->n; j++)
        ck_assert_msg (fabs (p->values[j] - theirs[j]) <= of_the_way * WAY,
                       "%s in the end: %g, not %g", p->name, p->values[j], theirs[j]);
    }
}

static void
replay (const Limits *l, gboolean apart, gint threads)
{
  g_autoptr (SmearNetwork) net = small_published_cnn (apart);
  g_autoptr (SmearPool) pool = smear_pool_new (threads);
  const SmearKernels *kernels = smear_kernels_get (l->isa);
  g_autoptr (SmearStep) step = smear_step_new (net, BATCH, pool, kernels);
  g_auto (GStrv) names = golden_names (net);
  guint n = net->parameters->len;
  Replay r = { net, step, kernels, names, g_new0 (gfloat *, n), g_new0 (gfloat *, n) };
  gdouble off[STEPS];

  begin_as_golden (&r);
  for (gint k = 0; k < STEPS; k++)
    off[k] = one_step (&r, k);
  qsort (off, STEPS, sizeof *off, by_size);
  ck_assert_msg (off[STEPS / 2] <= l->median_step && off[STEPS - 1] <= l->worst_step,
                 "on %s steps are off by %g in the median, %g at worst",
                 smear_isa_name (l->isa), off[STEPS / 2], off[STEPS - 1]);
  check_end (&r, l->of_the_way);
  for (guint i = 0; i < n; i++)
    {
      g_free (r.first[i]);
      g_free (r.second[i]);
    }
  g_free (r.first);
  g_free (r.second);
}

START_TEST (test_every_instruction_set)
{
  if (limits[_i].isa <= smear_cpu_best_isa ())
    replay (&limits[_i], FALSE, 2);
}
END_TEST

START_TEST (test_layers_apart) { replay (&limits[0], TRUE, 1); }
END_TEST

gint
main (void)
{
  Suite *suite = suite_create ("golden");
  TCase *tcase = tcase_create ("golden");

  tcase_set_timeout (tcase, 120);
  tcase_add_checked_fixture (tcase, open_golden, close_golden);
  tcase_add_loop_test (tcase, test_every_instruction_set, 0, G_N_ELEMENTS (limits));
  tcase_add_test (tcase, test_layers_apart);
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
