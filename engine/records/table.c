#include "records/table.h"

#include "base/put-file.h"
#include "base/remedy.h"
#include "records/output-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  SmearRowKey key;
  gsize offset, length;
} Entry;

struct _SmearTable
{
  char *path, *working_path; /* differ for pages, put together at the end */
  const SmearRowFormat *format;
  SmearRowContext context;
  SmearOutputLock *lock;
  gint fd;
  gsize size;
  GPtrArray *entries;
  GHashTable *by_file; /* rows that were there; not changed while workers look */
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;
  smear_row_key_clear (&entry->key);
  g_free (entry);
}

void
smear_row_key_clear (SmearRowKey *key)
{
  g_free (key->file);
  g_free (key->sha256);
  g_free (key->model_hash);
  g_free (key->class_name);
  g_free (key->verdict);
  g_free (key->error);
  *key = (SmearRowKey){ 0 };
}

static gboolean
set_io_error (const char *path, GError **error)
{
  gint number = errno;
  g_autofree char *name = g_filename_display_name (path);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s%s", name, g_strerror (number),
               smear_io_remedy (number, TRUE));
  return FALSE;
}

static gboolean
pass_on (const char *path, const GError *why, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s", name, why->message);
  return FALSE;
}

static gboolean
write_all (gint fd, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, data, length);
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      length -= written;
    }
  return TRUE;
}

static void
add_entry (SmearTable *table, SmearRowKey *key, gsize offset, gsize length)
{
  Entry *entry = g_new (Entry, 1);
  *entry = (Entry){ *key, offset, length };
  g_ptr_array_add (table->entries, entry);
}

/* Fills the index from what is on disk and cuts off what is not a whole row. */
static gboolean
read_back (SmearTable *table, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (GMappedFile) map = g_mapped_file_new_from_fd (table->fd, FALSE, &inner);
  if (map == NULL)
    return pass_on (table->working_path, inner, error);
  const char *data = g_mapped_file_get_contents (map);
  gsize length = g_mapped_file_get_length (map);
  const char *head = table->format->head ? table->format->head : "";
  gsize at = strlen (head);

  if (length == 0 || (length < at && memcmp (data, head, length) == 0))
    return TRUE; /* nothing there, or killed before the head was complete */
  gboolean ours = length >= at && memcmp (data, head, at) == 0;
  for (gsize step; ours && (step = table->format->length (data + at, length - at)) > 0;
       at += step)
    {
      SmearRowKey key = { 0 };
      ours = table->format->parse (data + at, step, &key);
      if (ours)
        add_entry (table, &key, at, step);
      else
        smear_row_key_clear (&key);
    }
  /* What is left over has to be the beginning of a row before it is cut off. */
  const char *start = table->format->start ? table->format->start : "";
  ours = ours && memcmp (data + at, start, MIN (length - at, strlen (start))) == 0;
  if (!ours)
    {
      g_autofree char *name = g_filename_display_name (table->path);
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   "%s: not a table that can be resumed; choose another name", name);
      return FALSE;
    }
  table->size = at;
  for (guint i = 0; i < table->entries->len; i++)
    {
      Entry *entry = table->entries->pdata[i];
      g_hash_table_replace (table->by_file, entry->key.file, entry);
    }
  return TRUE;
}

/* A finished page holds the records of its run: take them up again. */
static gboolean
unpack_page (SmearTable *table, GError **error)
{
  g_autofree char *page = NULL;
  gsize length = 0, at = 0;
  if (!g_file_get_contents (table->path, &page, &length, NULL))
    return TRUE;

  g_autoptr (GString) records = g_string_new (NULL);
  for (gsize step; (step = table->format->length (page + at, length - at)) > 0;
       at += step)
    {
      SmearRowKey key = { 0 };
      if (table->format->parse (page + at, step, &key))
        g_string_append_len (records, page + at, step);
      smear_row_key_clear (&key);
    }
  g_autoptr (GError) inner = NULL;
  return g_file_set_contents (table->working_path, records->str, records->len, &inner)
         || pass_on (table->working_path, inner, error);
}

SmearTable *
smear_table_open (const char *path, const SmearRowFormat *format,
                  const SmearRowContext *context, gboolean resume, GError **error)
{
  if (smear_is_special (path))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "%s: is no file, and a table that can be gone on with needs one; "
                   "choose another name",
                   path);
      return NULL;
    }
  g_autofree char *lock_path = g_strconcat (path, ".lock", NULL);
  SmearOutputLock *lock = smear_output_lock_new (lock_path, path, error);
  if (lock == NULL)
    return NULL;

  g_autoptr (SmearTable) table = g_new0 (SmearTable, 1);
  table->path = g_strdup (path);
  table->working_path = format->page ? g_strconcat (path, ".part", NULL)
                                     : g_strdup (path);
  table->format = format;
  table->context = *context;
  table->lock = lock;
  table->fd = -1;
  table->entries = g_ptr_array_new_with_free_func (entry_free);
  table->by_file = g_hash_table_new (g_str_hash, g_str_equal);

  if (format->page && resume && !g_file_test (table->working_path, G_FILE_TEST_EXISTS)
      && !unpack_page (table, error))
    return NULL;
  table->fd = g_open (table->working_path,
                      O_CREAT | O_RDWR | O_CLOEXEC | (resume ? 0 : O_TRUNC), 0666);
  if (table->fd < 0)
    {
      set_io_error (path, error);
      return NULL;
    }
  if (resume && !read_back (table, error))
    return NULL;
  if (ftruncate (table->fd, table->size) != 0
      || lseek (table->fd, table->size, SEEK_SET) < 0)
    {
      set_io_error (path, error);
      return NULL;
    }
  if (table->size == 0 && format->head)
    {
      table->size = strlen (format->head);
      if (!write_all (table->fd, format->head, table->size))
        {
          set_io_error (path, error);
          return NULL;
        }
    }
  return g_steal_pointer (&table);
}

static gboolean
same_region (const SmearRowKey *key, const SmearRegion *region)
{
  return region ? !key->whole && memcmp (&key->region, region, sizeof *region) == 0
                : key->whole;
}

static gboolean
has_map (const SmearTable *table, const SmearBatchFile *file)
{
  if (table->context.maps == NULL)
    return TRUE;
  g_autofree char *path = g_build_filename (table->context.maps, file->map, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
smear_table_has (const SmearTable *table, const SmearBatchFile *file, const char *sha256)
{
  const Entry *entry = g_hash_table_lookup (table->by_file, file->name);
  return entry && !entry->key.error && g_strcmp0 (entry->key.sha256, sha256) == 0
         && g_strcmp0 (entry->key.model_hash, table->context.model_hash) == 0
         && same_region (&entry->key, table->context.region)
         && (entry->key.class_name == NULL || has_map (table, file));
}

static char *
read_record (SmearTable *table, const Entry *entry, GError **error)
{
  char *record = g_malloc (entry->length + 1);
  gsize got = 0;
  while (got < entry->length)
    {
      gssize n = pread (table->fd, record + got, entry->length - got,
                        entry->offset + got);
      if (n < 0 && errno == EINTR)
        continue;
      if (n == 0)
        errno = EIO; /* someone else has cut it */
      if (n <= 0)
        {
          set_io_error (table->path, error);
          g_free (record);
          return NULL;
        }
      got += n;
    }
  record[got] = '\0';
  return record;
}

gboolean
smear_table_append (SmearTable *table, const SmearBatchRow *row, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  table->format->print (row, &table->context, text);

  /* A file that failed before and fails again in the same way has its row already. */
  const Entry *old = g_hash_table_lookup (table->by_file, row->file->name);
  if (old && old->length == text->len)
    {
      g_autofree char *record = read_record (table, old, error);
      if (record == NULL)
        return FALSE;
      if (memcmp (record, text->str, text->len) == 0)
        return TRUE;
    }

  if (!write_all (table->fd, text->str, text->len))
    {
      set_io_error (table->path, error);
      /* Leave no half row behind if that can still be helped; --resume would cut it too.
       */
      if (ftruncate (table->fd, table->size) != 0)
        g_debug ("%s: a half row is left at the end", table->path);
      return FALSE;
    }
  SmearRowKey key = { 0 };
  table->format->parse (text->str, text->len, &key);
  /* Only rows of earlier runs are asked for these; a long list needs the memory. */
  g_clear_pointer (&key.sha256, g_free);
  g_clear_pointer (&key.model_hash, g_free);
  add_entry (table, &key, table->size, text->len);
  table->size += text->len;
  return TRUE;
}

/* The rows to keep: the last of every file, strangers first if they stay, then in the
 * order of @files. */
static GPtrArray *
in_order (SmearTable *table, GPtrArray *files, gboolean only_listed)
{
  g_autoptr (GHashTable) last = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *kept = g_ptr_array_new ();

  for (guint i = 0; i < files->len; i++)
    g_hash_table_add (listed, ((SmearBatchFile *)files->pdata[i])->name);
  for (guint i = 0; i < table->entries->len; i++)
    {
      Entry *entry = table->entries->pdata[i];
      g_hash_table_replace (last, entry->key.file, entry);
    }
  for (guint i = 0; i < table->entries->len; i++)
    {
      Entry *entry = table->entries->pdata[i];
      if (!only_listed && !g_hash_table_contains (listed, entry->key.file)
          && g_hash_table_lookup (last, entry->key.file) == entry)
        g_ptr_array_add (kept, entry);
    }
  for (guint i = 0; i < files->len; i++)
    {
      gpointer entry = NULL;
      if (g_hash_table_steal_extended (last, ((SmearBatchFile *)files->pdata[i])->name,
                                       NULL, &entry))
        g_ptr_array_add (kept, entry);
    }
  return kept;
}

static gboolean
copy_records (SmearTable *table, GPtrArray *kept, gint fd, GError **error)
{
  for (guint i = 0; i < kept->len; i++)
    {
      const Entry *entry = kept->pdata[i];
      g_autofree char *record = read_record (table, entry, error);
      if (record == NULL)
        return FALSE;
      if (!write_all (fd, record, entry->length))
        return set_io_error (table->path, error);
    }
  return TRUE;
}

static gboolean
replace (SmearTable *table, GPtrArray *kept, GError **error)
{
  g_autofree char *fresh = g_strconcat (table->path, ".new", NULL);
  g_autoptr (GString) before = g_string_new (table->format->head);
  g_autoptr (GString) after = g_string_new (NULL);
  if (table->format->page)
    {
      g_autoptr (GPtrArray) keys = g_ptr_array_new ();
      for (guint i = 0; i < kept->len; i++)
        g_ptr_array_add (keys, &((Entry *)kept->pdata[i])->key);
      table->format->page (keys, before, after);
    }

  gint fd = g_open (fresh, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0)
    return set_io_error (table->path, error);
  gboolean done = write_all (fd, before->str, before->len)
                  || set_io_error (table->path, error);
  done = done && copy_records (table, kept, fd, error);
  done = done
         && ((write_all (fd, after->str, after->len) && g_fsync (fd) == 0)
             || set_io_error (table->path, error));
  close (fd);
  done = done
         && (g_rename (fresh, table->path) == 0 || set_io_error (table->path, error));
  if (!done)
    g_unlink (fresh);
  else if (table->format->page)
    g_unlink (table->working_path);
  return done;
}

gboolean
smear_table_finish (SmearTable *table, GPtrArray *files, gboolean only_listed,
                    GError **error)
{
  g_autoptr (GPtrArray) kept = in_order (table, files, only_listed);
  gboolean as_is = kept->len == table->entries->len && !table->format->page;
  for (guint i = 0; as_is && i < kept->len; i++)
    as_is = kept->pdata[i] == table->entries->pdata[i];
  return as_is || replace (table, kept, error);
}

void
smear_table_close (SmearTable *table)
{
  if (table == NULL)
    return;
  if (table->fd >= 0)
    close (table->fd);
  smear_output_lock_free (table->lock);
  g_hash_table_unref (table->by_file);
  g_ptr_array_unref (table->entries);
  g_free (table->working_path);
  g_free (table->path);
  g_free (table);
}
