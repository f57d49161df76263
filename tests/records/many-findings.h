/* A history as large as years of work leave it, and what people look for in it: shared by
 * the test of the answers and the benchmark of the time they take. */
#pragma once

#include "records/records-support.h"

/* Names, classes and models as a laboratory would have them: a few of everything rare. */
static inline void
many_fill (SmearHistory *history, guint n_findings)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_findings; i++)
    {
      g_autofree char *name = g_strdup_printf ("ward-%02u/smear-%06u.jpg", i % 37, i);
      g_autoptr (SmearFinding) finding = finding_new (name, i);

      if (i % 5000 == 0)
        ck_assert (i == 0 || smear_history_commit (history, &error));
      if (i % 5000 == 0)
        ck_assert (smear_history_begin (history, &error));
      if (i % 10007 == 0)
        finding->verdict = SMEAR_VERDICT_UNCERTAIN;
      ck_assert (smear_history_add (history, finding, NULL, NULL, &error) > 0);
    }
  ck_assert (smear_history_commit (history, &error));
}

/* @query finds @n_found of them; @what says it for people. */
typedef void (*ManySearch) (SmearHistory *history, const char *what,
                            const SmearHistoryQuery *query, guint n_found,
                            gpointer user_data);

static inline void
many_search (SmearHistory *history, guint n_findings, ManySearch search,
             gpointer user_data)
{
  SmearHistoryQuery query = SMEAR_HISTORY_QUERY_ALL;

  query.limit = 50;
  search (history, "newest", &query, 50, user_data);
  query.klass = SMEAR_CLASS_PRO;
  search (history, "of a class", &query, 50, user_data);
  query.offset = n_findings / 5;
  search (history, "of a class, far back", &query, 50, user_data);
  query.offset = 0;
  query.name = "SMEAR-000042";
  search (history, "by name, no hit (another class)", &query, 0, user_data);
  query.klass = SMEAR_CLASS_PRE;
  search (history, "by name and class, the very oldest", &query, 1, user_data);
  query.klass = SMEAR_CLASS_NONE;
  query.name = "smear";
  query.offset = n_findings / 10 * 9;
  search (history, "by a name all have, far back", &query, 50, user_data);
  query.offset = 0;
  query.name = NULL;
  query.verdict = SMEAR_VERDICT_UNCERTAIN;
  search (history, "of a rare verdict", &query, (n_findings + 10006) / 10007, user_data);
  query.verdict = SMEAR_VERDICT_ANSWERED;
  query.klass = SMEAR_CLASS_BENIGN;
  query.name = "000";
  search (history, "by name, class and verdict", &query, 50, user_data);
  query = (SmearHistoryQuery)SMEAR_HISTORY_QUERY_ALL;
  query.limit = 50;
  query.model = "no such model";
  search (history, "of a model never used", &query, 0, user_data);
  query.model = NULL;
  query.until = 1000000;
  search (history, "of a time before all", &query, 0, user_data);
}
