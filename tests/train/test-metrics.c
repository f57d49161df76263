/* Every figure against one worked out by hand. */
#include "support/suite.h"
#include "train/metrics.h"

#include <math.h>
#include <string.h>

#define B SMEAR_CLASS_BENIGN
#define E SMEAR_CLASS_EARLY
#define P SMEAR_CLASS_PRE
#define O SMEAR_CLASS_PRO
#define NONE SMEAR_CLASS_NONE

START_TEST (test_wilson)
{
  /* k = 8, n = 10: centre (0.8 + 3.8415/20) / 1.38415, half width 0.22658. */
  SmearInterval i = smear_wilson (8, 10);
  ck_assert_double_eq_tol (i.low, 0.490162, 1e-6);
  ck_assert_double_eq_tol (i.high, 0.943318, 1e-6);
  i = smear_wilson (0, 10); /* 1 / (1 + 10/z²) from above, 0 from below */
  ck_assert_double_eq_tol (i.low, 0, 1e-12);
  ck_assert_double_eq_tol (i.high, 0.277533, 1e-6);
  i = smear_wilson (10, 10);
  ck_assert_double_eq_tol (i.low, 0.722467, 1e-6);
  ck_assert_double_eq_tol (i.high, 1, 1e-12);
  ck_assert (isnan (smear_wilson (0, 0).low));
}
END_TEST

/* Four benign (3 right, 1 called Early), two Early (1 right, 1 refused), two Pre (both
 * called Early), no Pro. */
static const SmearPrediction mixed[] = {
  { B, B, { 0.9f, 0.1f, 0, 0 }, NULL },      { B, B, { 0.8f, 0.2f, 0, 0 }, NULL },
  { B, B, { 0.5f, 0.25f, 0.25f, 0 }, NULL }, { B, E, { 0.4f, 0.6f, 0, 0 }, NULL },
  { E, E, { 0.2f, 0.7f, 0.1f, 0 }, NULL },   { E, NONE, { 0 }, NULL },
  { P, E, { 0.1f, 0.5f, 0.4f, 0 }, NULL },   { P, E, { 0, 0.75f, 0.25f, 0 }, NULL },
};

START_TEST (test_counts)
{
  SmearMetrics m;
  smear_metrics (mixed, G_N_ELEMENTS (mixed), &m);
  const guint expected[4][4]
      = { { 3, 1, 0, 0 }, { 0, 1, 0, 0 }, { 0, 2, 0, 0 }, { 0, 0, 0, 0 } };
  ck_assert_mem_eq (m.confusion, expected, sizeof expected);
  ck_assert_uint_eq (m.n, 8);
  ck_assert_uint_eq (m.n_judged, 7);
  ck_assert_uint_eq (m.n_correct, 4);
  ck_assert_uint_eq (m.unjudged[E], 1);
  ck_assert_double_eq_tol (m.accuracy, 0.5, 1e-12);
}
END_TEST

START_TEST (test_f1)
{
  SmearMetrics m;
  smear_metrics (mixed, G_N_ELEMENTS (mixed), &m);
  ck_assert_double_eq_tol (m.precision[B], 1.0, 1e-12);
  ck_assert_double_eq_tol (m.recall[B], 0.75, 1e-12);
  ck_assert_double_eq_tol (m.f1[B], 6.0 / 7, 1e-12);
  ck_assert_double_eq_tol (m.precision[E], 0.25, 1e-12);
  ck_assert_double_eq_tol (m.recall[E], 0.5, 1e-12); /* the refused one counts */
  ck_assert_double_eq_tol (m.f1[E], 1.0 / 3, 1e-12);
  ck_assert_double_eq_tol (m.f1[P], 0, 1e-12);
  /* Pro occurs neither as truth nor as answer and is left out. */
  ck_assert_double_eq_tol (m.macro_f1, (6.0 / 7 + 1.0 / 3) / 3, 1e-12);
}
END_TEST

START_TEST (test_brier)
{
  const SmearPrediction two[] = { { B, B, { 0.5f, 0.5f, 0, 0 }, NULL },
                                  { O, P, { 0, 0, 0.75f, 0.25f }, NULL },
                                  { O, NONE, { 0 }, NULL } };
  SmearMetrics m;
  smear_metrics (two, 3, &m);
  /* (0.25 + 0.25) and (0.5625 + 0.5625), the refused one left out. */
  ck_assert_double_eq_tol (m.brier, (0.5 + 1.125) / 2, 1e-12);
}
END_TEST

START_TEST (test_ece)
{
  /* Two of confidence 0.75 in one bin, one right: gap |1 - 1.5|; one of 1, right: no gap;
   * one of 0.5, wrong: gap 0.5. */
  const SmearPrediction four[] = { { B, B, { 0.75f, 0.25f, 0, 0 }, NULL },
                                   { E, B, { 0.75f, 0.25f, 0, 0 }, NULL },
                                   { P, P, { 0, 0, 1, 0 }, NULL },
                                   { P, O, { 0, 0, 0.5f, 0.5f }, NULL } };
  SmearMetrics m;
  smear_metrics (four, 4, &m);
  ck_assert_double_eq_tol (m.ece, (0.5 + 0 + 0.5) / 4, 1e-12);
}
END_TEST

/* Probability of malignancy @p in quarters, exact in binary. */
static SmearPrediction
scored (SmearClass truth, gfloat p)
{
  return (SmearPrediction){ truth, p > 0.5f ? E : B, { 1 - p, p, 0, 0 }, NULL };
}

START_TEST (test_auc)
{
  /* Pairs benign/malignant: 0.25 < 0.75, 0.25 < 0.5, 0.5 < 0.75 right; 0.5 = 0.5 half. */
  const SmearPrediction ties[] = { scored (B, 0.25f), scored (B, 0.5f), scored (E, 0.75f),
                                   scored (O, 0.5f) };
  SmearMetrics m;
  smear_metrics (ties, 4, &m);
  ck_assert_double_eq_tol (m.auc, 3.5 / 4, 1e-12);

  const SmearPrediction backwards[] = { scored (B, 1), scored (P, 0) };
  smear_metrics (backwards, 2, &m);
  ck_assert_double_eq_tol (m.auc, 0, 1e-12);

  const SmearPrediction one_sided[] = { scored (E, 1), scored (P, 0) };
  smear_metrics (one_sided, 2, &m);
  ck_assert (isnan (m.auc));
  ck_assert (isnan (m.sensitivity_at_95));
}
END_TEST

START_TEST (test_sensitivity)
{
  /* Twenty benign: one at 0.75 may be missed (5 %), two may not. Four malignant at 1,
   * 0.75, 0.5 and 0.25, the other nineteen benign at 0.5. */
  SmearPrediction list[24];
  for (gint i = 0; i < 20; i++)
    list[i] = scored (B, i == 0 ? 0.75f : 0.5f);
  list[20] = scored (E, 1);
  list[21] = scored (P, 0.75f);
  list[22] = scored (O, 0.5f);
  list[23] = scored (O, 0.25f);
  SmearMetrics m;
  smear_metrics (list, 24, &m);
  ck_assert_double_eq_tol (m.sensitivity_at_95, 0.5, 1e-12);

  list[1] = scored (B, 0.75f); /* now only the threshold above 0.75 is specific enough */
  smear_metrics (list, 24, &m);
  ck_assert_double_eq_tol (m.sensitivity_at_95, 0.25, 1e-12);
}
END_TEST

START_TEST (test_most_confident)
{
  /* Of five, four are kept: the refused one goes first. */
  const SmearPrediction five[] = { scored (B, 0),
                                   scored (B, 0.25f),
                                   scored (B, 0.75f),
                                   scored (E, 1),
                                   { P, NONE, { 0 }, NULL } };
  SmearMetrics m;
  smear_metrics (five, 5, &m);
  ck_assert_double_eq_tol (m.accuracy_confident, 0.75, 1e-12);
  ck_assert_double_eq_tol (m.accuracy, 0.6, 1e-12);
}
END_TEST

START_TEST (test_empty)
{
  SmearMetrics m;
  smear_metrics (NULL, 0, &m);
  ck_assert (isnan (m.accuracy) && isnan (m.macro_f1) && isnan (m.ece)
             && isnan (m.brier));
  ck_assert (isnan (m.accuracy_confident));
}
END_TEST

START_TEST (test_bootstrap)
{
  /* Two smears, one all right and one all wrong: a round draws accuracy 0, 1/2 or 1 with
   * probability 1/4, 1/2, 1/4, so the middle 95 % reach from 0 to 1, however many images
   * there are; taken as independent they would seem to pin it down. */
  SmearPrediction list[200];
  for (gint i = 0; i < 200; i++)
    {
      list[i] = scored (B, i < 100 ? 0 : 1);
      list[i].group = i < 100 ? "one" : "other";
    }
  SmearInterval accuracy, f1, again;
  ck_assert_uint_eq (smear_bootstrap (list, 200, 1000, 7, &accuracy, &f1), 2);
  ck_assert_double_eq_tol (accuracy.low, 0, 1e-12);
  ck_assert_double_eq_tol (accuracy.high, 1, 1e-12);
  ck_assert_double_eq_tol (f1.low, 0, 1e-12);
  ck_assert_double_eq_tol (f1.high, 1, 1e-12);
  smear_bootstrap (list, 200, 1000, 7, &again, &f1);
  ck_assert_mem_eq (&accuracy, &again, sizeof again);

  for (gint i = 0; i < 200; i++)
    list[i].group = NULL; /* every image by itself: near sqrt (0.25/200) * 1.96 = 0.069 */
  ck_assert_uint_eq (smear_bootstrap (list, 200, 2000, 7, &accuracy, &f1), 200);
  ck_assert_double_eq_tol (accuracy.low, 0.5 - 0.069, 0.015);
  ck_assert_double_eq_tol (accuracy.high, 0.5 + 0.069, 0.015);

  ck_assert_uint_eq (smear_bootstrap (list, 1, 100, 7, &accuracy, &f1), 1);
  ck_assert (isnan (accuracy.low));
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("metrics");
  TCase *tests = tcase_create ("by hand");
  tcase_add_test (tests, test_wilson);
  tcase_add_test (tests, test_counts);
  tcase_add_test (tests, test_f1);
  tcase_add_test (tests, test_brier);
  tcase_add_test (tests, test_ece);
  tcase_add_test (tests, test_auc);
  tcase_add_test (tests, test_sensitivity);
  tcase_add_test (tests, test_most_confident);
  tcase_add_test (tests, test_empty);
  tcase_add_test (tests, test_bootstrap);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
