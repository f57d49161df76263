/* Finding entries again. */
#include "records/history-json.h"

#include <string.h>

void
smear_record_free (SmearRecord *record)
{
  if (!record)
    return;
  smear_finding_free (record->finding);
  if (record->feedback)
    {
      g_free (record->feedback->who);
      g_free (record->feedback->note);
      g_free (record->feedback);
    }
  g_free (record->path);
  g_free (record->pixel_hash);
  g_free (record->map_hash);
  g_free (record->model_path);
  g_free (record->user);
  g_free (record->program);
  g_free (record->version);
  g_free (record->reason);
  g_strfreev (record->warnings);
  g_clear_pointer (&record->picture, g_bytes_unref);
  g_free (record->hash);
  g_free (record->previous);
  g_free (record);
}

GBytes *
smear_history_read_bytes (SmearHistory *history, SmearStatement *statement, gint column)
{
  gconstpointer data = sqlite3_column_blob (statement, column);
  gsize length = sqlite3_column_bytes (statement, column);

  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return NULL;
  return history->crypt ? smear_crypt_unseal (history->crypt, data, length)
                        : g_bytes_new (data, length);
}

char *
smear_history_read_text (SmearHistory *history, SmearStatement *statement, gint column)
{
  g_autoptr (GBytes) opened = smear_history_read_bytes (history, statement, column);
  gsize length;
  const char *data = opened ? g_bytes_get_data (opened, &length) : NULL;

  return data ? g_strndup (data, length) : NULL;
}

GBytes *
smear_history_pixel_key (SmearHistory *history, const char *pixel_hash)
{
  if (!pixel_hash)
    return NULL;
  return history->crypt ? smear_crypt_blind (history->crypt, pixel_hash)
                        : g_bytes_new (pixel_hash, strlen (pixel_hash));
}

/* There are no entries from before 1970, so further back is all the same. */
#define MOST_DAYS 20000

gint64
smear_history_days_ago (gint days)
{
  return MAX (1, g_get_real_time () - MIN (days, MOST_DAYS) * G_TIME_SPAN_DAY);
}

/* The columns with an index where the history is open, the sealed text where it is not.
 */
static void
add_fact (SmearHistory *history, GString *sql, const char *column, const char *key)
{
  if (history->crypt)
    g_string_append_printf (
        sql, " AND json_extract (smear_unseal (e.facts), '$.%s') = :%s", key, key);
  else
    g_string_append_printf (sql, " AND e.%s = :%s", column, key);
}

static gboolean
has_way_in (SmearHistory *history, const SmearHistoryQuery *query)
{
  return query->about > 0
         || (!history->crypt
             && (query->klass != SMEAR_CLASS_NONE || query->verdict >= 0
                 || query->model));
}

static char *
build (SmearHistory *history, const char *what, const SmearHistoryQuery *query,
       const char *order)
{
  GString *sql = g_string_new (NULL);
  const char *key = "e.id";

  g_string_append_printf (sql, "SELECT %s FROM ", what);
  /* A name is looked for along the names; the facts are fetched only for those that fit.
   */
  if (query->name || query->pixel_hash || query->unerased)
    {
      g_string_append (sql, "personal p CROSS JOIN entries e ON e.id = p.id WHERE 1");
      key = query->pixel_hash ? "e.id" : "p.id";
    }
  else
    g_string_append (sql, "entries e LEFT JOIN personal p ON p.id = e.id WHERE 1");
  if (query->name)
    g_string_append_printf (sql,
                            " AND (instr (%s, :name) > 0 OR instr (%s, :pseudonym) > 0)",
                            history->crypt ? "smear_unseal (p.name)" : "p.name",
                            history->crypt ? "smear_unseal (p.name)" : "p.name");
  if (query->pixel_hash)
    g_string_append (sql, " AND p.pixels = :pixels");
  /* Nearly all entries are of one kind: that alone is no way in ("+" keeps SQLite from
   * it). */
  if (query->kind >= 0)
    g_string_append_printf (sql, " AND %se.kind = %d",
                            has_way_in (history, query) ? "" : "+", query->kind);
  if (query->about > 0)
    g_string_append_printf (sql, " AND e.about = %" G_GINT64_FORMAT, query->about);
  if (query->klass != SMEAR_CLASS_NONE)
    add_fact (history, sql, "klass", "class");
  if (query->verdict >= 0)
    add_fact (history, sql, "verdict", "verdict");
  if (query->model)
    add_fact (history, sql, "model", "model");
  if (query->since > 0)
    g_string_append_printf (sql, " AND e.time >= %" G_GINT64_FORMAT, query->since);
  if (query->until != 0)
    g_string_append_printf (sql, " AND e.time < %" G_GINT64_FORMAT, query->until);
  if (order)
    {
      g_string_append_printf (sql, " ORDER BY %s %s", key, order);
      if (query->limit > 0 || query->offset > 0)
        g_string_append_printf (sql, " LIMIT %d OFFSET %d",
                                query->limit > 0 ? query->limit : -1, query->offset);
    }
  return g_string_free (sql, FALSE);
}

static void
bind_text (SmearStatement *statement, const char *parameter, const char *text)
{
  gint index = sqlite3_bind_parameter_index (statement, parameter);

  if (index > 0)
    sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

static void
bind_name (SmearStatement *statement, const char *name)
{
  g_autofree char *folded = smear_fold (name);
  g_autofree char *pseudonym = smear_pseudonym (name, NULL);
  g_autofree char *folded_pseudonym = pseudonym ? smear_fold (pseudonym) : NULL;

  bind_text (statement, ":name", folded);
  bind_text (statement, ":pseudonym", folded_pseudonym);
}

SmearStatement *
smear_history_select (SmearHistory *history, const char *what,
                      const SmearHistoryQuery *query, const char *order, GError **error)
{
  g_autofree char *sql = build (history, what, query, order);
  SmearStatement *statement = smear_history_prepare (history, sql, error);
  g_autoptr (GBytes) pixels = smear_history_pixel_key (history, query->pixel_hash);

  if (!statement)
    return NULL;
  if (query->klass != SMEAR_CLASS_NONE)
    bind_text (statement, ":class", smear_class_name (query->klass));
  if (query->verdict >= 0)
    bind_text (statement, ":verdict", smear_verdict_name (query->verdict));
  if (query->model)
    bind_text (statement, ":model", query->model);
  if (query->name)
    bind_name (statement, query->name);
  if (pixels)
    sqlite3_bind_blob (statement, sqlite3_bind_parameter_index (statement, ":pixels"),
                       g_bytes_get_data (pixels, NULL), g_bytes_get_size (pixels),
                       SQLITE_TRANSIENT);
  return statement;
}

#define RECORD_COLUMNS                                                                   \
  "e.id, e.time, e.kind, e.about, e.facts, e.hash, p.body,"                              \
  " (SELECT hash FROM entries WHERE id = e.id - 1)"

static char *
read_hash (SmearStatement *statement, gint column)
{
  static const guint8 zeros[SMEAR_DIGEST_LENGTH];
  gboolean right = sqlite3_column_bytes (statement, column) == SMEAR_DIGEST_LENGTH;

  return smear_hex (right ? sqlite3_column_blob (statement, column) : zeros,
                    SMEAR_DIGEST_LENGTH);
}

/* What a clock may say and a calendar can show; none goes before 1970. */
static gboolean
is_time (gint64 time)
{
  const gint64 last = G_GINT64_CONSTANT (253370764800) * G_USEC_PER_SEC; /* 9999-01-01 */

  return time >= 0 && time < last;
}

/* A single bad entry gives its id, so that the others can still be asked for. */
static SmearRecord *
read_record (SmearHistory *history, SmearStatement *statement, GError **error)
{
  g_autoptr (SmearRecord) record = g_new0 (SmearRecord, 1);
  g_autofree char *facts = smear_history_read_text (history, statement, 4);
  g_autofree char *personal = smear_history_read_text (history, statement, 6);

  record->id = sqlite3_column_int64 (statement, 0);
  record->time = sqlite3_column_int64 (statement, 1);
  record->kind = sqlite3_column_int (statement, 2);
  record->about = sqlite3_column_int64 (statement, 3);
  record->hash = read_hash (statement, 5);
  record->previous = read_hash (statement, 7);
  record->erased = sqlite3_column_type (statement, 6) == SQLITE_NULL
                   && record->kind != SMEAR_RECORD_ERASURE;
  if (is_time (record->time) && smear_record_read_facts (record, facts)
      && (sqlite3_column_type (statement, 6) == SQLITE_NULL
          || smear_record_read_personal (record, personal)))
    return g_steal_pointer (&record);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
               "%s: entry %" G_GINT64_FORMAT
               " is damaged. “smearscope history verify” says "
               "from where the history can be trusted",
               history->path, record->id);
  return NULL;
}

static GBytes *
read_picture (SmearHistory *history, gint64 id, GError **error)
{
  g_autoptr (SmearStatement) statement = smear_history_prepare (
      history, "SELECT picture FROM personal WHERE id = ?", error);

  if (!statement)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  if (smear_history_step (history, statement, error) != SQLITE_ROW)
    return NULL;
  return smear_history_read_bytes (history, statement, 0);
}

SmearRecord *
smear_history_get (SmearHistory *history, gint64 id, GError **error)
{
  g_autoptr (SmearStatement) statement = NULL;
  g_autoptr (SmearRecord) record = NULL;
  g_autoptr (GError) inner = NULL;
  gint code;

  g_return_val_if_fail (history != NULL, NULL);
  statement = smear_history_prepare (
      history,
      "SELECT " RECORD_COLUMNS " FROM entries e"
      " LEFT JOIN personal p ON p.id = e.id WHERE e.id = ?",
      error);
  if (!statement)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  code = smear_history_step (history, statement, error);
  if (code == SQLITE_DONE)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                 "%s: there is no entry %" G_GINT64_FORMAT
                 ". “smearscope history list” shows "
                 "what there is",
                 history->path, id);
  if (code != SQLITE_ROW)
    return NULL;
  record = read_record (history, statement, error);
  if (!record)
    return NULL;
  record->picture = read_picture (history, id, &inner);
  if (inner)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return NULL;
    }
  return g_steal_pointer (&record);
}

static gboolean
each (SmearHistory *history, const SmearHistoryQuery *query, const char *order,
      SmearRecordFunc func, gpointer user_data, GError **error)
{
  g_autoptr (SmearStatement) statement = smear_history_select (history, RECORD_COLUMNS,
                                                               query, order, error);
  gint code = SQLITE_ERROR;

  while (statement
         && (code = smear_history_step (history, statement, error)) == SQLITE_ROW)
    {
      g_autoptr (SmearRecord) record = read_record (history, statement, error);

      if (!record)
        return FALSE;
      if (!func (record, user_data))
        return TRUE;
    }
  return code == SQLITE_DONE;
}

gboolean
smear_history_foreach (SmearHistory *history, const SmearHistoryQuery *query,
                       SmearRecordFunc func, gpointer user_data, GError **error)
{
  g_return_val_if_fail (history != NULL && query != NULL && func != NULL, FALSE);
  return each (history, query, "ASC", func, user_data, error);
}

GPtrArray *
smear_history_search (SmearHistory *history, const SmearHistoryQuery *query,
                      GError **error)
{
  g_autoptr (SmearStatement) statement = NULL;
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (
      (GDestroyNotify)smear_record_free);
  gint code;

  g_return_val_if_fail (history != NULL && query != NULL, NULL);
  statement = smear_history_select (history, RECORD_COLUMNS, query, "DESC", error);
  if (!statement)
    return NULL;
  while ((code = smear_history_step (history, statement, error)) == SQLITE_ROW)
    {
      SmearRecord *record = read_record (history, statement, error);

      if (!record)
        return NULL;
      g_ptr_array_add (records, record);
    }
  return code == SQLITE_DONE ? g_steal_pointer (&records) : NULL;
}

gint64
smear_history_count (SmearHistory *history, const SmearHistoryQuery *query,
                     GError **error)
{
  g_autoptr (SmearStatement) statement = NULL;

  g_return_val_if_fail (history != NULL && query != NULL, -1);
  statement = smear_history_select (history, "count (*)", query, NULL, error);
  if (!statement || smear_history_step (history, statement, error) != SQLITE_ROW)
    return -1;
  return sqlite3_column_int64 (statement, 0);
}
