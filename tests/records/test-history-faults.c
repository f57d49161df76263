/* Files that cannot be used as they are: a clear word, and nothing lost. */
#include "records/records-support.h"

#include <sys/stat.h>
#include <sys/wait.h>

static void
refuse (Bench *bench, const char *words)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (smear_history_open (bench->path, bench->settings, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, words);
  ck_assert_ptr_nonnull (strstr (error->message, bench->path));
}

static void
run_sql (const Bench *bench, const char *sql)
{
  sqlite3 *db;

  ck_assert_int_eq (sqlite3_open (bench->path, &db), SQLITE_OK);
  ck_assert_int_eq (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

START_TEST (a_newer_schema_is_left_alone)
{
  Bench bench = bench_new ();
  smear_history_close (bench_open (&bench));
  run_sql (&bench, "PRAGMA user_version = 4");
  refuse (&bench, "newer Smearscope (schema 4, this one knows 3)");
  run_sql (&bench, "PRAGMA user_version = 3");
  smear_history_close (bench_open (&bench));
  bench_free (&bench);
}
END_TEST

static gint
mode_of (const char *path)
{
  GStatBuf info;

  ck_assert_int_eq (g_stat (path, &info), 0);
  return info.st_mode & 0777;
}

/* Nor are they touched, a folder least of all. */
START_TEST (other_files_are_not_taken_for_ours)
{
  Bench bench = bench_new ();
  run_sql (&bench, "CREATE TABLE bookmarks (url TEXT)");
  refuse (&bench, "another program");
  ck_assert (g_file_set_contents (bench.path, "Dear diary, this is no database at all.",
                                  -1, NULL));
  refuse (&bench, "damaged or no history");
  g_chmod (bench.path, 0644);
  refuse (&bench, "damaged or no history");
  ck_assert_int_eq (mode_of (bench.path), 0644);
  g_unlink (bench.path);
  g_mkdir (bench.path, 0700);
  g_chmod (bench.path, 0755);
  refuse (&bench, "cannot be opened");
  ck_assert_int_eq (mode_of (bench.path), 0755);
  bench_free (&bench);
}
END_TEST

/* Garbage over every page but the first, one at a time: told, never a crash, never
 * silence. */
START_TEST (damage_is_told)
{
  Bench bench = bench_new ();
  g_autofree char *whole = NULL;
  gsize length;
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    ck_assert (smear_history_begin (history, NULL));
    for (guint i = 0; i < 60; i++)
      add_named (history, "a.jpg", i);
    ck_assert (smear_history_commit (history, NULL));
  }
  ck_assert (g_file_get_contents (bench.path, &whole, &length, NULL));
  ck_assert_int_gt (length / 4096, 10);
  for (gsize page = 1; page < length / 4096; page++)
    {
      g_autofree char *damaged = g_memdup2 (whole, length);
      g_autoptr (GError) error = NULL;
      g_auto (SmearHistoryCheck) check = { 0 };
      memset (damaged + page * 4096, 0xa5, 4096);
      ck_assert (g_file_set_contents (bench.path, damaged, length, NULL));
      g_autoptr (SmearHistory) history = smear_history_open (bench.path, bench.settings,
                                                             &error);
      if (history && smear_history_verify (history, NULL, &check, &error))
        ck_assert_msg (!check.intact, "damage of page %d is not seen", (int)page);
      else
        ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "damaged");
    }
  bench_free (&bench);
}
END_TEST

START_TEST (a_truncated_file_is_told)
{
  Bench bench = bench_new ();
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    for (guint i = 0; i < 60; i++)
      add_named (history, "a.jpg", i);
  }
  ck_assert_int_eq (truncate (bench.path, 3 * 4096 + 100), 0);
  g_autoptr (GError) error = NULL;
  g_auto (SmearHistoryCheck) check = { 0 };
  g_autoptr (SmearHistory) history = smear_history_open (bench.path, bench.settings,
                                                         &error);
  if (history && smear_history_verify (history, NULL, &check, &error))
    ck_assert (!check.intact);
  else
    ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "damaged");
  bench_free (&bench);
}
END_TEST

START_TEST (a_locked_file_is_waited_for_and_then_told)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearFinding) finding = finding_new ("a.jpg", 1);
  bench.settings->timeout_ms = 60;
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (SmearHistory) other = bench_open (&bench);
  ck_assert (smear_history_begin (other, NULL));
  add_named (other, "b.jpg", 2);
  gint64 start = g_get_monotonic_time ();
  ck_assert_int_eq (smear_history_add (history, finding, NULL, NULL, &error), 0);
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "locked by another program");
  ck_assert_int_ge (g_get_monotonic_time () - start, 50000);
  ck_assert (smear_history_commit (other, NULL));
  ck_assert_int_eq (add_named (history, "c.jpg", 3), 2);
  bench_free (&bench);
}
END_TEST

START_TEST (a_full_disk_loses_nothing_recorded)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearFinding) finding = finding_new ("a.jpg", 1);
  gint64 n = 0;
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    /* The file may grow to so many pages: the same error SQLite has for a full disk. */
    ck_assert (smear_history_run (history, "PRAGMA max_page_count = 40", NULL));
    while (smear_history_add (history, finding, NULL, NULL, &error) > 0)
      n++;
    ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "disk is full");
    g_clear_error (&error);
    ck_assert (smear_history_begin (history, &error));
    ck_assert_int_eq (smear_history_add (history, finding, NULL, NULL, &error), 0);
    g_clear_error (&error);
    ck_assert_int_eq (smear_history_add (history, finding, NULL, NULL, &error), 0);
    g_clear_error (&error);
    ck_assert (!smear_history_commit (history, &error));
    ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "not kept");
  }
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert (check.intact);
  ck_assert_int_eq (check.n_entries, n);
  g_autoptr (SmearHistory) history = bench_open (&bench);
  ck_assert_int_eq (add_named (history, "b.jpg", 1), n + 1); /* room again */
  bench_free (&bench);
}
END_TEST

/* Root may write anywhere, so the writing is tried as somebody else. */
static gint
try_read_only (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  SmearHistoryQuery all = SMEAR_HISTORY_QUERY_ALL;

  if (geteuid () == 0 && setresuid (65534, 65534, 65534) != 0)
    return 2;
  if (smear_history_open (bench->path, bench->settings, &error))
    return 3;
  if (!error || !strstr (error->message, "read-only"))
    return 4;
  g_autoptr (SmearHistory) history = smear_history_open_existing (bench->path,
                                                                  bench->settings, NULL);
  return !history ? 5 : smear_history_count (history, &all, NULL) == 1 ? 0 : 6;
}

START_TEST (a_read_only_file_can_be_read)
{
  Bench bench = bench_new ();
  gint status;
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    add_named (history, "a.jpg", 1);
  }
  g_chmod (bench.path, 0444);
  g_chmod (bench.folder, 0555);
  pid_t child = fork ();
  if (child == 0)
    leave (try_read_only (&bench));
  ck_assert_int_eq (waitpid (child, &status, 0), child);
  g_chmod (bench.folder, 0755);
  ck_assert_int_eq (WIFEXITED (status) ? WEXITSTATUS (status) : -1, 0);
  bench_free (&bench);
}
END_TEST

START_TEST (reading_makes_no_history)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_history_open_existing (bench.path, bench.settings, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, "no history yet");
  ck_assert (!g_file_test (bench.path, G_FILE_TEST_EXISTS));
  g_free (bench.path);
  bench.path = g_strdup ("/proc/nowhere/history.sqlite");
  refuse (&bench, "cannot be made");
  bench_free (&bench);
}
END_TEST

/* A file as the first version left it, written here from what its format is said to be.
 */
static const char first_version[]
    = "PRAGMA journal_mode = WAL; PRAGMA application_id = 0x536d6561; PRAGMA "
      "user_version = 1;"
      "CREATE TABLE entries ("
      " id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL,"
      " about INTEGER NOT NULL, facts NOT NULL, personal_digest BLOB NOT NULL,"
      " hash BLOB NOT NULL,"
      " klass TEXT AS (CASE typeof (facts) WHEN 'text' THEN json_extract (facts, "
      "'$.class') END)"
      "   STORED,"
      " verdict TEXT AS (CASE typeof (facts) WHEN 'text' THEN json_extract (facts, "
      "'$.verdict')"
      "   END) STORED,"
      " model TEXT AS (CASE typeof (facts) WHEN 'text' THEN json_extract (facts, "
      "'$.model') END)"
      "   STORED);"
      "CREATE TABLE personal (id INTEGER PRIMARY KEY REFERENCES entries, salt BLOB NOT "
      "NULL,"
      " body NOT NULL, picture BLOB);";

static void
update_integer (GChecksum *checksum, gint64 number)
{
  guint8 bytes[8];

  for (guint i = 0; i < 8; i++)
    bytes[i] = (guint8)(number >> (8 * i));
  g_checksum_update (checksum, bytes, 8);
}

static void
insert_old (sqlite3 *db, gint64 id, guint8 head[32])
{
  g_autofree char *facts = g_strdup_printf (
      "{\"salt\":\"0\",\"class\":\"Pre\",\"verdict\":\"answered\",\"confidence\":0.5,"
      "\"probabilities\":[0.25,0.125,0.5,0.125],\"model\":\"old\"}");
  g_autofree char *body = g_strdup_printf (
      "{\"name\":\"Straße-%d.jpg\",\"pixels\":\"%064d\",\"user\":\"mt\"}", (int)id,
      (int)id);
  guint8 salt[16] = { id }, digest[32];
  gsize length = 32;
  g_autoptr (GChecksum) personal = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GChecksum) chain = g_checksum_new (G_CHECKSUM_SHA256);
  sqlite3_stmt *statement;

  g_checksum_update (personal, salt, sizeof salt);
  g_checksum_update (personal, (guchar *)body, strlen (body));
  g_checksum_get_digest (personal, digest, &length);
  g_checksum_update (chain, head, 32);
  update_integer (chain, id);
  update_integer (chain, 1000 + id);
  update_integer (chain, 0);
  update_integer (chain, 0);
  g_checksum_update (chain, digest, 32);
  g_checksum_update (chain, (guchar *)facts, strlen (facts));
  g_checksum_get_digest (chain, head, &length);
  sqlite3_prepare_v2 (
      db,
      "INSERT INTO entries (id, time, kind, about, facts, personal_digest, hash)"
      " VALUES (?1, 1000 + ?1, 0, 0, ?2, ?3, ?4)",
      -1, &statement, NULL);
  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_text (statement, 2, facts, -1, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 3, digest, 32, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 4, head, 32, SQLITE_STATIC);
  ck_assert_int_eq (sqlite3_step (statement), SQLITE_DONE);
  sqlite3_finalize (statement);
  sqlite3_prepare_v2 (db, "INSERT INTO personal VALUES (?1, ?2, ?3, NULL)", -1,
                      &statement, NULL);
  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_blob (statement, 2, salt, 16, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, body, -1, SQLITE_STATIC);
  ck_assert_int_eq (sqlite3_step (statement), SQLITE_DONE);
  sqlite3_finalize (statement);
}

static void
make_old (const Bench *bench)
{
  sqlite3 *db;
  guint8 head[32] = { 0 };

  ck_assert_int_eq (sqlite3_open (bench->path, &db), SQLITE_OK);
  ck_assert_int_eq (sqlite3_exec (db, first_version, NULL, NULL, NULL), SQLITE_OK);
  for (gint64 id = 1; id <= 20; id++)
    insert_old (db, id, head);
  sqlite3_close (db);
}

START_TEST (the_first_schema_is_brought_up_to_date)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  SmearHistoryQuery query = SMEAR_HISTORY_QUERY_ALL;
  make_old (&bench);
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    query.name = "STRASSE-7";
    g_autoptr (GPtrArray) found = smear_history_search (history, &query, &error);
    ck_assert_no_error (error);
    ck_assert_int_eq (found->len, 1);
    ck_assert_int_eq (((SmearRecord *)found->pdata[0])->id, 7);
    g_autofree char *pixels = g_strdup_printf ("%064d", 12);
    query = (SmearHistoryQuery)SMEAR_HISTORY_QUERY_ALL;
    query.pixel_hash = pixels;
    ck_assert_int_eq (smear_history_count (history, &query, &error), 1);
    ck_assert_int_eq (add_named (history, "new.jpg", 1), 21);
    ck_assert (
        !smear_history_run (history, "UPDATE entries SET time = 0", NULL)); /* locked */
  }
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert_msg (check.intact, "%s", check.why);
  ck_assert_int_eq (check.n_entries, 21);
  bench_free (&bench);
}
END_TEST

/* A file as a program of the second version left it: four findings, two words on them,
 * one erased. Its head was noted then. */
START_TEST (the_second_schema_is_brought_up_to_date)
{
  Bench bench = bench_new ();
  g_autofree char *dump = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (SmearHistoryCheck) old = { 0 };
  SmearHistoryQuery query = SMEAR_HISTORY_QUERY_ALL;
  ck_assert (g_file_get_contents ("tests/records/schema-2.sql", &dump, NULL, NULL));
  run_sql (&bench, dump);
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);
    query.name = "EARLY-0001";
    ck_assert_int_eq (smear_history_count (history, &query, &error), 1);
    g_autoptr (SmearRecord) record = smear_history_get (history, 6, &error);
    ck_assert_str_eq (record->feedback->note, "smudge cells");
    ck_assert (smear_history_verify (
        history, "0e5aa648bdb673a27e1b86d1f2f54d680a5a0e2c73fb1329e3d67de2a1ce052b", &old,
        &error));
    ck_assert_msg (old.intact, "%s", old.why);
    ck_assert_int_eq (old.n_entries, 7);
    ck_assert_int_eq (old.n_erased, 1);
    ck_assert_int_eq (add_named (history, "new.jpg", 1), 8);
  }
  bench_tamper (&bench,
                "DELETE FROM personal WHERE id > 7; DELETE FROM entries WHERE id > 7");
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert_int_eq (check.broken, 8); /* it has the mark of the end now */
  bench_free (&bench);
}
END_TEST

/* Eight processes find the old schema at once: one migrates, none fails. */
START_TEST (a_migration_happens_once)
{
  Bench bench = bench_new ();
  make_old (&bench);
  for (guint i = 0; i < 8; i++)
    if (fork () == 0)
      {
        add_named (bench_open (&bench), "x.jpg", i);
        leave (0);
      }
  for (guint i = 0; i < 8; i++)
    {
      gint status;
      wait (&status);
      ck_assert_int_eq (status, 0);
    }
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert (check.intact);
  ck_assert_int_eq (check.n_entries, 28);
  bench_free (&bench);
}
END_TEST

START_TEST (a_migration_that_fails_changes_nothing)
{
  Bench bench = bench_new ();
  make_old (&bench);
  run_sql (&bench, "UPDATE personal SET body = 'no JSON' WHERE id = 20");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize length_before, length_after;
  ck_assert (g_file_get_contents (bench.path, &before, &length_before, NULL));
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_history_open (bench.path, bench.settings, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_RECORD, bench.path);
  ck_assert (g_file_get_contents (bench.path, &after, &length_after, NULL));
  ck_assert_int_eq (length_before, length_after);
  ck_assert_mem_eq (before, after, length_before);
  bench_free (&bench);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("history-faults");
  TCase *tc = tcase_create ("history-faults");
  tcase_add_test (tc, a_newer_schema_is_left_alone);
  tcase_add_test (tc, other_files_are_not_taken_for_ours);
  tcase_add_test (tc, damage_is_told);
  tcase_add_test (tc, a_truncated_file_is_told);
  tcase_add_test (tc, a_locked_file_is_waited_for_and_then_told);
  tcase_add_test (tc, a_full_disk_loses_nothing_recorded);
  tcase_add_test (tc, a_read_only_file_can_be_read);
  tcase_add_test (tc, reading_makes_no_history);
  tcase_add_test (tc, the_first_schema_is_brought_up_to_date);
  tcase_add_test (tc, the_second_schema_is_brought_up_to_date);
  tcase_add_test (tc, a_migration_happens_once);
  tcase_add_test (tc, a_migration_that_fails_changes_nothing);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
