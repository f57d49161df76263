/* What is read of labelled images beside their pictures. */
#include "support/folder.h"
#include "support/suite.h"
#include "train/dataset.h"
#include "train/probes.h"

#include <smearscope/synthesise.h>

/* A drawn field as it is and, as a second file, bent so that it absorbs 1.25 times as
 * much. */
static void
write_fields (const char *folder)
{
  SmearSynthesis what = { 640, 480, 0.2, SMEAR_CLASS_PRE, 4, FALSE };
  g_autoptr (SmearImage) image = smear_synthesise (&what, NULL, NULL);
  g_autoptr (SmearLeukocytes) found = smear_leukocytes_find (image, 0, 0, NULL);
  g_autoptr (SmearImage) denser = smear_probe_apply (SMEAR_PROBE_GAMMA_125, image, found,
                                                     NULL, NULL, 1, NULL);
  g_autofree char *first = g_build_filename (folder, "1.png", NULL);
  g_autofree char *second = g_build_filename (folder, "2.png", NULL);

  ck_assert (smear_image_save_png (image, first, NULL));
  ck_assert (smear_image_save_png (denser, second, NULL));
}

START_TEST (test_density_is_that_of_the_cells)
{
  g_autoptr (GError) error = NULL;
  char *folder = folder_new (), *pre = g_build_filename (folder, "Pre", NULL);
  ck_assert_int_eq (g_mkdir (pre, 0777), 0);
  write_fields (pre);
  g_autoptr (SmearPool) pool = smear_pool_new (2);
  g_autoptr (SmearLabelled) labelled = smear_labelled_from_folder (folder, &error);
  ck_assert_no_error (error);
  g_autoptr (SmearDataset) dataset = smear_dataset_new (labelled);

  ck_assert (smear_dataset_read (dataset, TRUE, 48, pool, &error));
  ck_assert_uint_eq (dataset->samples->len, 2);
  const SmearSample *plain = smear_dataset_sample (dataset, 0);
  const SmearSample *denser = smear_dataset_sample (dataset, 1);
  ck_assert_int_gt (plain->n_pictures, 2);
  for (gint c = 0; c < 2; c++)
    ck_assert_float_eq_tol (denser->density.cells[c] / plain->density.cells[c], 1.25f,
                            0.08f);
  /* A rim less of each cell is shown, and nothing more: what is hidden is white. */
  gint shown = 0, rim = 0;
  for (gint i = 1; i < plain->n_pictures * 48 * 48 * 3; i += 3)
    {
      shown += plain->pictures[i] < 240;
      rim += plain->shrunk[i] > plain->pictures[i] + 20;
      ck_assert (plain->pictures[i] < 255 || plain->shrunk[i] > 250);
    }
  ck_assert_int_gt (rim, shown / 20);
  ck_assert_int_lt (rim, shown / 3);
  /* Stained nuclei take away most of the green. */
  ck_assert_float_gt (plain->density.cells[1], plain->density.cells[0]);
  ck_assert_float_gt (plain->density.cells[1], plain->density.cells[2]);
  folder_free (pre);
  folder_free (folder);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("dataset");
  TCase *tests = tcase_create ("read");

  tcase_add_test (tests, test_density_is_that_of_the_cells);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
