#include "cli/score-sheet.h"

#include "pipeline/json-line.h"
#include "train/metrics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Enough for the second digit of an interval's ends to stand still. */
#define ROUNDS 2000
#define SEED 1

struct _SmearScoreSheet
{
  const SmearLabelled *labelled;
  GArray *predictions; /* SmearPrediction */
  GPtrArray *reasons;  /* by image: why it has no class, or NULL */
  guint n_uncertain, n_refused, n_no_leukocytes, n_failed;
};

SmearScoreSheet *
smear_score_sheet_new (const SmearLabelled *labelled)
{
  SmearScoreSheet *sheet = g_new0 (SmearScoreSheet, 1);
  sheet->labelled = labelled;
  sheet->predictions = g_array_new (FALSE, TRUE, sizeof (SmearPrediction));
  sheet->reasons = g_ptr_array_new_with_free_func (g_free);
  return sheet;
}

void
smear_score_sheet_free (SmearScoreSheet *sheet)
{
  if (sheet == NULL)
    return;
  g_array_unref (sheet->predictions);
  g_ptr_array_unref (sheet->reasons);
  g_free (sheet);
}

void
smear_score_sheet_add (SmearScoreSheet *sheet, const SmearBatchRow *row)
{
  const SmearLabel *label = &g_array_index (sheet->labelled->labels, SmearLabel,
                                            row->index);
  const SmearFinding *finding = row->finding;
  SmearPrediction prediction
      = { .truth = label->klass, .predicted = SMEAR_CLASS_NONE, .group = label->smear };
  const char *reason = NULL;

  if (finding == NULL)
    {
      sheet->n_failed++;
      reason = row->error->message;
    }
  else
    {
      sheet->n_uncertain += finding->verdict == SMEAR_VERDICT_UNCERTAIN;
      sheet->n_refused += finding->verdict == SMEAR_VERDICT_NOT_A_SMEAR;
      sheet->n_no_leukocytes += finding->verdict == SMEAR_VERDICT_NO_LEUKOCYTES;
      if (finding->klass == SMEAR_CLASS_NONE)
        reason = smear_verdict_name (finding->verdict);
      prediction.predicted = finding->klass;
      memcpy (prediction.probabilities, finding->probabilities,
              sizeof prediction.probabilities);
    }
  g_array_append_val (sheet->predictions, prediction);
  g_ptr_array_add (sheet->reasons, g_strdup (reason));
}

static gboolean
has_smears (const SmearScoreSheet *sheet)
{
  for (guint i = 0; i < sheet->predictions->len; i++)
    if (g_array_index (sheet->predictions, SmearPrediction, i).group)
      return TRUE;
  return FALSE;
}

static const SmearPrediction *
all (const SmearScoreSheet *sheet)
{
  return (const SmearPrediction *)sheet->predictions->data;
}

static gint
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Returns: (element-type utf8) the folds that occur, in order. */
static GPtrArray *
folds_in (const SmearScoreSheet *sheet)
{
  GPtrArray *folds = g_ptr_array_new ();
  for (guint i = 0; i < sheet->predictions->len; i++)
    {
      char *fold = g_array_index (sheet->labelled->labels, SmearLabel, i).fold;
      if (fold && !g_ptr_array_find_with_equal_func (folds, fold, g_str_equal, NULL))
        g_ptr_array_add (folds, fold);
    }
  g_ptr_array_sort (folds, by_name);
  return folds;
}

static void
rate_fold (const SmearScoreSheet *sheet, const char *fold, SmearMetrics *metrics)
{
  g_autoptr (GArray) part = g_array_new (FALSE, FALSE, sizeof (SmearPrediction));
  for (guint i = 0; i < sheet->predictions->len; i++)
    if (g_strcmp0 (g_array_index (sheet->labelled->labels, SmearLabel, i).fold, fold)
        == 0)
      g_array_append_val (part, all (sheet)[i]);
  smear_metrics ((const SmearPrediction *)part->data, part->len, metrics);
}

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

static void
append_classes (GString *text, const SmearMetrics *m)
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

static void
append_folds (GString *text, const SmearScoreSheet *sheet)
{
  g_autoptr (GPtrArray) folds = folds_in (sheet);
  if (folds->len < 2)
    return;
  smear_json_member (text, "per_fold");
  g_string_append_c (text, '{');
  for (guint i = 0; i < folds->len; i++)
    {
      SmearMetrics m;
      rate_fold (sheet, folds->pdata[i], &m);
      smear_json_member (text, folds->pdata[i]);
      g_string_append_c (text, '{');
      smear_json_member_integer (text, "n", m.n);
      smear_json_member_number (text, "accuracy", m.accuracy);
      smear_json_member_number (text, "macro_f1", m.macro_f1);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, '}');
}

static void
append_not_judged (GString *text, const SmearScoreSheet *sheet)
{
  gboolean first = TRUE;
  smear_json_member (text, "not_judged");
  g_string_append_c (text, '[');
  for (guint i = 0; i < sheet->reasons->len; i++)
    {
      if (sheet->reasons->pdata[i] == NULL)
        continue;
      g_string_append (text, first ? "{" : ", {");
      first = FALSE;
      smear_json_member_string (
          text, "file", ((SmearBatchFile *)sheet->labelled->files->pdata[i])->name);
      smear_json_member_string (text, "truth", smear_class_name (all (sheet)[i].truth));
      smear_json_member_string (text, "reason", sheet->reasons->pdata[i]);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

void
smear_score_sheet_print_json (const SmearScoreSheet *sheet, SmearModel *model,
                              const char *data, const char *folds, const char *fold)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autofree char *data_name = data ? smear_text_from_filename (data) : NULL;
  g_autofree char *folds_name = folds ? smear_text_from_filename (folds) : NULL;
  SmearMetrics m;
  smear_metrics (all (sheet), sheet->predictions->len, &m);

  smear_json_member_string (text, "model", smear_model_get_name (model));
  smear_json_member_string (text, "model_sha256", smear_model_get_hash (model));
  smear_json_member_string (text, "data", data_name);
  smear_json_member_string (text, "folds", folds_name);
  smear_json_member_string (text, "fold", fold);
  smear_json_member_integer (text, "n", m.n);
  smear_json_member_integer (text, "correct", m.n_correct);
  smear_json_member_number (text, "accuracy", m.accuracy);
  interval (text, "accuracy_wilson_95", m.wilson);
  smear_json_member_number (text, "macro_f1", m.macro_f1);
  if (has_smears (sheet))
    {
      SmearInterval accuracy, macro_f1;
      guint n_smears = smear_bootstrap (all (sheet), sheet->predictions->len, ROUNDS,
                                        SEED, &accuracy, &macro_f1);
      smear_json_member_integer (text, "smears", n_smears);
      interval (text, "accuracy_smears_95", accuracy);
      interval (text, "macro_f1_smears_95", macro_f1);
    }
  append_classes (text, &m);
  append_folds (text, sheet);
  smear_json_member_number (text, "ece", m.ece);
  smear_json_member_number (text, "brier", m.brier);
  smear_json_member_number (text, "auc_malignant", m.auc);
  smear_json_member_number (text, "sensitivity_at_95_specificity", m.sensitivity_at_95);
  smear_json_member_number (text, "accuracy_of_80_percent_most_confident",
                            m.accuracy_confident);
  smear_json_member_integer (text, "errors", sheet->n_failed);
  smear_json_member_integer (text, "uncertain", sheet->n_uncertain);
  smear_json_member_integer (text, "refused", sheet->n_refused);
  smear_json_member_integer (text, "no_leukocytes", sheet->n_no_leukocytes);
  append_not_judged (text, sheet);
  smear_json_member_string (
      text, "note",
      "Images that were not judged count as wrong. ece, brier, auc_malignant and "
      "sensitivity_at_95_specificity are over the judged ones.");
  smear_json_member_boolean (text, "research_use_only", TRUE);
  g_string_append_c (text, '}');
  puts (text->str);
}

static void
print_rate (const char *name, gdouble value)
{
  if (isfinite (value))
    printf ("%-44s %6.2f %%\n", name, 100 * value);
}

static void
print_matrix (const SmearMetrics *m)
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

void
smear_score_sheet_print (const SmearScoreSheet *sheet)
{
  SmearMetrics m;
  smear_metrics (all (sheet), sheet->predictions->len, &m);

  printf (
      "%u images, %u right: accuracy %.2f %% (95 %% Wilson interval %.2f to %.2f %%)\n",
      m.n, m.n_correct, 100 * m.accuracy, 100 * m.wilson.low, 100 * m.wilson.high);
  if (has_smears (sheet))
    {
      SmearInterval accuracy, macro_f1;
      guint n_smears = smear_bootstrap (all (sheet), sheet->predictions->len, ROUNDS,
                                        SEED, &accuracy, &macro_f1);
      printf ("over %u smears: accuracy %.2f to %.2f %%, macro F1 %.2f to %.2f %%\n",
              n_smears, 100 * accuracy.low, 100 * accuracy.high, 100 * macro_f1.low,
              100 * macro_f1.high);
    }
  print_matrix (&m);
  puts ("");
  print_rate ("macro F1", m.macro_f1);
  print_rate ("accuracy of the 80 % most confident", m.accuracy_confident);
  print_rate ("area under ROC, benign against malignant", m.auc);
  print_rate ("sensitivity at 95 % specificity", m.sensitivity_at_95);
  print_rate ("expected calibration error", m.ece);
  if (isfinite (m.brier))
    printf ("%-44s %8.4f\n", "Brier score", m.brier);
  printf (
      "\n%u uncertain, %u refused, %u without leukocytes, %u could not be read; images "
      "without an answer count as wrong\n",
      sheet->n_uncertain, sheet->n_refused, sheet->n_no_leukocytes, sheet->n_failed);
  for (guint i = 0; i < sheet->reasons->len; i++)
    if (sheet->reasons->pdata[i])
      printf ("  %s: %s\n", ((SmearBatchFile *)sheet->labelled->files->pdata[i])->name,
              (char *)sheet->reasons->pdata[i]);
  puts (SMEAR_DISCLAIMER);
}
