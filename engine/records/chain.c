#include "records/history-private.h"

#include <sodium.h>
#include <string.h>

static const guint8 zeros[SMEAR_DIGEST_LENGTH];

char *
smear_hex (const guint8 *bytes, gsize length)
{
  char *hex = g_malloc (2 * length + 1);

  for (gsize i = 0; i < length; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", bytes[i]);
  hex[2 * length] = '\0';
  return hex;
}

static void
finish (GChecksum *checksum, guint8 digest[SMEAR_DIGEST_LENGTH])
{
  gsize length = SMEAR_DIGEST_LENGTH;

  g_checksum_get_digest (checksum, digest, &length);
}

/* Salted, so that after an erasure nobody can guess names and test them against what
 * stays. */
void
smear_chain_digest_personal (const guint8 *salt, const char *body,
                             guint8 digest[SMEAR_DIGEST_LENGTH])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, salt, SMEAR_SALT_LENGTH);
  g_checksum_update (checksum, (const guchar *)body, strlen (body));
  finish (checksum, digest);
}

/* All fields but the last have a fixed length, so no two entries give the same bytes. */
void
smear_chain_hash (const guint8 *previous, gint64 id, gint64 time, gint kind, gint64 about,
                  const char *facts, const guint8 *personal_digest,
                  guint8 hash[SMEAR_DIGEST_LENGTH])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gint64 numbers[] = { GINT64_TO_LE (id), GINT64_TO_LE (time), GINT64_TO_LE (kind),
                       GINT64_TO_LE (about) };

  g_checksum_update (checksum, previous, SMEAR_DIGEST_LENGTH);
  g_checksum_update (checksum, (const guchar *)numbers, sizeof numbers);
  g_checksum_update (checksum, personal_digest, SMEAR_DIGEST_LENGTH);
  g_checksum_update (checksum, (const guchar *)facts, strlen (facts));
  finish (checksum, hash);
}

static gboolean
read_head (SmearHistory *history, gint64 *id, guint8 hash[SMEAR_DIGEST_LENGTH],
           GError **error)
{
  g_autoptr (SmearStatement) statement = smear_history_prepare (
      history, "SELECT id, hash FROM entries ORDER BY id DESC LIMIT 1", error);
  gint code;

  *id = 0;
  memset (hash, 0, SMEAR_DIGEST_LENGTH);
  if (!statement)
    return FALSE;
  code = smear_history_step (history, statement, error);
  if (code == SQLITE_ROW && sqlite3_column_bytes (statement, 1) == SMEAR_DIGEST_LENGTH)
    {
      *id = sqlite3_column_int64 (statement, 0);
      memcpy (hash, sqlite3_column_blob (statement, 1), SMEAR_DIGEST_LENGTH);
    }
  else if (code == SQLITE_ROW)
    {
      smear_history_set_error (history, SQLITE_CORRUPT, error);
      return FALSE;
    }
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static void
bind_bytes (SmearHistory *history, SmearStatement *statement, gint column,
            gconstpointer data, gsize length)
{
  g_autoptr (GBytes) sealed = NULL;

  if (history->crypt)
    {
      sealed = smear_crypt_seal (history->crypt, data, length);
      data = g_bytes_get_data (sealed, &length);
    }
  sqlite3_bind_blob (statement, column, data, length, SQLITE_TRANSIENT);
}

static void
bind_text (SmearHistory *history, SmearStatement *statement, gint column,
           const char *text)
{
  if (text && history->crypt)
    bind_bytes (history, statement, column, text, strlen (text));
  else if (text)
    sqlite3_bind_text (statement, column, text, -1, SQLITE_TRANSIENT);
}

static void
bind_pixel_hash (SmearHistory *history, SmearStatement *statement, gint column,
                 const char *hash)
{
  g_autoptr (GBytes) value = smear_history_pixel_key (history, hash);

  if (value)
    sqlite3_bind_blob (statement, column, g_bytes_get_data (value, NULL),
                       g_bytes_get_size (value), SQLITE_TRANSIENT);
}

static gboolean
insert_personal (SmearHistory *history, gint64 id, const SmearEntry *entry,
                 const guint8 *salt, GError **error)
{
  g_autofree char *folded = entry->name ? smear_fold (entry->name) : NULL;
  g_autoptr (SmearStatement) statement = smear_history_prepare (
      history,
      "INSERT INTO personal (id, name, pixels, salt, body, picture) VALUES (?, ?, ?, ?, "
      "?, ?)",
      error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  bind_text (history, statement, 2, folded);
  bind_pixel_hash (history, statement, 3, entry->pixel_hash);
  bind_bytes (history, statement, 4, salt, SMEAR_SALT_LENGTH);
  bind_text (history, statement, 5, entry->personal);
  if (entry->picture)
    bind_bytes (history, statement, 6, g_bytes_get_data (entry->picture, NULL),
                g_bytes_get_size (entry->picture));
  return smear_history_step (history, statement, error) == SQLITE_DONE;
}

typedef struct
{
  const SmearEntry *entry;
  gint64 id;
} Append;

static gboolean
append (SmearHistory *history, gpointer user_data, GError **error)
{
  Append *job = user_data;
  const SmearEntry *entry = job->entry;
  gint64 time = g_get_real_time ();
  guint8 previous[SMEAR_DIGEST_LENGTH], digest[SMEAR_DIGEST_LENGTH],
      hash[SMEAR_DIGEST_LENGTH];
  guint8 salt[SMEAR_SALT_LENGTH];
  g_autoptr (SmearStatement) statement = NULL;

  if (!read_head (history, &job->id, previous, error))
    return FALSE;
  job->id++;
  memcpy (digest, zeros, sizeof digest);
  randombytes_buf (salt, sizeof salt);
  if (entry->personal)
    smear_chain_digest_personal (salt, entry->personal, digest);
  smear_chain_hash (previous, job->id, time, entry->kind, entry->about, entry->facts,
                    digest, hash);
  statement = smear_history_prepare (
      history,
      "INSERT INTO entries (id, time, kind, about, facts, personal_digest, hash)"
      " VALUES (?, ?, ?, ?, ?, ?, ?)",
      error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, job->id);
  sqlite3_bind_int64 (statement, 2, time);
  sqlite3_bind_int (statement, 3, entry->kind);
  sqlite3_bind_int64 (statement, 4, entry->about);
  bind_text (history, statement, 5, entry->facts);
  sqlite3_bind_blob (statement, 6, digest, sizeof digest, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 7, hash, sizeof hash, SQLITE_STATIC);
  return smear_history_step (history, statement, error) == SQLITE_DONE
         && (!entry->personal || insert_personal (history, job->id, entry, salt, error));
}

gint64
smear_chain_append (SmearHistory *history, const SmearEntry *entry, GError **error)
{
  Append job = { entry, 0 };

  return smear_history_transaction (history, append, &job, error) ? job.id : 0;
}
