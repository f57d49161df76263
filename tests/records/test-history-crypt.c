/* Encryption at rest: nothing readable without the key, everything the same with it. */
#include "records/records-support.h"

#include <sys/stat.h>

#include "records/history-private.h"

static char *
key_new (Bench *bench, const char *name)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (bench->folder, "keys", name, NULL);

  ck_assert (smear_history_key_new (path, &error));
  ck_assert_no_error (error);
  return path;
}

static void
fill (Bench *bench)
{
  g_autoptr (SmearHistory) history = bench_open (bench);
  g_autoptr (SmearImage) image = image_new ();
  g_autoptr (SmearFinding) finding = finding_new ("quince-0.jpg", 5);
  g_autoptr (GError) error = NULL;
  SmearFeedback flag = { SMEAR_FEEDBACK_FLAG, SMEAR_CLASS_NONE, -1, "dr-lind",
                         "odd nuclei" };

  history->settings->pixels = TRUE;
  ck_assert_int_eq (smear_history_add (history, finding, image, NULL, &error), 1);
  for (guint i = 1; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("quince-%u.jpg", i);
      add_named (history, name, i);
    }
  ck_assert_int_eq (smear_feedback_add (history, 2, &flag, &error), 31);
}

static void
expect_contents (Bench *bench)
{
  g_autoptr (SmearHistory) history = bench_open (bench);
  g_autoptr (SmearFinding) finding = finding_new ("quince-0.jpg", 5);
  g_autoptr (SmearImage) image = image_new ();
  g_autofree char *pixels = smear_pixel_hash (image, &finding->region);
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearRecord) record = smear_history_get (history, 1, &error);
  g_autoptr (SmearRecord) flag = smear_history_get (history, 31, &error);
  SmearHistoryQuery query = SMEAR_HISTORY_QUERY_ALL;

  ck_assert_no_error (error);
  ck_assert_str_eq (record->finding->source, "quince-0.jpg");
  ck_assert_mem_eq (record->finding->probabilities, finding->probabilities,
                    sizeof finding->probabilities);
  ck_assert_ptr_nonnull (record->picture);
  ck_assert_str_eq (flag->feedback->note, "odd nuclei");
  query.name = "QUINCE-12";
  ck_assert_int_eq (smear_history_count (history, &query, NULL), 1);
  query = (SmearHistoryQuery)SMEAR_HISTORY_QUERY_ALL;
  query.pixel_hash = pixels;
  ck_assert_int_eq (smear_history_count (history, &query, NULL), 1);
  query = (SmearHistoryQuery)SMEAR_HISTORY_QUERY_ALL;
  query.klass = SMEAR_CLASS_PRE;
  query.verdict = SMEAR_VERDICT_ANSWERED;
  query.model = "handmade";
  ck_assert_int_eq (smear_history_count (history, &query, NULL), 7);
  g_auto (SmearHistoryCheck) check = { 0 };
  ck_assert (smear_history_verify (history, NULL, &check, NULL));
  ck_assert_msg (check.intact, "%s", check.why);
  ck_assert_int_eq (check.n_entries, 31);
}

static void
encrypt (Bench *bench, const char *key)
{
  g_autoptr (SmearHistory) history = bench_open (bench);
  g_autoptr (GError) error = NULL;

  g_free (bench->settings->key_file);
  bench->settings->key_file = g_strdup (key);
  ck_assert (smear_history_encrypt (history, bench->settings, &error));
  ck_assert_no_error (error);
}

static const char *const secrets[] = { "quince",     "handmade", "\"Pre\"", "IHDR",
                                       "odd nuclei", "dr-lind",  "focus",   "answered" };

START_TEST (nothing_is_readable_without_the_key)
{
  Bench bench = bench_new ();
  g_autofree char *key = key_new (&bench, "first");
  fill (&bench);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    ck_assert_msg (bench_holds (&bench, secrets[i]), "%s", secrets[i]);
  g_auto (SmearHistoryCheck) before = bench_verify (&bench);
  encrypt (&bench, key);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    ck_assert_msg (!bench_holds (&bench, secrets[i]), "%s", secrets[i]);
  expect_contents (&bench);
  g_auto (SmearHistoryCheck) after = bench_verify (&bench);
  ck_assert_str_eq (before.head, after.head); /* sealing is no change */
  bench_free (&bench);
}
END_TEST

START_TEST (new_entries_are_sealed_too)
{
  Bench bench = bench_new ();
  g_autofree char *key = key_new (&bench, "first");
  g_autoptr (GError) error = NULL;
  smear_history_close (bench_open (&bench));
  encrypt (&bench, key);
  fill (&bench);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    ck_assert_msg (!bench_holds (&bench, secrets[i]), "%s", secrets[i]);
  expect_contents (&bench);
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    ck_assert (smear_history_erase (history, 2, NULL, &error));
    ck_assert (smear_history_decrypt (history, &error));
    ck_assert (!smear_history_is_encrypted (history));
  }
  ck_assert (bench_holds (&bench, "quince-3"));
  ck_assert (!bench_holds (&bench, "quince-1.jpg")); /* erased while it was sealed */
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert_msg (check.intact, "%s", check.why);
  bench_free (&bench);
}
END_TEST

START_TEST (a_wrong_or_missing_key_is_told)
{
  Bench bench = bench_new ();
  g_autofree char *key = key_new (&bench, "first");
  g_autofree char *other = key_new (&bench, "second");
  g_autoptr (GError) error = NULL;
  fill (&bench);
  encrypt (&bench, key);

  g_free (bench.settings->key_file);
  bench.settings->key_file = NULL;
  ck_assert_ptr_null (smear_history_open (bench.path, bench.settings, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "is encrypted: no key is named");
  g_clear_error (&error);
  bench.settings->key_file = g_strdup (other);
  ck_assert_ptr_null (smear_history_open (bench.path, bench.settings, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "another key");
  g_clear_error (&error);
  g_chmod (other, 0640);
  ck_assert_ptr_null (smear_history_open (bench.path, bench.settings, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "others can read this key");
  g_clear_error (&error);
  ck_assert (g_file_set_contents (other, "0123 too short", -1, NULL));
  g_chmod (other, 0600);
  ck_assert_ptr_null (smear_history_open (bench.path, bench.settings, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "no key file");
  g_clear_error (&error);
  g_unlink (other);
  ck_assert_ptr_null (smear_history_open (bench.path, bench.settings, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "No such file");
  g_clear_error (&error);
  ck_assert (!smear_history_key_new (key, &error)); /* never overwritten */
  ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, "never overwritten");
  bench_free (&bench);
}
END_TEST

START_TEST (nobody_else_may_read_it_encrypted_either)
{
  Bench bench = bench_new ();
  g_autofree char *key = key_new (&bench, "first");
  umask (0);
  fill (&bench);
  encrypt (&bench, key);
  ck_assert_int_ge (bench_count_private (&bench), 1);
  g_autoptr (SmearHistory) history = bench_open (&bench);
  add_named (history, "late.jpg", 5);
  ck_assert_int_eq (bench_count_private (&bench), 3);
  bench_free (&bench);
}
END_TEST

/* A process that opened before would go on in clear text: it is turned away. */
START_TEST (an_open_writer_cannot_go_on_in_clear_text)
{
  Bench bench = bench_new ();
  g_autofree char *key = key_new (&bench, "first");
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearFinding) finding = finding_new ("late.jpg", 5);
  fill (&bench);
  g_autoptr (SmearHistory) early = bench_open (&bench);
  encrypt (&bench, key);
  ck_assert_int_eq (smear_history_add (early, finding, NULL, NULL, &error), 0);
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "open it again");
  expect_contents (&bench);
  bench_free (&bench);
}
END_TEST

/* Nor may it seal once more what has been sealed meanwhile. */
START_TEST (nothing_is_sealed_twice)
{
  Bench bench = bench_new ();
  g_autofree char *key = key_new (&bench, "first");
  g_autoptr (GError) error = NULL;
  fill (&bench);
  g_autoptr (SmearHistory) early = bench_open (&bench);
  encrypt (&bench, key);
  ck_assert (!smear_history_encrypt (early, bench.settings, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "open it again");
  expect_contents (&bench);
  bench_free (&bench);
}
END_TEST

START_TEST (a_clean_up_that_fails_is_told_as_such)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  bench.settings->key_file = key_new (&bench, "first");
  fill (&bench);
  g_autoptr (SmearHistory) history = bench_open (&bench);
  gint most = sqlite3_limit (history->db, SQLITE_LIMIT_ATTACHED,
                             0); /* VACUUM needs one */
  ck_assert (!smear_history_encrypt (history, bench.settings, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "encrypted now");
  g_clear_error (&error);
  ck_assert (smear_history_is_encrypted (history));
  expect_contents (&bench);
  sqlite3_limit (history->db, SQLITE_LIMIT_ATTACHED, most);
  ck_assert (smear_history_encrypt (history, bench.settings, &error));
  expect_contents (&bench);
  bench_free (&bench);
}
END_TEST

START_TEST (sealed_bytes_that_were_changed_show)
{
  Bench bench = bench_new ();
  g_autofree char *key = key_new (&bench, "first");
  fill (&bench);
  encrypt (&bench, key);
  bench_tamper (&bench, _i == 0 ? "UPDATE entries SET facts ="
                                  " CAST (facts || x'00' AS BLOB) WHERE id = 5"
                        : _i == 1
                            ? "UPDATE entries SET facts ="
                              " (SELECT facts FROM entries WHERE id = 4) WHERE id = 5"
                            : "UPDATE personal SET body ="
                              " (SELECT body FROM personal WHERE id = 4) WHERE id = 5");
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert_int_eq (check.broken, 5);
  bench_free (&bench);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("history-crypt");
  TCase *tc = tcase_create ("history-crypt");
  tcase_add_test (tc, nothing_is_readable_without_the_key);
  tcase_add_test (tc, new_entries_are_sealed_too);
  tcase_add_test (tc, a_wrong_or_missing_key_is_told);
  tcase_add_test (tc, nobody_else_may_read_it_encrypted_either);
  tcase_add_test (tc, an_open_writer_cannot_go_on_in_clear_text);
  tcase_add_test (tc, nothing_is_sealed_twice);
  tcase_add_test (tc, a_clean_up_that_fails_is_told_as_such);
  tcase_add_loop_test (tc, sealed_bytes_that_were_changed_show, 0, 3);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
