/* How far reviewers and model agree, and how much of it is chance. */
#include "records/feedback-latest.h"

#include <math.h>

void
smear_agreement_compute (SmearAgreement *agreement)
{
  gdouble rows[SMEAR_N_CLASSES] = { 0 }, columns[SMEAR_N_CLASSES] = { 0 };
  gdouble n = 0, agreed = 0, chance = 0, error;

  g_return_if_fail (agreement != NULL);
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    for (guint k = 0; k < SMEAR_N_CLASSES; k++)
      {
        guint count = agreement->confusion[i][k];
        n += count;
        rows[i] += count;
        columns[k] += count;
        agreed += i == k ? count : 0;
      }
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    chance += rows[i] * columns[i];
  agreement->n = n;
  agreement->observed = n > 0 ? agreed / n : NAN;
  agreement->expected = n > 0 ? chance / (n * n) : NAN;
  agreement->kappa = agreement->low = agreement->high = NAN;
  if (!(agreement->expected < 1))
    return;
  agreement->kappa = (agreement->observed - agreement->expected)
                     / (1 - agreement->expected);
  error = sqrt (agreement->observed * (1 - agreement->observed) / n)
          / (1 - agreement->expected);
  agreement->low = MAX (-1, agreement->kappa - 1.959964 * error);
  agreement->high = MIN (1, agreement->kappa + 1.959964 * error);
}

static void
count (const SmearOpinion *opinion, gpointer user_data)
{
  SmearAgreement *agreement = user_data;

  if (opinion->kind == SMEAR_FEEDBACK_FLAG)
    agreement->n_flagged++;
  else if (opinion->answered && opinion->model_class != SMEAR_CLASS_NONE)
    agreement->confusion[opinion->klass][opinion->model_class]++;
}

gboolean
smear_feedback_agreement (SmearHistory *history, const char *who, gint64 since,
                          gint64 until, SmearAgreement *agreement, GError **error)
{
  SmearHistoryQuery query = SMEAR_HISTORY_QUERY_ALL;
  g_autoptr (GHashTable) latest = NULL;

  g_return_val_if_fail (history != NULL && agreement != NULL, FALSE);
  *agreement = (SmearAgreement){ 0 };
  query.since = since;
  query.until = until;
  latest = smear_feedback_latest (history, who, &query, error);
  if (!latest)
    return FALSE;
  smear_feedback_each_latest (latest, count, agreement);
  smear_agreement_compute (agreement);
  return TRUE;
}
