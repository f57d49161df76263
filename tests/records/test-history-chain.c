/* Any change shows, and erasing what is personal is none. */
#include "base/json-read.h"
#include "records/records-support.h"

/* Ten findings and two pieces of feedback on the fourth. */
static void
fill (Bench *bench)
{
  g_autoptr (SmearHistory) history = bench_open (bench);
  g_autoptr (GError) error = NULL;
  SmearFeedback agree = { SMEAR_FEEDBACK_AGREE, SMEAR_CLASS_NONE, -1, "dr-lind",
                          "ask Mr Quince" };
  SmearFeedback correct = { SMEAR_FEEDBACK_CORRECT, SMEAR_CLASS_PRE, 1, "dr-osei", NULL };

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("quince-%u.jpg", i);
      add_named (history, name, i);
    }
  ck_assert_int_eq (smear_feedback_add (history, 4, &agree, &error), 11);
  ck_assert_int_eq (smear_feedback_add (history, 4, &correct, &error), 12);
  ck_assert_no_error (error);
}

START_TEST (an_untouched_chain_holds)
{
  Bench bench = bench_new ();
  fill (&bench);
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert (check.intact);
  ck_assert_int_eq (check.n_entries, 12);
  ck_assert_int_eq (check.broken, 0);
  bench_free (&bench);
}
END_TEST

static const struct
{
  const char *sql;
  gint64 broken;
} tamperings[] = {
  { "UPDATE entries SET facts = replace (facts, '\"Pre\"', '\"Benign\"') WHERE id = 3",
    3 },
  { "UPDATE entries SET time = time + 1 WHERE id = 5", 5 },
  { "UPDATE entries SET about = 5 WHERE id = 11", 11 },
  { "UPDATE entries SET kind = 1 WHERE id = 1", 1 },
  { "DELETE FROM personal WHERE id = 6; DELETE FROM entries WHERE id = 6", 6 },
  { "UPDATE personal SET body = replace (body, 'quince-6', 'quince-5') WHERE id = 7", 7 },
  { "UPDATE personal SET name = 'other' WHERE id = 8", 8 },
  { "UPDATE personal SET pixels = x'00' WHERE id = 8", 8 },
  { "UPDATE personal SET picture = x'00' WHERE id = 8", 8 },
  { "DELETE FROM personal WHERE id = 9", 9 },
  { "UPDATE entries SET hash = (SELECT hash FROM entries WHERE id = 1) WHERE id = 2", 2 },
  { "UPDATE entries SET hash = x'00' WHERE id = 12", 12 },
  { "UPDATE entries SET personal_digest = zeroblob (32) WHERE id = 10", 10 },
  { "INSERT INTO entries (id, time, kind, about, facts, personal_digest, hash)"
    " SELECT 13, time, kind, about, facts, personal_digest, hash FROM entries WHERE id = "
    "12",
    13 },
  { "INSERT INTO entries (id, time, kind, about, facts, personal_digest, hash)"
    " VALUES (0, 0, 2, 4, '{}', zeroblob (32), zeroblob (32))",
    1 },
  /* Two that change places, with all that belongs to them. */
  { "PRAGMA foreign_keys = OFF; UPDATE entries SET id = -1 WHERE id = 3;"
    "UPDATE entries SET id = 3 WHERE id = 8; UPDATE entries SET id = 8 WHERE id = -1;"
    "UPDATE personal SET id = -1 WHERE id = 3; UPDATE personal SET id = 3 WHERE id = 8;"
    "UPDATE personal SET id = 8 WHERE id = -1",
    3 },
  /* One more in the middle; those behind it move on. */
  { "PRAGMA foreign_keys = OFF; UPDATE entries SET id = -id - 1 WHERE id > 5;"
    "UPDATE entries SET id = -id WHERE id < 0;"
    "UPDATE personal SET id = -id - 1 WHERE id > 5;"
    "UPDATE personal SET id = -id WHERE id < 0;"
    "INSERT INTO entries (id, time, kind, about, facts, personal_digest, hash)"
    " SELECT 6, time, kind, about, facts, personal_digest, hash FROM entries WHERE id = "
    "5",
    6 },
  /* The end cut off; all cut off; the mark of the end gone. */
  { "DELETE FROM personal WHERE id > 9; DELETE FROM entries WHERE id > 9", 10 },
  { "DELETE FROM personal; DELETE FROM entries", 1 },
  { "DELETE FROM meta WHERE key = 'end'", 13 },
};

START_TEST (the_first_changed_entry_is_named)
{
  Bench bench = bench_new ();
  fill (&bench);
  bench_tamper (&bench, tamperings[_i].sql);
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert (!check.intact);
  ck_assert_msg (check.broken == tamperings[_i].broken,
                 "entry %d is named instead of %d (%s)", (int)check.broken,
                 (int)tamperings[_i].broken, check.why);
  ck_assert_ptr_nonnull (check.why);
  bench_free (&bench);
}
END_TEST

/* The same, straight at the connection: SQLite itself says no. */
START_TEST (entries_can_only_be_appended)
{
  Bench bench = bench_new ();
  static const char *const refused[] = {
    "UPDATE entries SET time = 0 WHERE id = 3",
    "DELETE FROM entries WHERE id = 12",
    "UPDATE personal SET body = '{}' WHERE id = 3",
    "DELETE FROM personal WHERE id = 3",
    "INSERT OR REPLACE INTO entries SELECT 3, 0, 0, 0, '{}', zeroblob (32), zeroblob "
    "(32)",
    "INSERT OR REPLACE INTO entries (id, time, kind, about, facts, personal_digest, hash)"
    " VALUES (3, 0, 0, 0, '{}', zeroblob (32), zeroblob (32))",
  };
  fill (&bench);
  g_autoptr (SmearHistory) history = bench_open (&bench);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    ck_assert_msg (!smear_history_run (history, refused[i], NULL), "%s", refused[i]);
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert (check.intact);
  bench_free (&bench);
}
END_TEST

START_TEST (a_cut_chain_is_told_by_a_noted_head)
{
  Bench bench = bench_new ();
  fill (&bench);
  g_auto (SmearHistoryCheck) before = bench_verify (&bench);
  bench_tamper (&bench,
                "DELETE FROM personal WHERE id > 9; DELETE FROM entries WHERE id > 9;"
                "UPDATE meta SET value = (SELECT hash FROM entries WHERE id = 9)"
                " WHERE key = 'end'");
  g_auto (SmearHistoryCheck) unaware = bench_verify (&bench);
  ck_assert (unaware.intact); /* somebody knew how: hence the noted head */
  ck_assert_int_eq (unaware.n_entries, 9);
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_auto (SmearHistoryCheck) check = { 0 };
  ck_assert (smear_history_verify (history, before.head, &check, NULL));
  ck_assert (!check.intact);
  ck_assert_int_eq (check.broken, 10);
  g_auto (SmearHistoryCheck) fine = { 0 };
  ck_assert (smear_history_verify (history, unaware.head, &fine, NULL));
  ck_assert (fine.intact);
  bench_free (&bench);
}
END_TEST

START_TEST (erasing_leaves_no_trace_and_a_whole_chain)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  fill (&bench);
  ck_assert (bench_holds (&bench, "quince-3"));
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    ck_assert (smear_history_erase (history, 4, "asked for", &error));
    ck_assert_no_error (error);
    ck_assert (!bench_holds (&bench, "quince-3"));
    ck_assert (!bench_holds (&bench, "Mr Quince"));
    ck_assert (!bench_holds (&bench, "dr-osei"));
    ck_assert (bench_holds (&bench, "quince-4"));
    ck_assert (smear_history_erase (history, 4, "again", &error));
    g_autoptr (SmearRecord) record = smear_history_get (history, 4, &error);
    ck_assert (record->erased);
    ck_assert_ptr_null (record->finding->source);
    ck_assert_ptr_null (record->user);
    ck_assert_int_eq (record->finding->klass, 3);
    ck_assert (!smear_history_erase (history, 11, NULL, &error));
    ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, "finding 4");
  }
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert_msg (check.intact, "%s", check.why);
  ck_assert_int_eq (check.n_entries, 15); /* finding and two pieces of feedback */
  ck_assert_int_eq (check.n_erased, 3);
  bench_free (&bench);
}
END_TEST

/* Grown over many pages, so that names have lain in more than one place. */
START_TEST (erasing_among_many_leaves_no_trace)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearHistory) history = bench_open (&bench);
  ck_assert (smear_history_begin (history, &error));
  for (guint i = 0; i < 600; i++)
    {
      g_autofree char *name = g_strdup_printf (
          i % 7 ? "kept-%u.jpg" : "quince-%u-with-a-longer-name.jpg", i);
      add_named (history, name, i);
    }
  ck_assert (smear_history_commit (history, &error));
  SmearHistoryQuery query = SMEAR_HISTORY_QUERY_ALL;
  query.name = "QUINCE";
  ck_assert_int_eq (smear_history_purge (history, &query, "asked for", &error), 86);
  ck_assert_no_error (error);
  ck_assert (!bench_holds (&bench, "quince"));
  ck_assert (bench_holds (&bench, "kept-1.jpg"));
  ck_assert_int_eq (smear_history_purge (history, &query, "asked for", &error), 0);
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert (check.intact);
  bench_free (&bench);
}
END_TEST

START_TEST (what_was_to_be_erased_and_is_not_shows)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  fill (&bench);
  bench_tamper (&bench, "CREATE TABLE kept AS SELECT * FROM personal WHERE id = 4");
  /* Opening again would not lock it: this is a tampered file, used as it is. */
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    ck_assert (smear_history_erase (history, 4, NULL, &error));
    ck_assert (
        smear_history_run (history, "INSERT INTO personal SELECT * FROM kept", &error));
  }
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert_int_eq (check.broken, 4);
  bench_free (&bench);
}
END_TEST

START_TEST (retention_erases_what_is_old)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  fill (&bench);
  bench.settings->retention_days = 1;
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    g_autoptr (SmearRecord) record = smear_history_get (history, 1, &error);
    ck_assert (!record->erased);
  }
  /* Two days older, with the chain as a program of that day would have made it. */
  bench_tamper (&bench,
                "UPDATE entries SET time = time - 2 * 86400 * 1000000 WHERE id <= 2");
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (SmearRecord) first = smear_history_get (history, 1, &error);
  g_autoptr (SmearRecord) third = smear_history_get (history, 3, &error);
  ck_assert (first->erased);
  ck_assert (!third->erased);
  ck_assert (!bench_holds (&bench, "quince-1"));
  bench_free (&bench);
}
END_TEST

START_TEST (a_retention_longer_than_time_keeps_everything)
{
  static const gint days[] = { 36500, G_MAXINT };
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  fill (&bench);
  bench.settings->retention_days = days[_i];
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (SmearRecord) record = smear_history_get (history, 1, &error);
  ck_assert (!record->erased);
  SmearHistoryQuery query = SMEAR_HISTORY_QUERY_ALL;
  query.until = -1;
  ck_assert_int_eq (smear_history_count (history, &query, NULL), 0);
  bench_free (&bench);
}
END_TEST

/* What json-glib reads as deeper than it looks is refused with what is deep. */
static const struct
{
  const char *text;
  gboolean shallow;
} nestings[] = {
  { "{\"a\": [1, \"[[[\\\"{{\", \"it's a/b\"]}", TRUE },
  { "[\"\\u00e4 \\ud83d\\ude00\", \"\"]", TRUE },
  { "/* \" */ [1]", FALSE },
  { "['\"']", FALSE },
  { "[\"\\u12\"\",[1]]", FALSE },
  { "[\"\\ud800\"\",[1]]", FALSE },
};

START_TEST (nesting_has_an_end)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (nestings); i++)
    ck_assert_msg (smear_json_is_shallow (nestings[i].text, strlen (nestings[i].text))
                       == nestings[i].shallow,
                   "%s", nestings[i].text);
  fill (&bench);
  bench_tamper (&bench, "DROP INDEX entries_class; UPDATE entries SET facts = CAST"
                        " (replace (hex (zeroblob (500000)), '0', '[') AS BLOB)"
                        " WHERE id = 3");
  g_autoptr (SmearHistory) history = bench_open (&bench);
  ck_assert_ptr_null (smear_history_get (history, 3, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "entry 3 is damaged");
  bench_free (&bench);
}
END_TEST

START_TEST (a_time_in_no_calendar_is_damage)
{
  static const char *const times[] = { "9223372036854775807", "-62135596800000001",
                                       "253402300800000000" };
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = g_strdup_printf ("UPDATE entries SET time = %s WHERE id = 3",
                                          times[_i]);
  fill (&bench);
  bench_tamper (&bench, sql);
  g_autoptr (SmearHistory) history = bench_open (&bench);
  ck_assert_ptr_null (smear_history_get (history, 3, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "entry 3 is damaged");
  bench_free (&bench);
}
END_TEST

/* Text nobody's program wrote: an error that names the entry, or harmless values. */
static const char *const nonsense[] = {
  "[]",
  "",
  "{\"class\": [1], \"verdict\": {}}",
  "{\"verdict\": \"answered\", \"class\": 7, \"cells\": [1, [2], {}, [\"a\"]], "
  "\"region\": [1e99]}",
  "{\"verdict\": \"answered\", \"quality\": [], \"warnings\": [3, null], \"image\": "
  "[-1e300, \"x\"]}",
  "{\"verdict\": \"answered\", \"cells\": [[1,2,3,4,5,6,7,8,1e9,1,1,1,1]], \"model\": "
  "null}",
};

START_TEST (nonsense_is_read_without_harm)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = g_strdup_printf ("DROP INDEX entries_class; UPDATE entries SET "
                                          "facts = CAST ('%s' AS TEXT) WHERE id = 3;",
                                          nonsense[_i]);
  fill (&bench);
  bench_tamper (&bench, _i == 1 ? "DELETE FROM personal WHERE id = 3" : sql);
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (SmearRecord) record = smear_history_get (history, 3, &error);
  ck_assert ((record == NULL) == (error != NULL));
  if (_i == 0 || _i == 2)
    ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "entry 3 is damaged");
  else
    ck_assert_no_error (error);
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert_int_eq (check.broken, 3);
  bench_free (&bench);
}
END_TEST

START_TEST (pseudonyms_hide_names_and_paths)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearFinding) finding = finding_new ("/ward/quince.jpg", 1);
  SmearRecordContext context = { .path = "/ward/quince.jpg", .user = "mt" };
  bench.settings->pseudonyms = TRUE;
  g_autoptr (SmearHistory) history = bench_open (&bench);
  ck_assert_int_eq (smear_history_add (history, finding, NULL, &context, &error), 1);
  ck_assert_int_eq (smear_history_add (history, finding, NULL, &context, &error), 2);
  ck_assert (!bench_holds (&bench, "quince"));
  ck_assert (!bench_holds (&bench, "ward"));
  g_autoptr (SmearRecord) first = smear_history_get (history, 1, &error);
  g_autoptr (SmearRecord) second = smear_history_get (history, 2, &error);
  g_autofree char *pseudonym = smear_pseudonym ("quince.jpg", &error);
  ck_assert_str_eq (first->finding->source, pseudonym);
  ck_assert_str_eq (second->finding->source, pseudonym);
  ck_assert (g_str_has_prefix (pseudonym, "P-"));

  /* Another key, another pseudonym; and a key that others can read is refused. */
  g_autofree char *key = smear_history_config_path ("pseudonym.key");
  GStatBuf info;
  ck_assert_int_eq (g_stat (key, &info), 0);
  ck_assert_int_eq (info.st_mode & 0777, 0600);
  g_unlink (key);
  g_autofree char *other = smear_pseudonym ("quince.jpg", &error);
  ck_assert_str_ne (other, pseudonym);
  g_chmod (key, 0644);
  ck_assert_ptr_null (smear_pseudonym ("quince.jpg", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "chmod 600");
  g_clear_error (&error);
  ck_assert_int_eq (smear_history_add (history, finding, NULL, &context, &error), 0);
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "pseudonym.key");
  bench_free (&bench);
}
END_TEST

START_TEST (pixels_are_kept_only_when_asked)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearFinding) finding = finding_new ("a.jpg", 1);
  g_autoptr (SmearImage) image = image_new ();
  bench.settings->pixels = _i == 1;
  g_autoptr (SmearHistory) history = bench_open (&bench);
  ck_assert_int_eq (smear_history_add (history, finding, image, NULL, &error), 1);
  g_autoptr (SmearRecord) record = smear_history_get (history, 1, &error);
  ck_assert_int_eq (record->picture != NULL, _i == 1);
  ck_assert_int_eq (bench_holds (&bench, "IHDR"), _i == 1);
  if (_i == 1)
    {
      g_autoptr (SmearImage) picture = smear_image_load_bytes (record->picture, "kept",
                                                               &error);
      ck_assert_no_error (error);
      g_autoptr (SmearImage) part = smear_image_crop (image, &finding->region);
      ck_assert_mem_eq (smear_image_get_pixels (picture), smear_image_get_pixels (part),
                        3 * 20 * 18);
      ck_assert (smear_history_erase (history, 1, NULL, &error));
      ck_assert (!bench_holds (&bench, "IHDR"));
    }
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert (check.intact);
  bench_free (&bench);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("history-chain");
  TCase *tc = tcase_create ("history-chain");
  tcase_add_test (tc, an_untouched_chain_holds);
  tcase_add_loop_test (tc, the_first_changed_entry_is_named, 0,
                       G_N_ELEMENTS (tamperings));
  tcase_add_test (tc, entries_can_only_be_appended);
  tcase_add_test (tc, a_cut_chain_is_told_by_a_noted_head);
  tcase_add_test (tc, erasing_leaves_no_trace_and_a_whole_chain);
  tcase_add_test (tc, erasing_among_many_leaves_no_trace);
  tcase_add_test (tc, what_was_to_be_erased_and_is_not_shows);
  tcase_add_test (tc, retention_erases_what_is_old);
  tcase_add_loop_test (tc, a_retention_longer_than_time_keeps_everything, 0, 2);
  tcase_add_test (tc, nesting_has_an_end);
  tcase_add_loop_test (tc, a_time_in_no_calendar_is_damage, 0, 3);
  tcase_add_loop_test (tc, nonsense_is_read_without_harm, 0, G_N_ELEMENTS (nonsense));
  tcase_add_test (tc, pseudonyms_hide_names_and_paths);
  tcase_add_loop_test (tc, pixels_are_kept_only_when_asked, 0, 2);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
