/* The audit's instruments, each where the right reading is known. */
#include "pipeline/preprocess.h"
#include "support/suite.h"
#include "train/audit-smears.h"
#include "train/audit.h"

#include <math.h>
#include <smearscope/synthesise.h>

static SmearImage *
field (SmearClass klass, guint64 seed)
{
  SmearSynthesis what = { 640, 480, 0.2, klass, seed, TRUE };
  SmearImage *image = smear_synthesise (&what, NULL, NULL);

  ck_assert_ptr_nonnull (image);
  return image;
}

static SmearLeukocytes *
find (SmearImage *image)
{
  SmearLeukocytes *found = smear_leukocytes_find (image, 0, 0, NULL);

  ck_assert_ptr_nonnull (found);
  return found;
}

static gdouble
difference (SmearImage *a, SmearImage *b, const SmearRegion *inside, gboolean outside)
{
  gint w = smear_image_get_width (a), h = smear_image_get_height (a);
  guint8 *p = smear_image_get_pixels (a), *q = smear_image_get_pixels (b);
  gdouble sum = 0;

  for (gint y = 0; y < h; y++)
    for (gint x = 0; x < 3 * w; x++, p++, q++)
      {
        gboolean in = x / 3 >= inside->x && y >= inside->y
                      && x / 3 < inside->x + inside->width
                      && y < inside->y + inside->height;
        sum += in != outside ? ABS (*p - *q) : 0;
      }
  return sum;
}

START_TEST (test_rank_correlation_by_hand)
{
  const gfloat up[] = { 1, 2, 3, 4 }, bent[] = { 1, 4, 9, 160 }, down[] = { 9, 7, 5, 0 };
  const gfloat flat[] = { 2, 2, 2, 2 }, ties[] = { 1, 1, 2, 2 };

  ck_assert_double_eq_tol (smear_rank_correlation (up, bent, 4), 1, 1e-9);
  ck_assert_double_eq_tol (smear_rank_correlation (up, down, 4), -1, 1e-9);
  ck_assert_double_eq_tol (smear_rank_correlation (up, flat, 4), 0, 1e-9);
  /* Ranks 0.5 0.5 2.5 2.5 against 0 1 2 3: 4 / sqrt (5 * 4). */
  ck_assert_double_eq_tol (smear_rank_correlation (up, ties, 4), 4 / sqrt (20), 1e-9);
}
END_TEST

START_TEST (test_erasing_the_scale_bar_touches_only_its_corner)
{
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_PRE, 3);
  g_autoptr (SmearLeukocytes) found = find (image);
  g_autoptr (SmearImage) changed = smear_probe_apply (SMEAR_PROBE_SCALE_BAR_ERASED, image,
                                                      found, NULL, NULL, 1, NULL);
  SmearRegion bar = smear_probe_scale_bar (640, 480);

  ck_assert_double_eq (difference (image, changed, &bar, TRUE), 0);
  ck_assert_double_gt (difference (image, changed, &bar, FALSE), 0);
}
END_TEST

START_TEST (test_removed_leukocytes_are_gone)
{
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_EARLY, 5);
  g_autoptr (SmearLeukocytes) found = find (image);
  ck_assert_uint_gt (found->cells->len, 0);
  g_autoptr (SmearImage) changed = smear_probe_apply (SMEAR_PROBE_LEUKOCYTES_REMOVED,
                                                      image, found, NULL, NULL, 1, NULL);
  g_autoptr (SmearLeukocytes) left = find (changed);
  smear_drop_fragments (left);
  ck_assert_uint_eq (left->cells->len, 0);
}
END_TEST

START_TEST (test_only_the_middle_keeps_its_leukocytes)
{
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_PRE, 5);
  g_autoptr (SmearLeukocytes) found = find (image);
  g_autoptr (SmearImage) changed = smear_probe_apply (SMEAR_PROBE_MIDDLE, image, found,
                                                      NULL, NULL, 1, NULL);
  g_autoptr (SmearLeukocytes) left = find (changed);
  guint in_the_middle = 0, lost = 0;

  for (guint i = 0; i < found->cells->len; i++)
    {
      const SmearCell *cell = &g_array_index (found->cells, SmearCell, i);
      if (cell->x < 160 || cell->x >= 480 || cell->y < 120 || cell->y >= 360)
        continue;
      in_the_middle++;
      for (gsize p = 0; p < 640 * 480; p++)
        lost += found->labels[p] == i + 1
                && memcmp (smear_image_get_pixels (image) + 3 * p,
                           smear_image_get_pixels (changed) + 3 * p, 3)
                       != 0;
    }
  ck_assert_uint_gt (in_the_middle, 0);
  ck_assert_uint_gt (found->cells->len, in_the_middle);
  ck_assert_uint_eq (lost, 0);
  ck_assert_uint_eq (left->cells->len, in_the_middle);
}
END_TEST

START_TEST (test_swapped_background_keeps_the_cells)
{
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_PRO, 7),
                         other = field (SMEAR_CLASS_PRE, 8);
  g_autoptr (SmearLeukocytes) found = find (image), other_found = find (other);
  g_autoptr (SmearImage) changed = smear_probe_apply (
      SMEAR_PROBE_BACKGROUND_SWAPPED, image, found, other, other_found, 1, NULL);
  gsize deep = 0, changed_deep = 0;

  /* Two pixels inside the outline nothing may change; outside nearly all of it does. */
  for (gint y = 2; y < found->height - 2; y++)
    for (gint x = 2; x < found->width - 2; x++)
      {
        gboolean inside = TRUE;
        for (gint k = -2; k <= 2; k++)
          inside &= found->labels[y * found->width + x + k] != 0
                    && found->labels[(y + k) * found->width + x] != 0
                    && found->labels[(y + k) * found->width + x + k] != 0
                    && found->labels[(y + k) * found->width + x - k] != 0;
        gsize at = 3 * ((gsize)y * found->width + x);
        if (!inside)
          continue;
        deep++;
        changed_deep += memcmp (smear_image_get_pixels (image) + at,
                                smear_image_get_pixels (changed) + at, 3)
                        != 0;
      }
  ck_assert_uint_gt (deep, 500);
  ck_assert_uint_eq (changed_deep, 0);
  SmearRegion corner = { 0, 0, 60, 60 };
  ck_assert_double_gt (difference (image, changed, &corner, FALSE), 1000);
}
END_TEST

/* How much darker leukocytes are than the rest, in green, as a mean of logarithms. */
static gdouble
contrast (SmearImage *image, const SmearLeukocytes *found)
{
  const guint8 *p = smear_image_get_pixels (image);
  gdouble sum[2] = { 0, 0 }, n[2] = { 0, 0 };

  for (gsize i = 0; i < (gsize)found->width * found->height; i++)
    {
      gint in = found->labels[i] != 0;
      sum[in] += log (MAX (p[3 * i + 1], 1));
      n[in]++;
    }
  return sum[0] / n[0] - sum[1] / n[1];
}

START_TEST (test_swapped_stain_absorbs_like_the_other)
{
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_PRO, 7);
  g_autoptr (SmearLeukocytes) found = find (image);
  g_autoptr (SmearImage) denser = smear_probe_apply (SMEAR_PROBE_GAMMA_125, image, found,
                                                     NULL, NULL, 1, NULL);
  g_autoptr (SmearImage) changed = smear_probe_apply (SMEAR_PROBE_STAIN_SWAPPED, image,
                                                      found, denser, found, 1, NULL);
  g_autoptr (SmearImage) back = smear_probe_apply (SMEAR_PROBE_STAIN_SWAPPED, denser,
                                                   found, image, found, 1, NULL);
  SmearRegion none = { 0, 0, 0, 0 };
  gdouble bytes = 3.0 * found->width * found->height;

  ck_assert_double_eq_tol (contrast (changed, found) / contrast (image, found), 1.25,
                           0.02);
  /* There and back it is the same picture, but for rounding and the grain of the glass.
   */
  ck_assert_double_gt (difference (image, changed, &none, TRUE) / bytes, 3);
  ck_assert_double_lt (difference (denser, changed, &none, TRUE) / bytes, 3);
  ck_assert_double_lt (difference (image, back, &none, TRUE) / bytes, 3);
}
END_TEST

START_TEST (test_colour_probes_do_as_named)
{
  g_autoptr (SmearImage) image = field (SMEAR_CLASS_BENIGN, 9);
  g_autoptr (SmearLeukocytes) found = find (image);
  g_autoptr (SmearImage) grey = smear_probe_apply (SMEAR_PROBE_GREY, image, found, NULL,
                                                   NULL, 1, NULL);
  g_autoptr (SmearImage) dark = smear_probe_apply (SMEAR_PROBE_GAMMA_125, image, found,
                                                   NULL, NULL, 1, NULL);
  g_autoptr (SmearImage) half = smear_probe_apply (SMEAR_PROBE_HALF_SIZE, image, found,
                                                   NULL, NULL, 1, NULL);
  g_autoptr (SmearImage) twice = smear_probe_apply (SMEAR_PROBE_DOUBLE_SIZE, image, found,
                                                    NULL, NULL, 1, NULL);
  g_autoptr (SmearImage) turned = smear_probe_apply (SMEAR_PROBE_HALF_TURN, image, found,
                                                     NULL, NULL, 1, NULL);
  g_autoptr (SmearImage) quarter = smear_probe_apply (SMEAR_PROBE_QUARTER_TURN, image,
                                                      found, NULL, NULL, 1, NULL);
  guint8 *p = smear_image_get_pixels (image), *g = smear_image_get_pixels (grey);
  guint8 *q = smear_image_get_pixels (quarter);
  guint8 *d = smear_image_get_pixels (dark), *t = smear_image_get_pixels (turned);
  gsize n = 640 * 480, uneven = 0, brighter = 0, misplaced = 0, unturned = 0;

  for (gsize i = 0; i < n; i++)
    {
      uneven += g[3 * i] != g[3 * i + 1] || g[3 * i] != g[3 * i + 2];
      brighter += d[3 * i] > p[3 * i];
      misplaced += memcmp (t + 3 * i, p + 3 * (n - 1 - i), 3) != 0;
    }
  ck_assert_uint_eq (uneven, 0);
  ck_assert_uint_eq (brighter, 0);
  ck_assert_uint_eq (misplaced, 0);
  ck_assert_int_eq (smear_image_get_width (half), 320);
  ck_assert_int_eq (smear_image_get_width (quarter), 480);
  for (gint y = 0; y < 480; y++)
    for (gint x = 0; x < 640; x++)
      unturned += memcmp (q + 3 * (x * 480 + 479 - y), p + 3 * (y * 640 + x), 3) != 0;
  ck_assert_uint_eq (unturned, 0);
  ck_assert_int_eq (smear_image_get_width (twice), 640);
}
END_TEST

/* Ten images each of two smears; one smear's answers stay, the other's change: a draw of
 * two smears may be of either twice. */
START_TEST (test_shares_over_smears)
{
  g_autoptr (GArray) images = g_array_new (FALSE, TRUE, sizeof (SmearAudited));
  guint n_smears;

  for (gint i = 0; i < 20; i++)
    {
      SmearAudited image = { .smear = i < 10 ? "a" : "b" };
      image.outcomes[SMEAR_PROBE_BLUR]
          = SMEAR_OUTCOME_PUT | (i < 10 ? SMEAR_OUTCOME_SAME : SMEAR_OUTCOME_RIGHT);
      g_array_append_val (images, image);
    }
  SmearInterval same = smear_audited_share (images, SMEAR_PROBE_BLUR, SMEAR_OUTCOME_SAME,
                                            &n_smears);
  ck_assert_uint_eq (n_smears, 2);
  ck_assert_double_eq (same.low, 0);
  ck_assert_double_eq (same.high, 1);

  for (guint i = 0; i < 10; i++) /* of smear a nothing was asked */
    g_array_index (images, SmearAudited, i).outcomes[SMEAR_PROBE_BLUR] = 0;
  same = smear_audited_share (images, SMEAR_PROBE_BLUR, SMEAR_OUTCOME_RIGHT, &n_smears);
  ck_assert_uint_eq (n_smears, 1);
  ck_assert_double_nan (same.low);
}
END_TEST

START_TEST (test_what_the_worst_of_some_probes_costs)
{
  SmearProbeScore scores[SMEAR_N_PROBES] = { 0 };

  scores[SMEAR_PROBE_UNTOUCHED] = (SmearProbeScore){ .n = 50, .n_correct = 45 };
  scores[SMEAR_PROBE_BLUR] = (SmearProbeScore){ .n = 50, .n_correct = 46 };
  scores[SMEAR_PROBE_JPEG_50] = (SmearProbeScore){ .n = 50, .n_correct = 40 };
  scores[SMEAR_PROBE_NOISE] = (SmearProbeScore){ .n = 50, .n_correct = 45 };
  ck_assert_double_eq_tol (smear_audit_lost (scores, SMEAR_PROBE_BLUR, SMEAR_PROBE_NOISE),
                           10, 1e-9);
  ck_assert_double_eq_tol (smear_audit_lost (scores, SMEAR_PROBE_BLUR, SMEAR_PROBE_BLUR),
                           -2, 1e-9);
  /* Twice the magnification, beside the cells that are still there. */
  scores[SMEAR_PROBE_MIDDLE] = (SmearProbeScore){ .n = 50, .n_correct = 38 };
  scores[SMEAR_PROBE_HALF_SIZE] = (SmearProbeScore){ .n = 50, .n_correct = 44 };
  scores[SMEAR_PROBE_DOUBLE_SIZE] = (SmearProbeScore){ .n = 50, .n_correct = 37 };
  ck_assert_double_eq_tol (
      smear_audit_lost (scores, SMEAR_PROBE_HALF_SIZE, SMEAR_PROBE_DOUBLE_SIZE), 2, 1e-9);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("audit");
  TCase *tcase = tcase_create ("audit");

  tcase_set_timeout (tcase, 120);
  tcase_add_test (tcase, test_rank_correlation_by_hand);
  tcase_add_test (tcase, test_erasing_the_scale_bar_touches_only_its_corner);
  tcase_add_test (tcase, test_removed_leukocytes_are_gone);
  tcase_add_test (tcase, test_only_the_middle_keeps_its_leukocytes);
  tcase_add_test (tcase, test_swapped_background_keeps_the_cells);
  tcase_add_test (tcase, test_swapped_stain_absorbs_like_the_other);
  tcase_add_test (tcase, test_colour_probes_do_as_named);
  tcase_add_test (tcase, test_shares_over_smears);
  tcase_add_test (tcase, test_what_the_worst_of_some_probes_costs);
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
