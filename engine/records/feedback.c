/* What reviewers say of findings. */
#include "records/history-json.h"

const char *
smear_feedback_kind_name (SmearFeedbackKind kind)
{
  static const char *const names[] = { "agree", "correct", "flag" };

  g_return_val_if_fail (kind <= SMEAR_FEEDBACK_FLAG, NULL);
  return names[kind];
}

static gboolean
check (const SmearRecord *record, const SmearFeedback *feedback, GError **error)
{
  guint n_cells = record->finding && record->finding->cells ? record->finding->cells->len
                                                            : 0;
  SmearClass given;

  if (record->kind != SMEAR_RECORD_FINDING)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "entry %" G_GINT64_FORMAT
                   " is no finding; feedback belongs to finding "
                   "%" G_GINT64_FORMAT,
                   record->id, record->about);
      return FALSE;
    }
  if (record->erased)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "finding %" G_GINT64_FORMAT
                   " has been erased; a reviewer named on it now would stay when others "
                   "are erased. Classify the image again",
                   record->id);
      return FALSE;
    }
  if (feedback->cell < -1 || feedback->cell >= (gint)n_cells)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "finding %" G_GINT64_FORMAT " has %u cells; there is no cell %d",
                   record->id, n_cells, feedback->cell + 1);
      return FALSE;
    }
  if (feedback->kind == SMEAR_FEEDBACK_CORRECT
      && (feedback->klass < 0 || feedback->klass >= SMEAR_N_CLASSES))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "a correction needs a class: Benign, Early, Pre or Pro");
      return FALSE;
    }
  given = smear_feedback_model_class (record, feedback->cell);
  if (feedback->kind == SMEAR_FEEDBACK_AGREE && given == SMEAR_CLASS_NONE)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "finding %" G_GINT64_FORMAT
                   " gives no class to agree with; correct or flag it",
                   record->id);
      return FALSE;
    }
  return TRUE;
}

SmearClass
smear_feedback_model_class (const SmearRecord *record, gint cell)
{
  const SmearFinding *finding = record->finding;

  if (cell < 0)
    return finding->klass;
  return finding->cells && (guint)cell < finding->cells->len
             ? g_array_index (finding->cells, SmearCell, cell).klass
             : SMEAR_CLASS_NONE;
}

gint64
smear_feedback_add (SmearHistory *history, gint64 id, const SmearFeedback *feedback,
                    GError **error)
{
  g_autoptr (SmearRecord) record = NULL;
  g_autofree char *facts = NULL;
  g_autofree char *personal = NULL;
  SmearFeedback said;
  SmearEntry entry = { .kind = SMEAR_RECORD_FEEDBACK, .about = id };

  g_return_val_if_fail (history != NULL && feedback != NULL, 0);
  record = smear_history_get (history, id, error);
  if (!record || !check (record, feedback, error))
    return 0;
  said = *feedback;
  if (said.kind == SMEAR_FEEDBACK_AGREE)
    said.klass = smear_feedback_model_class (record, said.cell);
  else if (said.kind == SMEAR_FEEDBACK_FLAG)
    said.klass = SMEAR_CLASS_NONE;
  facts = smear_record_facts_from_feedback (&said);
  personal = smear_record_personal_from_feedback (
      said.who && *said.who ? said.who : g_get_user_name (), said.note);
  entry.facts = facts;
  entry.personal = personal;
  return smear_chain_append (history, &entry, error);
}
