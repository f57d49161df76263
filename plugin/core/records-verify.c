/* The procedures that prove the history whole, take from it and say how reviewers agree.
 */
#include "core/records.h"

#include <math.h>

#include "core/texts.h"

#define NOT_DEFINED -2.0

/* The engine's words, for the catalogue to know. */
G_GNUC_UNUSED static const char *const known[] = {
  N_ ("its name, path or note cannot be read"),
  N_ ("its name, path or note was changed"),
  N_ ("the columns to search by were changed"),
  N_ ("its picture was changed"),
  N_ ("it cannot be read"),
  N_ ("it was changed, or one before it was"),
  N_ ("it was to be erased and is still there"),
  N_ ("its name and path were removed without an erasure on record"),
  N_ ("the mark of where the chain ends was removed, and perhaps entries with it"),
  N_ ("it was there once; the chain has been cut off before it"),
  N_ ("the noted entry is not in the chain: entries were cut off, or all were rewritten"),
};

static gboolean
say (GVariantDict *results, const char *text)
{
  g_variant_dict_insert (results, "text", "s", text);
  return TRUE;
}

gboolean
smear_run_history_verify (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                          GError **error)
{
  g_autoptr (SmearHistory) history = smear_history_open_existing (NULL, NULL, error);
  g_auto (SmearHistoryCheck) check = { 0 };
  g_autofree char *text = NULL;
  const char *head = "";

  g_variant_dict_lookup (arguments, "head", "&s", &head);
  if (history == NULL
      || !smear_history_verify (history, *head ? head : NULL, &check, error))
    return FALSE;
  if (check.intact)
    text = g_strdup_printf (_ ("Intact: %d entries, %d of them with their personal part "
                               "erased. Hash of the last:\n%s"),
                            (gint)check.n_entries, (gint)check.n_erased, check.head);
  else if (check.broken > 0)
    text = g_strdup_printf (_ ("Broken at entry %d: %s. Entries before it are intact."),
                            (gint)check.broken, _ (check.why));
  else
    text = g_strdup_printf (_ ("Broken: %s."), _ (check.why));
  g_variant_dict_insert (results, "intact", "b", check.intact);
  g_variant_dict_insert (results, "broken", "i", (gint)check.broken);
  g_variant_dict_insert (results, "head", "s", check.head);
  return say (results, text);
}

gboolean
smear_run_history_export (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                          GError **error)
{
  g_autoptr (SmearHistory) history = smear_history_open_existing (NULL, NULL, error);
  const char *path = "";

  g_variant_dict_lookup (arguments, "file", "&s", &path);
  return history != NULL && smear_history_export (history, NULL, path, error)
         && say (results, path);
}

gboolean
smear_run_history_erase (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                         GError **error)
{
  g_autoptr (SmearHistory) history = smear_history_open (NULL, NULL, error);
  const char *reason = "";
  gint id = 0;

  g_variant_dict_lookup (arguments, "id", "i", &id);
  g_variant_dict_lookup (arguments, "reason", "&s", &reason);
  return history != NULL
         && smear_history_erase (history, id, *reason ? reason : NULL, error)
         && say (results, _ ("Erased. The chain of hashes is still whole."));
}

gboolean
smear_run_history_reproduce (SmearHost *host, GVariantDict *arguments,
                             GVariantDict *results, GError **error)
{
  g_autoptr (SmearHistory) history = smear_history_open_existing (NULL, NULL, error);
  g_autoptr (SmearRecord) record = NULL;
  g_autoptr (SmearReproduction) again = NULL;
  g_autofree char *differences = NULL;
  gint id = 0;

  g_variant_dict_lookup (arguments, "id", "i", &id);
  record = history != NULL ? smear_history_get (history, id, error) : NULL;
  again = record != NULL ? smear_reproduce (record, NULL, NULL, error) : NULL;
  if (again == NULL)
    return FALSE;
  differences = g_strjoinv ("\n", again->differences);
  if (!again->same)
    {
      g_autofree char *what = g_steal_pointer (&differences);
      differences = g_strdup_printf ("%s\n%s", _ ("Run again: not the same."), what);
    }
  g_variant_dict_insert (results, "same", "b", again->same);
  return say (results, again->same ? _ ("Run again: the same to the bit.") : differences);
}

static char *
agreement_text (const SmearAgreement *agreement)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, _ ("%u opinions on answered findings, %u flagged."),
                   agreement->n, agreement->n_flagged);
  if (agreement->n == 0)
    return g_string_free (text, FALSE);
  g_string_append_c (text, '\n');
  g_string_append_printf (text, _ ("Agreement %.1f %%."), 100 * agreement->observed);
  g_string_append_c (text, ' ');
  if (isnan (agreement->kappa))
    g_string_append (text, _ ("Cohen's kappa is not defined: one class only."));
  else
    g_string_append_printf (text, _ ("Cohen's kappa %.3f (95 %% about %.3f to %.3f)."),
                            agreement->kappa, agreement->low, agreement->high);
  g_string_append_c (text, '\n');
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    for (gint k = 0; k < SMEAR_N_CLASSES; k++)
      if (agreement->confusion[i][k] > 0)
        {
          g_string_append_c (text, '\n');
          g_string_append_printf (text, _ ("reviewer %s, model %s: %u"),
                                  _ (smear_class_title (i)), _ (smear_class_title (k)),
                                  agreement->confusion[i][k]);
        }
  return g_string_free (text, FALSE);
}

gboolean
smear_run_feedback_agreement (SmearHost *host, GVariantDict *arguments,
                              GVariantDict *results, GError **error)
{
  g_autoptr (SmearHistory) history = smear_history_open_existing (NULL, NULL, error);
  g_autofree char *text = NULL;
  SmearAgreement agreement;
  const char *who = "";
  gint64 since = 0, until = 0;

  g_variant_dict_lookup (arguments, "who", "&s", &who);
  if (history == NULL || !smear_day_from_arguments (arguments, "since", &since, error)
      || !smear_day_from_arguments (arguments, "until", &until, error)
      || !smear_feedback_agreement (history, *who ? who : NULL, since, until, &agreement,
                                    error))
    return FALSE;
  text = agreement_text (&agreement);
  g_variant_dict_insert (results, "opinions", "i", (gint)agreement.n);
  g_variant_dict_insert (results, "kappa", "d",
                         agreement.n == 0 || isnan (agreement.kappa) ? NOT_DEFINED
                                                                     : agreement.kappa);
  return say (results, text);
}

gboolean
smear_run_feedback_export (SmearHost *host, GVariantDict *arguments,
                           GVariantDict *results, GError **error)
{
  g_autoptr (SmearHistory) history = smear_history_open_existing (NULL, NULL, error);
  g_autofree char *text = NULL;
  SmearTrainingList list;
  const char *path = "", *crops = "";

  g_variant_dict_lookup (arguments, "file", "&s", &path);
  g_variant_dict_lookup (arguments, "crops", "&s", &crops);
  if (history == NULL
      || !smear_feedback_export (history, path, *crops ? crops : NULL, &list, error))
    return FALSE;
  text = g_strdup_printf (
      _ ("%u images, %u cut out; left out: %u disputed, %u not available or only part of "
         "an image."),
      list.n_images, list.n_crops, list.n_disputed, list.n_unavailable);
  g_variant_dict_insert (results, "images", "i", (gint)list.n_images);
  g_variant_dict_insert (results, "cut-out", "i", (gint)list.n_crops);
  return say (results, text);
}
