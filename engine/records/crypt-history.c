/* Switching encryption on and off for entries that are there already. */
#include "records/history-json.h"

#include <string.h>

static GBytes *
convert (SmearCrypt *from, SmearCrypt *to, const void *data, gsize length)
{
  g_autoptr (GBytes) clear = from ? smear_crypt_unseal (from, data, length)
                                  : g_bytes_new (data, length);
  gconstpointer opened = clear ? g_bytes_get_data (clear, &length) : NULL;

  if (!clear)
    return NULL;
  return to ? smear_crypt_seal (to, opened, length) : g_steal_pointer (&clear);
}

/* Texts come back as texts and salts and pictures as bytes, whatever they were meanwhile.
 */
static gboolean
bind_converted (SmearStatement *from, gint column, SmearStatement *to, gint parameter,
                SmearCrypt *old_crypt, SmearCrypt *new_crypt, gboolean is_text)
{
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer data;
  gsize length;

  if (sqlite3_column_type (from, column) == SQLITE_NULL)
    {
      sqlite3_bind_null (to, parameter);
      return TRUE;
    }
  bytes = convert (old_crypt, new_crypt, sqlite3_column_blob (from, column),
                   sqlite3_column_bytes (from, column));
  if (!bytes)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  if (is_text && !new_crypt)
    sqlite3_bind_text (to, parameter, data, length, SQLITE_TRANSIENT);
  else
    sqlite3_bind_blob (to, parameter, data ? data : "", length, SQLITE_TRANSIENT);
  return TRUE;
}

typedef struct
{
  SmearCrypt *old_crypt, *new_crypt;
} Switch;

static gboolean
bind_pixels (SmearHistory *history, Switch *job, SmearStatement *from, SmearStatement *to)
{
  SmearHistory as_new = { .crypt = job->new_crypt };
  g_autofree char *body = smear_history_read_text (history, from, 3);
  g_autofree char *pixels = body ? smear_record_read_member (body, "pixels") : NULL;
  g_autoptr (GBytes) key = smear_history_pixel_key (&as_new, pixels);

  sqlite3_bind_null (to, 6);
  if (key)
    sqlite3_bind_blob (to, 6, g_bytes_get_data (key, NULL), g_bytes_get_size (key),
                       SQLITE_TRANSIENT);
  return body != NULL;
}

static gboolean
rewrite (SmearHistory *history, Switch *job, const char *read, const char *write,
         gboolean is_personal, GError **error)
{
  g_autoptr (SmearStatement) from = smear_history_prepare (history, read, error);
  g_autoptr (SmearStatement) to = from ? smear_history_prepare (history, write, error)
                                       : NULL;
  gint code = SQLITE_ERROR;

  while (to && (code = smear_history_step (history, from, error)) == SQLITE_ROW)
    {
      gboolean whole = TRUE;

      sqlite3_reset (to);
      sqlite3_bind_int64 (to, 1, sqlite3_column_int64 (from, 0));
      for (gint i = 1; whole && i < sqlite3_column_count (from); i++)
        whole = bind_converted (from, i, to, i + 1, job->old_crypt, job->new_crypt,
                                !is_personal || i == 1 || i == 3);
      if (!whole || (is_personal && !bind_pixels (history, job, from, to)))
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                       "%s: entry %" G_GINT64_FORMAT
                       " cannot be read; nothing was changed",
                       history->path, (gint64)sqlite3_column_int64 (from, 0));
          return FALSE;
        }
      if (smear_history_step (history, to, error) != SQLITE_DONE)
        return FALSE;
    }
  return code == SQLITE_DONE;
}

/* Another process may have been faster, and what it sealed must not be sealed again. */
static gboolean
is_as_it_was (SmearHistory *history, gboolean encrypted, GError **error)
{
  g_autoptr (GBytes) check = NULL;

  if (!smear_history_read_meta (history, "key-check", &check, error))
    return FALSE;
  if ((check != NULL) == encrypted)
    return TRUE;
  g_set_error (
      error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
      "%s: encryption was switched meanwhile; open it again. Nothing was changed",
      history->path);
  return FALSE;
}

static gboolean
switch_all (SmearHistory *history, gpointer user_data, GError **error)
{
  Switch *job = user_data;
  const char *proof = "Smearscope";
  g_autoptr (GBytes) check
      = job->new_crypt ? smear_crypt_seal (job->new_crypt, proof, strlen (proof)) : NULL;

  return is_as_it_was (history, job->old_crypt != NULL, error)
         && smear_schema_lock (history, FALSE, error)
         && rewrite (history, job, "SELECT id, facts FROM entries",
                     "UPDATE entries SET facts = ?2 WHERE id = ?1", FALSE, error)
         && rewrite (history, job, "SELECT id, name, salt, body, picture FROM personal",
                     "UPDATE personal SET name = ?2, salt = ?3, body = ?4, picture = ?5,"
                     " pixels = ?6 WHERE id = ?1",
                     TRUE, error)
         && smear_history_write_meta (history, "key-check", check, error)
         && smear_schema_lock (history, TRUE, error);
}

/* Pages that held the readable text must not stay in the file as free space. The entries
 * are sealed by now, whether this succeeds or not. */
static gboolean
clean_up (SmearHistory *history, GError **error)
{
  g_autoptr (GError) inner = NULL;

  if (smear_history_run (history, "VACUUM; PRAGMA wal_checkpoint (TRUNCATE)", &inner)
      || !history->crypt)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
               "%s is encrypted now, but what was readable may still be in the file. "
               "Close what else has it open, free some space and encrypt it once more",
               history->path);
  return FALSE;
}

static gboolean
switch_to (SmearHistory *history, SmearCrypt *crypt, GError **error)
{
  Switch job = { history->crypt, crypt };

  if (!smear_history_transaction (history, switch_all, &job, error))
    {
      smear_crypt_free (crypt);
      return FALSE;
    }
  smear_crypt_free (history->crypt);
  history->crypt = crypt;
  return clean_up (history, error);
}

gboolean
smear_history_encrypt (SmearHistory *history, const SmearHistorySettings *settings,
                       GError **error)
{
  SmearCrypt *crypt;

  g_return_val_if_fail (history != NULL && settings != NULL && !history->in_batch, FALSE);
  crypt = smear_crypt_open (settings, error);
  return crypt && switch_to (history, crypt, error);
}

gboolean
smear_history_decrypt (SmearHistory *history, GError **error)
{
  g_return_val_if_fail (history != NULL && !history->in_batch, FALSE);
  return !history->crypt || switch_to (history, NULL, error);
}
