/* The procedures plug-in-smearscope-feedback and plug-in-smearscope-history-feedback. */
#include "core/records.h"

#include "core/texts.h"

void
smear_feedback_from_arguments (SmearFeedback *feedback, GVariantDict *arguments)
{
  const char *kind = "", *klass = "", *who = "", *note = "";

  g_variant_dict_lookup (arguments, "opinion", "&s", &kind);
  g_variant_dict_lookup (arguments, "correct-class", "&s", &klass);
  g_variant_dict_lookup (arguments, "who", "&s", &who);
  g_variant_dict_lookup (arguments, "note", "&s", &note);
  *feedback = (SmearFeedback){ SMEAR_FEEDBACK_AGREE, smear_class_from_name (klass), -1,
                               (char *)(*who ? who : NULL),
                               (char *)(*note ? note : NULL) };
  for (SmearFeedbackKind k = SMEAR_FEEDBACK_AGREE; k <= SMEAR_FEEDBACK_FLAG; k++)
    if (g_str_equal (kind, smear_feedback_kind_name (k)))
      feedback->kind = k;
}

static gboolean
add (SmearHistory *history, gint64 id, const SmearFeedback *feedback,
     GVariantDict *results, GError **error)
{
  gint64 entry = smear_feedback_add (history, id, feedback, error);

  if (entry == 0)
    return FALSE;
  g_variant_dict_insert (results, "entry", "i", (gint)entry);
  return TRUE;
}

gboolean
smear_run_feedback (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                    GError **error)
{
  g_autoptr (GPtrArray) list = smear_kept_list (host, error);
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (SmearRecord) record = NULL;
  SmearFeedback feedback;
  gint number = 0, cell = 0;

  if (list == NULL)
    return FALSE;
  g_variant_dict_lookup (arguments, "finding", "i", &number);
  g_variant_dict_lookup (arguments, "cell", "i", &cell);
  if (number > (gint)list->len)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("finding: the image holds %u findings; there is no %d."), list->len,
                   number);
      return FALSE;
    }
  const SmearKept *kept = list->pdata[number > 0 ? (guint)number - 1 : list->len - 1];

  history = smear_history_open (NULL, NULL, error);
  record = history != NULL ? smear_kept_record (kept, history, error) : NULL;
  if (record == NULL)
    return FALSE;
  smear_feedback_from_arguments (&feedback, arguments);
  feedback.cell = smear_kept_cell (kept, record, cell, error);
  return feedback.cell >= -1 && add (history, record->id, &feedback, results, error);
}

gboolean
smear_run_history_feedback (SmearHost *host, GVariantDict *arguments,
                            GVariantDict *results, GError **error)
{
  g_autoptr (SmearHistory) history = smear_history_open (NULL, NULL, error);
  SmearFeedback feedback;
  gint id = 0, cell = 0;

  if (history == NULL)
    return FALSE;
  g_variant_dict_lookup (arguments, "id", "i", &id);
  g_variant_dict_lookup (arguments, "cell", "i", &cell);
  smear_feedback_from_arguments (&feedback, arguments);
  feedback.cell = cell - 1;
  return add (history, id, &feedback, results, error);
}
