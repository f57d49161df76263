/* Shared by the files of the history; nothing outside this folder includes it. */
#pragma once

#include <smearscope/history.h>
#include <smearscope/scan.h>
#include <cairo.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define SMEAR_HISTORY_SCHEMA 3
#define SMEAR_DIGEST_LENGTH 32
#define SMEAR_SALT_LENGTH 16

typedef struct _SmearCrypt SmearCrypt;

struct _SmearHistory
{
  sqlite3 *db;
  char *path;
  SmearHistorySettings *settings;
  SmearCrypt *crypt; /* only where the history is encrypted */
  gboolean in_batch;
  gint64 waiting_since;
};

/* history.c: statements, transactions and errors that a person can act on */
typedef sqlite3_stmt SmearStatement;
void smear_statement_finalize (SmearStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearStatement, smear_statement_finalize)

gboolean smear_history_run (SmearHistory *history, const char *sql, GError **error);
SmearStatement *smear_history_prepare (SmearHistory *history, const char *sql,
                                       GError **error);
/** smear_history_step: SQLITE_ROW or SQLITE_DONE, else @error is set. */
gint smear_history_step (SmearHistory *history, SmearStatement *statement,
                         GError **error);
void smear_history_set_error (SmearHistory *history, gint code, GError **error);
gboolean smear_history_read_meta (SmearHistory *history, const char *key, GBytes **value,
                                  GError **error);
gboolean smear_history_write_meta (SmearHistory *history, const char *key, GBytes *value,
                                   GError **error);
/** smear_history_transaction: runs @func as one; inside a batch it joins the batch. */
typedef gboolean (*SmearHistoryFunc) (SmearHistory *history, gpointer user_data,
                                      GError **error);
gboolean smear_history_transaction (SmearHistory *history, SmearHistoryFunc func,
                                    gpointer user_data, GError **error);

/* history-settings.c */
SmearHistorySettings *smear_history_settings_copy (const SmearHistorySettings *settings);
char *smear_history_config_path (const char *name);

/* schema.c */
gboolean smear_schema_create (const char *path, const SmearHistorySettings *settings,
                              GError **error);
gboolean smear_schema_check (SmearHistory *history, GError **error);
gboolean smear_schema_lock (SmearHistory *history, gboolean locked, GError **error);
gboolean smear_schema_add_functions (SmearHistory *history, GError **error);
char *smear_fold (const char *text);

/* chain.c: appending, and what the hashes are over */
typedef struct
{
  SmearRecordKind kind;
  gint64 about;
  const char *facts;    /* JSON, never erased */
  const char *personal; /* JSON, may be erased; NULL for none */
  const char *name;     /* what name searches look in */
  const char *pixel_hash;
  GBytes *picture;
} SmearEntry;

gint64 smear_chain_append (SmearHistory *history, const SmearEntry *entry,
                           GError **error);
void smear_chain_digest_personal (const guint8 *salt, const char *body,
                                  guint8 digest[SMEAR_DIGEST_LENGTH]);
void smear_chain_hash (const guint8 *previous, gint64 id, gint64 time, gint kind,
                       gint64 about, const char *facts, const guint8 *personal_digest,
                       guint8 hash[SMEAR_DIGEST_LENGTH]);
char *smear_hex (const guint8 *bytes, gsize length);

/* history-query.c */
/** smear_history_read_text: a column as it was before sealing. Returns: (transfer full)
 */
char *smear_history_read_text (SmearHistory *history, SmearStatement *statement,
                               gint column);
GBytes *smear_history_read_bytes (SmearHistory *history, SmearStatement *statement,
                                  gint column);
/** smear_history_select: @what of all entries `e` (with personal part `p`) that @query
 * finds */
SmearStatement *smear_history_select (SmearHistory *history, const char *what,
                                      const SmearHistoryQuery *query, const char *order,
                                      GError **error);

/* history-export.c */
/** smear_record_format_time: ISO 8601, UTC. Returns: (transfer full) */
char *smear_record_format_time (gint64 time);

/* feedback.c */
/** smear_feedback_model_class: of the region for -1, else of that cell */
SmearClass smear_feedback_model_class (const SmearRecord *record, gint cell);

/* crypt.c */
SmearCrypt *smear_crypt_open (const SmearHistorySettings *settings, GError **error);
void smear_crypt_free (SmearCrypt *crypt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearCrypt, smear_crypt_free)
GBytes *smear_crypt_seal (SmearCrypt *crypt, const void *data, gsize length);
/** smear_crypt_unseal: (nullable): %NULL if the key does not fit or the bytes were
 * changed */
GBytes *smear_crypt_unseal (SmearCrypt *crypt, const void *data, gsize length);
/** smear_crypt_blind: keyed hash that finds equal values without telling them */
GBytes *smear_crypt_blind (SmearCrypt *crypt, const char *text);

/* crypt-key.c */
#define SMEAR_KEY_LENGTH 32
gboolean smear_key_read (const char *path, guint8 key[SMEAR_KEY_LENGTH], GError **error);
gboolean smear_key_write (const char *path, const guint8 key[SMEAR_KEY_LENGTH],
                          GError **error);
gboolean smear_key_lookup_secret (guint8 key[SMEAR_KEY_LENGTH], GError **error);
gboolean smear_key_store_secret (const guint8 key[SMEAR_KEY_LENGTH], GError **error);

/** smear_history_pixel_key: what the index of pixel hashes holds. Returns: (nullable) */
GBytes *smear_history_pixel_key (SmearHistory *history, const char *pixel_hash);

/* history-reproduce.c */
/** smear_reproduce_with_map: also where none was asked for when it was recorded. Returns:
 * (transfer full) */
SmearReproduction *smear_reproduce_with_map (const SmearRecord *record,
                                             const char *model_path, GError **error);

/* reproduce-scan.c */
/** SMEAR_SCAN_PROGRAM: how the program of a scan's finding begins. */
#define SMEAR_SCAN_PROGRAM "scan: shares of "
/** smear_scan_program: what is kept of a sweep besides its shares. Outlines of areas are
 * not, so that such a sweep cannot be reproduced. Returns: (transfer full) */
char *smear_scan_program (const SmearSweepTotals *totals, gboolean in_areas);
/** smear_reproduce_scan: sweeps again, into a folder that does not stay. */
SmearReproduction *smear_reproduce_scan (const SmearRecord *record, const char *path,
                                         SmearModel *model, GError **error);

/* history-picture.c */
cairo_surface_t *smear_picture_surface (SmearImage *image);
GBytes *smear_picture_png (cairo_surface_t *surface);
/** smear_picture_shrink: the region, its longer side at most @max_side. Returns:
 * (transfer full) */
SmearImage *smear_picture_shrink (SmearImage *image, const SmearRegion *region,
                                  gint max_side);
GBytes *smear_picture_encode (SmearImage *image, const SmearRegion *region,
                              gint max_side);

G_END_DECLS
