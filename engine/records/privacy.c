/* Pseudonyms, and erasing what is personal without breaking the chain. */
#include "records/history-json.h"

#include <sodium.h>
#include <string.h>

/* The key is made at first use; of two processes that both make one the first wins. */
static gboolean
pseudonym_key (guint8 key[SMEAR_KEY_LENGTH], GError **error)
{
  g_autofree char *path = smear_history_config_path ("pseudonym.key");
  g_autoptr (GError) inner = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !smear_history_key_new (path, &inner)
      && !g_error_matches (inner, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return FALSE;
    }
  return smear_key_read (path, key, error);
}

char *
smear_pseudonym (const char *name, GError **error)
{
  guint8 key[SMEAR_KEY_LENGTH];
  g_autofree char *base = NULL;
  g_autofree char *mac = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  if (!pseudonym_key (key, error))
    return NULL;
  base = g_path_get_basename (name);
  mac = g_compute_hmac_for_string (G_CHECKSUM_SHA256, key, sizeof key, base, -1);
  sodium_memzero (key, sizeof key);
  return g_strdup_printf ("P-%.16s", mac);
}

typedef struct
{
  GArray *ids;
  const char *reason;
} Erasure;

static gboolean
append_erasure (SmearHistory *history, gint64 id, const char *reason, GError **error)
{
  g_autofree char *facts = smear_record_facts_from_erasure (reason);
  SmearEntry entry = { .kind = SMEAR_RECORD_ERASURE, .about = id, .facts = facts };
  g_autoptr (SmearStatement) statement = NULL;

  if (smear_chain_append (history, &entry, error) == 0)
    return FALSE;
  statement = smear_history_prepare (history, "DELETE FROM personal WHERE id = ?", error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  return smear_history_step (history, statement, error) == SQLITE_DONE;
}

/* The finding itself, then what reviewers said of it, as far as anything personal is
 * left. */
static gboolean
erase_one (SmearHistory *history, gint64 id, const char *reason, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (SmearStatement) statement = smear_history_prepare (
      history,
      "SELECT p.id FROM personal p JOIN entries e ON e.id = p.id"
      " WHERE p.id = ?1 OR p.id IN (SELECT id FROM entries WHERE about = ?1 AND kind = "
      "1)",
      error);
  gint code;

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  while ((code = smear_history_step (history, statement, error)) == SQLITE_ROW)
    {
      gint64 found = sqlite3_column_int64 (statement, 0);
      g_array_append_val (ids, found);
    }
  if (code != SQLITE_DONE)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!append_erasure (history, g_array_index (ids, gint64, i), reason, error))
      return FALSE;
  return TRUE;
}

static gboolean
erase_all (SmearHistory *history, gpointer user_data, GError **error)
{
  Erasure *erasure = user_data;

  for (guint i = 0; i < erasure->ids->len; i++)
    if (!erase_one (history, g_array_index (erasure->ids, gint64, i), erasure->reason,
                    error))
      return FALSE;
  return TRUE;
}

/* What was erased must not live on in the write-ahead log; readers may delay that for a
 * while. */
static gboolean
erase (SmearHistory *history, Erasure *erasure, GError **error)
{
  gboolean was_in_batch = history->in_batch;

  if (erasure->ids->len == 0)
    return TRUE;
  if (!smear_history_transaction (history, erase_all, erasure, error))
    return FALSE;
  return was_in_batch
         || smear_history_run (history, "PRAGMA wal_checkpoint (TRUNCATE)", error);
}

gboolean
smear_history_erase (SmearHistory *history, gint64 id, const char *reason, GError **error)
{
  g_autoptr (SmearRecord) record = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof id);
  Erasure erasure = { ids, reason };

  g_return_val_if_fail (history != NULL, FALSE);
  record = smear_history_get (history, id, error);
  if (!record)
    return FALSE;
  if (record->kind != SMEAR_RECORD_FINDING)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "entry %" G_GINT64_FORMAT
                   " is no finding. Erase finding %" G_GINT64_FORMAT
                   ", which it is about",
                   id, record->about);
      return FALSE;
    }
  g_array_append_val (ids, id);
  return erase (history, &erasure, error);
}

gint64
smear_history_purge (SmearHistory *history, const SmearHistoryQuery *query,
                     const char *reason, GError **error)
{
  SmearHistoryQuery findings;
  g_autoptr (SmearStatement) statement = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  Erasure erasure = { ids, reason };
  gint code;

  g_return_val_if_fail (history != NULL && query != NULL, -1);
  findings = *query;
  findings.kind = SMEAR_RECORD_FINDING;
  findings.unerased = TRUE;
  statement = smear_history_select (history, "e.id", &findings, "ASC", error);
  if (!statement)
    return -1;
  while ((code = smear_history_step (history, statement, error)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      g_array_append_val (ids, id);
    }
  g_clear_pointer (&statement, smear_statement_finalize);
  if (code != SQLITE_DONE || !erase (history, &erasure, error))
    return -1;
  return ids->len;
}
