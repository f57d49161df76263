/* Running a network: the same bits however the work is shared out, and an explanation
 * that is a gradient. */
#include "base/random.h"
#include "nn/architectures.h"
#include "nn/workspace.h"
#include "support/suite.h"

#include <math.h>
#include <string.h>

#define CLASSES 4
#define MOST 33

static SmearNetwork *
network (const char *architecture, gint size, SmearIsa isa)
{
  g_autoptr (GError) error = NULL;
  SmearNetwork *net = smear_architecture_new (architecture, size, CLASSES, &error);
  SmearRandom random = smear_random (3);

  ck_assert_msg (net != NULL, "%s", error != NULL ? error->message : "");
  smear_network_initialise (net, 2);
  for (guint i = 0; i < net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (net, i);
      for (gsize j = 0; p->n_dims == 1 && j < p->n; j++)
        p->values[j] += smear_random_uniform (&random, -0.3, 0.3);
    }
  smear_network_prepare (net, smear_kernels_get (isa));
  return net;
}

static gfloat *
pictures (gint n, gint size)
{
  SmearRandom random = smear_random (4);
  gsize pixels = (gsize)n * size * size * 3;
  gfloat *input = g_new (gfloat, pixels);

  for (gsize i = 0; i < pixels; i++)
    input[i] = smear_random_uniform (&random, 0, 1);
  return input;
}

static const struct
{
  const char *architecture;
  gint size;
} nets[] = { { "published-cnn", 32 }, { "published-cnn", 45 }, { "cell", 32 } };

START_TEST (test_threads_and_batches_do_not_change_bits)
{
  gint size = nets[_i].size;
  g_autofree gfloat *input = pictures (MOST, size);
  gfloat one[MOST * CLASSES], more[MOST * CLASSES];

  for (gint isa = 0; isa <= (gint)smear_cpu_best_isa (); isa++)
    {
      g_autoptr (SmearNetwork) net = network (nets[_i].architecture, size, isa);
      g_autoptr (SmearWorkspace) alone = smear_workspace_new (net, 1);
      for (gint i = 0; i < MOST; i++)
        smear_workspace_run (alone, input + (gsize)i * size * size * 3, 1,
                             one + i * CLASSES);
      for (gint threads = 1; threads <= 3; threads++)
        {
          g_autoptr (SmearWorkspace) workspace = smear_workspace_new (net, threads);
          for (gint batch = 1; batch <= MOST; batch += 32)
            {
              smear_workspace_run (workspace, input, batch, more);
              ck_assert_mem_eq (more, one, batch * CLASSES * sizeof (gfloat));
            }
        }
    }
}
END_TEST

START_TEST (test_instruction_sets_agree)
{
  gint size = nets[_i].size;
  g_autofree gfloat *input = pictures (1, size);
  gfloat reference[CLASSES], out[CLASSES];

  for (gint isa = 0; isa <= (gint)smear_cpu_best_isa (); isa++)
    {
      g_autoptr (SmearNetwork) net = network (nets[_i].architecture, size, isa);
      g_autoptr (SmearWorkspace) workspace = smear_workspace_new (net, 2);
      smear_workspace_run (workspace, input, 1, isa == 0 ? reference : out);
      smear_softmax (isa == 0 ? reference : out, CLASSES);
      for (gint i = 0; isa > 0 && i < CLASSES; i++)
        ck_assert_float_eq_tol (out[i], reference[i], 1e-4f);
    }
}
END_TEST

/* Behind the last map of these networks are only its mean and one dense layer: the
 * weights are known, and the map times the weights is the output without its bias. Of
 * pictures as small as this the last two leave a map of a single place. */
static const struct
{
  const char *architecture;
  gint size, side;
} explained_nets[]
    = { { "cell", 32, 4 }, { "resnet50", 32, 1 }, { "inception-v3", 80, 1 } };

START_TEST (test_explanation_is_a_gradient)
{
  gint size = explained_nets[_i].size;
  g_autoptr (SmearNetwork) net = network (explained_nets[_i].architecture, size,
                                          SMEAR_ISA_PORTABLE);
  g_autoptr (SmearWorkspace) workspace = smear_workspace_new (net, 2);
  g_autofree gfloat *input = pictures (1, size);
  gint index, h, w, c;

  smear_network_explained (net, &index, &h, &w, &c);
  ck_assert_int_eq (h, explained_nets[_i].side);
  ck_assert_int_eq (w, explained_nets[_i].side);
  g_autofree gfloat *weights = g_new (gfloat, c);
  gfloat explained[CLASSES], out[CLASSES];
  for (gint target = 0; target < CLASSES; target++)
    {
      const gfloat *map = smear_workspace_explain (workspace, input, explained, target,
                                                   weights);
      const SmearParameter *dense = smear_network_parameter (net,
                                                             net->parameters->len - 2);
      ck_assert_int_eq (dense->n_dims, 2);
      smear_workspace_run (workspace, input, 1, out);
      ck_assert_mem_eq (explained, out, sizeof out);
      for (gint i = 0; i < c; i++)
        ck_assert_float_eq_tol (weights[i] * h * w, dense->values[i * CLASSES + target],
                                1e-5f);
      gdouble sum = 0;
      for (gint p = 0; p < h * w * c; p++)
        sum += (gdouble)map[p] * weights[p % c];
      const SmearParameter *bias = smear_network_parameter (net,
                                                            net->parameters->len - 1);
      ck_assert_float_eq_tol (sum + bias->values[target], out[target],
                              1e-4f * (1 + fabsf (out[target])));
    }
}
END_TEST

/* The published CNN is explained at its last convolution, before normalisation and
 * pooling. Where nothing is clipped, one more on a channel's bias is one more on its
 * whole map, and the output must change as the weights say. */
START_TEST (test_explanation_before_pooling)
{
  g_autoptr (SmearNetwork) net = network ("published-cnn", 32, SMEAR_ISA_PORTABLE);
  g_autoptr (SmearWorkspace) workspace = smear_workspace_new (net, 1);
  g_autofree gfloat *input = pictures (1, 32);
  const SmearLayer *layer;
  gfloat *bias, before[CLASSES], after[CLASSES];
  gint index, h, w, c;

  smear_network_explained (net, &index, &h, &w, &c);
  layer = smear_network_layer (net, index);
  ck_assert (layer->norm && layer->pool && h == layer->shape.out_h
             && w == layer->shape.out_w);
  g_autofree gfloat *weights = g_new (gfloat, c), *rest = g_new (gfloat, c);
  bias = smear_network_parameter (net, layer->bias)->values;
  for (gint i = 0; i < c; i++)
    bias[i] = 40; /* every pixel above zero */
  smear_network_prepare (net, smear_kernels_get (SMEAR_ISA_PORTABLE));
  smear_workspace_explain (workspace, input, before, 1, weights);
  for (gint i = 0; i < c; i += 9)
    {
      bias[i] += 0.01f;
      smear_network_prepare (net, smear_kernels_get (SMEAR_ISA_PORTABLE));
      smear_workspace_explain (workspace, input, after, 1, rest);
      bias[i] -= 0.01f;
      ck_assert_float_eq_tol ((after[1] - before[1]) / 0.01f, weights[i] * h * w,
                              0.004f + 0.02f * fabsf (weights[i]) * h * w);
    }
}
END_TEST

gint
main (void)
{
  Suite *suite = suite_create ("workspace");
  TCase *tcase = tcase_create ("workspace");

  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, test_threads_and_batches_do_not_change_bits, 0,
                       G_N_ELEMENTS (nets));
  tcase_add_loop_test (tcase, test_instruction_sets_agree, 0, G_N_ELEMENTS (nets));
  tcase_add_loop_test (tcase, test_explanation_is_a_gradient, 0,
                       G_N_ELEMENTS (explained_nets));
  tcase_add_test (tcase, test_explanation_before_pooling);
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
