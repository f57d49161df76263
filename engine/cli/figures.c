#include "cli/figures.h"

#include "pipeline/json-line.h"

#include <math.h>
#include <stdio.h>

static void
interval (GString *text, const char *name, SmearInterval value)
{
  smear_json_member (text, name);
  g_string_append_c (text, '[');
  smear_json_number (text, value.low);
  g_string_append (text, ", ");
  smear_json_number (text, value.high);
  g_string_append_c (text, ']');
}

static void
counts (GString *text, const guint n[SMEAR_N_CLASSES])
{
  g_string_append_printf (text, "[%u, %u, %u, %u]", n[0], n[1], n[2], n[3]);
}

void
smear_figures_json_accuracy (GString *text, const SmearMetrics *m)
{
  smear_json_member_integer (text, "n", m->n);
  smear_json_member_integer (text, "correct", m->n_correct);
  smear_json_member_number (text, "accuracy", m->accuracy);
  interval (text, "accuracy_wilson_95", m->wilson);
  smear_json_member_number (text, "macro_f1", m->macro_f1);
}

void
smear_figures_json_smears (GString *text, guint n_smears, SmearInterval accuracy,
                           SmearInterval macro_f1)
{
  smear_json_member_integer (text, "smears", n_smears);
  interval (text, "accuracy_smears_95", accuracy);
  interval (text, "macro_f1_smears_95", macro_f1);
}

void
smear_figures_json_classes (GString *text, const SmearMetrics *m)
{
  smear_json_member (text, "per_class");
  g_string_append_c (text, '{');
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      guint n = m->unjudged[c];
      for (gint i = 0; i < SMEAR_N_CLASSES; i++)
        n += m->confusion[c][i];
      smear_json_member (text, smear_class_name (c));
      g_string_append_c (text, '{');
      smear_json_member_integer (text, "n", n);
      smear_json_member_number (text, "precision", m->precision[c]);
      smear_json_member_number (text, "recall", m->recall[c]);
      smear_json_member_number (text, "f1", m->f1[c]);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, '}');
  const char *const names[] = { smear_class_name (0), smear_class_name (1),
                                smear_class_name (2), smear_class_name (3), NULL };
  smear_json_member (text, "classes");
  smear_json_strings (text, names);
  smear_json_member (text, "confusion_matrix");
  g_string_append_c (text, '[');
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      g_string_append (text, c ? ", " : "");
      counts (text, m->confusion[c]);
    }
  g_string_append_c (text, ']');
  smear_json_member (text, "unjudged");
  counts (text, m->unjudged);
}

void
smear_figures_reliability (GString *text, const SmearMetrics *m)
{
  gboolean first = TRUE;

  g_string_append_c (text, '[');
  for (gint b = 0; b < SMEAR_RELIABILITY_BINS; b++)
    {
      if (m->reliability[b].answers == 0)
        continue;
      g_string_append (text, first ? "[" : ", [");
      first = FALSE;
      smear_json_number (text, (gdouble)b / SMEAR_RELIABILITY_BINS);
      g_string_append (text, ", ");
      smear_json_number (text, (gdouble)(b + 1) / SMEAR_RELIABILITY_BINS);
      g_string_append_printf (text, ", %u, %u]", m->reliability[b].answers,
                              m->reliability[b].right);
    }
  g_string_append_c (text, ']');
}

void
smear_figures_json_calibration (GString *text, const SmearMetrics *m)
{
  smear_json_member_number (text, "ece", m->ece);
  smear_json_member_number (text, "brier", m->brier);
  smear_json_member_number (text, "auc_malignant", m->auc);
  smear_json_member_number (text, "sensitivity_at_95_specificity", m->sensitivity_at_95);
  smear_json_member_number (text, "accuracy_of_80_percent_most_confident",
                            m->accuracy_confident);
  smear_json_member (text, "reliability");
  smear_figures_reliability (text, m);
}

void
smear_figures_print_matrix (const SmearMetrics *m)
{
  printf ("\n%-14s", "truth \\ answer");
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    printf (" %7s", smear_class_name (c));
  puts ("    none  precision   recall       F1");
  for (gint t = 0; t < SMEAR_N_CLASSES; t++)
    {
      printf ("%-14s", smear_class_title (t));
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        printf (" %7u", m->confusion[t][c]);
      printf (" %7u   %6.2f %% %6.2f %% %6.2f %%\n", m->unjudged[t],
              100 * m->precision[t], 100 * m->recall[t], 100 * m->f1[t]);
    }
}

static void
print_rate (const char *name, gdouble value)
{
  if (isfinite (value))
    printf ("%-44s %6.2f %%\n", name, 100 * value);
}

void
smear_figures_print_rates (const SmearMetrics *m)
{
  puts ("");
  print_rate ("macro F1", m->macro_f1);
  print_rate ("accuracy of the 80 % most confident", m->accuracy_confident);
  print_rate ("area under ROC, benign against malignant", m->auc);
  print_rate ("sensitivity at 95 % specificity", m->sensitivity_at_95);
  print_rate ("expected calibration error", m->ece);
  if (isfinite (m->brier))
    printf ("%-44s %8.4f\n", "Brier score", m->brier);
}

void
smear_figures_print_reliability (const SmearMetrics *m)
{
  if (m->n_judged == 0)
    return;
  puts ("\nconfidence       answers    right     mean confidence");
  for (gint b = 0; b < SMEAR_RELIABILITY_BINS; b++)
    {
      const SmearReliability *bin = &m->reliability[b];
      if (bin->answers > 0)
        printf ("%3d to %3d %%   %8u   %6.2f %%   %6.2f %%\n",
                100 * b / SMEAR_RELIABILITY_BINS, 100 * (b + 1) / SMEAR_RELIABILITY_BINS,
                bin->answers, 100.0 * bin->right / bin->answers,
                100 * bin->confidence / bin->answers);
    }
}
