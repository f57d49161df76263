#include "records/history-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* "Smea": tells our files from other programs' databases. */
#define APPLICATION_ID 0x536d6561

/* Version 1: the chain and what may be erased from it. The facts are what the chain's
 * hash is over, so the columns to search by are computed from them and cannot tell
 * another story. */
static const char version_1[]
    = "CREATE TABLE entries ("
      "  id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL,"
      "  about INTEGER NOT NULL, facts NOT NULL, personal_digest BLOB NOT NULL,"
      "  hash BLOB NOT NULL,"
      "  klass TEXT AS (CASE typeof (facts) WHEN 'text' THEN json_extract (facts, "
      "'$.class') END)"
      "    STORED,"
      "  verdict TEXT AS (CASE typeof (facts) WHEN 'text' THEN json_extract (facts, "
      "'$.verdict')"
      "    END) STORED,"
      "  model TEXT AS (CASE typeof (facts) WHEN 'text' THEN json_extract (facts, "
      "'$.model') END)"
      "    STORED);"
      "CREATE TABLE personal (id INTEGER PRIMARY KEY REFERENCES entries, salt BLOB NOT "
      "NULL,"
      "  body NOT NULL, picture BLOB);"
      "CREATE INDEX entries_class ON entries (kind, klass, id);"
      "CREATE INDEX entries_model ON entries (kind, model, id);"
      "CREATE INDEX entries_verdict ON entries (kind, verdict, id);"
      "CREATE INDEX entries_time ON entries (time);"
      "CREATE INDEX entries_about ON entries (about, kind) WHERE about > 0;";

/* Version 2: names and pixel hashes to search by, and a place for the key's check. */
static const char version_2[]
    = "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL);"
      "CREATE TABLE personal_2 (id INTEGER PRIMARY KEY REFERENCES entries, name,"
      "  pixels BLOB, salt BLOB NOT NULL, body NOT NULL, picture BLOB);"
      "INSERT INTO personal_2 SELECT id, smear_fold (json_extract (body, '$.name')),"
      "  CAST (json_extract (body, '$.pixels') AS BLOB), salt, body, picture FROM "
      "personal;"
      "DROP TABLE personal;"
      "ALTER TABLE personal_2 RENAME TO personal;"
      "CREATE INDEX personal_pixels ON personal (pixels);";

/* Version 3: the hash of the last entry a second time, so that cutting off the end shows.
 */
static const char version_3[]
    = "INSERT INTO meta VALUES ('end', zeroblob (32));"
      "UPDATE meta SET value = (SELECT hash FROM entries ORDER BY id DESC LIMIT 1)"
      "  WHERE key = 'end' AND EXISTS (SELECT 1 FROM entries);";

static const char *const migrations[SMEAR_HISTORY_SCHEMA] = { version_1, version_2,
                                                              version_3 };

/* Nothing is changed once written; personal parts go only where an erasure is on record.
 */
static const char lock_sql[]
    = "CREATE TRIGGER entries_append BEFORE INSERT ON entries"
      "  WHEN NEW.id <> (SELECT coalesce (max (id), 0) + 1 FROM entries)"
      "  BEGIN SELECT RAISE (ABORT, 'entries are only ever appended'); END;"
      "CREATE TRIGGER entries_sealed BEFORE INSERT ON entries"
      "  WHEN (typeof (NEW.facts) = 'blob')"
      "    <> EXISTS (SELECT 1 FROM meta WHERE key = 'key-check')"
      "  BEGIN SELECT RAISE (ABORT, 'encryption was switched meanwhile; open it again'); "
      "END;"
      "CREATE TRIGGER entries_update BEFORE UPDATE ON entries"
      "  BEGIN SELECT RAISE (ABORT, 'entries are never changed'); END;"
      "CREATE TRIGGER entries_delete BEFORE DELETE ON entries"
      "  BEGIN SELECT RAISE (ABORT, 'entries are never removed'); END;"
      "CREATE TRIGGER entries_end AFTER INSERT ON entries"
      "  BEGIN UPDATE meta SET value = NEW.hash WHERE key = 'end'; END;"
      "CREATE TRIGGER personal_update BEFORE UPDATE ON personal"
      "  BEGIN SELECT RAISE (ABORT, 'entries are never changed'); END;"
      "CREATE TRIGGER personal_delete BEFORE DELETE ON personal"
      "  WHEN NOT EXISTS (SELECT 1 FROM entries WHERE kind = 2 AND about = OLD.id)"
      "  BEGIN SELECT RAISE (ABORT, 'an erasure has to be on record first'); END;";

static const char unlock_sql[]
    = "DROP TRIGGER IF EXISTS entries_append; DROP TRIGGER IF EXISTS entries_sealed;"
      "DROP TRIGGER IF EXISTS entries_update; DROP TRIGGER IF EXISTS entries_delete;"
      "DROP TRIGGER IF EXISTS entries_end;"
      "DROP TRIGGER IF EXISTS personal_update; DROP TRIGGER IF EXISTS personal_delete;";

gboolean
smear_schema_lock (SmearHistory *history, gboolean locked, GError **error)
{
  return smear_history_run (history, locked ? lock_sql : unlock_sql, error);
}

char *
smear_fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);

  return normal ? g_utf8_casefold (normal, -1) : g_strdup (text);
}

static void
fold_sql (sqlite3_context *context, gint n_values, sqlite3_value **values)
{
  const char *text = (const char *)sqlite3_value_text (values[0]);

  if (text)
    sqlite3_result_text (context, smear_fold (text), -1, g_free);
}

static void
unseal_sql (sqlite3_context *context, gint n_values, sqlite3_value **values)
{
  SmearHistory *history = sqlite3_user_data (context);
  g_autoptr (GBytes) opened = NULL;

  if (sqlite3_value_type (values[0]) == SQLITE_NULL)
    return;
  if (history->crypt)
    opened = smear_crypt_unseal (history->crypt, sqlite3_value_blob (values[0]),
                                 sqlite3_value_bytes (values[0]));
  if (opened)
    sqlite3_result_text (context, g_bytes_get_data (opened, NULL),
                         g_bytes_get_size (opened), SQLITE_TRANSIENT);
}

gboolean
smear_schema_add_functions (SmearHistory *history, GError **error)
{
  gint flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
  gint code = sqlite3_create_function (history->db, "smear_fold", 1, flags, NULL,
                                       fold_sql, NULL, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_create_function (history->db, "smear_unseal", 1, flags, history,
                                    unseal_sql, NULL, NULL);
  if (code != SQLITE_OK)
    smear_history_set_error (history, code, error);
  return code == SQLITE_OK;
}

static gboolean
read_pragma (SmearHistory *history, const char *sql, gint *value, GError **error)
{
  g_autoptr (SmearStatement) statement = smear_history_prepare (history, sql, error);

  if (!statement || smear_history_step (history, statement, error) != SQLITE_ROW)
    return FALSE;
  *value = sqlite3_column_int (statement, 0);
  return TRUE;
}

/* The version is read again inside the transaction: another process may have been faster.
 */
static gboolean
migrate (SmearHistory *history, gpointer user_data, GError **error)
{
  g_autofree char *finish = NULL;
  gint version;

  if (!read_pragma (history, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version >= SMEAR_HISTORY_SCHEMA)
    return TRUE;
  if (!smear_schema_lock (history, FALSE, error))
    return FALSE;
  for (; version < SMEAR_HISTORY_SCHEMA; version++)
    if (!smear_history_run (history, migrations[version], error))
      return FALSE;
  finish = g_strdup_printf ("PRAGMA user_version = %d; PRAGMA application_id = %d",
                            version, APPLICATION_ID);
  return smear_history_run (history, finish, error)
         && smear_schema_lock (history, TRUE, error);
}

gboolean
smear_schema_check (SmearHistory *history, GError **error)
{
  gint version, application;

  if (!read_pragma (history, "PRAGMA application_id", &application, error)
      || !read_pragma (history, "PRAGMA user_version", &version, error))
    return FALSE;
  if (application != APPLICATION_ID || version < 1)
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
          "%s is a database of another program. Point SMEARSCOPE_HISTORY to another "
          "place",
          history->path);
      return FALSE;
    }
  if (version > SMEAR_HISTORY_SCHEMA)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                   "%s was written by a newer Smearscope (schema %d, this one knows %d). "
                   "Update Smearscope; nothing was changed",
                   history->path, version, SMEAR_HISTORY_SCHEMA);
      return FALSE;
    }
  if (version == SMEAR_HISTORY_SCHEMA)
    return TRUE;
  if (sqlite3_db_readonly (history->db, "main") == 1)
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
          "%s is of an older schema (%d) and cannot be brought up to date: it is "
          "read-only. Make the file and its folder writable",
          history->path, version);
      return FALSE;
    }
  return smear_history_transaction (history, migrate, NULL, error);
}

/* linkat() and not rename(): whoever comes second must not replace what the first one
 * made. */
static gboolean
put_in_place (const char *made, const char *path, GError **error)
{
  if (link (made, path) == 0 || errno == EEXIST
      || ((errno == EPERM || errno == ENOTSUP)
          && renameat2 (AT_FDCWD, made, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
      || errno == EEXIST)
    {
      g_unlink (made);
      return TRUE;
    }
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD, "%s cannot be made: %s", path,
               g_strerror (errno));
  g_unlink (made);
  return FALSE;
}

static gboolean
fill (const char *made, const char *path, const SmearHistorySettings *settings,
      GError **error)
{
  g_autoptr (SmearHistory) history = g_new0 (SmearHistory, 1);
  gint code;

  history->path = g_strdup (path);
  history->settings = smear_history_settings_copy (settings);
  code = sqlite3_open_v2 (made, &history->db, SQLITE_OPEN_READWRITE, NULL);
  if (code != SQLITE_OK)
    {
      smear_history_set_error (history, code, error);
      return FALSE;
    }
  return smear_schema_add_functions (history, error)
         && smear_history_run (history, "PRAGMA journal_mode = WAL", error)
         && smear_history_transaction (history, migrate, NULL, error);
}

/* A history appears under its name whole or not at all, however many start at once. */
gboolean
smear_schema_create (const char *path, const SmearHistorySettings *settings,
                     GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *made = g_strconcat (path, ".XXXXXX", NULL);
  gint fd = -1;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    fd = g_mkstemp_full (made, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                   "%s cannot be made: %s. Make the folder writable, or point "
                   "SMEARSCOPE_HISTORY to another place",
                   path, g_strerror (errno));
      return FALSE;
    }
  close (fd);
  if (fill (made, path, settings, error))
    return put_in_place (made, path, error);
  g_unlink (made);
  return FALSE;
}
