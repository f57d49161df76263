/* The procedures that look into the history: search, compare, open again. */
#include "core/records.h"

#include <string.h>

#include "core/texts.h"

gboolean
smear_day_from_arguments (GVariantDict *arguments, const char *name, gint64 *time,
                          GError **error)
{
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  g_autoptr (GDateTime) day = NULL;
  g_autofree char *whole = NULL;
  const char *text = "";

  g_variant_dict_lookup (arguments, name, "&s", &text);
  if (*text == '\0')
    return TRUE;
  whole = strchr (text, 'T') ? g_strdup (text) : g_strconcat (text, "T00:00:00", NULL);
  day = g_date_time_new_from_iso8601 (whole, local);
  if (day == NULL)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("%s: \"%s\" is no day; write it as 2026-03-31."), name, text);
      return FALSE;
    }
  *time = g_date_time_to_unix (day) * G_USEC_PER_SEC;
  return TRUE;
}

static const char *
text_or_null (GVariantDict *arguments, const char *name)
{
  const char *text = "";

  g_variant_dict_lookup (arguments, name, "&s", &text);
  return *text ? text : NULL;
}

gboolean
smear_query_from_arguments (SmearHistoryQuery *query, GVariantDict *arguments,
                            GError **error)
{
  const char *klass = text_or_null (arguments, "found-class");
  const char *verdict = text_or_null (arguments, "verdict");

  *query = (SmearHistoryQuery)SMEAR_HISTORY_QUERY_ALL;
  query->name = text_or_null (arguments, "name");
  query->model = text_or_null (arguments, "model-name");
  query->klass = klass != NULL ? smear_class_from_name (klass) : SMEAR_CLASS_NONE;
  for (gint v = SMEAR_VERDICT_ANSWERED; verdict && v <= SMEAR_VERDICT_NOT_A_SMEAR; v++)
    if (g_str_equal (verdict, smear_verdict_name (v)))
      query->verdict = v;
  g_variant_dict_lookup (arguments, "limit", "i", &query->limit);
  return smear_day_from_arguments (arguments, "since", &query->since, error)
         && smear_day_from_arguments (arguments, "until", &query->until, error);
}

gboolean
smear_run_history (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                   GError **error)
{
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GString) json = g_string_new (NULL);
  SmearHistoryQuery query;
  gint64 n;

  if (host->interactive) /* all was said in the window */
    return TRUE;
  if (!smear_query_from_arguments (&query, arguments, error))
    return FALSE;
  history = smear_history_open_existing (NULL, NULL, error);
  found = history != NULL ? smear_history_search (history, &query, error) : NULL;
  n = found != NULL ? smear_history_count (history, &query, error) : -1;
  if (n < 0)
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    {
      g_autofree char *line = smear_record_to_json (found->pdata[i]);
      g_string_append_printf (json, "%s%s", i ? "\n" : "", line);
    }
  g_variant_dict_insert (results, "found", "i", (gint)MIN (n, G_MAXINT));
  g_variant_dict_insert (results, "json", "s", json->str);
  return TRUE;
}

static SmearRecord *
get_finding (SmearHistory *history, GVariantDict *arguments, const char *name,
             GError **error)
{
  SmearRecord *record;
  gint id = 0;

  g_variant_dict_lookup (arguments, name, "i", &id);
  record = smear_history_get (history, id, error);
  if (record != NULL && record->finding == NULL)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("%s: entry %d is no finding."), name, id);
      g_clear_pointer (&record, smear_record_free);
    }
  return record;
}

/* What the engine compares, for the catalogue to know. */
G_GNUC_UNUSED static const char *const known[] = {
  N_ ("time"),           N_ ("user"),
  N_ ("image"),          N_ ("region"),
  N_ ("pixels SHA-256"), N_ ("finding"),
  N_ ("malignant"),      N_ ("cells"),
  N_ ("warnings"),       N_ ("heat map SHA-256"),
  N_ ("model"),          N_ ("model SHA-256"),
  N_ ("version"),        N_ ("program"),
};

gboolean
smear_run_history_compare (SmearHost *host, GVariantDict *arguments,
                           GVariantDict *results, GError **error)
{
  g_autoptr (SmearHistory) history = smear_history_open_existing (NULL, NULL, error);
  g_autoptr (SmearRecord) first = NULL, second = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gint differences = 0;

  first = history != NULL ? get_finding (history, arguments, "id", error) : NULL;
  second = first != NULL ? get_finding (history, arguments, "other", error) : NULL;
  if (second == NULL)
    return FALSE;
  rows = smear_record_compare (first, second);
  for (guint i = 0; i < rows->len; i++)
    {
      const SmearComparison *row = rows->pdata[i];

      differences += !row->same;
      g_string_append_printf (text, "%s%s\t%s\t%s", i ? "\n" : "", _ (row->what),
                              row->first, row->second);
    }
  g_variant_dict_insert (results, "differences", "i", differences);
  g_variant_dict_insert (results, "text", "s", text->str);
  return TRUE;
}

gboolean
smear_run_history_open (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                        GError **error)
{
  g_autoptr (SmearHistory) history = smear_history_open_existing (NULL, NULL, error);
  g_autoptr (SmearRecord) record = NULL;
  g_autoptr (SmearImage) now = NULL;
  g_autofree char *hash = NULL;
  gboolean unchanged;
  gint image;

  record = history != NULL ? get_finding (history, arguments, "id", error) : NULL;
  if (record == NULL)
    return FALSE;
  if (record->path == NULL)
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
          _ ("Where the image of this finding lies is not in the history: it was "
             "erased, kept under a pseudonym, or never a file."));
      return FALSE;
    }
  image = host->show_file (host, record->path, error);
  if (image == -1)
    return FALSE;
  now = smear_image_load (record->path, NULL);
  hash = now != NULL ? smear_pixel_hash (now, &record->finding->region) : NULL;
  g_variant_dict_insert (results, "image", "i", image);
  unchanged = hash != NULL && g_strcmp0 (hash, record->pixel_hash) == 0;
  g_variant_dict_insert (results, "unchanged", "b", unchanged);
  /* Of a file that GIMP alone reads, such as an XCF, nothing is known. */
  g_variant_dict_insert (
      results, "text", "s",
      hash == NULL || unchanged
          ? ""
          : _ (
              "The file's pixels are not those that were judged: it was changed, or what "
              "was judged was masked or edited in GIMP."));
  return TRUE;
}
