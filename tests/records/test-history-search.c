/* What a search of many findings finds, in the clear and encrypted. How quickly, says
 * make bench-history. */
#include "records/many-findings.h"

#define N_FINDINGS 20000u

static void
expect (SmearHistory *history, const char *what, const SmearHistoryQuery *query,
        guint n_found, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = smear_history_search (history, query, &error);
  gint64 before = G_MAXINT64;

  ck_assert_no_error (error);
  ck_assert_msg (found->len == n_found, "%s: %u found instead of %u", what, found->len,
                 n_found);
  for (guint i = 0; i < found->len; i++) /* newest first */
    {
      const SmearRecord *record = found->pdata[i];

      ck_assert_int_lt (record->id, before);
      before = record->id;
      if (query->klass != SMEAR_CLASS_NONE)
        ck_assert_int_eq (record->finding->klass, query->klass);
      if (query->verdict >= 0)
        ck_assert_int_eq (record->finding->verdict, query->verdict);
      if (query->name)
        ck_assert_ptr_nonnull (strcasestr (record->finding->source, query->name));
    }
}

START_TEST (every_search_finds_what_fits)
{
  Bench bench = bench_new ();
  g_autofree char *key = g_build_filename (bench.folder, "history.key", NULL);
  g_autoptr (SmearHistory) history = bench_open (&bench);
  many_fill (history, N_FINDINGS);
  many_search (history, N_FINDINGS, expect, NULL);
  ck_assert (smear_history_key_new (key, NULL));
  bench.settings->key_file = g_strdup (key);
  ck_assert (smear_history_encrypt (history, bench.settings, NULL));
  many_search (history, N_FINDINGS, expect, NULL);
  bench_free (&bench);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("history-search");
  TCase *tc = tcase_create ("history-search");
  tcase_set_timeout (tc, 280);
  tcase_add_test (tc, every_search_finds_what_fits);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
