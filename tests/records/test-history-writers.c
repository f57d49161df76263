/* Many writers at once, and writers that are killed. */
#include "records/records-support.h"

#include <signal.h>
#include <sys/wait.h>

#define N_WRITERS 10
#define N_EACH 1000

static void
write_findings (Bench *bench, guint writer, guint n, gint tell)
{
  g_autoptr (SmearHistory) history = smear_history_open (bench->path, bench->settings,
                                                         NULL);

  if (!history)
    leave (2);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("writer-%u-%u.jpg", writer, i);
      g_autoptr (SmearFinding) finding = finding_new (name, i);
      gint64 id = smear_history_add (history, finding, NULL, NULL, NULL);

      if (id == 0)
        leave (3);
      if (tell >= 0 && write (tell, &id, sizeof id) != sizeof id)
        leave (4);
    }
  smear_history_close (g_steal_pointer (&history));
  leave (0);
}

/* All start on a history that does not exist yet. */
START_TEST (none_of_ten_thousand_findings_is_lost)
{
  Bench bench = bench_new ();
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; i < N_WRITERS; i++)
    if (fork () == 0)
      write_findings (&bench, i, N_EACH, -1);
  for (guint i = 0; i < N_WRITERS; i++)
    {
      gint status;
      wait (&status);
      ck_assert_int_eq (status, 0);
    }
  g_print ("%d writers, %d findings each: %.1f s\n", N_WRITERS, N_EACH,
           (g_get_monotonic_time () - start) / 1e6);
  g_auto (SmearHistoryCheck) check = bench_verify (&bench);
  ck_assert_msg (check.intact, "%s", check.why);
  ck_assert_int_eq (check.n_entries, N_WRITERS * N_EACH);
  g_autoptr (SmearHistory) history = bench_open (&bench);
  for (guint i = 0; i < N_WRITERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("writer-%u-", i);
      SmearHistoryQuery query = SMEAR_HISTORY_QUERY_ALL;
      query.name = name;
      ck_assert_int_eq (smear_history_count (history, &query, NULL), N_EACH);
    }
  bench_free (&bench);
}
END_TEST

/* What the killed writer had been told is kept, is kept: 20 rounds at uneven moments. */
START_TEST (what_was_acknowledged_outlives_the_kill)
{
  Bench bench = bench_new ();
  gint64 last = 0;
  for (guint round = 0; round < 20; round++)
    {
      gint told[2], status;
      gint64 id;
      gint64 seen = last;
      ck_assert_int_eq (pipe (told), 0);
      pid_t child = fork ();
      if (child == 0)
        write_findings (&bench, round, 100000, told[1]);
      close (told[1]);
      for (guint i = 0; i < 3 + round % 4; i++)
        if (read (told[0], &id, sizeof id) == sizeof id)
          seen = id;
      g_usleep (137 * round);
      kill (child, SIGKILL);
      waitpid (child, &status, 0);
      while (read (told[0], &id, sizeof id) == sizeof id)
        seen = id;
      close (told[0]);
      ck_assert_int_gt (seen, last);
      g_auto (SmearHistoryCheck) check = bench_verify (&bench);
      ck_assert_msg (check.intact, "%s", check.why);
      ck_assert_int_ge (check.n_entries, seen);
      ck_assert_int_le (check.n_entries, seen + 1); /* written, but not yet told */
      last = check.n_entries;
    }
  bench_free (&bench);
}
END_TEST

/* Readers are never in the way: a search in the middle of a batch sees what was before.
 */
START_TEST (reading_goes_on_while_another_writes)
{
  Bench bench = bench_new ();
  SmearHistoryQuery all = SMEAR_HISTORY_QUERY_ALL;
  g_autoptr (SmearHistory) writer = bench_open (&bench);
  add_named (writer, "a.jpg", 1);
  bench.settings->timeout_ms = 0;
  g_autoptr (SmearHistory) reader = smear_history_open_existing (bench.path,
                                                                 bench.settings, NULL);
  ck_assert (smear_history_begin (writer, NULL));
  add_named (writer, "b.jpg", 1);
  ck_assert_int_eq (smear_history_count (reader, &all, NULL), 1);
  ck_assert (smear_history_commit (writer, NULL));
  ck_assert_int_eq (smear_history_count (reader, &all, NULL), 2);
  bench_free (&bench);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("history-writers");
  TCase *tc = tcase_create ("history-writers");
  tcase_set_timeout (tc, 280);
  tcase_add_test (tc, none_of_ten_thousand_findings_is_lost);
  tcase_add_test (tc, what_was_acknowledged_outlives_the_kill);
  tcase_add_test (tc, reading_goes_on_while_another_writes);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
