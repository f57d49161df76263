/* Resizing and the median against plain definitions. */
#include "support/suite.h"

#include <math.h>
#include <string.h>
#include <smearscope/image.h>

static SmearImage *
grey_image (gint width, gint height, const guint8 *values)
{
  SmearImage *image = smear_image_new (width, height, NULL);
  for (gint i = 0; i < width * height * 3; i++)
    smear_image_get_pixels (image)[i] = values[i / 3];
  return image;
}

static SmearImage *
noise_image (gint width, gint height, guint32 seed)
{
  SmearImage *image = smear_image_new (width, height, NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  for (gint i = 0; i < width * height * 3; i++)
    smear_image_get_pixels (image)[i] = (guint8)g_rand_int_range (rand, 0, 256);
  return image;
}

static SmearImage *
resize (SmearImage *image, gint width, gint height)
{
  g_autoptr (GError) error = NULL;
  SmearImage *out = smear_image_resize (image, width, height, &error);
  ck_assert_no_error (error);
  return out;
}

static void
check_grey (SmearImage *image, const guint8 *wanted, gint n)
{
  for (gint i = 0; i < n; i++)
    ck_assert_int_eq (smear_image_get_pixels (image)[3 * i + 1], wanted[i]);
}

START_TEST (halves_to_means)
{
  const guint8 values[] = { 10, 20, 100, 200, 30, 40, 50, 51 };
  const guint8 wanted[] = { 25, 100 }; /* (10+20+30+40)/4, (100+200+50+51)/4 = 100.25 */
  g_autoptr (SmearImage) image = grey_image (4, 2, values);
  g_autoptr (SmearImage) out = resize (image, 2, 1);
  check_grey (out, wanted, 2);
}
END_TEST

/* Three pixels into two: each takes one and a half. */
START_TEST (splits_pixels_by_area)
{
  const guint8 values[] = { 0, 90, 240 };
  const guint8 wanted[] = { 30, 190 }; /* (0 + 45) / 1.5, (45 + 240) / 1.5 */
  g_autoptr (SmearImage) wide = grey_image (3, 1, values);
  g_autoptr (SmearImage) across = resize (wide, 2, 1);
  check_grey (across, wanted, 2);
  g_autoptr (SmearImage) tall = grey_image (1, 3, values);
  g_autoptr (SmearImage) down = resize (tall, 1, 2);
  check_grey (down, wanted, 2);
}
END_TEST

/* Doubling: a quarter and three quarters between, the ends held. */
START_TEST (enlarges_linearly)
{
  const guint8 values[] = { 0, 100, 40 };
  const guint8 wanted[] = { 0, 25, 75, 85, 55, 40 };
  g_autoptr (SmearImage) image = grey_image (3, 1, values);
  g_autoptr (SmearImage) out = resize (image, 6, 1);
  check_grey (out, wanted, 6);
}
END_TEST

/* One axis may grow while the other shrinks. */
START_TEST (axes_are_independent)
{
  const guint8 values[] = { 0, 100, 20, 140 };
  const guint8 wanted[] = { 10, 38, 93, 120 }; /* 10, 37.5, 92.5, 120 */
  g_autoptr (SmearImage) image = grey_image (2, 2, values);
  g_autoptr (SmearImage) out = resize (image, 4, 1);
  check_grey (out, wanted, 4);
}
END_TEST

START_TEST (same_size_is_same)
{
  g_autoptr (SmearImage) image = noise_image (33, 21, 1);
  g_autoptr (SmearImage) out = resize (image, 33, 21);
  ck_assert_mem_eq (smear_image_get_pixels (image), smear_image_get_pixels (out),
                    33 * 21 * 3);
}
END_TEST

/* The mean of the input under the footprint, summed pixel by pixel in double. */
START_TEST (agrees_with_definition)
{
  static const gint sizes[][4]
      = { { 1024, 768, 224, 224 }, { 97, 61, 13, 60 }, { 50, 50, 49, 1 } };
  gint width = sizes[_i][0], height = sizes[_i][1], to_x = sizes[_i][2],
       to_y = sizes[_i][3];
  g_autoptr (SmearImage) image = noise_image (width, height, 7);
  g_autoptr (SmearImage) out = resize (image, to_x, to_y);
  const guint8 *p = smear_image_get_pixels (image), *q = smear_image_get_pixels (out);
  for (gint y = 0; y < to_y; y += MAX (1, to_y / 9))
    for (gint x = 0; x < to_x; x += MAX (1, to_x / 9))
      {
        gdouble left = (gdouble)x * width / to_x, right = (x + 1.0) * width / to_x;
        gdouble top = (gdouble)y * height / to_y, bottom = (y + 1.0) * height / to_y;
        gdouble sum = 0, area = 0;
        for (gint j = (gint)top; j < bottom && j < height; j++)
          for (gint i = (gint)left; i < right && i < width; i++)
            {
              gdouble part = (MIN (right, i + 1) - MAX (left, i))
                             * (MIN (bottom, j + 1) - MAX (top, j));
              sum += part * p[(j * width + i) * 3 + 2];
              area += part;
            }
        ck_assert_double_le (fabs (q[(y * to_x + x) * 3 + 2] - sum / area), 0.5001);
      }
}
END_TEST

START_TEST (flat_stays_flat)
{
  g_autoptr (SmearImage) image = smear_image_new (57, 43, NULL);
  memset (smear_image_get_pixels (image), 255, 57 * 43 * 3);
  g_autoptr (SmearImage) out = resize (image, 19 + _i * 23, 200 - _i * 17);
  gint n = smear_image_get_width (out) * smear_image_get_height (out) * 3;
  gint least = 255;
  for (gint i = 0; i < n; i++)
    least = MIN (least, smear_image_get_pixels (out)[i]);
  ck_assert_int_eq (least, 255);
}
END_TEST

START_TEST (scale_follows)
{
  g_autoptr (SmearImage) image = smear_image_new (400, 300, NULL);
  smear_image_set_um_per_pixel (image, 0.1);
  g_autoptr (SmearImage) half = resize (image, 200, 150);
  ck_assert_double_eq_tol (smear_image_get_um_per_pixel (half), 0.2, 1e-12);
  /* A squeezed image has no one scale. */
  g_autoptr (SmearImage) squeezed = resize (image, 200, 200);
  ck_assert_double_eq (smear_image_get_um_per_pixel (squeezed), 0);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_image_resize (image, 0, 5, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, "pixels");
}
END_TEST

static int
by_value (const void *a, const void *b)
{
  return *(const guint8 *)a - *(const guint8 *)b;
}

START_TEST (median_agrees_with_sorting)
{
  static const gint sizes[][2] = { { 1, 1 }, { 1, 7 },   { 7, 1 },    { 2, 2 },
                                   { 3, 3 }, { 17, 13 }, { 224, 37 }, { 31, 224 } };
  gint width = sizes[_i][0], height = sizes[_i][1];
  g_autoptr (SmearImage) image = noise_image (width, height, (guint32)_i);
  smear_image_set_um_per_pixel (image, 0.3);
  g_autoptr (SmearImage) out = smear_image_median3 (image);
  ck_assert_double_eq (smear_image_get_um_per_pixel (out), 0.3);
  const guint8 *p = smear_image_get_pixels (image), *q = smear_image_get_pixels (out);
  gint n_wrong = 0;
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      for (gint c = 0; c < 3; c++)
        {
          guint8 nine[9];
          for (gint k = 0; k < 9; k++)
            nine[k] = p[(CLAMP (y + k / 3 - 1, 0, height - 1) * width
                         + CLAMP (x + k % 3 - 1, 0, width - 1))
                            * 3
                        + c];
          qsort (nine, 9, 1, by_value);
          n_wrong += q[(y * width + x) * 3 + c] != nine[4];
        }
  ck_assert_int_eq (n_wrong, 0);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("resize");
  TCase *tests = tcase_create ("all");
  tcase_add_test (tests, halves_to_means);
  tcase_add_test (tests, splits_pixels_by_area);
  tcase_add_test (tests, enlarges_linearly);
  tcase_add_test (tests, axes_are_independent);
  tcase_add_test (tests, same_size_is_same);
  tcase_add_loop_test (tests, agrees_with_definition, 0, 3);
  tcase_add_loop_test (tests, flat_stays_flat, 0, 5);
  tcase_add_test (tests, scale_follows);
  tcase_add_loop_test (tests, median_agrees_with_sorting, 0, 8);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
