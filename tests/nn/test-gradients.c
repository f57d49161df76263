/* Every layer's way back against central differences of its way forward. */
#include "base/random.h"
#include "nn/step.h"

#include "support/suite.h"
#include <math.h>

#define BATCH 3
#define CLASSES 4

/* Small networks in which each layer, folded and apart, stands behind another that has
 * parameters: their gradients pass through it. */
static void
conv_norm_pool (SmearNetwork *net)
{
  smear_add_conv (net, SMEAR_LAST, 5, 3, 3, 1, TRUE, TRUE);
  smear_add_relu (net, SMEAR_LAST);
  smear_add_norm (net, SMEAR_LAST);
  smear_add_max_pool (net, SMEAR_LAST, 2, 2, 0);
  smear_add_conv (net, SMEAR_LAST, 6, 3, 3, 1, TRUE, TRUE);
  smear_add_norm (net, SMEAR_LAST);
  smear_add_relu (net, SMEAR_LAST);
  smear_add_dense (net, SMEAR_LAST, 7);
  smear_add_relu (net, SMEAR_LAST);
}

static void
strided_and_dropout (SmearNetwork *net)
{
  smear_add_conv (net, SMEAR_LAST, 5, 5, 3, 2, TRUE, FALSE);
  smear_add_norm (net, SMEAR_LAST);
  smear_add_conv (net, SMEAR_LAST, 17, 3, 3, 2, FALSE, TRUE);
  smear_add_relu (net, SMEAR_LAST);
  smear_add_dropout (net, SMEAR_LAST, 0.4f);
  smear_add_global_pool (net, SMEAR_LAST);
}

static void
pools (SmearNetwork *net)
{
  smear_add_conv (net, SMEAR_LAST, 4, 3, 3, 1, TRUE, TRUE);
  gint at = smear_add_max_pool (net, SMEAR_LAST, 3, 2, 1);
  smear_add_average_pool (net, at, 3, 1, 1);
  smear_add_conv (net, SMEAR_LAST, 4, 1, 1, 1, TRUE, TRUE);
  smear_add_relu (net, SMEAR_LAST);
  smear_add_max_pool (net, SMEAR_LAST, 2, 2, 0);
}

static void
branches (SmearNetwork *net)
{
  gint stem = smear_add_conv (net, SMEAR_LAST, 6, 3, 3, 1, TRUE, TRUE);
  gint left = smear_add_conv (net, stem, 6, 1, 7, 1, TRUE, TRUE);
  gint sum = smear_add_sum (net, left, stem);
  gint right = smear_add_conv (net, sum, 3, 3, 1, 1, TRUE, FALSE);
  gint both[] = { sum, right, stem };

  smear_add_concat (net, both, 3);
  smear_add_norm (net, SMEAR_LAST);
  smear_add_relu (net, SMEAR_LAST);
  smear_add_global_pool (net, SMEAR_LAST);
}

static const struct
{
  const char *name;
  void (*build) (SmearNetwork *net);
  gboolean apart;
} cases[] = { { "conv, norm, pool folded", conv_norm_pool, FALSE },
              { "conv, norm, pool apart", conv_norm_pool, TRUE },
              { "strides, dropout", strided_and_dropout, FALSE },
              { "strides, dropout apart", strided_and_dropout, TRUE },
              { "pools folded", pools, FALSE },
              { "pools apart", pools, TRUE },
              { "branches", branches, FALSE } };

/* Training makes scales negative, which turns round what pooling lets through. */
static void
negate_scales (SmearNetwork *net)
{
  for (guint i = 0; i < net->layers->len; i++)
    {
      const SmearLayer *layer = smear_network_layer (net, i);
      if (layer->norm || layer->kind == SMEAR_LAYER_NORM)
        for (gint c = 0; c < layer->c; c += 2)
          smear_network_parameter (net, layer->gamma)->values[c] *= -1;
    }
}

static gdouble
loss (SmearStep *step, const gfloat *input, const gfloat *targets, gfloat *doutputs)
{
  gfloat scratch[BATCH * CLASSES], probabilities[BATCH * CLASSES];
  const gfloat *outputs = smear_step_forward (step, input, BATCH, 7);

  return smear_cross_entropy (outputs, targets, NULL, BATCH, CLASSES,
                              doutputs != NULL ? doutputs : scratch, probabilities);
}

/* Largest difference over all parameters, relative to the largest gradient of each. A
 * step that crosses a kink of ReLU or pooling is no derivative: then a smaller one
 * decides. */
static gdouble
worst (SmearNetwork *net, SmearIsa isa)
{
  g_autoptr (SmearPool) pool = smear_pool_new (2);
  g_autoptr (SmearStep) step = smear_step_new (net, BATCH, pool, smear_kernels_get (isa));
  SmearRandom random = smear_random (3);
  gsize n = BATCH * smear_layer_size (smear_network_layer (net, 0));
  gfloat *input = g_new (gfloat, n), targets[BATCH * CLASSES] = { 0 }, d[BATCH * CLASSES];
  gdouble worst = 0;

  for (gsize i = 0; i < n; i++)
    input[i] = smear_random_uniform (&random, -1, 1);
  for (gint i = 0; i < BATCH; i++)
    targets[i * CLASSES + i % CLASSES] = 1;
  loss (step, input, targets, d);
  smear_step_backward (step, d);
  for (guint i = 0; i < net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (net, i);
      gfloat top = 2e-2f; /* below, the loss's own rounding shows */
      if (!p->trained)
        continue;
      g_autofree gfloat *g = g_memdup2 (smear_step_gradient (step, i),
                                        p->n * sizeof (gfloat));
      for (gsize j = 0; j < p->n; j++)
        top = MAX (top, fabsf (g[j]));
      for (gsize j = 0; j < p->n; j += 1 + p->n / 12)
        {
          gdouble best = G_MAXDOUBLE;
          for (gfloat h = 1e-2f; h > 5e-5f; h /= 3)
            {
              gfloat keep = p->values[j];
              p->values[j] = keep + h;
              gdouble plus = loss (step, input, targets, NULL);
              p->values[j] = keep - h;
              gdouble minus = loss (step, input, targets, NULL);
              p->values[j] = keep;
              best = MIN (best, fabs ((plus - minus) / (2 * h) - g[j]) / top);
            }

          if (best > worst)
            worst = best;
        }
    }
  g_free (input);
  return worst;
}

START_TEST (test_central_differences)
{
  for (gint isa = 0; isa <= (gint)smear_cpu_best_isa (); isa++)
    {
      SmearNetwork *net = smear_network_new ("test", 11, 13, 3);
      if (cases[_i].apart)
        smear_network_keep_layers_apart (net);
      cases[_i].build (net);
      smear_add_dense (net, SMEAR_LAST, CLASSES);
      smear_network_initialise (net, 5);
      negate_scales (net);
      gdouble error = worst (net, isa);
      /* What is left is kinks of ReLU and pooling that every step crosses. */
      ck_assert_msg (error < 0.03, "%s on %s: off by %g of the largest gradient",
                     cases[_i].name, smear_isa_name (isa), error);
      smear_network_free (net);
    }
}
END_TEST

static void
run_once (gint threads, gboolean apart, gfloat dropout, SmearIsa isa, GArray *gradients)
{
  g_autoptr (SmearNetwork) net = smear_network_new ("test", 20, 18, 3);
  g_autoptr (SmearPool) pool = smear_pool_new (threads);
  gfloat targets[33 * CLASSES] = { 0 }, d[33 * CLASSES], probabilities[33 * CLASSES];
  gfloat *input = g_new (gfloat, 33 * 20 * 18 * 3);
  SmearRandom random = smear_random (8);

  if (apart)
    smear_network_keep_layers_apart (net);
  conv_norm_pool (net);
  if (dropout > 0)
    smear_add_dropout (net, SMEAR_LAST, dropout);
  smear_add_dense (net, SMEAR_LAST, CLASSES);
  smear_network_initialise (net, 9);
  negate_scales (net);
  g_autoptr (SmearStep) step = smear_step_new (net, 33, pool, smear_kernels_get (isa));
  for (gint i = 0; i < 33 * 20 * 18 * 3; i++)
    input[i] = smear_random_uniform (&random, 0, 1);
  for (gint i = 0; i < 33; i++)
    targets[i * CLASSES + i % CLASSES] = 1;
  const gfloat *outputs = smear_step_forward (step, input, 33, 1);
  smear_cross_entropy (outputs, targets, NULL, 33, CLASSES, d, probabilities);
  smear_step_backward (step, d);
  for (guint i = 0; i < net->parameters->len; i++)
    if (smear_network_parameter (net, i)->trained)
      g_array_append_vals (gradients, smear_step_gradient (step, i),
                           smear_network_parameter (net, i)->n);
  g_free (input);
}

START_TEST (test_threads_do_not_change_bits)
{
  g_autoptr (GArray) one = g_array_new (FALSE, FALSE, sizeof (gfloat));

  run_once (1, FALSE, 0.5f, smear_cpu_best_isa (), one);
  for (gint threads = 2; threads <= 3; threads++)
    {
      g_autoptr (GArray) more = g_array_new (FALSE, FALSE, sizeof (gfloat));
      run_once (threads, FALSE, 0.5f, smear_cpu_best_isa (), more);
      ck_assert_uint_eq (more->len, one->len);
      ck_assert_mem_eq (more->data, one->data, one->len * sizeof (gfloat));
    }
}
END_TEST

/* One answer to two questions: folded against apart, and fast kernels against plain C. */
static void
compare (gboolean apart, SmearIsa isa, gdouble tolerance)
{
  g_autoptr (GArray) a = g_array_new (FALSE, FALSE, sizeof (gfloat));
  g_autoptr (GArray) b = g_array_new (FALSE, FALSE, sizeof (gfloat));
  gdouble top = 0, error = 0;

  run_once (2, FALSE, 0, SMEAR_ISA_PORTABLE, a);
  run_once (2, apart, 0, isa, b);
  for (guint i = 0; i < a->len; i++)
    {
      gfloat x = g_array_index (a, gfloat, i), y = g_array_index (b, gfloat, i);
      top = MAX (top, fabs (x));
      error = MAX (error, fabs (x - y));
    }
  ck_assert_msg (error < tolerance * top, "%s, %s: %g of %g", smear_isa_name (isa),
                 apart ? "apart" : "folded", error, top);
}

START_TEST (test_folding_does_not_change_the_meaning)
{
  compare (TRUE, SMEAR_ISA_PORTABLE, 1e-4);
}
END_TEST

START_TEST (test_instruction_sets_agree)
{
  for (gint isa = 1; isa <= (gint)smear_cpu_best_isa (); isa++)
    compare (FALSE, isa, 1e-3);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("gradients");
  TCase *tcase = tcase_create ("gradients");

  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, test_central_differences, 0, G_N_ELEMENTS (cases));
  tcase_add_test (tcase, test_threads_do_not_change_bits);
  tcase_add_test (tcase, test_folding_does_not_change_the_meaning);
  tcase_add_test (tcase, test_instruction_sets_agree);
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
