#include "records/feedback-latest.h"

typedef struct
{
  const char *who;
  GHashTable *latest;
} Collect;

/* Erased reviewers cannot be told apart: each of their words counts by itself. */
static char *
place_of (const SmearRecord *record)
{
  const SmearFeedback *feedback = record->feedback;

  if (record->erased)
    return g_strdup_printf ("#%" G_GINT64_FORMAT, record->id);
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%d:%s", record->about, feedback->cell,
                          feedback->who ? feedback->who : "");
}

static gboolean
collect (const SmearRecord *record, gpointer user_data)
{
  Collect *job = user_data;
  SmearOpinion *opinion;

  if (job->who && g_strcmp0 (job->who, record->feedback->who) != 0)
    return TRUE;
  opinion = g_new0 (SmearOpinion, 1);
  opinion->about = record->about;
  opinion->cell = record->feedback->cell;
  opinion->kind = record->feedback->kind;
  opinion->klass = record->feedback->klass;
  if (opinion->kind != SMEAR_FEEDBACK_FLAG && opinion->klass == SMEAR_CLASS_NONE)
    opinion->kind = SMEAR_FEEDBACK_FLAG;
  g_hash_table_replace (job->latest, place_of (record), opinion);
  return TRUE;
}

static gboolean
add_model_class (SmearHistory *history, SmearOpinion *opinion, GError **error)
{
  g_autoptr (SmearRecord) record = smear_history_get (history, opinion->about, error);

  if (!record)
    return FALSE;
  if (!record->finding)
    return TRUE;
  opinion->model_class = smear_feedback_model_class (record, opinion->cell);
  opinion->answered = record->finding->verdict == SMEAR_VERDICT_ANSWERED;
  return TRUE;
}

GHashTable *
smear_feedback_latest (SmearHistory *history, const char *who,
                       const SmearHistoryQuery *query, GError **error)
{
  g_autoptr (GHashTable) latest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                         g_free);
  SmearHistoryQuery feedback = *query;
  Collect job = { who, latest };
  GHashTableIter iter;
  gpointer opinion;

  feedback.kind = SMEAR_RECORD_FEEDBACK;
  if (!smear_history_foreach (history, &feedback, collect, &job, error))
    return NULL;
  g_hash_table_iter_init (&iter, latest);
  while (g_hash_table_iter_next (&iter, NULL, &opinion))
    {
      ((SmearOpinion *)opinion)->model_class = SMEAR_CLASS_NONE;
      if (!add_model_class (history, opinion, error))
        return NULL;
    }
  return g_steal_pointer (&latest);
}

static gint
by_place (gconstpointer a, gconstpointer b)
{
  const SmearOpinion *first = *(const SmearOpinion *const *)a;
  const SmearOpinion *second = *(const SmearOpinion *const *)b;

  if (first->about != second->about)
    return first->about < second->about ? -1 : 1;
  return (first->cell > second->cell) - (first->cell < second->cell);
}

void
smear_feedback_each_latest (GHashTable *latest, SmearOpinionFunc func, gpointer user_data)
{
  g_autoptr (GPtrArray) opinions = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer opinion;

  g_hash_table_iter_init (&iter, latest);
  while (g_hash_table_iter_next (&iter, NULL, &opinion))
    g_ptr_array_add (opinions, opinion);
  g_ptr_array_sort (opinions, by_place);
  for (guint i = 0; i < opinions->len; i++)
    func (opinions->pdata[i], user_data);
}
