/* Decoded chunks, the longest unused of which go when the room is used up. */
#include "scan-private.h"

typedef struct
{
  guint64 key;
  GBytes *chunk;
  GList link; /* in SmearScanCache.used, the latest first */
} Entry;

struct _SmearScanCache
{
  GMutex lock;
  gsize max_bytes, bytes;
  GHashTable *entries; /* key to Entry */
  GQueue used;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;
  g_bytes_unref (entry->chunk);
  g_free (entry);
}

SmearScanCache *
smear_scan_cache_new (gsize max_bytes)
{
  SmearScanCache *cache = g_new0 (SmearScanCache, 1);
  g_mutex_init (&cache->lock);
  cache->max_bytes = max_bytes;
  cache->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, entry_free);
  g_queue_init (&cache->used);
  return cache;
}

void
smear_scan_cache_free (SmearScanCache *cache)
{
  if (!cache)
    return;
  g_hash_table_unref (cache->entries);
  g_mutex_clear (&cache->lock);
  g_free (cache);
}

GBytes *
smear_scan_cache_get (SmearScanCache *cache, guint64 key)
{
  GBytes *chunk = NULL;

  g_mutex_lock (&cache->lock);
  Entry *entry = g_hash_table_lookup (cache->entries, &key);
  if (entry)
    {
      g_queue_unlink (&cache->used, &entry->link);
      g_queue_push_head_link (&cache->used, &entry->link);
      chunk = g_bytes_ref (entry->chunk);
    }
  g_mutex_unlock (&cache->lock);
  return chunk;
}

void
smear_scan_cache_put (SmearScanCache *cache, guint64 key, GBytes *chunk)
{
  gsize size = g_bytes_get_size (chunk);

  g_mutex_lock (&cache->lock);
  if (size <= cache->max_bytes && !g_hash_table_contains (cache->entries, &key))
    {
      while (cache->bytes + size > cache->max_bytes)
        {
          Entry *oldest = cache->used.tail->data;
          g_queue_unlink (&cache->used, &oldest->link);
          cache->bytes -= g_bytes_get_size (oldest->chunk);
          g_hash_table_remove (cache->entries, &oldest->key);
        }
      Entry *entry = g_new0 (Entry, 1);
      *entry = (Entry){ .key = key, .chunk = g_bytes_ref (chunk), .link.data = entry };
      g_hash_table_insert (cache->entries, &entry->key, entry);
      g_queue_push_head_link (&cache->used, &entry->link);
      cache->bytes += size;
    }
  g_mutex_unlock (&cache->lock);
}
