/* The history as a table for other programs. */
#include "records/history-json.h"

#include "pipeline/json-line.h"
#include "base/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>

typedef struct
{
  FILE *file;
  gboolean is_csv;
} Export;

static const char csv_head[]
    = "id,time,image,x,y,width,height,verdict,class,confidence,malignant,"
      "Benign,Early,Pre,Pro,cells,warnings,model,model_sha256,version,hash,research_use_"
      "only\n";

char *
smear_record_format_time (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return g_date_time_format (utc, "%Y-%m-%dT%H:%M:%SZ");
}

static void
append_integer (GString *line, gint64 value)
{
  g_string_append_printf (line, "%" G_GINT64_FORMAT ",", value);
}

static void
print_csv (GString *line, const SmearRecord *record)
{
  const SmearFinding *finding = record->finding;
  g_autofree char *time = smear_record_format_time (record->time);
  g_autofree char *warnings = g_strjoinv (" ", record->warnings);

  append_integer (line, record->id);
  smear_csv_append (line, time);
  smear_csv_append_name (line, finding->source);
  append_integer (line, finding->region.x);
  append_integer (line, finding->region.y);
  append_integer (line, finding->region.width);
  append_integer (line, finding->region.height);
  smear_csv_append (line, smear_verdict_name (finding->verdict));
  smear_csv_append (
      line, finding->klass == SMEAR_CLASS_NONE ? "" : smear_class_name (finding->klass));
  smear_csv_append_number (line, finding->confidence);
  smear_csv_append_number (line, finding->malignant);
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    smear_csv_append_number (line, finding->probabilities[i]);
  append_integer (line, finding->cells ? finding->cells->len : 0);
  smear_csv_append (line, warnings);
  smear_csv_append_name (line, finding->model_name);
  smear_csv_append (line, finding->model_hash ? finding->model_hash : "");
  smear_csv_append (line, record->version ? record->version : "");
  smear_csv_append (line, record->hash);
  smear_csv_append (line, "yes");
  smear_csv_end (line);
}

char *
smear_record_to_json (const SmearRecord *record)
{
  g_autofree char *time = NULL;
  g_autofree char *finding = NULL;
  GString *line = g_string_new (NULL);

  g_return_val_if_fail (record != NULL && record->finding != NULL, NULL);
  time = smear_record_format_time (record->time);
  finding = smear_finding_to_json (record->finding);
  g_string_append_printf (
      line, "{\"id\": %" G_GINT64_FORMAT ", \"time\": \"%s\", \"erased\": %s, ",
      record->id, time, record->erased ? "true" : "false");
  g_string_append (line, finding + 1);
  g_string_truncate (line, line->len - 1);
  g_string_append (line, ", \"version\": ");
  smear_json_string (line, record->version);
  g_string_append_printf (line, ", \"hash\": \"%s\"}", record->hash);
  return g_string_free (line, FALSE);
}

static void
print_json (GString *line, const SmearRecord *record)
{
  g_autofree char *json = smear_record_to_json (record);

  g_string_append_printf (line, "%s\n", json);
}

static gboolean
print_record (const SmearRecord *record, gpointer user_data)
{
  Export *job = user_data;
  g_autoptr (GString) line = g_string_new (NULL);

  if (job->is_csv)
    print_csv (line, record);
  else
    print_json (line, record);
  return fwrite (line->str, 1, line->len, job->file) == line->len;
}

static gboolean
write_all (SmearHistory *history, const SmearHistoryQuery *query, Export *job,
           GError **error)
{
  SmearHistoryQuery findings = *query;

  findings.kind = SMEAR_RECORD_FINDING;
  return (!job->is_csv || fputs (csv_head, job->file) >= 0)
         && smear_history_foreach (history, &findings, print_record, job, error)
         && !ferror (job->file);
}

gboolean
smear_history_export (SmearHistory *history, const SmearHistoryQuery *query,
                      const char *path, GError **error)
{
  const SmearHistoryQuery all = SMEAR_HISTORY_QUERY_ALL;
  g_autofree char *made = NULL;
  g_autoptr (GError) inner = NULL;
  Export job = { 0 };
  gboolean written;
  gint fd;

  g_return_val_if_fail (history != NULL && path != NULL, FALSE);
  job.is_csv = g_str_has_suffix (path, ".csv");
  if (!job.is_csv && !g_str_has_suffix (path, ".jsonl"))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "%s: a history is exported as .csv or .jsonl", path);
      return FALSE;
    }
  made = g_strconcat (path, ".XXXXXX", NULL);
  fd = g_mkstemp_full (made, O_WRONLY | O_CLOEXEC, 0600);
  job.file = fd >= 0 ? fdopen (fd, "w") : NULL;
  written = job.file && write_all (history, query ? query : &all, &job, &inner);
  written = job.file && fclose (job.file) == 0 && written && g_rename (made, path) == 0;
  if (written)
    return TRUE;
  if (inner)
    g_propagate_error (error, g_steal_pointer (&inner));
  else
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s cannot be written: %s", path,
                 g_strerror (errno));
  if (fd >= 0)
    g_unlink (made);
  return FALSE;
}
