#include "records/history-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
smear_statement_finalize (SmearStatement *statement)
{
  sqlite3_finalize (statement);
}

static gboolean
is_out_of_space (SmearHistory *history, gint code)
{
  gint reason = history->db ? sqlite3_system_errno (history->db) : 0;

  return (code & 0xff) == SQLITE_FULL
         || ((code & 0xff) == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT));
}

/* What SQLite says is for programmers; what is said here tells the user what to do. */
void
smear_history_set_error (SmearHistory *history, gint code, GError **error)
{
  const char *path = history->path;
  const char *detail = history->db ? sqlite3_errmsg (history->db) : sqlite3_errstr (code);

  if (is_out_of_space (history, code))
    code = SQLITE_FULL;
  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
          "%s is locked by another program for over %d ms. Close it or try again; "
          "nothing was changed",
          path, history->settings->timeout_ms);
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                   "%s is read-only. Make the file and its folder writable, or point "
                   "SMEARSCOPE_HISTORY to another place",
                   path);
      break;
    case SQLITE_FULL:
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
          "%s: the disk is full. Free some space and try again; what was recorded "
          "before is safe",
          path);
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
          "%s is damaged or no history of Smearscope (%s). Put a backup in its place, or "
          "move it away and a new one is made",
          path, detail);
      break;
    case SQLITE_CANTOPEN:
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
          "%s cannot be opened (%s). Look at the permissions of the file and its "
          "folder, or point SMEARSCOPE_HISTORY to another place",
          path, detail);
      break;
    case SQLITE_IOERR:
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                   "%s cannot be read or written (%s; %s). Is the disk full or gone?",
                   path, detail, g_strerror (sqlite3_system_errno (history->db)));
      break;
    default:
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD, "%s: %s", path, detail);
    }
}

gboolean
smear_history_run (SmearHistory *history, const char *sql, GError **error)
{
  gint code = sqlite3_exec (history->db, sql, NULL, NULL, NULL);

  if (code == SQLITE_OK)
    return TRUE;
  smear_history_set_error (history, code, error);
  return FALSE;
}

SmearStatement *
smear_history_prepare (SmearHistory *history, const char *sql, GError **error)
{
  SmearStatement *statement = NULL;
  gint code = sqlite3_prepare_v2 (history->db, sql, -1, &statement, NULL);

  if (code == SQLITE_OK)
    return statement;
  smear_history_set_error (history, code, error);
  return NULL;
}

gint
smear_history_step (SmearHistory *history, SmearStatement *statement, GError **error)
{
  gint code = sqlite3_step (statement);

  if (code != SQLITE_ROW && code != SQLITE_DONE)
    smear_history_set_error (history, code, error);
  return code;
}

gboolean
smear_history_read_meta (SmearHistory *history, const char *key, GBytes **value,
                         GError **error)
{
  g_autoptr (SmearStatement) statement = smear_history_prepare (
      history, "SELECT value FROM meta WHERE key = ?", error);
  gint code;

  if (!statement)
    return FALSE;
  sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
  code = smear_history_step (history, statement, error);
  *value = code != SQLITE_ROW ? NULL
                              : g_bytes_new (sqlite3_column_blob (statement, 0),
                                             sqlite3_column_bytes (statement, 0));
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

gboolean
smear_history_write_meta (SmearHistory *history, const char *key, GBytes *value,
                          GError **error)
{
  g_autoptr (SmearStatement) statement
      = value ? smear_history_prepare (
            history, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)", error)
              : smear_history_prepare (history, "DELETE FROM meta WHERE key = ?1", error);

  if (!statement)
    return FALSE;
  sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
  if (value)
    sqlite3_bind_blob (statement, 2, g_bytes_get_data (value, NULL),
                       g_bytes_get_size (value), SQLITE_STATIC);
  return smear_history_step (history, statement, error) == SQLITE_DONE;
}

gboolean
smear_history_begin (SmearHistory *history, GError **error)
{
  g_return_val_if_fail (history != NULL && !history->in_batch, FALSE);
  history->in_batch = smear_history_run (history, "BEGIN IMMEDIATE", error);
  return history->in_batch;
}

/* A failed statement may have rolled back already, so a second ROLLBACK may fail rightly.
 */
static void
roll_back (SmearHistory *history)
{
  if (!sqlite3_get_autocommit (history->db))
    sqlite3_exec (history->db, "ROLLBACK", NULL, NULL, NULL);
}

gboolean
smear_history_commit (SmearHistory *history, GError **error)
{
  g_return_val_if_fail (history != NULL && history->in_batch, FALSE);
  history->in_batch = FALSE;
  if (sqlite3_get_autocommit (history->db))
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
          "%s: the entries since the last commit were not kept; see the message before",
          history->path);
      return FALSE;
    }
  if (smear_history_run (history, "COMMIT", error))
    return TRUE;
  roll_back (history);
  return FALSE;
}

gboolean
smear_history_transaction (SmearHistory *history, SmearHistoryFunc func,
                           gpointer user_data, GError **error)
{
  if (history->in_batch)
    {
      if (!sqlite3_get_autocommit (history->db) && func (history, user_data, error))
        return TRUE;
      roll_back (history);
      if (error && !*error)
        g_set_error (
            error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
            "%s: not kept, because an entry before it in the same batch was refused",
            history->path);
      return FALSE;
    }
  if (!smear_history_begin (history, error))
    return FALSE;
  if (func (history, user_data, error))
    return smear_history_commit (history, error);
  history->in_batch = FALSE;
  roll_back (history);
  return FALSE;
}

/* A folder nobody may write to (a CD, a share) cannot hold the files of the write-ahead
 * log. */
static gboolean
is_on_read_only_medium (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);

  return g_access (folder, W_OK) != 0 && g_access (log, F_OK) != 0;
}

/* SQLite's own handler sleeps ever longer, up to 100 ms, while the lock is free again
 * after a few: many writers would mostly sleep. Uneven naps keep them from knocking all
 * at once. */
static gint
wait_for_others (gpointer user_data, gint n_waits)
{
  SmearHistory *history = user_data;
  gint64 now = g_get_monotonic_time ();

  if (n_waits == 0)
    history->waiting_since = now;
  if (now - history->waiting_since
      >= history->settings->timeout_ms * G_GINT64_CONSTANT (1000))
    return 0;
  g_usleep (g_random_int_range (500, n_waits < 10 ? 2000 : 8000));
  return 1;
}

static gboolean
connect_to (SmearHistory *history, gboolean writable, GError **error)
{
  gint flags = writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI;
  g_autofree char *name = NULL;
  gint code;

  if (writable)
    name = g_strdup (history->path);
  else
    {
      g_autofree char *escaped = g_uri_escape_string (history->path, "/", TRUE);
      name = g_strconcat ("file:", escaped,
                          is_on_read_only_medium (history->path) ? "?immutable=1" : "",
                          NULL);
    }
  code = sqlite3_open_v2 (name, &history->db, flags, NULL);
  if (code == SQLITE_OK)
    {
      sqlite3_busy_handler (history->db, wait_for_others, history);
      sqlite3_extended_result_codes (history->db, 1);
      if (writable && sqlite3_db_readonly (history->db, "main") == 1)
        code = SQLITE_READONLY;
    }
  if (code != SQLITE_OK)
    {
      smear_history_set_error (history, code, error);
      return FALSE;
    }
  /* FULL: what smear_history_add() promised outlives a power cut, not only a crash. */
  return smear_history_run (history,
                            "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
                            "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;"
                            "PRAGMA temp_store = MEMORY",
                            error)
         && smear_schema_add_functions (history, error);
}

static gboolean
open_crypt (SmearHistory *history, GError **error)
{
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) opened = NULL;
  g_autoptr (GError) inner = NULL;

  if (!smear_history_read_meta (history, "key-check", &sealed, error))
    return FALSE;
  if (!sealed)
    return TRUE;
  history->crypt = smear_crypt_open (history->settings, &inner);
  if (!history->crypt)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD, "%s is encrypted: %s",
                   history->path, inner->message);
      return FALSE;
    }
  opened = smear_crypt_unseal (history->crypt, g_bytes_get_data (sealed, NULL),
                               g_bytes_get_size (sealed));
  if (opened)
    return TRUE;
  g_set_error (
      error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
      "%s is encrypted with another key. Give the key file it was encrypted with",
      history->path);
  return FALSE;
}

/* A copy brought back from elsewhere may be open to all, and its log with it. Only for
 * what has turned out to be a history: the path may have been a slip. */
static void
shut_others_out (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);
      GStatBuf info;

      if (g_stat (name, &info) == 0 && S_ISREG (info.st_mode) && (info.st_mode & 077)
          && info.st_uid == geteuid ())
        g_chmod (name, 0600);
    }
}

static SmearHistory *
open_file (const char *path, const SmearHistorySettings *settings, gboolean writable,
           GError **error)
{
  g_autoptr (SmearHistory) history = g_new0 (SmearHistory, 1);

  history->path = g_strdup (path);
  history->settings = smear_history_settings_copy (settings);
  if (!connect_to (history, writable, error) || !smear_schema_check (history, error))
    return NULL;
  shut_others_out (path);
  if (!open_crypt (history, error))
    return NULL;
  return g_steal_pointer (&history);
}

static SmearHistory *
open_with_settings (const char *path, const SmearHistorySettings *settings,
                    gboolean writable, GError **error)
{
  g_autofree char *default_path = path ? NULL : smear_history_default_path ();
  g_autoptr (SmearHistorySettings) loaded = NULL;

  if (!path)
    path = default_path;
  if (!settings)
    settings = loaded = smear_history_settings_load (error);
  if (!settings)
    return NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      if (!writable)
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                       "%s: there is no history yet. Record a finding first", path);
          return NULL;
        }
      if (!smear_schema_create (path, settings, error))
        return NULL;
    }
  return open_file (path, settings, writable, error);
}

SmearHistory *
smear_history_open (const char *path, const SmearHistorySettings *settings,
                    GError **error)
{
  g_autoptr (SmearHistory) history = open_with_settings (path, settings, TRUE, error);
  SmearHistoryQuery old = SMEAR_HISTORY_QUERY_ALL;

  if (!history || history->settings->retention_days == 0)
    return g_steal_pointer (&history);
  old.until = smear_history_days_ago (history->settings->retention_days);
  if (smear_history_purge (history, &old, "retention period over", error) < 0)
    return NULL;
  return g_steal_pointer (&history);
}

SmearHistory *
smear_history_open_existing (const char *path, const SmearHistorySettings *settings,
                             GError **error)
{
  return open_with_settings (path, settings, FALSE, error);
}

void
smear_history_close (SmearHistory *history)
{
  if (!history)
    return;
  if (history->db)
    {
      roll_back (history);
      sqlite3_close (history->db);
    }
  smear_crypt_free (history->crypt);
  smear_history_settings_free (history->settings);
  g_free (history->path);
  g_free (history);
}

const char *
smear_history_get_path (const SmearHistory *history)
{
  g_return_val_if_fail (history != NULL, NULL);
  return history->path;
}

const SmearHistorySettings *
smear_history_get_settings (const SmearHistory *history)
{
  g_return_val_if_fail (history != NULL, NULL);
  return history->settings;
}

gboolean
smear_history_is_encrypted (const SmearHistory *history)
{
  g_return_val_if_fail (history != NULL, FALSE);
  return history->crypt != NULL;
}
