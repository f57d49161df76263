/* Colour as coarse as JPEG keeps it, beside what JPEG does keep. */
#include "support/suite.h"
#include "support/through-jpeg.h"

#include <math.h>
#include <stdlib.h>

#define SIDE 96

/* Discs of colour on glass, every pixel of its own light. */
static SmearImage *
picture (void)
{
  SmearImage *image = smear_image_new (SIDE, SIDE, NULL);
  guint8 *p = smear_image_get_pixels (image);

  for (gint y = 0; y < SIDE; y++)
    for (gint x = 0; x < SIDE; x++, p += 3)
      {
        gboolean inside = hypot (x % 32 - 15.5, y % 32 - 15.5) < 9;
        gint light = (x * 7 + y * 13) % 24;
        p[0] = light + (inside ? 110 : 200);
        p[1] = light + (inside ? 60 : 205);
        p[2] = light + (inside ? 150 : 195);
      }
  return image;
}

/* Mean difference of a byte. */
static gdouble
apart (SmearImage *a, SmearImage *b)
{
  gint64 sum = 0;

  for (gint i = 0; i < SIDE * SIDE * 3; i++)
    sum += abs (smear_image_get_pixels (a)[i] - smear_image_get_pixels (b)[i]);
  return (gdouble)sum / (SIDE * SIDE * 3);
}

START_TEST (test_it_is_what_jpeg_leaves)
{
  g_autoptr (SmearImage) image = picture (), coarse = picture ();
  g_autoptr (SmearImage) kept = picture_through_jpeg (image, 100);

  smear_image_coarsen_colour (coarse, 1, 1);
  ck_assert_double_gt (apart (image, kept), 2);
  ck_assert_double_lt (apart (coarse, kept), 0.6);
}
END_TEST

static gdouble
light (const guint8 *p)
{
  return 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

START_TEST (test_a_finer_image_keeps_its_light)
{
  g_autoptr (SmearImage) image = picture (), coarse = picture ();
  const guint8 *p = smear_image_get_pixels (image), *q = smear_image_get_pixels (coarse);
  gdouble redness = 0, before = 0;

  smear_image_coarsen_colour (coarse, 4.57, 3.43);
  for (gint i = 0; i < SIDE * SIDE; i++, p += 3, q += 3)
    {
      ck_assert_double_eq_tol (light (p), light (q), 1);
      before += p[0] - light (p);
      redness += q[0] - light (q);
    }
  /* Blended, and nothing of it lost. */
  ck_assert_double_eq_tol (redness / (SIDE * SIDE), before / (SIDE * SIDE), 0.3);
}
END_TEST

START_TEST (test_an_image_smaller_than_a_block)
{
  g_autoptr (SmearImage) image = smear_image_new (3, 2, NULL);
  guint8 *p = smear_image_get_pixels (image);

  for (gint i = 0; i < 3 * 2; i++)
    {
      p[3 * i] = i % 2 ? 120 : 80;
      p[3 * i + 1] = p[3 * i + 2] = 100;
    }
  smear_image_coarsen_colour (image, 8, 8);
  for (gint i = 0; i < 3 * 2; i++)
    ck_assert_int_le (abs (p[3 * i] - p[3 * i + 1]), 1);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("coarse-colour");
  TCase *tests = tcase_create ("coarsen");

  tcase_add_test (tests, test_it_is_what_jpeg_leaves);
  tcase_add_test (tests, test_a_finer_image_keeps_its_light);
  tcase_add_test (tests, test_an_image_smaller_than_a_block);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
