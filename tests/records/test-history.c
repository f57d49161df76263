/* What goes into the history comes out again, to the bit, and nothing that should not go
 * in. */
#include "records/records-support.h"

#include <sys/stat.h>

START_TEST (a_finding_comes_back_to_the_bit)
{
  Bench bench = bench_new ();
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (SmearFinding) finding = finding_new ("/ward 3/Jäger, Änne.jpg", 6);
  g_autoptr (SmearImage) image = image_new ();
  g_autoptr (SmearHeatMap) map = smear_heat_map_new (3, 2);
  g_autoptr (GError) error = NULL;
  SmearClassifyOptions options = { SMEAR_CLASS_PRO, TRUE, 2 };
  SmearRecordContext context = { "/ward 3/J\xe4ger.jpg", "mw", "test 1", NULL, &options };
  finding->map = smear_heat_map_copy (map);
  gint64 id = smear_history_add (history, finding, image, &context, &error);
  ck_assert_no_error (error);
  ck_assert_int_eq (id, 1);

  g_autoptr (SmearRecord) record = smear_history_get (history, id, &error);
  ck_assert_no_error (error);
  ck_assert_str_eq (record->finding->source, "Jäger, Änne.jpg");
  ck_assert_str_eq (record->path, "/ward 3/J\xe4ger.jpg"); /* bytes that are no text */
  ck_assert_str_eq (record->user, "mw");
  ck_assert_str_eq (record->program, "test 1");
  ck_assert_mem_eq (record->finding->probabilities, finding->probabilities,
                    sizeof finding->probabilities);
  ck_assert_mem_eq (&record->finding->confidence, &finding->confidence, sizeof (gfloat));
  ck_assert_mem_eq (&record->finding->region, &finding->region, sizeof finding->region);
  ck_assert_int_eq (record->finding->klass, finding->klass);
  ck_assert_int_eq (record->finding->cells->len, 2);
  for (guint i = 0; i < 2; i++)
    {
      SmearCell *cell = &g_array_index (record->finding->cells, SmearCell, i);
      SmearCell *was = &g_array_index (finding->cells, SmearCell, i);
      ck_assert_mem_eq (cell->probabilities, was->probabilities,
                        sizeof cell->probabilities);
      ck_assert_mem_eq (&cell->x, &was->x, sizeof cell->x);
      ck_assert_int_eq (cell->touches_edge, was->touches_edge);
      ck_assert_int_eq (cell->box.x, was->box.x);
    }
  ck_assert (record->finding->has_quality && record->finding->quality.blurred);
  ck_assert_float_eq (record->finding->quality.sharpness, 0.123f);
  ck_assert_str_eq (record->warnings[0], "The cells are out of focus.");
  ck_assert_int_eq (record->options.explain, SMEAR_CLASS_PRO);
  ck_assert_int_eq (record->options.n_threads, 2);
  ck_assert_int_eq (record->image_width, 32);
  g_autofree char *pixels = smear_pixel_hash (image, &finding->region);
  ck_assert_str_eq (record->pixel_hash, pixels);
  g_autofree char *map_hash = smear_map_hash (map);
  ck_assert_str_eq (record->map_hash, map_hash);
  ck_assert_ptr_null (record->picture);
  ck_assert_int_eq (strlen (record->hash), 64);
  bench_free (&bench);
}
END_TEST

/* SHA-256 of 1, 1 as little-endian words and the bytes 1, 2, 3, by another program. */
START_TEST (the_pixel_hash_is_over_size_and_pixels)
{
  g_autoptr (SmearImage) image = smear_image_new (2, 1, NULL);
  SmearRegion first = { 0, 0, 1, 1 }, outside = { 1, 0, 2, 1 };
  memcpy (smear_image_get_pixels (image), "\1\2\3\4\5\6", 6);
  g_autofree char *hash = smear_pixel_hash (image, &first);
  ck_assert_str_eq (hash,
                    "a4d3750cd606e63d8352d550ffe954594f01d109b77e67b5460751a37a2a8941");
  ck_assert_ptr_null (smear_pixel_hash (image, &outside));
}
END_TEST

START_TEST (nobody_else_may_read_it)
{
  Bench bench = bench_new ();
  g_autofree char *log = g_strconcat (bench.path, "-wal", NULL);
  umask (0);
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    add_named (history, "a.jpg", 0);
    ck_assert_int_eq (bench_count_private (&bench), 3); /* write-ahead log in use */
    g_chmod (bench.path, 0644); /* as a copy from elsewhere may be */
    g_chmod (log, 0644);
    g_autoptr (SmearHistory) again = bench_open (&bench);
    ck_assert_ptr_nonnull (again);
    ck_assert_int_eq (bench_count_private (&bench), 3);
  }
  ck_assert_int_ge (bench_count_private (&bench), 1);
  bench_free (&bench);
}
END_TEST

START_TEST (searches_find_what_fits)
{
  Bench bench = bench_new ();
  bench.settings->pseudonyms = _i == 1;
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearImage) image = image_new ();
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *name = g_strdup_printf ("ÜBUNG-%02u.png", i);
      add_named (history, name, i);
    }
  g_autoptr (SmearFinding) other = finding_new ("other.png", 1);
  other->verdict = SMEAR_VERDICT_UNCERTAIN;
  g_free (other->model_name);
  other->model_name = g_strdup ("second");
  smear_history_add (history, other, image, NULL, &error);
  ck_assert_no_error (error);

  SmearHistoryQuery query = SMEAR_HISTORY_QUERY_ALL;
  ck_assert_int_eq (smear_history_count (history, &query, NULL), 41);
  query.klass = SMEAR_CLASS_PRE; /* seeds 2, 6, … 38 */
  query.limit = 3;
  query.offset = 1;
  g_autoptr (GPtrArray) found = smear_history_search (history, &query, &error);
  ck_assert_no_error (error);
  ck_assert_int_eq (found->len, 3);
  ck_assert_int_eq (((SmearRecord *)found->pdata[0])->id, 35);
  ck_assert_int_eq (smear_history_count (history, &query, NULL), 10);

  query = (SmearHistoryQuery)SMEAR_HISTORY_QUERY_ALL;
  query.name = _i == 1 ? "ÜBUNG-07.png" : "übung-07";
  g_autoptr (GPtrArray) named = smear_history_search (history, &query, &error);
  ck_assert_int_eq (named->len, 1);
  ck_assert_int_eq (((SmearRecord *)named->pdata[0])->id, 8);
  query.klass = SMEAR_CLASS_BENIGN;
  ck_assert_int_eq (smear_history_count (history, &query, NULL), 0);

  query = (SmearHistoryQuery)SMEAR_HISTORY_QUERY_ALL;
  query.verdict = SMEAR_VERDICT_UNCERTAIN;
  query.model = "second";
  ck_assert_int_eq (smear_history_count (history, &query, NULL), 1);
  g_autofree char *pixels = smear_pixel_hash (image, &other->region);
  query = (SmearHistoryQuery)SMEAR_HISTORY_QUERY_ALL;
  query.pixel_hash = pixels;
  ck_assert_int_eq (smear_history_count (history, &query, NULL), 1);
  query.until = 1;
  ck_assert_int_eq (smear_history_count (history, &query, NULL), 0);
  bench_free (&bench);
}
END_TEST

START_TEST (a_batch_is_kept_whole_or_not_at_all)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  SmearHistoryQuery all = SMEAR_HISTORY_QUERY_ALL;
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    ck_assert (smear_history_begin (history, &error));
    add_named (history, "a.jpg", 0);
    add_named (history, "b.jpg", 1);
    ck_assert (smear_history_commit (history, &error));
    ck_assert (smear_history_begin (history, &error));
    add_named (history, "c.jpg", 2);
  } /* closed without commit */
  g_autoptr (SmearHistory) history = bench_open (&bench);
  ck_assert_int_eq (smear_history_count (history, &all, NULL), 2);
  ck_assert_int_eq (add_named (history, "d.jpg", 3), 3);
  bench_free (&bench);
}
END_TEST

START_TEST (settings_come_back)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  ck_assert_int_eq (bench.settings->recording, SMEAR_RECORDING_ASK);
  ck_assert (!bench.settings->pixels && !bench.settings->pseudonyms);
  bench.settings->recording = SMEAR_RECORDING_ON;
  bench.settings->pseudonyms = TRUE;
  bench.settings->retention_days = 30;
  bench.settings->key_file = g_strdup ("/somewhere/key");
  ck_assert (smear_history_settings_save (bench.settings, &error));
  g_autoptr (SmearHistorySettings) loaded = smear_history_settings_load (&error);
  ck_assert_no_error (error);
  ck_assert_int_eq (loaded->recording, SMEAR_RECORDING_ON);
  ck_assert (loaded->pseudonyms && !loaded->pixels);
  ck_assert_int_eq (loaded->retention_days, 30);
  ck_assert_str_eq (loaded->key_file, "/somewhere/key");

  g_autofree char *path = smear_history_config_path ("history.ini");
  ck_assert (g_file_set_contents (path, "[history]\nretention-days=-4\n", -1, NULL));
  ck_assert_ptr_null (smear_history_settings_load (&error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "history.ini");
  g_unlink (path); /* Valgrind runs the next check in this process */
  bench_free (&bench);
}
END_TEST

START_TEST (exports_hold_no_paths_and_no_users)
{
  Bench bench = bench_new ();
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (SmearFinding) finding = finding_new ("/secret folder/=cmd.jpg", 2);
  g_autoptr (GError) error = NULL;
  SmearRecordContext context = { .path = "/secret folder/=cmd.jpg", .user = "nurse-joy" };
  ck_assert_int_eq (smear_history_add (history, finding, NULL, &context, &error), 1);
  add_named (history, "b,\"quoted\".jpg", 3);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = g_build_filename (bench.folder,
                                                i ? "list.jsonl" : "list.csv", NULL);
      g_autofree char *text = NULL;
      ck_assert (smear_history_export (history, NULL, path, &error));
      ck_assert_no_error (error);
      ck_assert (g_file_get_contents (path, &text, NULL, NULL));
      ck_assert_ptr_null (strstr (text, "secret folder"));
      ck_assert_ptr_null (strstr (text, "nurse-joy"));
      ck_assert_ptr_null (strchr (text, '\r'));
      ck_assert_ptr_nonnull (strstr (text, "=cmd.jpg"));
      ck_assert_ptr_nonnull (
          strstr (text, i ? "b,\\\"quoted\\\".jpg" : "\"b,\"\"quoted\"\".jpg\""));
      ck_assert (i || !strstr (text, ",=cmd.jpg")); /* a spreadsheet would run it */
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
      ck_assert_int_eq (g_strv_length (lines), i ? 3 : 4);
    }
  ck_assert (!smear_history_export (history, NULL, "/tmp/x.doc", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, ".csv or .jsonl");
  bench_free (&bench);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("history");
  TCase *tc = tcase_create ("history");
  tcase_add_test (tc, a_finding_comes_back_to_the_bit);
  tcase_add_test (tc, the_pixel_hash_is_over_size_and_pixels);
  tcase_add_test (tc, nobody_else_may_read_it);
  tcase_add_loop_test (tc, searches_find_what_fits, 0, 2);
  tcase_add_test (tc, a_batch_is_kept_whole_or_not_at_all);
  tcase_add_test (tc, settings_come_back);
  tcase_add_test (tc, exports_hold_no_paths_and_no_users);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
