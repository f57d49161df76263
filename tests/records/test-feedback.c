/* What reviewers say, how far they agree with the model, and the list to train from. */
#include "records/records-support.h"

#include <math.h>

static gint64
say (SmearHistory *history, gint64 id, SmearFeedbackKind kind, SmearClass klass,
     gint cell, const char *who)
{
  SmearFeedback feedback = { kind, klass, cell, (char *)who, NULL };
  g_autoptr (GError) error = NULL;
  gint64 said = smear_feedback_add (history, id, &feedback, &error);

  ck_assert_no_error (error);
  return said;
}

#define AGREE SMEAR_FEEDBACK_AGREE, SMEAR_CLASS_NONE
#define FLAG SMEAR_FEEDBACK_FLAG, SMEAR_CLASS_NONE

/* Two classes, 20 5 / 10 15. Agreement 35/50 = 0.7; by chance 25/50 * 30/50 + 25/50 *
 * 20/50 = 0.5; kappa 0.2/0.5 = 0.4; its error sqrt (0.7 * 0.3 / 50) / 0.5 = 0.1296. */
START_TEST (kappa_of_two_classes)
{
  SmearAgreement agreement = { 0 };
  agreement.confusion[1][1] = 20;
  agreement.confusion[1][2] = 5;
  agreement.confusion[2][1] = 10;
  agreement.confusion[2][2] = 15;
  smear_agreement_compute (&agreement);
  ck_assert_int_eq (agreement.n, 50);
  ck_assert_double_eq_tol (agreement.observed, 0.7, 1e-12);
  ck_assert_double_eq_tol (agreement.expected, 0.5, 1e-12);
  ck_assert_double_eq_tol (agreement.kappa, 0.4, 1e-12);
  ck_assert_double_eq_tol (agreement.low, 0.4 - 1.96 * 0.12961, 1e-4);
  ck_assert_double_eq_tol (agreement.high, 0.4 + 1.96 * 0.12961, 1e-4);
}
END_TEST

/* Rows 10 9 13 8, columns 11 9 12 8, diagonal 9 7 11 7 of 40. Agreement 34/40 = 0.85; by
 * chance (110 + 81 + 156 + 64)/1600 = 411/1600; kappa (1360 - 411)/(1600 - 411) =
 * 949/1189. */
START_TEST (kappa_of_four_classes)
{
  const guint table[4][4]
      = { { 9, 1, 0, 0 }, { 1, 7, 1, 0 }, { 1, 0, 11, 1 }, { 0, 1, 0, 7 } };
  SmearAgreement agreement = { 0 };
  memcpy (agreement.confusion, table, sizeof table);
  smear_agreement_compute (&agreement);
  ck_assert_int_eq (agreement.n, 40);
  ck_assert_double_eq_tol (agreement.kappa, 949.0 / 1189.0, 1e-12);
}
END_TEST

START_TEST (kappa_without_meaning_is_none)
{
  SmearAgreement agreement = { 0 };
  smear_agreement_compute (&agreement);
  ck_assert (isnan (agreement.kappa) && isnan (agreement.observed));
  agreement.confusion[2][2] = 9; /* all one class: chance alone gives full agreement */
  smear_agreement_compute (&agreement);
  ck_assert (isnan (agreement.kappa));
  ck_assert_double_eq (agreement.observed, 1);
}
END_TEST

START_TEST (feedback_is_stored_with_who_and_when)
{
  Bench bench = bench_new ();
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_real_time ();
  add_named (history, "a.jpg", 1);
  SmearFeedback feedback = { SMEAR_FEEDBACK_CORRECT, SMEAR_CLASS_PRO, 1,
                             (char *)"Dr Лунд", (char *)"smudged" };
  gint64 id = smear_feedback_add (history, 1, &feedback, &error);
  ck_assert_int_eq (id, 2);
  g_autoptr (SmearRecord) record = smear_history_get (history, id, &error);
  ck_assert_int_eq (record->kind, SMEAR_RECORD_FEEDBACK);
  ck_assert_int_eq (record->about, 1);
  ck_assert_int_ge (record->time, start);
  ck_assert_str_eq (record->feedback->who, "Dr Лунд");
  ck_assert_str_eq (record->feedback->note, "smudged");
  ck_assert_int_eq (record->feedback->klass, SMEAR_CLASS_PRO);
  ck_assert_int_eq (record->feedback->cell, 1);
  bench_free (&bench);
}
END_TEST

START_TEST (feedback_on_nothing_is_refused)
{
  Bench bench = bench_new ();
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (SmearFinding) none = finding_new ("none.jpg", 1);
  g_autoptr (GError) error = NULL;
  none->verdict = SMEAR_VERDICT_NO_LEUKOCYTES;
  none->klass = SMEAR_CLASS_NONE;
  add_named (history, "a.jpg", 1);
  smear_history_add (history, none, NULL, NULL, NULL);
  const struct
  {
    gint64 id;
    SmearFeedback feedback;
    const char *words;
  } wrong[] = {
    { 7, { AGREE, -1, NULL, NULL }, "no entry 7" },
    { 1, { AGREE, 2, NULL, NULL }, "there is no cell 3" },
    { 1, { AGREE, -2, NULL, NULL }, "no cell" },
    { 1, { SMEAR_FEEDBACK_CORRECT, SMEAR_CLASS_NONE, -1, NULL, NULL }, "needs a class" },
    { 2, { AGREE, -1, NULL, NULL }, "no class to agree with" },
    { 3, { FLAG, -1, NULL, NULL }, "belongs to finding 1" },
    { 4, { AGREE, -1, NULL, NULL }, "has been erased" },
  };
  say (history, 1, AGREE, -1, "x");
  add_named (history, "b.jpg", 1);
  ck_assert (smear_history_erase (history, 4, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      ck_assert_int_eq (
          smear_feedback_add (history, wrong[i].id, &wrong[i].feedback, &error), 0);
      ck_assert_ptr_nonnull (error);
      ck_assert_msg (strstr (error->message, wrong[i].words) != NULL, "%s",
                     error->message);
      g_clear_error (&error);
    }
  bench_free (&bench);
}
END_TEST

START_TEST (the_last_word_of_each_reviewer_counts)
{
  Bench bench = bench_new ();
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (SmearFinding) open = finding_new ("open.jpg", 2);
  SmearAgreement agreement;
  for (guint i = 0; i < 4; i++)
    add_named (history, "a.jpg", i); /* Benign, Early, Pre, Pro */
  open->verdict = SMEAR_VERDICT_UNCERTAIN;
  smear_history_add (history, open, NULL, NULL, NULL);
  say (history, 1, SMEAR_FEEDBACK_CORRECT, SMEAR_CLASS_PRO, -1,
       "lind"); /* taken back below */
  say (history, 1, AGREE, -1, "lind");
  say (history, 2, SMEAR_FEEDBACK_CORRECT, SMEAR_CLASS_PRE, -1, "lind");
  say (history, 2, AGREE, -1, "osei");
  say (history, 3, AGREE, 1, "lind"); /* a cell */
  say (history, 4, AGREE, -1, "lind");
  say (history, 4, FLAG, -1, "lind");
  say (history, 5, SMEAR_FEEDBACK_CORRECT, SMEAR_CLASS_PRO, -1,
       "osei"); /* no answer given */
  ck_assert (smear_feedback_agreement (history, NULL, 0, 0, &agreement, NULL));
  ck_assert_int_eq (agreement.n, 4);
  ck_assert_int_eq (agreement.n_flagged, 1);
  ck_assert_int_eq (agreement.confusion[SMEAR_CLASS_BENIGN][SMEAR_CLASS_BENIGN], 1);
  ck_assert_int_eq (agreement.confusion[SMEAR_CLASS_PRE][SMEAR_CLASS_EARLY], 1);
  ck_assert_int_eq (agreement.confusion[SMEAR_CLASS_EARLY][SMEAR_CLASS_EARLY], 1);
  ck_assert_int_eq (agreement.confusion[SMEAR_CLASS_PRE][SMEAR_CLASS_PRE], 1);
  /* 3/4 against (1*1 + 1*2 + 2*1)/16 = 5/16: (12 - 5)/(16 - 5) = 7/11. */
  ck_assert_double_eq_tol (agreement.kappa, 7.0 / 11.0, 1e-12);
  ck_assert (smear_feedback_agreement (history, "osei", 0, 0, &agreement, NULL));
  ck_assert_int_eq (agreement.n, 1);
  ck_assert (smear_feedback_agreement (history, NULL, 0, 1, &agreement, NULL));
  ck_assert_int_eq (agreement.n, 0);
  bench_free (&bench);
}
END_TEST

/* Seven opinions on Early Pre-B and Pre-B by two reviewers, four of them moved into the
 * month before: there E E, E E, P E, P P; this month E P, P P, P P. */
START_TEST (agreement_is_told_for_any_time)
{
  static const SmearClass says[] = { 1, 1, 2, 2, 1, 2, 2 },
                          model[] = { 1, 1, 1, 2, 2, 2, 2 };
  Bench bench = bench_new ();
  SmearAgreement agreement;
  gint64 now = g_get_real_time (), month = 30 * G_TIME_SPAN_DAY;
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    for (guint i = 0; i < 7; i++)
      add_named (history, "a.jpg", model[i]);
    for (guint i = 0; i < 7; i++)
      say (history, 1 + i, SMEAR_FEEDBACK_CORRECT, says[i], -1, i % 2 ? "lind" : "osei");
  }
  bench_tamper (&bench, "UPDATE entries SET time = time - 30 * 86400000000"
                        " WHERE id BETWEEN 8 AND 11");
  g_autoptr (SmearHistory) history = bench_open (&bench);
  /* 3/4 against (2 * 3 + 2 * 1)/16 = 1/2: kappa 1/2. */
  ck_assert (smear_feedback_agreement (history, NULL, now - month - G_TIME_SPAN_DAY,
                                       now - G_TIME_SPAN_DAY, &agreement, NULL));
  ck_assert_int_eq (agreement.n, 4);
  ck_assert_int_eq (agreement.confusion[2][1], 1);
  ck_assert_int_eq (agreement.confusion[1][1], 2);
  ck_assert_double_eq_tol (agreement.kappa, 0.5, 1e-12);
  /* 2/3 against (1 * 0 + 2 * 3)/9 = 2/3: no better than chance. */
  ck_assert (smear_feedback_agreement (history, NULL, now - G_TIME_SPAN_DAY, 0,
                                       &agreement, NULL));
  ck_assert_int_eq (agreement.n, 3);
  ck_assert_int_eq (agreement.confusion[1][2], 1);
  ck_assert_double_eq_tol (agreement.kappa, 0, 1e-12);
  /* All: 5/7 against (3 * 3 + 4 * 4)/49 = 25/49: (35 - 25)/(49 - 25) = 5/12. */
  ck_assert (smear_feedback_agreement (history, NULL, 0, 0, &agreement, NULL));
  ck_assert_double_eq_tol (agreement.kappa, 5.0 / 12.0, 1e-12);
  bench_free (&bench);
}
END_TEST

/* Two files on disk: the first judged whole, the second in part. */
static void
add_files (Bench *bench, SmearHistory *history)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (SmearImage) image = image_new ();
      g_autofree char *name = g_strdup_printf ("file-%u.png", i);
      g_autofree char *path = g_build_filename (bench->folder, name, NULL);
      g_autoptr (SmearFinding) finding = finding_new (name, 1 + i);
      SmearRecordContext context = { .path = path };
      ck_assert (smear_image_save_png (image, path, NULL));
      if (i == 0)
        finding->region = (SmearRegion){ 0, 0, 32, 24 };
      ck_assert_int_eq (smear_history_add (history, finding, image, &context, NULL),
                        1 + i);
    }
}

START_TEST (the_training_list_holds_what_reviewers_agree_on)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  bench.settings->pixels = TRUE;
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autofree char *list_path = g_build_filename (bench.folder, "list.csv", NULL);
  g_autofree char *crops = g_build_filename (bench.folder, "crops", NULL);
  g_autofree char *text = NULL;
  SmearTrainingList list;
  add_files (&bench, history);
  say (history, 1, SMEAR_FEEDBACK_CORRECT, SMEAR_CLASS_PRE, -1, "lind");
  say (history, 2, AGREE, -1, "lind");
  say (history, 2, SMEAR_FEEDBACK_CORRECT, SMEAR_CLASS_PRO, 0, "lind");
  say (history, 2, AGREE, 1, "lind");
  say (history, 2, SMEAR_FEEDBACK_CORRECT, SMEAR_CLASS_BENIGN, 1, "osei");
  ck_assert (smear_feedback_export (history, list_path, crops, &list, &error));
  ck_assert_no_error (error);
  ck_assert_int_eq (list.n_images, 1);
  ck_assert_int_eq (list.n_crops, 2);
  ck_assert_int_eq (list.n_disputed, 1);
  ck_assert_int_eq (list.n_unavailable, 0);
  g_autofree char *wanted = g_strdup_printf (
      "path,class\n%s/file-0.png,Pre\n%s/2.png,Pre\n%s/2-cell-1.png,Pro\n", bench.folder,
      crops, crops);
  ck_assert (g_file_get_contents (list_path, &text, NULL, NULL));
  ck_assert_str_eq (text, wanted);
  g_autofree char *cell_path = g_build_filename (crops, "2-cell-1.png", NULL);
  g_autoptr (SmearImage) cell = smear_image_load (cell_path, &error);
  ck_assert_no_error (error);
  ck_assert_int_eq (smear_image_get_width (cell), 6);
  ck_assert_int_eq (smear_image_get_height (cell), 7);
  ck_assert_int_eq (smear_image_get_pixels (cell)[0], (guint8)(5 * 32 + 4));

  /* The list alone takes whole images only, and no file that has changed since. */
  ck_assert (smear_feedback_export (history, list_path, NULL, &list, &error));
  ck_assert_int_eq (list.n_images, 1);
  ck_assert_int_eq (list.n_unavailable, 2);
  g_autofree char *path = g_build_filename (bench.folder, "file-0.png", NULL);
  g_autoptr (SmearImage) black = smear_image_new (32, 24, NULL);
  ck_assert (smear_image_save_png (black, path, NULL));
  ck_assert (smear_feedback_export (history, list_path, NULL, &list, &error));
  ck_assert_int_eq (list.n_images, 0);
  ck_assert_int_eq (list.n_unavailable, 3);
  bench_free (&bench);
}
END_TEST

/* As somebody with a database tool may leave it. */
START_TEST (a_cell_that_is_gone_is_not_cut_out)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  bench.settings->pixels = TRUE;
  g_autofree char *list_path = g_build_filename (bench.folder, "list.csv", NULL);
  g_autofree char *crops = g_build_filename (bench.folder, "crops", NULL);
  SmearTrainingList list;
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    add_files (&bench, history);
    say (history, 2, SMEAR_FEEDBACK_CORRECT, SMEAR_CLASS_PRO, 1, "lind");
  }
  bench_tamper (&bench, "UPDATE entries SET facts = json_remove (facts, '$.cells')");
  g_autoptr (SmearHistory) history = bench_open (&bench);
  ck_assert (smear_feedback_export (history, list_path, crops, &list, &error));
  ck_assert_no_error (error);
  ck_assert_int_eq (list.n_crops, 0);
  ck_assert_int_eq (list.n_unavailable, 1);
  bench_free (&bench);
}
END_TEST

START_TEST (nothing_is_cut_out_unless_allowed)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autofree char *list_path = g_build_filename (bench.folder, "list.csv", NULL);
  g_autofree char *crops = g_build_filename (bench.folder, "crops", NULL);
  SmearTrainingList list;
  ck_assert (!smear_feedback_export (history, list_path, crops, &list, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, "not allowed");
  ck_assert (!g_file_test (crops, G_FILE_TEST_EXISTS));
  bench_free (&bench);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("feedback");
  TCase *tc = tcase_create ("feedback");
  tcase_add_test (tc, kappa_of_two_classes);
  tcase_add_test (tc, kappa_of_four_classes);
  tcase_add_test (tc, kappa_without_meaning_is_none);
  tcase_add_test (tc, feedback_is_stored_with_who_and_when);
  tcase_add_test (tc, feedback_on_nothing_is_refused);
  tcase_add_test (tc, the_last_word_of_each_reviewer_counts);
  tcase_add_test (tc, agreement_is_told_for_any_time);
  tcase_add_test (tc, the_training_list_holds_what_reviewers_agree_on);
  tcase_add_test (tc, a_cell_that_is_gone_is_not_cut_out);
  tcase_add_test (tc, nothing_is_cut_out_unless_allowed);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
