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
  g_autoptr (SmearImage) image = picture (FALSE), smooth = picture (FALSE);

  smear_image_smooth_colour (smooth, 3, 2);
  for (gint i = 0; i < SIDE * SIDE * 3; i++)
    ck_assert_int_le (
        abs (smear_image_get_pixels (smooth)[i] - smear_image_get_pixels (image)[i]), 1);
}
END_TEST

/* Three means over three pixels are 1 3 6 7 6 3 1 of 27, in both directions. */
START_TEST (test_a_spot_of_colour_spreads_by_hand)
{
  g_autoptr (SmearImage) image = picture (TRUE), smooth = picture (TRUE);
  const guint8 *from = smear_image_get_pixels (image);
  const guint8 *out = smear_image_get_pixels (smooth);
  static const gint weights[9] = { 0, 1, 3, 6, 7, 6, 3, 1, 0 };
  gdouble red = 100 - 0.299 * 100 - 0.587 * 120 - 0.114 * 140;

  smear_image_smooth_colour (smooth, 1, 1);
  for (gint dy = -4; dy <= 4; dy++)
    for (gint dx = -4; dx <= 4; dx++)
      {
        gint at = 3 * ((SIDE / 2 + dy) * SIDE + SIDE / 2 + dx);
        gdouble share = weights[dx + 4] * weights[dy + 4] / (27.0 * 27.0);
        ck_assert_double_eq_tol (out[at] - light (from + at), red + 100 * share, 1.2);
        ck_assert_double_eq_tol (light (out + at), light (from + at), 1);
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
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
