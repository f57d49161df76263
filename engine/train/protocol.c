#include "train/protocol.h"

#include <math.h>

/* Enough for the second digit of an interval's ends to stand still. */
#define ROUNDS 2000
#define SEED 1

const char *
smear_protocol_title (const char *name)
{
  static const char *const titles[][2] = { { "random", "random 80:20" },
                                           { "smears", "smear-wise folds" },
                                           { "looks", "look-out folds" } };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_strcmp0 (titles[i][0], name) == 0)
      return titles[i][1];
  return name;
}

static void
add_counts (SmearMetrics *sum, const SmearMetrics *m)
{
  sum->n += m->n;
  sum->n_correct += m->n_correct;
  sum->n_judged += m->n_judged;
  for (gint t = 0; t < SMEAR_N_CLASSES; t++)
    {
      sum->unjudged[t] += m->unjudged[t];
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        sum->confusion[t][c] += m->confusion[t][c];
    }
  for (gint b = 0; b < SMEAR_RELIABILITY_BINS; b++)
    {
      sum->reliability[b].answers += m->reliability[b].answers;
      sum->reliability[b].right += m->reliability[b].right;
      sum->reliability[b].confidence += m->reliability[b].confidence;
    }
}

static void
add_shares (SmearMetrics *mean, const SmearMetrics *m, gdouble share)
{
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      mean->precision[c] += share * m->precision[c];
      mean->recall[c] += share * m->recall[c];
      mean->f1[c] += share * m->f1[c];
    }
  mean->accuracy += share * m->accuracy;
  mean->macro_f1 += share * m->macro_f1;
  mean->ece += share * m->ece;
  mean->brier += share * m->brier;
  mean->auc += share * m->auc;
  mean->sensitivity_at_95 += share * m->sensitivity_at_95;
  mean->accuracy_confident += share * m->accuracy_confident;
}

static gdouble
deviation (const gdouble *values, guint n, gdouble mean)
{
  gdouble sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (values[i] - mean) * (values[i] - mean);
  return n > 1 ? sqrt (sum / (n - 1)) : NAN;
}

static gboolean
grouped (GArray *predictions)
{
  for (guint i = 0; i < predictions->len; i++)
    if (g_array_index (predictions, SmearPrediction, i).group != NULL)
      return TRUE;
  return FALSE;
}

void
smear_protocol_rate (const char *name, GPtrArray *runs, SmearProtocol *protocol)
{
  g_autofree gdouble *accuracies = g_new (gdouble, runs->len);
  g_autofree gdouble *f1s = g_new (gdouble, runs->len);
  g_autoptr (GArray) pooled = g_array_new (FALSE, FALSE, sizeof (SmearPrediction));

  g_return_if_fail (runs->len > 0);
  *protocol = (SmearProtocol){ .name = name, .n_runs = runs->len };
  for (guint i = 0; i < runs->len; i++)
    {
      g_autoptr (GArray) run = smear_answers_predictions (runs->pdata[i]);
      SmearMetrics m;
      smear_metrics ((SmearPrediction *)run->data, run->len, &m);
      accuracies[i] = m.accuracy;
      f1s[i] = m.macro_f1;
      add_counts (&protocol->metrics, &m);
      add_shares (&protocol->metrics, &m, 1.0 / runs->len);
      g_array_append_vals (pooled, run->data, run->len);
    }
  protocol->metrics.wilson = smear_wilson (
      lrint ((gdouble)protocol->metrics.n_correct / runs->len),
      lrint ((gdouble)protocol->metrics.n / runs->len));
  protocol->accuracy_smears = protocol->macro_f1_smears = (SmearInterval){ NAN, NAN };
  if (grouped (pooled))
    protocol->n_smears = smear_bootstrap ((SmearPrediction *)pooled->data, pooled->len,
                                          ROUNDS, SEED, &protocol->accuracy_smears,
                                          &protocol->macro_f1_smears);
  protocol->accuracy_deviation = deviation (accuracies, runs->len,
                                            protocol->metrics.accuracy);
  protocol->macro_f1_deviation = deviation (f1s, runs->len, protocol->metrics.macro_f1);
}
