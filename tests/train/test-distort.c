/* What cameras and stains do to whole images, and the twins that training learns from. */
#include "image/image-private.h"
#include "support/folder.h"
#include "support/suite.h"
#include "train/dataset.h"
#include "train/distort.h"

#include <math.h>
#include <smearscope/synthesise.h>

static SmearImage *
smear_new (guint64 seed)
{
  g_autoptr (GError) error = NULL;
  SmearSynthesis what = { 320, 240, 0.2, SMEAR_CLASS_BENIGN, seed, FALSE };
  SmearImage *image = smear_synthesise (&what, NULL, &error);
  ck_assert_no_error (error);
  return image;
}

static SmearImage *
pixel_new (guint8 r, guint8 g, guint8 b)
{
  SmearImage *image = smear_image_new (1, 1, NULL);
  guint8 *p = smear_image_get_pixels (image);

  p[0] = r;
  p[1] = g;
  p[2] = b;
  return image;
}

static void
ck_assert_pixel (SmearImage *image, guint8 r, guint8 g, guint8 b)
{
  const guint8 *p = smear_image_get_pixels (image);

  ck_assert_uint_eq (p[0], r);
  ck_assert_uint_eq (p[1], g);
  ck_assert_uint_eq (p[2], b);
}

/* 200 times 1.5 clips; 0.299 * 100 + 0.587 * 200 + 0.114 * 50 = 153, and two
 * fifths of each one's distance stay; 255 * (64 / 255)^2 = 16.06. */
START_TEST (test_changes_by_hand)
{
  g_autoptr (SmearImage) light = pixel_new (200, 100, 50);
  g_autoptr (SmearImage) dull = pixel_new (100, 200, 50);
  g_autoptr (SmearImage) dark = pixel_new (64, 255, 0);

  smear_distort_multiply (light, 1.5, 0.5, 1);
  ck_assert_pixel (light, 255, 50, 50);
  smear_distort_saturate (dull, 0.4);
  ck_assert_pixel (dull, 132, 172, 112);
  smear_distort_bend (dark, 2);
  ck_assert_pixel (dark, 16, 255, 0);
}
END_TEST

START_TEST (test_noise_has_its_deviation)
{
  g_autoptr (SmearImage) image = smear_image_new (100, 100, NULL);
  guint8 *p = smear_image_get_pixels (image);
  gdouble sum = 0, squares = 0;

  memset (p, 128, 30000);
  smear_distort_add_noise (image, 8, 5);
  for (gint i = 0; i < 30000; i++)
    {
      sum += p[i] - 128;
      squares += (p[i] - 128) * (p[i] - 128);
    }
  ck_assert_double_eq_tol (sum / 30000, 0, 0.2);
  ck_assert_double_eq_tol (sqrt (squares / 30000), 8, 0.2);
}
END_TEST

START_TEST (test_twins_differ_by_seed_alone)
{
  g_autoptr (SmearImage) image = smear_new (3);
  gsize bytes = 320 * 240 * 3;
  g_autofree guint8 *before = g_memdup2 (smear_image_get_pixels (image), bytes);
  gint other_sizes = 0;

  for (guint64 seed = 0; seed < 60; seed++)
    {
      g_autoptr (SmearImage) a = smear_distort_twin (image, seed, NULL);
      g_autoptr (SmearImage) b = smear_distort_twin (image, seed, NULL);
      gint w = smear_image_get_width (a), h = smear_image_get_height (a);

      ck_assert_int_eq (w, smear_image_get_width (b));
      ck_assert_mem_eq (smear_image_get_pixels (a), smear_image_get_pixels (b),
                        (gsize)w * h * 3);
      other_sizes += w != 320;
      if (w == 320 && h == 240)
        ck_assert_mem_ne (smear_image_get_pixels (a), before, bytes);
    }
  ck_assert_int_gt (other_sizes, 3);
  ck_assert_int_lt (other_sizes, 30);
  ck_assert_mem_eq (smear_image_get_pixels (image), before, bytes);
}
END_TEST

static SmearDataset *
read_dataset (const char *folder, gint twins)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearPool) pool = smear_pool_new (2);
  g_autoptr (SmearLabelled) labelled = smear_labelled_from_folder (folder, &error);

  ck_assert_no_error (error);
  SmearDataset *dataset = smear_dataset_new (labelled);
  smear_dataset_read (dataset, TRUE, 48, twins, pool, NULL, &error);
  ck_assert_no_error (error);
  return dataset;
}

/* Twins come beside an image's own cells, and never instead of them. */
START_TEST (test_dataset_keeps_twins_apart)
{
  char *folder = folder_new ();
  g_autofree char *benign = g_build_filename (folder, "Benign", NULL);
  g_autofree char *file = g_build_filename (benign, "drawn.png", NULL);
  g_autoptr (SmearImage) image = smear_new (7);

  ck_assert_int_eq (g_mkdir (benign, 0700), 0);
  ck_assert (smear_image_save_png (image, file, NULL));
  g_autoptr (SmearDataset) plain = read_dataset (folder, 0);
  g_autoptr (SmearDataset) twinned = read_dataset (folder, 2);
  const SmearSample *a = smear_dataset_sample (plain, 0);
  const SmearSample *b = smear_dataset_sample (twinned, 0);
  gsize bytes = (gsize)a->n_pictures * 48 * 48 * 3;

  ck_assert_int_gt (a->n_pictures, 0);
  ck_assert_int_eq (a->n_twins, 0);
  ck_assert_int_eq (a->n_pictures, b->n_pictures);
  ck_assert_mem_eq (a->pictures, b->pictures, bytes);
  ck_assert_int_gt (b->n_twins, 0);
  ck_assert_mem_ne (b->twins, b->pictures, 48 * 48 * 3);
  g_remove (file);
  folder_free (folder);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("distort");
  TCase *tcase = tcase_create ("distort");

  tcase_add_test (tcase, test_changes_by_hand);
  tcase_add_test (tcase, test_noise_has_its_deviation);
  tcase_add_test (tcase, test_twins_differ_by_seed_alone);
  tcase_add_test (tcase, test_dataset_keeps_twins_apart);
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
