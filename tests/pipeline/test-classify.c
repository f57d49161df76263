/* Image in, finding out: regions, threads, refusals, and what the heat map may show. */
#include "nn/architectures.h"
#include "pipeline/model-file.h"
#include "pipeline/preprocess.h"
#include "support/folder.h"
#include "support/suite.h"

#include <math.h>
#include <smearscope/smearscope.h>

static char *folder;

/* A model with random weights: what is tested here does not depend on their worth. */
static SmearModel *
model_new (const char *architecture, gint size, const char *threshold)
{
  g_autoptr (SmearNetwork) net = smear_architecture_new (architecture, size,
                                                         SMEAR_N_CLASSES, NULL);
  g_autoptr (GHashTable) metadata = g_hash_table_new_full (g_str_hash, g_str_equal,
                                                           g_free, g_free);
  g_autofree char *path = g_strdup_printf ("%s/%s.safetensors", folder, architecture);
  g_autoptr (GError) error = NULL;

  smear_network_initialise (net, 2);
  g_hash_table_insert (metadata, g_strdup ("name"), g_strdup (architecture));
  g_hash_table_insert (metadata, g_strdup ("threshold"), g_strdup (threshold));
  ck_assert (smear_model_write (path, net, metadata, &error));
  SmearModel *model = smear_model_load (path, &error);
  ck_assert_no_error (error);
  return model;
}

static SmearModel *
cell_model (void)
{
  return model_new ("cell", 48, "0");
}

static SmearImage *
field (SmearClass klass)
{
  SmearSynthesis what = { 800, 600, 0.16, klass, 4, TRUE };

  return smear_synthesise (&what, NULL, NULL);
}

static SmearFinding *
classify (SmearModel *model, SmearImage *image, const SmearRegion *region, gint threads)
{
  SmearClassifyOptions options = { SMEAR_CLASS_NONE, TRUE, threads };
  g_autoptr (GError) error = NULL;
  SmearFinding *finding = smear_classify (model, image, region, &options, NULL, NULL,
                                          NULL, &error);

  ck_assert_no_error (error);
  return finding;
}

static void
same (const SmearFinding *a, const SmearFinding *b)
{
  ck_assert_mem_eq (a->probabilities, b->probabilities, sizeof a->probabilities);
  ck_assert_int_eq (a->map->width * a->map->height, b->map->width * b->map->height);
  ck_assert_mem_eq (a->map->values, b->map->values,
                    a->map->width * a->map->height * sizeof (gfloat));
  ck_assert (a->cells == NULL || a->cells->len == b->cells->len);
}

START_TEST (test_a_region_is_judged_as_if_cut_out)
{
  g_autoptr (SmearModel) model = _i ? cell_model ()
                                    : model_new ("published-cnn", 224, "0");
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_PRE);
  SmearRegion region = { 131, 77, 420, 390 };
  g_autoptr (SmearImage) cut = smear_image_crop (image, &region);
  g_autoptr (SmearFinding) inside = classify (model, image, &region, 0);
  g_autoptr (SmearFinding) alone = classify (model, cut, NULL, 0);

  same (inside, alone);
  ck_assert_int_eq (inside->region.x, 131);
  for (guint i = 0; inside->cells != NULL && i < inside->cells->len; i++)
    {
      ck_assert_int_eq (g_array_index (inside->cells, SmearCell, i).box.x,
                        g_array_index (alone->cells, SmearCell, i).box.x + 131);
      ck_assert_int_eq (g_array_index (inside->cells, SmearCell, i).box.y,
                        g_array_index (alone->cells, SmearCell, i).box.y + 77);
    }
}
END_TEST

START_TEST (test_threads_do_not_change_bits)
{
  g_autoptr (SmearModel) model = _i ? cell_model ()
                                    : model_new ("published-cnn", 224, "0");
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_EARLY);
  g_autoptr (SmearFinding) one = classify (model, image, NULL, 1);
  g_autoptr (SmearFinding) three = classify (model, image, NULL, 3);

  same (one, three);
}
END_TEST

START_TEST (test_probabilities_add_up)
{
  g_autoptr (SmearModel) model = cell_model ();
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_PRO);
  g_autoptr (SmearFinding) f = classify (model, image, NULL, 0);
  gfloat sum = 0;

  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    sum += f->probabilities[c];
  ck_assert_float_eq_tol (sum, 1, 1e-5);
  ck_assert_float_eq (f->confidence, f->probabilities[f->klass]);
  ck_assert_float_eq_tol (f->malignant, 1 - f->probabilities[SMEAR_CLASS_BENIGN], 1e-5);
  ck_assert_uint_gt (f->cells->len, 0);
  ck_assert_str_eq (f->model_name, "cell");
  ck_assert_uint_eq (strlen (f->model_hash), 64);
}
END_TEST

START_TEST (test_a_threshold_makes_it_uncertain)
{
  g_autoptr (SmearModel) model = model_new ("cell", 48, "0.9999");
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_PRO);
  g_autoptr (SmearFinding) f = classify (model, image, NULL, 0);

  ck_assert_int_eq (f->verdict, SMEAR_VERDICT_UNCERTAIN);
  ck_assert_int_ne (f->klass, SMEAR_CLASS_NONE);
}
END_TEST

START_TEST (test_the_cells_map_is_dark_outside_cells)
{
  g_autoptr (SmearModel) model = cell_model ();
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_PRE);
  g_autoptr (SmearImage) coarse = NULL;
  g_autoptr (SmearLeukocytes) found = smear_find_cells (image, 0, &coarse, NULL);
  g_autoptr (SmearFinding) f = classify (model, image, NULL, 0);
  gfloat top = 0;

  for (gint y = 0; y < f->map->height; y++)
    for (gint x = 0; x < f->map->width; x++)
      {
        gfloat value = f->map->values[y * f->map->width + x];
        gint u = (x + 0.5) * found->width / f->map->width,
             v = (y + 0.5) * found->height / f->map->height;
        top = MAX (top, value);
        if (value > 0)
          ck_assert_uint_ne (found->labels[v * found->width + u], 0);
      }
  ck_assert_float_eq (top, 1);
}
END_TEST

START_TEST (test_what_cannot_be_judged)
{
  g_autoptr (SmearModel) model = cell_model ();
  g_autoptr (SmearImage) flat = smear_image_new (300, 300, NULL),
                         empty = field (SMEAR_CLASS_NONE);

  memset (smear_image_get_pixels (flat), 200, 300 * 300 * 3);
  g_autoptr (SmearFinding) refused = classify (model, flat, NULL, 0);
  g_autoptr (SmearFinding) nothing = classify (model, empty, NULL, 0);
  ck_assert_int_eq (refused->verdict, SMEAR_VERDICT_NOT_A_SMEAR);
  ck_assert_int_eq (refused->klass, SMEAR_CLASS_NONE);
  ck_assert_ptr_nonnull (refused->quality.reason);
  ck_assert_int_eq (nothing->verdict, SMEAR_VERDICT_NO_LEUKOCYTES);
  ck_assert_float_eq (nothing->confidence, 0);
}
END_TEST

START_TEST (test_impossible_regions)
{
  static const SmearRegion regions[] = { { -1, 0, 100, 100 },         { 0, 0, 801, 10 },
                                         { 700, 500, 101, 50 },       { 0, 0, 0, 20 },
                                         { 2147483600, 0, 100, 100 }, { 5, 5, 15, 300 } };
  g_autoptr (SmearModel) model = cell_model ();
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_PRE);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (
      smear_classify (model, image, &regions[_i], NULL, NULL, NULL, NULL, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, "region");
}
END_TEST

START_TEST (test_cancelled)
{
  g_autoptr (SmearModel) model = cell_model ();
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_PRE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  ck_assert_ptr_null (
      smear_classify (model, image, NULL, NULL, cancellable, NULL, NULL, &error));
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
END_TEST

/* Weights files that are well formed but do not fit. */
START_TEST (test_weights_that_do_not_fit)
{
  g_autoptr (SmearNetwork) net = smear_architecture_new ("cell", 48, SMEAR_N_CLASSES,
                                                         NULL);
  g_autoptr (GHashTable) metadata = g_hash_table_new_full (g_str_hash, g_str_equal,
                                                           g_free, g_free);
  g_autofree char *path = g_build_filename (folder, "odd.safetensors", NULL);
  g_autoptr (GError) error = NULL;

  smear_network_initialise (net, 1);
  smear_network_parameter (net, 3)->values[0] = NAN;
  ck_assert (smear_model_write (path, net, metadata, NULL));
  ck_assert_ptr_null (smear_model_load (path, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_MODEL, "odd.safetensors");
  g_clear_error (&error);
  ck_assert_ptr_null (smear_model_load ("no-such-model", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_IO, "no-such-model");
}
END_TEST

static void
set_up (void)
{
  folder = folder_new ();
}

static void
tear_down (void)
{
  folder_free (folder);
}

int
main (void)
{
  Suite *suite = suite_create ("classify");
  TCase *tcase = tcase_create ("classify");

  tcase_set_timeout (tcase, 60);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase, test_a_region_is_judged_as_if_cut_out, 0, 2);
  tcase_add_loop_test (tcase, test_threads_do_not_change_bits, 0, 2);
  tcase_add_test (tcase, test_probabilities_add_up);
  tcase_add_test (tcase, test_a_threshold_makes_it_uncertain);
  tcase_add_test (tcase, test_the_cells_map_is_dark_outside_cells);
  tcase_add_test (tcase, test_what_cannot_be_judged);
  tcase_add_loop_test (tcase, test_impossible_regions, 0, 6);
  tcase_add_test (tcase, test_cancelled);
  tcase_add_test (tcase, test_weights_that_do_not_fit);
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
