#include "train/metrics.h"

#include <math.h>
#include <string.h>

#define Z_95 1.959963984540054

SmearInterval
smear_wilson (guint k, guint n)
{
  if (n == 0)
    return (SmearInterval){ NAN, NAN };
  gdouble p = (gdouble)k / n, z2 = Z_95 * Z_95;
  gdouble centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  gdouble half = Z_95 / (1 + z2 / n) * sqrt (p * (1 - p) / n + z2 / (4.0 * n * n));
  return (SmearInterval){ MAX (0, centre - half), MIN (1, centre + half) };
}

static gdouble
ratio (gdouble part, gdouble whole)
{
  return whole > 0 ? part / whole : 0;
}

static gdouble
confidence (const SmearPrediction *p)
{
  return p->predicted == SMEAR_CLASS_NONE ? 0 : p->probabilities[p->predicted];
}

static gdouble
malignant (const SmearPrediction *p)
{
  return (gdouble)p->probabilities[SMEAR_CLASS_EARLY] + p->probabilities[SMEAR_CLASS_PRE]
         + p->probabilities[SMEAR_CLASS_PRO];
}

/* Precision, recall and F1 from the counts. */
static void
rate_classes (SmearMetrics *m)
{
  guint n_present = 0;
  gdouble sum = 0;
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      guint truth = m->unjudged[c], answered = 0, right = m->confusion[c][c];
      for (gint i = 0; i < SMEAR_N_CLASSES; i++)
        {
          truth += m->confusion[c][i];
          answered += m->confusion[i][c];
        }
      m->precision[c] = ratio (right, answered);
      m->recall[c] = ratio (right, truth);
      m->f1[c] = ratio (2.0 * right, truth + answered);
      if (truth + answered > 0)
        {
          n_present++;
          sum += m->f1[c];
        }
    }
  m->macro_f1 = n_present > 0 ? sum / n_present : NAN;
}

/* Bins are open below and closed above; the last one holds certainty. */
static gint
bin_of (gdouble confidence, gint n_bins)
{
  return CLAMP ((gint)ceil (confidence * n_bins) - 1, 0, n_bins - 1);
}

static void
calibrate (const SmearPrediction *predictions, guint n, SmearMetrics *m)
{
  gdouble sure[SMEAR_ECE_BINS] = { 0 }, right[SMEAR_ECE_BINS] = { 0 }, brier = 0, gap = 0;
  for (guint i = 0; i < n; i++)
    {
      const SmearPrediction *p = &predictions[i];
      if (p->predicted == SMEAR_CLASS_NONE)
        continue;
      gint bin = bin_of (confidence (p), SMEAR_ECE_BINS);
      SmearReliability *wide
          = &m->reliability[bin_of (confidence (p), SMEAR_RELIABILITY_BINS)];
      sure[bin] += confidence (p);
      right[bin] += p->predicted == p->truth;
      wide->answers++;
      wide->right += p->predicted == p->truth;
      wide->confidence += confidence (p);
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        {
          gdouble off = p->probabilities[c] - (c == (gint)p->truth);
          brier += off * off;
        }
    }
  for (gint bin = 0; bin < SMEAR_ECE_BINS; bin++)
    gap += fabs (right[bin] - sure[bin]);
  m->ece = m->n_judged > 0 ? gap / m->n_judged : NAN;
  m->brier = m->n_judged > 0 ? brier / m->n_judged : NAN;
}

static gint
by_malignant (gconstpointer a, gconstpointer b)
{
  gdouble x = malignant (*(const SmearPrediction *const *)a);
  gdouble y = malignant (*(const SmearPrediction *const *)b);
  return (x < y) - (x > y);
}

/* Walks down the thresholds; images of one score pass together. */
static void
rank (const SmearPrediction *predictions, guint n, SmearMetrics *m)
{
  g_autoptr (GPtrArray) judged = g_ptr_array_new ();
  guint n_malignant = 0;
  for (guint i = 0; i < n; i++)
    if (predictions[i].predicted != SMEAR_CLASS_NONE)
      {
        g_ptr_array_add (judged, (gpointer)&predictions[i]);
        n_malignant += predictions[i].truth != SMEAR_CLASS_BENIGN;
      }
  guint n_benign = judged->len - n_malignant;
  m->auc = m->sensitivity_at_95 = NAN;
  if (n_benign == 0 || n_malignant == 0)
    return;
  g_ptr_array_sort (judged, by_malignant);

  gdouble area = 0;
  guint true_positive = 0, false_positive = 0;
  m->sensitivity_at_95 = 0;
  for (guint i = 0; i < judged->len;)
    {
      gdouble score = malignant (judged->pdata[i]);
      guint tp = 0, fp = 0;
      for (; i < judged->len && malignant (judged->pdata[i]) == score; i++)
        if (((SmearPrediction *)judged->pdata[i])->truth == SMEAR_CLASS_BENIGN)
          fp++;
        else
          tp++;
      area += fp * (true_positive + 0.5 * tp);
      true_positive += tp;
      false_positive += fp;
      if (20 * (guint64)false_positive <= n_benign)
        m->sensitivity_at_95 = (gdouble)true_positive / n_malignant;
    }
  m->auc = area / ((gdouble)n_benign * n_malignant);
}

static gint
by_confidence (gconstpointer a, gconstpointer b)
{
  const SmearPrediction *p = *(const SmearPrediction *const *)a;
  const SmearPrediction *q = *(const SmearPrediction *const *)b;
  gdouble x = confidence (p), y = confidence (q);
  return x != y ? (x < y) - (x > y) : (p > q) - (p < q);
}

static gdouble
accuracy_of_most_confident (const SmearPrediction *predictions, guint n)
{
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  guint n_kept = (guint)(((guint64)n * 4 + 2) / 5), right = 0;
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (order, (gpointer)&predictions[i]);
  g_ptr_array_sort (order, by_confidence);
  for (guint i = 0; i < n_kept; i++)
    {
      const SmearPrediction *p = order->pdata[i];
      right += p->predicted == p->truth;
    }
  return n_kept > 0 ? (gdouble)right / n_kept : NAN;
}

static void
count_one (SmearMetrics *m, const SmearPrediction *p)
{
  m->n++;
  if (p->predicted == SMEAR_CLASS_NONE)
    m->unjudged[p->truth]++;
  else
    m->confusion[p->truth][p->predicted]++;
}

static void
sum_up (SmearMetrics *m)
{
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      m->n_correct += m->confusion[c][c];
      for (gint i = 0; i < SMEAR_N_CLASSES; i++)
        m->n_judged += m->confusion[c][i];
    }
  m->accuracy = m->n > 0 ? (gdouble)m->n_correct / m->n : NAN;
  rate_classes (m);
}

void
smear_metrics (const SmearPrediction *predictions, guint n, SmearMetrics *metrics)
{
  memset (metrics, 0, sizeof *metrics);
  for (guint i = 0; i < n; i++)
    count_one (metrics, &predictions[i]);
  sum_up (metrics);
  metrics->wilson = smear_wilson (metrics->n_correct, metrics->n);
  calibrate (predictions, n, metrics);
  rank (predictions, n, metrics);
  metrics->accuracy_confident = accuracy_of_most_confident (predictions, n);
}

static gint
by_value (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *)a, y = *(const gdouble *)b;
  return (x > y) - (x < y);
}

static SmearInterval
middle_95 (GArray *values)
{
  g_array_sort (values, by_value);
  guint last = values->len - 1;
  return (SmearInterval){ g_array_index (values, gdouble, (guint)(0.025 * last + 0.5)),
                          g_array_index (values, gdouble, (guint)(0.975 * last + 0.5)) };
}

/* Counts of every group, so that a round adds tables instead of images. */
static GPtrArray *
group_counts (const SmearPrediction *predictions, guint n)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *groups = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n; i++)
    {
      const char *name = predictions[i].group;
      SmearMetrics *counts = name ? g_hash_table_lookup (known, name) : NULL;
      if (counts == NULL)
        {
          counts = g_new0 (SmearMetrics, 1);
          g_ptr_array_add (groups, counts);
          if (name)
            g_hash_table_insert (known, (gpointer)name, counts);
        }
      count_one (counts, &predictions[i]);
    }
  return groups;
}

static void
add_counts (SmearMetrics *sum, const SmearMetrics *group)
{
  sum->n += group->n;
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      sum->unjudged[c] += group->unjudged[c];
      for (gint i = 0; i < SMEAR_N_CLASSES; i++)
        sum->confusion[c][i] += group->confusion[c][i];
    }
}

guint
smear_bootstrap (const SmearPrediction *predictions, guint n, guint n_rounds,
                 guint32 seed, SmearInterval *accuracy, SmearInterval *macro_f1)
{
  g_autoptr (GPtrArray) groups = group_counts (predictions, n);
  *accuracy = *macro_f1 = (SmearInterval){ NAN, NAN };
  if (groups->len < 2 || n_rounds == 0)
    return groups->len;

  GRand *random = g_rand_new_with_seed (seed);
  g_autoptr (GArray) accuracies = g_array_new (FALSE, FALSE, sizeof (gdouble));
  g_autoptr (GArray) f1s = g_array_new (FALSE, FALSE, sizeof (gdouble));
  for (guint round = 0; round < n_rounds; round++)
    {
      SmearMetrics drawn = { 0 };
      for (guint i = 0; i < groups->len; i++)
        add_counts (&drawn, groups->pdata[g_rand_int_range (random, 0, groups->len)]);
      sum_up (&drawn);
      g_array_append_val (accuracies, drawn.accuracy);
      g_array_append_val (f1s, drawn.macro_f1);
    }
  g_rand_free (random);
  *accuracy = middle_95 (accuracies);
  *macro_f1 = middle_95 (f1s);
  return groups->len;
}
