/* A batch in shards: each a share of the files, judged anywhere and as often as need be;
 * then one table of them all. */
#pragma once

#include <smearscope/batch.h>

/**
 * SmearShard:
 * @number: from 1
 * @of: how many there are
 * @list: SHA-256 of the names of all files, the other shards' too
 */
typedef struct
{
  guint number, of;
  char *list;
} SmearShard;

void smear_shard_clear (SmearShard *shard);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmearShard, smear_shard_clear)

/** smear_shard_take: strikes the other shards' files from @files, and fills in
 * @shard->list. Every @shard->of-th file is of one shard, so that all take about as long.
 */
void smear_shard_take (SmearShard *shard, GPtrArray *files);

/** smear_shard_open: marks @table as not finished. */
gboolean smear_shard_open (const char *table, GError **error);
/** smear_shard_close: says beside @table which shard of what it is, all of it. */
gboolean smear_shard_close (const SmearShard *shard, const char *table, guint n_files,
                            const char *model_hash, GError **error);

/**
 * smear_shards_merge:
 * @tables: %NULL-ended paths of CSV tables or of JSON Lines, of all shards in any order
 * @output: the same kind; written at once, or not at all
 * @n_rows: (out)
 *
 * The rows come in the order of the undivided list. Errors: %SMEAR_ERROR_ARGUMENT for
 * shards that are missing, there twice, not finished, or of different lists or models.
 */
gboolean smear_shards_merge (const char *const *tables, const char *output, guint *n_rows,
                             GError **error);
