#include "core/history-text.h"

#include "core/finding-text.h"
#include "core/labels.h"
#include "core/texts.h"

char *
smear_history_time (gint64 time)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return g_date_time_format (local, "%Y-%m-%d %H:%M");
}

static void
add_line (GString *text, const char *label, const char *value)
{
  if (value != NULL && *value)
    g_string_append_printf (text, "%s: %s\n", label, value);
}

static void
add_finding (GString *text, const SmearRecord *record)
{
  const SmearFinding *finding = record->finding;
  g_autofree char *title = smear_finding_text (finding);
  g_autofree char *region = g_strdup_printf ("%d, %d, %d × %d", finding->region.x,
                                             finding->region.y, finding->region.width,
                                             finding->region.height);

  g_string_append_printf (text, "%s\n", title);
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    g_string_append_printf (text, "%s %.2f %%%s", smear_class_title (i),
                            100 * finding->probabilities[i],
                            i < SMEAR_N_CLASSES - 1 ? " · " : "\n");
  for (char **warning = record->warnings; warning != NULL && *warning != NULL; warning++)
    {
      g_autofree char *said = smear_warning_text (*warning);

      g_string_append_printf (text, "▲ %s\n", said);
    }
  add_line (text, _ ("Image"), record->erased ? _ ("(erased)") : finding->source);
  add_line (text, _ ("File"), record->path);
  add_line (text, _ ("Region"), region);
  add_line (text, _ ("Model"), finding->model_name);
  add_line (text, _ ("Model SHA-256"), finding->model_hash);
  add_line (text, _ ("Pixels SHA-256"), record->pixel_hash);
  add_line (text, _ ("User"), record->user);
  add_line (text, _ ("Program"), record->program);
  add_line (text, _ ("Hash of the entry"), record->hash);
}

static gboolean
add_about (const SmearRecord *record, gpointer user_data)
{
  GString *text = user_data;
  const SmearFeedback *feedback = record->feedback;
  g_autofree char *time = smear_history_time (record->time);
  g_autofree char *place = NULL;

  if (feedback == NULL)
    {
      g_string_append_printf (text, _ ("%s: personal part erased %s\n"), time,
                              record->reason != NULL ? record->reason : "");
      return TRUE;
    }
  place = feedback->cell < 0 ? g_strdup (_ ("region"))
                             : g_strdup_printf (_ ("cell %d"), feedback->cell + 1);
  g_string_append_printf (
      text, "%s: %s, %s: %s%s%s%s%s\n", time,
      record->erased ? _ ("(erased)") : feedback->who, place,
      smear_choice_label (smear_feedback_kind_name (feedback->kind)),
      feedback->klass != SMEAR_CLASS_NONE ? ": " : "",
      feedback->klass != SMEAR_CLASS_NONE ? smear_class_title (feedback->klass) : "",
      feedback->note != NULL ? " – " : "", feedback->note != NULL ? feedback->note : "");
  return TRUE;
}

char *
smear_history_details (SmearHistory *history, const SmearRecord *record)
{
  SmearHistoryQuery about = SMEAR_HISTORY_QUERY_ALL;
  GString *text = g_string_new (NULL);

  add_finding (text, record);
  about.kind = -1;
  about.about = record->id;
  smear_history_foreach (history, &about, add_about, text, NULL);
  return g_string_free (text, FALSE);
}
