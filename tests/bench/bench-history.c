/* How long searches of a large history take: 100,000 findings, or as many as are asked
 * for. Each is made 20 times; the table has the medians, of processor time and of the
 * clock on the wall, opening the file not counted. The same again with the history
 * encrypted, where nothing has an index and every entry has to be opened.
 *
 *   bench-history [N] */
#include "records/many-findings.h"

#include <time.h>

#define N_TIMES 20

static gint
compare (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *)a, y = *(const gdouble *)b;

  return (x > y) - (x < y);
}

static gdouble
ms_since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1000.0;
}

static void
measure (SmearHistory *history, const char *what, const SmearHistoryQuery *query,
         guint n_found, gpointer user_data)
{
  gdouble took[N_TIMES], worked[N_TIMES], *worst = user_data;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_TIMES; i++)
    {
      gint64 start = g_get_monotonic_time ();
      clock_t began = clock ();
      g_autoptr (GPtrArray) found = smear_history_search (history, query, &error);

      took[i] = ms_since (start);
      worked[i] = 1000.0 * (clock () - began) / CLOCKS_PER_SEC;
      if (!found || found->len != n_found)
        g_error ("%s: %s", what, error ? error->message : "not what was to be found");
    }
  qsort (took, N_TIMES, sizeof *took, compare);
  qsort (worked, N_TIMES, sizeof *worked, compare);
  g_print ("  %-38s %8.1f %8.1f\n", what, worked[N_TIMES / 2], took[N_TIMES / 2]);
  *worst = MAX (*worst, worked[N_TIMES / 2]);
}

static void
measure_all (SmearHistory *history, guint n, const char *how)
{
  gdouble worst = 0;
  gint64 start;
  g_auto (SmearHistoryCheck) check = { 0 };

  g_print ("%-40s  processor wall, ms\n", how);
  many_search (history, n, measure, &worst);
  start = g_get_monotonic_time ();
  if (!smear_history_verify (history, NULL, &check, NULL) || !check.intact)
    g_error ("the chain does not hold");
  g_print ("  %-38s %17.0f\n", "(verify: the whole chain)", ms_since (start));
  g_print ("  slowest search: %.1f ms of processor time, %s\n", worst,
           worst < 100 ? "under 100" : "NOT under 100");
}

static guint n_findings = 100000;

/* In the form of a test, because what it builds upon is made for tests. */
START_TEST (searches)
{
  Bench bench = bench_new ();
  g_autofree char *key = g_build_filename (bench.folder, "history.key", NULL);
  gint64 start = g_get_monotonic_time ();
  {
    g_autoptr (SmearHistory) history = bench_open (&bench);

    many_fill (history, n_findings);
    g_print ("%u findings written in %.1f s\n", n_findings, ms_since (start) / 1000);
    measure_all (history, n_findings, "in the clear");
    ck_assert (smear_history_key_new (key, NULL));
    bench.settings->key_file = g_strdup (key);
    ck_assert (smear_history_encrypt (history, bench.settings, NULL));
    measure_all (history, n_findings, "encrypted");
  }
  bench_free (&bench);
}
END_TEST

int
main (int argc, char **argv)
{
  Suite *suite = suite_create ("bench-history");
  TCase *tc = tcase_create ("bench-history");
  SRunner *runner = srunner_create (suite);
  gint n_failed;

  if (argc > 1)
    n_findings = atoi (argv[1]);
  if (argc > 2 || n_findings < 5000)
    {
      g_printerr ("usage: bench-history [N]      N findings, at least 5000\n");
      return 2;
    }
  tcase_add_test (tc, searches);
  suite_add_tcase (suite, tc);
  srunner_set_fork_status (runner, CK_NOFORK);
  srunner_run_all (runner, CK_SILENT);
  n_failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return n_failed ? 1 : 0;
}
