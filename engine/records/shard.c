#include "records/shard.h"

#include "base/json-read.h"
#include "image/image-private.h"
#include "pipeline/json-line.h"
#include "records/row.h"

#include <errno.h>
#include <string.h>
#include <glib/gstdio.h>

/* One shard's table and what is said of it. */
typedef struct
{
  const char *path;
  SmearShard shard;
  guint n_files;
  char *model;
  GMappedFile *map;
  const char *at, *end; /* rows that are left */
} Table;

void
smear_shard_clear (SmearShard *shard)
{
  g_clear_pointer (&shard->list, g_free);
}

void
smear_shard_take (SmearShard *shard, GPtrArray *files)
{
  g_return_if_fail (shard->number >= 1 && shard->number <= shard->of);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < files->len; i++)
    {
      const char *name = ((SmearBatchFile *)files->pdata[i])->name;
      g_checksum_update (sum, (const guchar *)name, (gssize)strlen (name) + 1);
    }
  g_free (shard->list);
  shard->list = g_strdup (g_checksum_get_string (sum));

  for (guint i = files->len; i-- > 0;)
    if (i % shard->of != shard->number - 1)
      g_ptr_array_remove_index (files, i);
}

static char *
seal_of (const char *table)
{
  return g_strconcat (table, ".shard", NULL);
}

gboolean
smear_shard_open (const char *table, GError **error)
{
  g_autofree char *seal = seal_of (table);
  if (g_unlink (seal) == 0 || errno == ENOENT)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s", seal, g_strerror (errno));
  return FALSE;
}

static gint
write_text (gint fd, gpointer data)
{
  const GString *text = data;
  return smear_write_fully (fd, (const guint8 *)text->str, text->len);
}

gboolean
smear_shard_close (const SmearShard *shard, const char *table, guint n_files,
                   const char *model_hash, GError **error)
{
  g_autofree char *seal = seal_of (table);
  g_autoptr (GString) text = g_string_new ("{");

  smear_json_member_integer (text, "shard", shard->number);
  smear_json_member_integer (text, "of", shard->of);
  smear_json_member_integer (text, "files", n_files);
  smear_json_member_string (text, "list_sha256", shard->list);
  smear_json_member_string (text, "model_sha256", model_hash);
  g_string_append (text, "}\n");
  return smear_save (seal, write_text, text, error);
}

static void
table_free (gpointer data)
{
  Table *table = data;
  smear_shard_clear (&table->shard);
  g_free (table->model);
  g_clear_pointer (&table->map, g_mapped_file_unref);
  g_free (table);
}

static gboolean
refuse (const char *name, const char *why, GError **error)
{
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT, "%s: %s", name, why);
  return FALSE;
}

/* What stands beside a finished table. */
static gboolean
read_seal (Table *table, GError **error)
{
  g_autofree char *seal = seal_of (table->path);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_test (seal, G_FILE_TEST_EXISTS))
    return refuse (table->path,
                   "the shard is not finished, or none at all; repeat it with --resume",
                   error);
  JsonNode *root = g_file_get_contents (seal, &text, &length, NULL)
                           && smear_json_load (parser, text, length, NULL)
                       ? json_parser_get_root (parser)
                       : NULL;
  if (!root || !JSON_NODE_HOLDS_OBJECT (root))
    return refuse (seal, "not what a finished shard leaves; repeat it", error);
  JsonObject *object = json_node_get_object (root);
  gint64 number = json_object_get_int_member_with_default (object, "shard", 0);
  gint64 of = json_object_get_int_member_with_default (object, "of", 0);
  gint64 n_files = json_object_get_int_member_with_default (object, "files", -1);
  const char *list = json_object_get_string_member_with_default (object, "list_sha256",
                                                                 "");
  const char *model = json_object_get_string_member_with_default (object, "model_sha256",
                                                                  "");
  if (number < 1 || number > of || of > G_MAXINT32 || n_files < 0
      || n_files > G_MAXUINT32)
    return refuse (seal, "not what a finished shard leaves; repeat it", error);
  table->shard = (SmearShard){ (guint)number, (guint)of, g_strdup (list) };
  table->n_files = (guint)n_files;
  table->model = g_strdup (model);
  return TRUE;
}

static gboolean
open_table (Table *table, const SmearRowFormat *format, GError **error)
{
  const char *head = format->head ? format->head : "";
  gsize n_head = strlen (head);
  g_autoptr (GError) inner = NULL;

  if (!read_seal (table, error))
    return FALSE;
  table->map = g_mapped_file_new (table->path, FALSE, &inner);
  if (!table->map)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s", table->path,
                   inner->message);
      return FALSE;
    }
  table->at = g_mapped_file_get_contents (table->map);
  gsize length = g_mapped_file_get_length (table->map);
  if (length < n_head || (n_head && memcmp (table->at, head, n_head) != 0))
    return refuse (table->path, "not a table of this kind", error);
  table->end = table->at + length;
  table->at += n_head;

  guint n_rows = 0;
  for (const char *at = table->at; at < table->end; n_rows++)
    {
      gsize step = format->length (at, (gsize)(table->end - at));
      if (step == 0)
        return refuse (table->path, "its last row is cut off; repeat the shard", error);
      at += step;
    }
  if (n_rows == table->n_files)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               "%s: has %u rows for its %u files; repeat the shard", table->path, n_rows,
               table->n_files);
  return FALSE;
}

/* Puts every shard in its place; says which is there twice, and which are missing. */
static gboolean
arrange (GPtrArray *tables, GPtrArray *in_order, GError **error)
{
  const Table *first = tables->pdata[0];
  g_autoptr (GString) missing = g_string_new (NULL);

  g_ptr_array_set_size (in_order, (gint)first->shard.of);
  for (guint i = 0; i < tables->len; i++)
    {
      Table *table = tables->pdata[i];
      if (table->shard.of != first->shard.of
          || !g_str_equal (table->shard.list, first->shard.list)
          || !g_str_equal (table->model, first->model))
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                       "%s and %s are shards of different runs: their files, their "
                       "number or their models differ",
                       first->path, table->path);
          return FALSE;
        }
      const Table *other = in_order->pdata[table->shard.number - 1];
      if (other)
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                       "shard %u is there twice: %s and %s; leave one out",
                       table->shard.number, other->path, table->path);
          return FALSE;
        }
      in_order->pdata[table->shard.number - 1] = table;
    }
  for (guint i = 0; i < in_order->len; i++)
    if (!in_order->pdata[i])
      g_string_append_printf (missing, "%s%u", missing->len ? "," : "", i + 1);
  if (missing->len == 0)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               "of %u shards these are missing: %s; repeat them", first->shard.of,
               missing->str);
  return FALSE;
}

typedef struct
{
  GPtrArray *tables; /* by number */
  const SmearRowFormat *format;
  guint n_rows;
} Merge;

/* The first row of each shard, then the second: as the files were dealt out. */
static gint
write_rows (gint fd, gpointer data)
{
  Merge *merge = data;
  g_autoptr (GString) text = g_string_new (merge->format->head);
  gint code = 0;

  for (gboolean any = TRUE; any && code == 0;)
    {
      any = FALSE;
      for (guint i = 0; i < merge->tables->len; i++)
        {
          Table *table = merge->tables->pdata[i];
          if (table->at >= table->end)
            continue;
          gsize step = merge->format->length (table->at, (gsize)(table->end - table->at));
          g_string_append_len (text, table->at, (gssize)step);
          table->at += step;
          merge->n_rows++;
          any = TRUE;
        }
      if (text->len > 1 << 20 || !any)
        {
          code = smear_write_fully (fd, (const guint8 *)text->str, text->len);
          g_string_truncate (text, 0);
        }
    }
  return code;
}

gboolean
smear_shards_merge (const char *const *paths, const char *output, guint *n_rows,
                    GError **error)
{
  g_return_val_if_fail (paths != NULL && paths[0] != NULL && output != NULL, FALSE);
  const SmearRowFormat *format = g_str_has_suffix (paths[0], ".csv")
                                     ? &smear_row_csv
                                     : &smear_row_json_lines;
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (table_free);
  g_autoptr (GPtrArray) in_order = g_ptr_array_new ();
  Merge merge = { in_order, format, 0 };

  for (; *paths; paths++)
    {
      Table *table = g_new0 (Table, 1);
      table->path = *paths;
      g_ptr_array_add (tables, table);
      if (!open_table (table, format, error))
        return FALSE;
    }
  if (!arrange (tables, in_order, error)
      || !smear_save (output, write_rows, &merge, error))
    return FALSE;
  *n_rows = merge.n_rows;
  return TRUE;
}
