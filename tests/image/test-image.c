/* Images as such: sizes, parts, files that are none, files written. */
#include "support/folder.h"
#include "support/pictures.h"
#include "support/suite.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <smearscope/image.h>

static SmearImage *
pattern (gint width, gint height)
{
  g_autoptr (GError) error = NULL;
  SmearImage *image = smear_image_new (width, height, &error);
  ck_assert_no_error (error);
  guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < width * height * 3; i++)
    p[i] = picture_at (i / 3 % width, i / 3 / width, i % 3);
  return image;
}

START_TEST (refuses_sizes)
{
  static const struct
  {
    gint width, height;
    SmearError code;
  } cases[] = { { 0, 5, SMEAR_ERROR_ARGUMENT },
                { 5, -1, SMEAR_ERROR_ARGUMENT },
                { 16385, 16384, SMEAR_ERROR_TOO_LARGE },
                { G_MAXINT, G_MAXINT, SMEAR_ERROR_TOO_LARGE },
                { 1, G_MAXINT, SMEAR_ERROR_TOO_LARGE } };
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_image_new (cases[_i].width, cases[_i].height, &error));
  ck_assert_smear_error (error, cases[_i].code, "pixels");
}
END_TEST

START_TEST (begins_black_and_unscaled)
{
  g_autoptr (SmearImage) image = smear_image_new (3, 2, NULL);
  const guint8 black[18] = { 0 };
  ck_assert_mem_eq (smear_image_get_pixels (image), black, 18);
  ck_assert_double_eq (smear_image_get_um_per_pixel (image), 0);
  g_autoptr (SmearImage) again = smear_image_ref (image);
  ck_assert_ptr_eq (again, image);
}
END_TEST

START_TEST (crops)
{
  g_autoptr (SmearImage) image = pattern (20, 15);
  smear_image_set_um_per_pixel (image, 0.5);
  SmearRegion region = { 7, 4, 13, 11 };
  g_autoptr (SmearImage) part = smear_image_crop (image, &region);
  ck_assert_int_eq (smear_image_get_width (part), 13);
  ck_assert_int_eq (smear_image_get_height (part), 11);
  ck_assert_double_eq (smear_image_get_um_per_pixel (part), 0.5);
  const guint8 *p = smear_image_get_pixels (part);
  for (gint i = 0; i < 13 * 11 * 3; i++)
    ck_assert_int_eq (p[i], picture_at (7 + i / 3 % 13, 4 + i / 3 / 13, i % 3));
}
END_TEST

START_TEST (refuses_what_is_no_image)
{
  static const struct
  {
    const char *data;
    gssize size;
    SmearError code;
    const char *words;
  } cases[] = { { "", 0, SMEAR_ERROR_FORMAT, "empty" },
                { "hello, world", 12, SMEAR_ERROR_UNSUPPORTED, "convert" },
                { "\xff\xd8", 2, SMEAR_ERROR_UNSUPPORTED, "convert" },
                { "\xff\xd8\xff", 3, SMEAR_ERROR_FORMAT, "truncated" },
                { "II*\0", 4, SMEAR_ERROR_FORMAT, "TIFF" },
                { "\x89PNG\r\n\x1a\n", 8, SMEAR_ERROR_FORMAT, "truncated" } };
  g_autoptr (GError) error = NULL;
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "odd name.jpg", NULL);
  ck_assert (g_file_set_contents (path, cases[_i].data, cases[_i].size, NULL));
  ck_assert_ptr_null (smear_image_load (path, &error));
  ck_assert_smear_error (error, cases[_i].code, cases[_i].words);
  ck_assert_ptr_nonnull (strstr (error->message, path));
  /* The caller need not want to know why. */
  ck_assert_ptr_null (smear_image_load (path, NULL));
  folder_free (folder);
}
END_TEST

START_TEST (refuses_what_is_no_file)
{
  char *folder = folder_new ();
  g_autofree char *fifo = g_build_filename (folder, "fifo", NULL);
  g_autofree char *missing = g_build_filename (folder, "missing", NULL);
  ck_assert_int_eq (mkfifo (fifo, 0600), 0);
  const char *paths[] = { folder, missing, fifo, "/dev/null" };
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      ck_assert_ptr_null (smear_image_load (paths[i], &error));
      ck_assert_smear_error (error, SMEAR_ERROR_IO, paths[i]);
    }
  folder_free (folder);
}
END_TEST

START_TEST (png_comes_back_the_same)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "out.png", NULL);
  g_autoptr (SmearImage) image = pattern (61, 47);
  smear_image_set_um_per_pixel (image, 0.125);
  g_autoptr (GError) error = NULL;
  ck_assert (smear_image_save_png (image, path, &error));
  ck_assert (smear_image_save_png (image, path, &error)); /* over the first */
  ck_assert_uint_eq (folder_count (folder), 1);
  g_autoptr (SmearImage) back = smear_image_load (path, &error);
  ck_assert_no_error (error);
  ck_assert_int_eq (smear_image_get_width (back), 61);
  ck_assert_mem_eq (smear_image_get_pixels (back), smear_image_get_pixels (image),
                    61 * 47 * 3);
  ck_assert_double_eq_tol (smear_image_get_um_per_pixel (back), 0.125, 1e-6);
  folder_free (folder);
}
END_TEST

/* 4 channels come back laid on white, 1 as grey. */
START_TEST (png_of_any_channels)
{
  static const gint channels[] = { 1, 3, 4 };
  static const guint8 wanted[][6] = { { 9, 9, 9, 60, 60, 60 },
                                      { 9, 60, 120, 0, 30, 255 },
                                      { 255, 255, 255, 30, 255, 77 } };
  static const guint8 pixels[][8]
      = { { 9, 60 }, { 9, 60, 120, 0, 30, 255 }, { 9, 60, 120, 0, 30, 255, 77, 255 } };
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "out.png", NULL);
  g_autoptr (GError) error = NULL;
  ck_assert (smear_png_write (path, pixels[_i], 2, 1, channels[_i], &error));
  g_autoptr (SmearImage) back = smear_image_load (path, &error);
  ck_assert_no_error (error);
  ck_assert_mem_eq (smear_image_get_pixels (back), wanted[_i], 6);
  folder_free (folder);
}
END_TEST

START_TEST (jpeg_comes_back_alike)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "out.jpg", NULL);
  g_autoptr (SmearImage) image = pattern (160, 120);
  memset (smear_image_get_pixels (image), 90, 160 * 120 * 3);
  smear_image_set_um_per_pixel (image, 0.2);
  g_autoptr (GError) error = NULL;
  ck_assert (smear_image_save_jpeg (image, path, 95, &error));
  g_autoptr (SmearImage) back = smear_image_load (path, &error);
  ck_assert_no_error (error);
  ck_assert_double_eq_tol (smear_image_get_um_per_pixel (back), 0.2, 1e-4);
  gint worst = 0;
  for (gint i = 0; i < 160 * 120 * 3; i++)
    worst = MAX (worst, ABS (smear_image_get_pixels (back)[i] - 90));
  ck_assert_int_le (worst, 2);
  folder_free (folder);
}
END_TEST

/* A write that breaks off leaves neither the file nor a part of it, and what was there
 * stays. */
START_TEST (writes_whole_or_not_at_all)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "out", NULL);
  g_autoptr (SmearImage) image = pattern (300, 300);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1); /* does not compress */
  for (gint i = 0; i < 300 * 300 * 3; i++)
    smear_image_get_pixels (image)[i] = (guint8)g_rand_int_range (rand, 0, 256);
  ck_assert (g_file_set_contents (path, "before", 6, NULL));
  struct rlimit limit = { 20000, 20000 };
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
  g_autoptr (GError) error = NULL;
  ck_assert (!(_i ? smear_image_save_jpeg (image, path, 95, &error)
                  : smear_image_save_png (image, path, &error)));
  ck_assert_smear_error (error, SMEAR_ERROR_IO, path);
  ck_assert_uint_eq (folder_count (folder), 1);
  g_autofree char *contents = NULL;
  ck_assert (g_file_get_contents (path, &contents, NULL, NULL));
  ck_assert_str_eq (contents, "before");
  folder_free (folder);
}
END_TEST

START_TEST (says_where_it_cannot_write)
{
  g_autoptr (SmearImage) image = pattern (3, 3);
  g_autoptr (GError) error = NULL;
  ck_assert (!smear_image_save_png (image, "/nowhere/at/all.png", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_IO, "/nowhere/at/all.png");
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("image");
  TCase *tests = tcase_create ("all");
  tcase_add_loop_test (tests, refuses_sizes, 0, 5);
  tcase_add_test (tests, begins_black_and_unscaled);
  tcase_add_test (tests, crops);
  tcase_add_loop_test (tests, refuses_what_is_no_image, 0, 6);
  tcase_add_test (tests, refuses_what_is_no_file);
  tcase_add_test (tests, png_comes_back_the_same);
  tcase_add_loop_test (tests, png_of_any_channels, 0, 3);
  tcase_add_test (tests, jpeg_comes_back_alike);
  tcase_add_loop_test (tests, writes_whole_or_not_at_all, 0, 2);
  tcase_add_test (tests, says_where_it_cannot_write);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
