#include "train/answers.h"

#include "base/csv.h"
#include "base/put-file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void
clear_answer (gpointer data)
{
  SmearAnswer *answer = data;

  g_free (answer->file);
  g_free (answer->smear);
  g_free (answer->fold);
}

GArray *
smear_answers_new (void)
{
  GArray *answers = g_array_new (FALSE, TRUE, sizeof (SmearAnswer));

  g_array_set_clear_func (answers, clear_answer);
  return answers;
}

SmearClass
smear_answers_winner (const gfloat *p)
{
  SmearClass best = SMEAR_CLASS_NONE;

  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    if (p[c] > 0 && (best == SMEAR_CLASS_NONE || p[c] > p[best]))
      best = c;
  return best;
}

/* Places of the columns in a table; -1 for one that is not there. */
typedef struct
{
  gint file, smear, fold, truth, cells, probability[SMEAR_N_CLASSES],
      logit[SMEAR_N_CLASSES];
  guint n;
} Columns;

static gint
column (char **head, const char *name)
{
  for (gint i = 0; head[i] != NULL; i++)
    if (g_ascii_strcasecmp (head[i], name) == 0)
      return i;
  return -1;
}

static gboolean
find_columns (char **head, Columns *columns)
{
  gboolean complete = TRUE;

  columns->n = g_strv_length (head);
  columns->file = column (head, "file");
  columns->smear = column (head, "smear");
  columns->fold = column (head, "fold");
  columns->truth = column (head, "class");
  columns->cells = column (head, "cells");
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      g_autofree char *logit = g_strconcat ("logit_", smear_class_name (c), NULL);
      columns->probability[c] = column (head, smear_class_name (c));
      columns->logit[c] = column (head, logit);
      complete &= columns->probability[c] >= 0;
    }
  return complete && columns->truth >= 0;
}

static char *
text_at (char **fields, gint at)
{
  return at < 0 || fields[at][0] == '\0' ? NULL : g_strdup (fields[at]);
}

static gboolean
number_at (char **fields, gint at, gfloat *value)
{
  char *end;

  *value = g_ascii_strtod (fields[at], &end);
  return end != fields[at] && *end == '\0' && isfinite (*value);
}

/* FALSE if a field is missing or no number. */
static gboolean
take_record (GArray *answers, const Columns *columns, char **fields)
{
  SmearAnswer answer = { 0 };

  if (g_strv_length (fields) != columns->n)
    return FALSE;
  answer.truth = smear_class_from_name (fields[columns->truth]);
  if (answer.truth == SMEAR_CLASS_NONE)
    return FALSE;
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      gfloat *p = &answer.probabilities[c];
      if (!number_at (fields, columns->probability[c], p) || *p < 0 || *p > 1)
        return FALSE;
      if (columns->logit[c] < 0)
        answer.logits[c] = log (MAX (*p, 1e-12));
      else if (!number_at (fields, columns->logit[c], &answer.logits[c]))
        return FALSE;
    }
  if (columns->cells >= 0)
    {
      guint64 n;
      if (!g_ascii_string_to_unsigned (fields[columns->cells], 10, 0, G_MAXUINT, &n,
                                       NULL))
        return FALSE;
      answer.n_cells = n;
    }
  answer.predicted = smear_answers_winner (answer.probabilities);
  answer.file = text_at (fields, columns->file);
  answer.smear = text_at (fields, columns->smear);
  answer.fold = text_at (fields, columns->fold);
  g_array_append_val (answers, answer);
  return TRUE;
}

GArray *
smear_answers_read (const char *csv, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GArray) answers = smear_answers_new ();
  g_autoptr (GString) text = NULL;
  g_auto (GStrv) head = NULL;
  Columns columns;
  char *data;
  gsize length, at;

  if (!g_file_get_contents (csv, &data, &length, &local))
    {
      g_set_error_literal (error, SMEAR_ERROR, SMEAR_ERROR_IO, local->message);
      return NULL;
    }
  text = g_string_new_len (data, length);
  g_free (data);
  if (length > 0 && text->str[length - 1] != '\n')
    g_string_append_c (text, '\n');
  at = smear_csv_parse (text->str, text->len, &head);
  if (at == 0 || !find_columns (head, &columns))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   "%s: needs the columns class, Benign, Early, Pre and Pro, as "
                   "“smearscope train --predictions” writes them",
                   csv);
      return NULL;
    }
  while (at < text->len)
    {
      g_auto (GStrv) fields = NULL;
      gsize step = smear_csv_parse (text->str + at, text->len - at, &fields);
      if (step == 0 || !take_record (answers, &columns, fields))
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                       "%s: record %u has missing fields, no class or no probabilities",
                       csv, answers->len + 2);
          return NULL;
        }
      at += step;
    }
  if (answers->len > 0)
    return g_steal_pointer (&answers);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT, "%s: no answers in it", csv);
  return NULL;
}

gboolean
smear_answers_write (GArray *answers, const char *csv, GError **error)
{
  g_autoptr (GString) text = g_string_new ("file,smear,fold,class,predicted");
  g_autoptr (GError) local = NULL;

  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    g_string_append_printf (text, ",%s", smear_class_name (c));
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    g_string_append_printf (text, ",logit_%s", smear_class_name (c));
  g_string_append (text, ",cells\n");
  for (guint i = 0; i < answers->len; i++)
    {
      const SmearAnswer *a = &g_array_index (answers, SmearAnswer, i);
      smear_csv_append (text, a->file != NULL ? a->file : "");
      smear_csv_append (text, a->smear != NULL ? a->smear : "");
      smear_csv_append (text, a->fold != NULL ? a->fold : "");
      smear_csv_append (text, smear_class_name (a->truth));
      smear_csv_append (
          text, a->predicted != SMEAR_CLASS_NONE ? smear_class_name (a->predicted) : "");
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        g_string_append_printf (text, "%.6f,", a->probabilities[c]);
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        g_string_append_printf (text, "%.5f,", a->logits[c]);
      g_string_append_printf (text, "%u,", a->n_cells);
      smear_csv_end (text);
    }
  if (smear_put_file (csv, text->str, text->len, 0666, &local))
    return TRUE;
  g_set_error_literal (error, SMEAR_ERROR, SMEAR_ERROR_IO, local->message);
  return FALSE;
}

/* Which answers a calibration is fitted on, and which it is then used for. */
typedef gboolean (*Pick) (const SmearAnswer *answer, guint index, gconstpointer part);

static gboolean
all (const SmearAnswer *answer, guint index, gconstpointer part)
{
  return TRUE;
}

static gboolean
of_fold (const SmearAnswer *answer, guint index, gconstpointer part)
{
  return g_strcmp0 (answer->fold, part) == 0;
}

static gboolean
of_half (const SmearAnswer *answer, guint index, gconstpointer part)
{
  return index % 2 == GPOINTER_TO_UINT (part);
}

/* Sum over the answers for which @pick says @wanted. */
static gdouble
log_loss (GArray *answers, Pick pick, gconstpointer part, gboolean wanted,
          const SmearCalibration *calibration)
{
  gdouble loss = 0;

  for (guint i = 0; i < answers->len; i++)
    {
      const SmearAnswer *a = &g_array_index (answers, SmearAnswer, i);
      gdouble sum = 0;
      if (a->predicted == SMEAR_CLASS_NONE || pick (a, i, part) != wanted)
        continue;
      gdouble temperature = smear_calibration_at (calibration, a->n_cells);
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        sum += exp ((a->logits[c] - a->logits[a->truth]) / temperature);
      loss += log (sum);
    }
  return loss;
}

/* Golden section over the temperature's logarithm: there is one minimum. Returns: the
 * loss there */
static gdouble
fit_temperature (GArray *answers, Pick pick, gconstpointer part, gboolean wanted,
                 SmearCalibration *calibration)
{
  gdouble low = log (0.05), high = log (20), ratio = (sqrt (5) - 1) / 2;

  for (gint i = 0; i < 40; i++)
    {
      gdouble a = high - ratio * (high - low), b = low + ratio * (high - low);
      SmearCalibration left = { exp (a), calibration->few_cells };
      SmearCalibration right = { exp (b), calibration->few_cells };
      if (log_loss (answers, pick, part, wanted, &left)
          < log_loss (answers, pick, part, wanted, &right))
        high = b;
      else
        low = a;
    }
  calibration->temperature = exp ((low + high) / 2);
  return log_loss (answers, pick, part, wanted, calibration);
}

/* The number of cells matters little by little: powers of two are fine enough. Where it
 * tells nothing, all fit alike and none is taken. */
static SmearCalibration
best_calibration (GArray *answers, Pick pick, gconstpointer part, gboolean wanted)
{
  SmearCalibration best = { 1, 0 };
  gdouble least = fit_temperature (answers, pick, part, wanted, &best);

  for (gdouble few = 1; few <= 64; few *= 2)
    {
      SmearCalibration calibration = { 1, few };
      gdouble loss = fit_temperature (answers, pick, part, wanted, &calibration);
      if (loss < least * (1 - 1e-6))
        {
          least = loss;
          best = calibration;
        }
    }
  return best;
}

SmearCalibration
smear_answers_calibration (GArray *answers)
{
  return best_calibration (answers, all, NULL, TRUE);
}

static void
soften (GArray *answers, Pick pick, gconstpointer part,
        const SmearCalibration *calibration)
{
  for (guint i = 0; i < answers->len; i++)
    {
      SmearAnswer *a = &g_array_index (answers, SmearAnswer, i);
      gdouble top = -INFINITY, sum = 0;
      if (a->predicted == SMEAR_CLASS_NONE || !pick (a, i, part))
        continue;
      gdouble temperature = smear_calibration_at (calibration, a->n_cells);
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        top = MAX (top, a->logits[c]);
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        sum += exp ((a->logits[c] - top) / temperature);
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        a->probabilities[c] = exp ((a->logits[c] - top) / temperature) / sum;
    }
}

void
smear_answers_calibrate (GArray *answers, const SmearCalibration *calibration)
{
  g_return_if_fail (calibration->temperature > 0);
  soften (answers, all, NULL, calibration);
}

void
smear_answers_cross_calibrate (GArray *answers)
{
  g_autoptr (GPtrArray) folds = g_ptr_array_new ();

  for (guint i = 0; i < answers->len; i++)
    {
      char *fold = g_array_index (answers, SmearAnswer, i).fold;
      if (fold != NULL
          && !g_ptr_array_find_with_equal_func (folds, fold, g_str_equal, NULL))
        g_ptr_array_add (folds, fold);
    }
  gboolean halves = folds->len < 2;
  for (guint i = 0; i < (halves ? 2 : folds->len); i++)
    {
      Pick pick = halves ? of_half : of_fold;
      gconstpointer part = halves ? GUINT_TO_POINTER (i) : folds->pdata[i];
      SmearCalibration others = best_calibration (answers, pick, part, FALSE);
      soften (answers, pick, part, &others);
    }
}

GArray *
smear_answers_predictions (GArray *answers)
{
  GArray *list = g_array_sized_new (FALSE, TRUE, sizeof (SmearPrediction), answers->len);

  for (guint i = 0; i < answers->len; i++)
    {
      const SmearAnswer *a = &g_array_index (answers, SmearAnswer, i);
      SmearPrediction p
          = { .truth = a->truth, .predicted = a->predicted, .group = a->smear };
      memcpy (p.probabilities, a->probabilities, sizeof p.probabilities);
      g_array_append_val (list, p);
    }
  return list;
}
