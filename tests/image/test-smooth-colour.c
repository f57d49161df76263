/* Colour without detail, light with all of it. */
#include "image/image-private.h"
#include "support/suite.h"

#include <math.h>
#include <stdlib.h>

#define SIDE 40

static gdouble
light (const guint8 *p)
{
  return 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

/* Stripes of light in a flat colour; with @spot one pixel of another colour, as light. */
static SmearImage *
picture (gboolean spot)
{
  SmearImage *image = smear_image_new (SIDE, SIDE, NULL);
  guint8 *p = smear_image_get_pixels (image);

  for (gint i = 0; i < SIDE * SIDE; i++, p += 3)
    {
      gint up = i % 2 * 40;
      gboolean here = spot && i == SIDE / 2 * SIDE + SIDE / 2;
      p[0] = up + (here ? 100 + 100 : 100);
      p[1] = up + (here ? 120 - 51 : 120);
      p[2] = up + 140;
    }
  return image;
}

START_TEST (test_flat_colour_keeps_every_detail)
{
  g_autoptr (SmearImage) image = picture (FALSE);
  SmearRegion whole = { 0, 0, SIDE, SIDE };
  guint8 out[SIDE * SIDE * 3];

  smear_image_smooth_colour (image, &whole, 3, 2, out);
  for (gint i = 0; i < SIDE * SIDE * 3; i++)
    ck_assert_int_le (abs (out[i] - smear_image_get_pixels (image)[i]), 1);
}
END_TEST

/* The middle of three means over three pixels, in both directions: 7 / 27 of it stay in
 * its column and row each (1 3 6 7 6 3 1). */
START_TEST (test_a_spot_of_colour_spreads_by_hand)
{
  g_autoptr (SmearImage) image = picture (TRUE);
  SmearRegion whole = { 0, 0, SIDE, SIDE };
  guint8 out[SIDE * SIDE * 3];
  const guint8 *from = smear_image_get_pixels (image);
  static const gint weights[7] = { 1, 3, 6, 7, 6, 3, 1 };

  smear_image_smooth_colour (image, &whole, 1, 1, out);
  for (gint dy = -4; dy <= 4; dy++)
    for (gint dx = -4; dx <= 4; dx++)
      {
        gint at = 3 * ((SIDE / 2 + dy) * SIDE + SIDE / 2 + dx);
        gdouble share = abs (dx) > 3 || abs (dy) > 3
                            ? 0
                            : weights[dx + 3] * weights[dy + 3] / (27.0 * 27.0);
        gdouble red = 100 - 0.299 * 100 - 0.587 * 120 - 0.114 * 140;
        ck_assert_double_eq_tol (out[at] - light (from + at), red + 100 * share, 1.2);
        ck_assert_double_eq_tol (light (out + at), light (from + at), 1);
      }
}
END_TEST

START_TEST (test_a_region_is_cut_from_the_whole)
{
  g_autoptr (SmearImage) image = picture (TRUE);
  SmearRegion whole = { 0, 0, SIDE, SIDE },
              parts[] = { { 15, 17, 9, 8 }, { 0, 30, 40, 10 } };
  guint8 all[SIDE * SIDE * 3], part[SIDE * SIDE * 3];

  smear_image_smooth_colour (image, &whole, 2, 3, all);
  for (guint k = 0; k < G_N_ELEMENTS (parts); k++)
    {
      const SmearRegion *r = &parts[k];
      smear_image_smooth_colour (image, r, 2, 3, part);
      for (gint y = 0; y < r->height; y++)
        for (gint x = 0; x < 3 * r->width; x++)
          ck_assert_int_le (
              abs (part[y * 3 * r->width + x] - all[3 * ((r->y + y) * SIDE + r->x) + x]),
              1);
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("smooth-colour");
  TCase *tests = tcase_create ("smooth");

  tcase_add_test (tests, test_flat_colour_keeps_every_detail);
  tcase_add_test (tests, test_a_spot_of_colour_spreads_by_hand);
  tcase_add_test (tests, test_a_region_is_cut_from_the_whole);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
