#include "cli/score-sheet.h"
#include "cli/figures.h"

#include "pipeline/json-line.h"
#include "pipeline/model-file.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Enough for the second digit of an interval's ends to stand still. */
#define ROUNDS 2000
#define SEED 1

/* What an answer rests on, and by what its outputs were divided. */
typedef struct
{
  guint n_cells;
  gdouble temperature;
} Basis;

struct _SmearScoreSheet
{
  const SmearLabelled *labelled;
  GArray *predictions; /* SmearPrediction */
  GArray *bases;       /* Basis */
  GPtrArray *reasons;  /* by image: why it has no class, or NULL */
  guint n_uncertain, n_refused, n_no_leukocytes, n_failed;
};

SmearScoreSheet *
smear_score_sheet_new (const SmearLabelled *labelled)
{
  SmearScoreSheet *sheet = g_new0 (SmearScoreSheet, 1);
  sheet->labelled = labelled;
  sheet->predictions = g_array_new (FALSE, TRUE, sizeof (SmearPrediction));
  g_array_set_size (sheet->predictions, labelled->files->len);
  sheet->bases = g_array_new (FALSE, TRUE, sizeof (Basis));
  g_array_set_size (sheet->bases, labelled->files->len);
  sheet->reasons = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_set_size (sheet->reasons, labelled->files->len);
  return sheet;
}

void
smear_score_sheet_free (SmearScoreSheet *sheet)
{
  if (sheet == NULL)
    return;
  g_array_unref (sheet->predictions);
  g_array_unref (sheet->bases);
  g_ptr_array_unref (sheet->reasons);
  g_free (sheet);
}

void
smear_score_sheet_add (SmearScoreSheet *sheet, guint index, const SmearBatchRow *row,
                       const SmearModel *model)
{
  const SmearLabel *label = &g_array_index (sheet->labelled->labels, SmearLabel, index);
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
      guint n_cells = smear_model_judges_cells (model) ? finding->cells->len : 0;
      g_array_index (sheet->bases, Basis, index)
          = (Basis){ n_cells, smear_model_temperature (model, n_cells) };
    }
  g_array_index (sheet->predictions, SmearPrediction, index) = prediction;
  sheet->reasons->pdata[index] = g_strdup (reason);
}

GArray *
smear_score_sheet_answers (const SmearScoreSheet *sheet)
{
  GArray *answers = smear_answers_new ();

  for (guint i = 0; i < sheet->predictions->len; i++)
    {
      const SmearPrediction *p = &g_array_index (sheet->predictions, SmearPrediction, i);
      const SmearLabel *label = &g_array_index (sheet->labelled->labels, SmearLabel, i);
      const Basis *basis = &g_array_index (sheet->bases, Basis, i);
      const SmearBatchFile *file = sheet->labelled->files->pdata[i];
      SmearAnswer answer = { .file = g_path_get_basename (file->name),
                             .smear = g_strdup (label->smear),
                             .fold = g_strdup (label->fold),
                             .truth = p->truth,
                             .predicted = p->predicted,
                             .n_cells = basis->n_cells };
      memcpy (answer.probabilities, p->probabilities, sizeof answer.probabilities);
      for (gint c = 0; c < SMEAR_N_CLASSES && p->predicted != SMEAR_CLASS_NONE; c++)
        answer.logits[c] = log (MAX (p->probabilities[c], FLT_MIN)) * basis->temperature;
      g_array_append_val (answers, answer);
    }
  return answers;
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
append_folds (GString *text, const SmearScoreSheet *sheet)
{
  g_autoptr (GPtrArray) folds = smear_labelled_folds (sheet->labelled, NULL);
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
smear_score_sheet_print_json (const SmearScoreSheet *sheet, const char *model,
                              const char *sha256, const char *data, const char *folds,
                              const char *fold)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autofree char *data_name = data ? smear_text_from_filename (data) : NULL;
  g_autofree char *folds_name = folds ? smear_text_from_filename (folds) : NULL;
  SmearMetrics m;
  smear_metrics (all (sheet), sheet->predictions->len, &m);

  smear_json_member_string (text, "model", model);
  smear_json_member_string (text, "model_sha256", sha256);
  smear_json_member_string (text, "data", data_name);
  smear_json_member_string (text, "folds", folds_name);
  smear_json_member_string (text, "fold", fold);
  smear_figures_json_accuracy (text, &m);
  if (has_smears (sheet))
    {
      SmearInterval accuracy, macro_f1;
      guint n_smears = smear_bootstrap (all (sheet), sheet->predictions->len, ROUNDS,
                                        SEED, &accuracy, &macro_f1);
      smear_figures_json_smears (text, n_smears, accuracy, macro_f1);
    }
  smear_figures_json_classes (text, &m);
  append_folds (text, sheet);
  smear_figures_json_calibration (text, &m);
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
  smear_figures_print_matrix (&m);
  smear_figures_print_rates (&m);
  smear_figures_print_reliability (&m);
  printf (
      "\n%u uncertain, %u refused, %u without leukocytes, %u could not be read; images "
      "without an answer count as wrong, but for calibration and AUC, which are over the "
      "others\n",
      sheet->n_uncertain, sheet->n_refused, sheet->n_no_leukocytes, sheet->n_failed);
  for (guint i = 0; i < sheet->reasons->len; i++)
    if (sheet->reasons->pdata[i])
      printf ("  %s: %s\n", ((SmearBatchFile *)sheet->labelled->files->pdata[i])->name,
              (char *)sheet->reasons->pdata[i]);
  puts (SMEAR_DISCLAIMER);
}
