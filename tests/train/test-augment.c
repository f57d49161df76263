/* Each change of a training picture by itself. */
#include "support/suite.h"
#include "train/augment.h"

#include <math.h>

#define SIZE 32
#define N (SIZE * SIZE * 3)

static guint8 picture[N];
static gfloat out[N];
static gfloat density[3] = { 1, 1, 1 };

static void
paint (void)
{
  SmearRandom random = smear_random (4);

  for (gint i = 0; i < N; i++)
    picture[i] = 40 + smear_random_below (&random, 120);
}

static void
augment (SmearAugmentation how, guint64 seed)
{
  SmearRandom random = smear_random (seed);

  smear_augment (picture, SIZE, &how, density, &random, out);
}

static gfloat
original (gint x, gint y, gint c)
{
  return picture[3 * (y * SIZE + x) + c] / 255.0f;
}

START_TEST (test_nothing_asked_changes_nothing)
{
  augment ((SmearAugmentation){ 0 }, 1);
  for (gint i = 0; i < N; i++)
    ck_assert_float_eq_tol (out[i], picture[i] / 255.0f, 1e-4);
}
END_TEST

START_TEST (test_flips_give_the_four_mirror_images)
{
  gint seen[4] = { 0 };

  for (guint64 seed = 0; seed < 40; seed++)
    {
      gint match = -1;
      augment ((SmearAugmentation){ .flip = TRUE }, seed);
      for (gint way = 0; way < 4; way++)
        {
          gboolean same = TRUE;
          for (gint y = 0; y < SIZE; y++)
            for (gint x = 0; x < SIZE; x++)
              same &= fabsf (out[3 * (y * SIZE + x)]
                             - original (way & 1 ? SIZE - 1 - x : x,
                                         way & 2 ? SIZE - 1 - y : y, 0))
                      < 1e-3f;
          if (same)
            match = way;
        }
      ck_assert_int_ge (match, 0);
      seen[match]++;
    }
  for (gint way = 0; way < 4; way++)
    ck_assert_int_gt (seen[way], 2);
}
END_TEST

START_TEST (test_brightness_is_one_factor_within_its_range)
{
  gfloat low = 2, high = 0;

  for (guint64 seed = 0; seed < 30; seed++)
    {
      augment ((SmearAugmentation){ .brightness = 0.2f }, seed);
      gfloat factor = out[0] / original (0, 0, 0);
      for (gint i = 0; i < N; i++)
        ck_assert_float_eq_tol (out[i], factor * picture[i] / 255, 1e-3);
      low = MIN (low, factor);
      high = MAX (high, factor);
    }
  ck_assert_float_ge (low, 0.799f);
  ck_assert_float_le (high, 1.201f);
  ck_assert_float_gt (high - low, 0.2f);
}
END_TEST

/* A bright spot off the centre: where it goes tells angle and zoom. */
static void
spot (gfloat *angle, gfloat *radius)
{
  gdouble sum = 0, x = 0, y = 0;

  for (gint v = 0; v < SIZE; v++)
    for (gint u = 0; u < SIZE; u++)
      {
        gfloat weight = MAX (out[3 * (v * SIZE + u)] - 0.5f, 0);
        sum += weight;
        x += weight * (u - (SIZE - 1) / 2.0);
        y += weight * (v - (SIZE - 1) / 2.0);
      }
  *angle = atan2 (y, x) * 180 / G_PI;
  *radius = hypot (x, y) / sum;
}

static void
paint_spot (void)
{
  memset (picture, 20, N);
  for (gint v = -1; v <= 1; v++)
    for (gint u = -1; u <= 1; u++)
      memset (picture + 3 * ((16 + v) * SIZE + 23 + u), 250, 3);
}

START_TEST (test_rotation_turns_within_its_range)
{
  gfloat angle, radius, straight, most = 0;

  paint_spot ();
  augment ((SmearAugmentation){ 0 }, 1);
  spot (&straight, &radius);
  for (guint64 seed = 0; seed < 30; seed++)
    {
      gfloat turned_radius;
      augment ((SmearAugmentation){ .rotation = 20 }, seed);
      spot (&angle, &turned_radius);
      ck_assert_float_eq_tol (turned_radius, radius, 0.3);
      ck_assert_float_le (fabsf (angle - straight), 22);
      most = MAX (most, fabsf (angle - straight));
    }
  ck_assert_float_gt (most, 10);
}
END_TEST

START_TEST (test_zoom_moves_outwards_and_inwards)
{
  gfloat angle, radius, straight, low = 100, high = 0;

  paint_spot ();
  augment ((SmearAugmentation){ 0 }, 1);
  spot (&angle, &straight);
  for (guint64 seed = 0; seed < 30; seed++)
    {
      augment ((SmearAugmentation){ .zoom = 0.2f }, seed);
      spot (&angle, &radius);
      low = MIN (low, radius / straight);
      high = MAX (high, radius / straight);
    }
  ck_assert_float_ge (low, 0.77f);
  ck_assert_float_le (high, 1.23f);
  ck_assert_float_gt (high - low, 0.15f);
}
END_TEST

START_TEST (test_stain_leaves_white_white_and_grey_takes_colour)
{
  memset (picture, 255, N);
  for (guint64 seed = 0; seed < 10; seed++)
    {
      augment ((SmearAugmentation){ .stain = 0.5f, .gamma = 0.3f, .saturation = 0.5f },
               seed);
      for (gint i = 0; i < N; i++)
        ck_assert_float_ge (out[i], 0.995f);
    }
  paint ();
  augment ((SmearAugmentation){ .grey = 1 }, 1);
  for (gint i = 0; i < N; i += 3)
    {
      ck_assert_float_eq_tol (out[i], out[i + 1], 1e-5);
      ck_assert_float_eq_tol (out[i], out[i + 2], 1e-5);
    }
}
END_TEST

START_TEST (test_density_is_multiplied_by_channel)
{
  paint ();
  density[1] = 2;
  density[2] = 0.5f;
  augment ((SmearAugmentation){ 0 }, 1);
  density[1] = density[2] = 1;
  for (gint i = 0; i < N; i += 3)
    {
      ck_assert_float_eq_tol (out[i], picture[i] / 255.0f, 1e-3);
      ck_assert_float_eq_tol (out[i + 1], powf (picture[i + 1] / 255.0f, 2), 1e-3);
      ck_assert_float_eq_tol (out[i + 2], sqrtf (picture[i + 2] / 255.0f), 1e-3);
    }
}
END_TEST

START_TEST (test_noise_and_blur)
{
  gdouble sum = 0, squares = 0, before = 0, after = 0;

  memset (picture, 128, N);
  for (guint64 seed = 0; seed < 20; seed++)
    {
      augment ((SmearAugmentation){ .noise = 0.1f }, seed);
      for (gint i = 0; i < N; i++)
        {
          sum += out[i] - 128 / 255.0;
          squares += pow (out[i] - 128 / 255.0, 2);
        }
    }
  ck_assert_double_lt (fabs (sum / (20 * N)), 1e-3);
  /* The strength is uniform in 0..0.1, whose mean square is a third of its largest. */
  ck_assert_double_gt (sqrt (squares / (20 * N)), 0.03);
  ck_assert_double_lt (sqrt (squares / (20 * N)), 0.09);
  for (guint64 seed = 0; seed < 20; seed++)
    {
      augment ((SmearAugmentation){ .blur = 1 }, seed);
      paint ();
      augment ((SmearAugmentation){ .blur = 1 }, seed);
      for (gint i = 3; i < N; i += 3)
        {
          after += fabs (out[i] - out[i - 3]);
          before += ABS (picture[i] - picture[i - 3]) / 255.0;
        }
    }
  ck_assert_double_lt (after, 0.95 * before);
}
END_TEST

START_TEST (test_same_seed_same_bytes)
{
  gfloat first[N];

  augment ((SmearAugmentation)SMEAR_AUGMENTATION_CELL, 9);
  memcpy (first, out, sizeof out);
  augment ((SmearAugmentation)SMEAR_AUGMENTATION_CELL, 9);
  ck_assert_mem_eq (first, out, sizeof out);
  augment ((SmearAugmentation)SMEAR_AUGMENTATION_CELL, 10);
  ck_assert_mem_ne (first, out, sizeof out);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("augment");
  TCase *tcase = tcase_create ("augment");

  tcase_add_checked_fixture (tcase, paint, NULL);
  tcase_add_test (tcase, test_nothing_asked_changes_nothing);
  tcase_add_test (tcase, test_flips_give_the_four_mirror_images);
  tcase_add_test (tcase, test_brightness_is_one_factor_within_its_range);
  tcase_add_test (tcase, test_rotation_turns_within_its_range);
  tcase_add_test (tcase, test_zoom_moves_outwards_and_inwards);
  tcase_add_test (tcase, test_density_is_multiplied_by_channel);
  tcase_add_test (tcase, test_stain_leaves_white_white_and_grey_takes_colour);
  tcase_add_test (tcase, test_noise_and_blur);
  tcase_add_test (tcase, test_same_seed_same_bytes);
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
