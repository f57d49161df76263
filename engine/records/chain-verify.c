/* Going along the chain: the first entry that is not as it was written. */
#include "records/history-json.h"

#include <string.h>

void
smear_history_check_clear (SmearHistoryCheck *check)
{
  g_clear_pointer (&check->why, g_free);
}

static gboolean
break_at (SmearHistoryCheck *check, gint64 id, const char *why)
{
  check->intact = FALSE;
  check->broken = id;
  check->why = g_strdup (why);
  return FALSE;
}

static gboolean
same_bytes (SmearStatement *statement, gint column, gconstpointer bytes, gsize length)
{
  if ((gsize)sqlite3_column_bytes (statement, column) != length)
    return FALSE;
  return length == 0
         || memcmp (sqlite3_column_blob (statement, column), bytes, length) == 0;
}

/* Columns to search by repeat what the text says; a changed one would hide an entry. */
static const char *
check_personal (SmearHistory *history, SmearStatement *statement, const guint8 *digest)
{
  g_autofree char *body = smear_history_read_text (history, statement, 8);
  g_autoptr (GBytes) salt = smear_history_read_bytes (history, statement, 7);
  g_autofree char *name = smear_history_read_text (history, statement, 9);
  g_autoptr (GBytes) picture = smear_history_read_bytes (history, statement, 11);
  g_autofree char *said_name = NULL;
  g_autofree char *folded = NULL;
  g_autofree char *said_pixels = NULL;
  g_autofree char *said_picture = NULL;
  g_autofree char *picture_hash = NULL;
  g_autoptr (GBytes) pixels = NULL;
  guint8 computed[SMEAR_DIGEST_LENGTH];

  if (!body || !salt || g_bytes_get_size (salt) != SMEAR_SALT_LENGTH)
    return "its name, path or note cannot be read";
  smear_chain_digest_personal (g_bytes_get_data (salt, NULL), body, computed);
  if (memcmp (computed, digest, sizeof computed) != 0)
    return "its name, path or note was changed";
  said_name = smear_record_read_member (body, "name");
  folded = said_name ? smear_fold (said_name) : NULL;
  said_pixels = smear_record_read_member (body, "pixels");
  pixels = smear_history_pixel_key (history, said_pixels);
  if (g_strcmp0 (folded, name) != 0
      || !same_bytes (statement, 10, pixels ? g_bytes_get_data (pixels, NULL) : "",
                      pixels ? g_bytes_get_size (pixels) : 0))
    return "the columns to search by were changed";
  said_picture = smear_record_read_member (body, "picture");
  picture_hash = picture ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, picture)
                         : NULL;
  return g_strcmp0 (said_picture, picture_hash) != 0 ? "its picture was changed" : NULL;
}

static const char *
check_entry (SmearHistory *history, SmearStatement *statement, guint8 *previous,
             SmearHistoryCheck *check)
{
  static const guint8 none[SMEAR_DIGEST_LENGTH];
  g_autofree char *facts = smear_history_read_text (history, statement, 4);
  gboolean has_personal = sqlite3_column_type (statement, 8) != SQLITE_NULL;
  gboolean erasure_on_record = sqlite3_column_int (statement, 12);
  guint8 digest[SMEAR_DIGEST_LENGTH], hash[SMEAR_DIGEST_LENGTH];

  if (!facts || sqlite3_column_bytes (statement, 5) != SMEAR_DIGEST_LENGTH)
    return "it cannot be read";
  memcpy (digest, sqlite3_column_blob (statement, 5), sizeof digest);
  smear_chain_hash (previous, check->n_entries, sqlite3_column_int64 (statement, 1),
                    sqlite3_column_int (statement, 2),
                    sqlite3_column_int64 (statement, 3), facts, digest, hash);
  if (!same_bytes (statement, 6, hash, sizeof hash))
    return "it was changed, or one before it was";
  memcpy (previous, hash, sizeof hash);
  if (!sqlite3_column_int (statement, 13))
    return "the columns to search by were changed";
  if (has_personal)
    return erasure_on_record ? "it was to be erased and is still there"
                             : check_personal (history, statement, digest);
  if (memcmp (digest, none, sizeof none) == 0)
    return NULL;
  check->n_erased++;
  return erasure_on_record
             ? NULL
             : "its name and path were removed without an erasure on record";
}

#define VERIFY_COLUMNS                                                                   \
  "e.id, e.time, e.kind, e.about, e.facts, e.personal_digest, e.hash, p.salt, p.body, "  \
  "p.name,"                                                                              \
  " p.pixels, p.picture,"                                                                \
  " EXISTS (SELECT 1 FROM entries x WHERE x.about = e.id AND x.kind = 2 AND x.about > "  \
  "0),"                                                                                  \
  " CASE typeof (e.facts) WHEN 'text' THEN e.klass IS json_extract (e.facts, '$.class')" \
  "   AND e.verdict IS json_extract (e.facts, '$.verdict')"                              \
  "   AND e.model IS json_extract (e.facts, '$.model')"                                  \
  " ELSE e.klass IS NULL AND e.verdict IS NULL AND e.model IS NULL END"

/* The end is on record a second time: without that, entries cut off would not be missed.
 */
static gboolean
read_end (SmearHistory *history, char **end, GError **error)
{
  g_autoptr (GBytes) value = NULL;

  if (!smear_history_read_meta (history, "end", &value, error))
    return FALSE;
  if (value && g_bytes_get_size (value) == SMEAR_DIGEST_LENGTH)
    *end = smear_hex (g_bytes_get_data (value, NULL), SMEAR_DIGEST_LENGTH);
  return TRUE;
}

static void
check_end (SmearHistoryCheck *check, const char *end, gboolean met_noted)
{
  if (!end)
    break_at (
        check, check->n_entries + 1,
        "the mark of where the chain ends was removed, and perhaps entries with it");
  else if (strcmp (end, check->head) != 0)
    break_at (check, check->n_entries + 1,
              "it was there once; the chain has been cut off before it");
  else if (!met_noted)
    break_at (check, check->n_entries + 1,
              "the noted entry is not in the chain: entries were cut off, or all were "
              "rewritten");
}

/* FALSE where the walk itself fails; what is broken stands in @check. */
static gboolean
walk (SmearHistory *history, const char *expected, gboolean *met,
      SmearHistoryCheck *check, GError **error)
{
  g_autoptr (SmearStatement) statement = smear_history_prepare (
      history,
      "SELECT " VERIFY_COLUMNS " FROM entries e"
      " LEFT JOIN personal p ON p.id = e.id ORDER BY e.id",
      error);
  guint8 previous[SMEAR_DIGEST_LENGTH] = { 0 };
  gint code = SQLITE_ERROR;

  while (statement
         && (code = smear_history_step (history, statement, error)) == SQLITE_ROW)
    {
      g_autofree char *hex = NULL;
      const char *why;

      check->n_entries++;
      if (sqlite3_column_int64 (statement, 0) != check->n_entries)
        return break_at (check, check->n_entries, "it is missing");
      why = check_entry (history, statement, previous, check);
      if (why)
        return break_at (check, check->n_entries, why);
      hex = smear_hex (previous, sizeof previous);
      *met = *met || (expected && g_ascii_strcasecmp (hex, expected) == 0);
      g_strlcpy (check->head, hex, sizeof check->head);
    }
  return code == SQLITE_DONE;
}

/* Index pages can be damaged while the entries are whole; searching would miss some. */
static gboolean
check_file (SmearHistory *history, SmearHistoryCheck *check, GError **error)
{
  g_autoptr (SmearStatement) statement = smear_history_prepare (
      history, "PRAGMA integrity_check (1)", error);
  const char *said;

  if (!statement || smear_history_step (history, statement, error) != SQLITE_ROW)
    return FALSE;
  said = (const char *)sqlite3_column_text (statement, 0);
  if (g_strcmp0 (said, "ok") == 0)
    return TRUE;
  check->intact = FALSE;
  check->why = g_strdup_printf ("all entries are whole, but the file is damaged (%s)",
                                said);
  return TRUE;
}

/* One read transaction over all, so that writers meanwhile do not look like damage. */
gboolean
smear_history_verify (SmearHistory *history, const char *expected,
                      SmearHistoryCheck *check, GError **error)
{
  gboolean met = expected == NULL, walked;
  g_autofree char *end = NULL;
  g_autoptr (GError) inner = NULL;

  g_return_val_if_fail (history != NULL && check != NULL, FALSE);
  *check = (SmearHistoryCheck){ .intact = TRUE };
  memset (check->head, '0', sizeof check->head - 1);
  if (!smear_history_run (history, "BEGIN", error))
    return FALSE;
  walked = read_end (history, &end, &inner)
           && walk (history, expected, &met, check, &inner)
           && check_file (history, check, &inner);
  sqlite3_exec (history->db, "ROLLBACK", NULL, NULL, NULL);
  if (!walked && check->broken == 0)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return FALSE;
    }
  if (check->intact)
    check_end (check, end, met);
  return TRUE;
}
