/* Features of pictures for which they can be told by hand. */
#include "support/suite.h"
#include "train/features.h"

#include <math.h>

/* Where the groups begin. */
enum
{
  RGB = 0,
  HUE = 64,
  SATURATION = 80,
  VALUE = 88,
  MOMENTS = 96,
  PATTERNS = 105,
  PAIRS = 115,
  ORIENTATIONS = 130
};

#define SIDE 32

typedef void (*Paint) (gint x, gint y, guint8 *rgb);

static SmearImage *
painted (Paint paint)
{
  SmearImage *image = smear_image_new (SIDE, SIDE, NULL);

  for (gint y = 0; y < SIDE; y++)
    for (gint x = 0; x < SIDE; x++)
      paint (x, y, smear_image_get_pixels (image) + 3 * (y * SIDE + x));
  return image;
}

static void
flat_red (gint x, gint y, guint8 *rgb)
{
  rgb[0] = 255;
  rgb[1] = rgb[2] = 0;
}

/* Columns black and white by turns. */
static void
columns (gint x, gint y, guint8 *rgb)
{
  rgb[0] = rgb[1] = rgb[2] = x % 2 ? 255 : 0;
}

/* The left half red, the right half columns. */
static void
halves (gint x, gint y, guint8 *rgb)
{
  if (x < SIDE / 2)
    flat_red (x, y, rgb);
  else
    columns (x, y, rgb);
}

static gdouble
sum (const gfloat *f, gint n)
{
  gdouble all = 0;

  for (gint i = 0; i < n; i++)
    all += f[i];
  return all;
}

START_TEST (test_flat_colour)
{
  g_autoptr (SmearImage) image = painted (flat_red);
  gfloat f[SMEAR_N_FEATURES];

  smear_features (image, NULL, f);
  ck_assert_float_eq (f[RGB + 3 * 16], 1); /* the only bin: full red, no green, no blue */
  ck_assert_float_eq (f[HUE], 1);
  ck_assert_float_eq (f[SATURATION + 7], 1);
  ck_assert_float_eq (f[VALUE + 7], 1);
  ck_assert_float_eq (f[MOMENTS], 1);      /* mean of red */
  ck_assert_float_eq (f[MOMENTS + 1], 0);  /* its deviation */
  ck_assert_float_eq (f[MOMENTS + 3], 0);  /* mean of green */
  ck_assert_float_eq (f[PATTERNS + 8], 1); /* all neighbours at least as light */
  for (gint d = 0; d < 3; d++)
    {
      ck_assert_float_eq (f[PAIRS + 5 * d], 0);     /* contrast */
      ck_assert_float_eq (f[PAIRS + 5 * d + 1], 1); /* homogeneity */
      ck_assert_float_eq (f[PAIRS + 5 * d + 2], 1); /* energy */
      ck_assert_float_eq (f[PAIRS + 5 * d + 4], 0); /* entropy */
    }
  ck_assert_double_eq (sum (f + ORIENTATIONS, 9), 0); /* there is no gradient */
}
END_TEST

START_TEST (test_columns)
{
  g_autoptr (SmearImage) image = painted (columns);
  gfloat f[SMEAR_N_FEATURES];

  smear_features (image, NULL, f);
  ck_assert_float_eq (f[RGB], 0.5);
  ck_assert_float_eq (f[RGB + 63], 0.5);
  ck_assert_float_eq_tol (f[MOMENTS + 1], 0.5, 1e-6); /* of 0 and 1 in halves */
  ck_assert_float_eq_tol (f[MOMENTS + 2], 0, 1e-6);
  /* Light columns see ones above and below only: two ones, four changes: no uniform
   * pattern. Dark ones see nothing darker: all ones. Of 30 columns inside, each half. */
  ck_assert_float_eq (f[PATTERNS + 8], 0.5);
  ck_assert_float_eq (f[PATTERNS + 9], 0.5);
  /* At an even distance every pair is of one level: no contrast, correlation 1. */
  for (gint d = 1; d < 3; d++)
    {
      ck_assert_float_eq (f[PAIRS + 5 * d], 0);
      ck_assert_float_eq_tol (f[PAIRS + 5 * d + 3], 1, 1e-3);
      ck_assert_float_eq_tol (f[PAIRS + 5 * d + 4], 1, 1e-2); /* one bit */
    }
  /* At distance 1 three of four directions cross from level 0 to 15: 31*32 pairs across,
   * 31*31 on each diagonal, against 32*31 down. */
  gdouble crossing = 31 * 32 + 2 * 31 * 31, all = crossing + 32 * 31;
  ck_assert_float_eq_tol (f[PAIRS], 225 * crossing / all, 1e-3);
}
END_TEST

START_TEST (test_groups_are_shares)
{
  g_autoptr (SmearImage) image = painted (halves);
  gfloat f[SMEAR_N_FEATURES];

  smear_features (image, NULL, f);
  ck_assert_double_eq_tol (sum (f + RGB, 64), 1, 1e-5);
  ck_assert_double_eq_tol (sum (f + SATURATION, 8), 1, 1e-5);
  ck_assert_double_eq_tol (sum (f + PATTERNS, 10), 1, 1e-5);
  ck_assert_double_eq_tol (sum (f + ORIENTATIONS, 9), 1, 1e-5);
  for (gint i = 0; i < SMEAR_N_FEATURES; i++)
    ck_assert (isfinite (f[i]));
}
END_TEST

/* What is masked has no influence: with the right half covered there is only red. */
START_TEST (test_the_mask_hides)
{
  g_autoptr (SmearImage) image = painted (halves), red = painted (flat_red);
  guint8 mask[SIDE * SIDE], everything[SIDE * SIDE];
  gfloat masked[SMEAR_N_FEATURES], alone[SMEAR_N_FEATURES];

  for (gint i = 0; i < SIDE * SIDE; i++)
    mask[i] = i % SIDE >= SIDE / 2;
  smear_features (image, mask, masked);
  smear_features (red, mask, alone);
  ck_assert_mem_eq (masked, alone, sizeof masked);
  ck_assert_float_eq (masked[RGB + 3 * 16], 1);

  memset (everything, 1, sizeof everything);
  smear_features (image, everything, masked);
  ck_assert_double_eq (sum (masked, SMEAR_N_FEATURES), 0);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("features");
  TCase *tests = tcase_create ("by hand");

  tcase_add_test (tests, test_flat_colour);
  tcase_add_test (tests, test_columns);
  tcase_add_test (tests, test_groups_are_shares);
  tcase_add_test (tests, test_the_mask_hides);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
