/* The rivals are their papers' networks: as many parameters and multiply-adds with the
 * thousand classes and the input size they were published with. */
#include "nn/architectures.h"
#include "support/suite.h"

#include <string.h>

static SmearNetwork *
network (const char *name, gint size, gint classes)
{
  g_autoptr (GError) error = NULL;
  SmearNetwork *net = smear_architecture_new (name, size, classes, &error);

  ck_assert_no_error (error);
  return net;
}

/* Simonyan and Zisserman, configuration D: “138 million”. By hand: the convolutions' sum
 * over layers of (9 in + 1) out is 14,714,688; the dense layers 25088 x 4096 + 4096, 4096
 * x 4096 + 4096 and 4096 x 1000 + 1000. */
START_TEST (test_vgg16)
{
  g_autoptr (SmearNetwork) net = network ("vgg16", 224, 1000);

  ck_assert_int_eq (smear_network_n_parameters (net), 138357544);
  ck_assert_double_eq_tol (smear_network_multiply_adds (net) / 1e9, 15.47, 0.01);
}
END_TEST

/* He et al., table 1: 50 layers, 3.8 billion with the stride on the 1x1 convolution; on
 * the 3x3, as torchvision has it and counts 25,557,032 parameters, 4.09 billion. */
START_TEST (test_resnet50)
{
  g_autoptr (SmearNetwork) net = network ("resnet50", 224, 1000);

  ck_assert_int_eq (smear_network_n_parameters (net), 25557032);
  ck_assert_double_eq_tol (smear_network_multiply_adds (net) / 1e9, 4.09, 0.01);
}
END_TEST

/* torchvision's without the auxiliary classifier's 3,326,696: 27,161,264 less that. */
START_TEST (test_inception_v3)
{
  g_autoptr (SmearNetwork) net = network ("inception-v3", 299, 1000);

  ck_assert_int_eq (smear_network_n_parameters (net), 27161264 - 3326696);
  ck_assert_double_eq_tol (smear_network_multiply_adds (net) / 1e9, 5.71, 0.02);
}
END_TEST

/* 3-32-64-128 filters of 3x3 with biases, scale and shift of each normalisation, dense
 * 128 and 4 after the global mean. */
START_TEST (test_published_cnn)
{
  g_autoptr (SmearNetwork) net = network ("published-cnn", 224, 4);

  ck_assert_int_eq (smear_network_n_parameters (net),
                    (27 + 1) * 32 + (288 + 1) * 64 + (576 + 1) * 128 + 2 * (32 + 64 + 128)
                        + (128 + 1) * 128 + (128 + 1) * 4);
}
END_TEST

START_TEST (test_every_name_is_an_architecture)
{
  const char *const *names = smear_architecture_names ();

  ck_assert_ptr_nonnull (names[0]);
  for (gint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (SmearNetwork) net = network (names[i], 96, 4);
      ck_assert_int_eq (smear_network_n_outputs (net), 4);
      ck_assert_str_eq (net->architecture, names[i]);
    }
}
END_TEST

START_TEST (test_too_small_an_input_is_refused)
{
  static const struct
  {
    const char *name;
    gint size;
  } too_small[] = { { "inception-v3", 74 }, { "vgg16", 31 } };

  for (guint i = 0; i < G_N_ELEMENTS (too_small); i++)
    {
      g_autoptr (GError) error = NULL;
      ck_assert_ptr_null (
          smear_architecture_new (too_small[i].name, too_small[i].size, 4, &error));
      ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, too_small[i].name);
    }
  g_autoptr (SmearNetwork) net = network ("inception-v3", 75, 4);
  ck_assert_int_gt (smear_network_n_parameters (net), 0);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("architectures");
  TCase *tests = tcase_create ("counts");

  tcase_add_test (tests, test_vgg16);
  tcase_add_test (tests, test_resnet50);
  tcase_add_test (tests, test_inception_v3);
  tcase_add_test (tests, test_published_cnn);
  tcase_add_test (tests, test_every_name_is_an_architecture);
  tcase_add_test (tests, test_too_small_an_input_is_refused);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
