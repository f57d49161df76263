/* A batch with its records. */
#include "pipeline/batch.h"

#include "base/put-file.h"
#include "base/remedy.h"
#include "records/output-lock.h"
#include "records/table.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const SmearBatchOptions *options;
  GPtrArray *tables;
  SmearBatchRowFunc row;
  gpointer user_data;
  SmearBatchTotals totals;
} Run;

static gboolean
is_done (const SmearBatchFile *file, guint index, const char *sha256, gpointer user_data)
{
  const Run *run = user_data;
  for (guint i = 0; i < run->tables->len; i++)
    if (!smear_table_has (run->tables->pdata[i], file, sha256))
      return FALSE;
  return TRUE;
}

static void
count (SmearBatchTotals *totals, const SmearBatchRow *row)
{
  totals->n_done += row->done;
  if (row->skipped)
    totals->n_skipped++;
  else if (row->error)
    totals->n_failed++;
  else if (row->finding->verdict == SMEAR_VERDICT_ANSWERED)
    totals->n_answered++;
  else if (row->finding->verdict == SMEAR_VERDICT_UNCERTAIN)
    totals->n_uncertain++;
  else
    totals->n_refused++;
}

static gboolean
take_row (const SmearBatchRow *row, gpointer user_data, GError **error)
{
  Run *run = user_data;
  for (guint i = 0; !row->skipped && i < run->tables->len; i++)
    {
      SmearTable *table = run->tables->pdata[i];
      if ((!row->sha256 || !smear_table_has (table, row->file, row->sha256))
          && !smear_table_append (table, row, error))
        return FALSE;
    }
  count (&run->totals, row);
  if (run->row)
    run->row (row, run->totals.n_files, run->user_data);
  return TRUE;
}

static gboolean
open_tables (Run *run, SmearModel *model, GError **error)
{
  const SmearBatchOptions *options = run->options;
  const struct
  {
    const char *path;
    const SmearRowFormat *format;
  } wanted[] = { { options->csv, &smear_row_csv },
                 { options->jsonl, &smear_row_json_lines },
                 { options->summary, &smear_row_card } };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      if (wanted[i].path == NULL)
        continue;
      SmearRowContext context = { smear_model_get_name (model),
                                  smear_model_get_hash (model), options->region,
                                  options->maps };
      SmearTable *table = smear_table_open (wanted[i].path, wanted[i].format, &context,
                                            options->resume, error);
      if (table == NULL)
        return FALSE;
      g_ptr_array_add (run->tables, table);
    }
  return TRUE;
}

/* How the heat maps of a folder are drawn; whole numbers, as GIMP's locale may have
 * another decimal point. Returns: (transfer full) */
static char *
how_drawn (const SmearBatchOptions *options)
{
  const SmearMapStyle *style = &options->style;

  return g_strdup_printf (
      "class %s, colour map %s, opacity %ld %%, threshold %ld %%, %s\n",
      options->explain == SMEAR_CLASS_NONE ? "winner"
                                           : smear_class_name (options->explain),
      smear_colour_map_name (style->colours), lrint (100 * style->opacity),
      lrint (100 * style->threshold), style->overlay ? "overlay" : "alone");
}

/* Heat maps of one folder are to be alike: what is there stays, and would be taken for
 * what was asked. */
static gboolean
same_maps (const SmearBatchOptions *options, const char *settings, GError **error)
{
  g_autofree char *now = how_drawn (options);
  g_autofree char *before = NULL;

  if (!options->resume || !g_file_get_contents (settings, &before, NULL, NULL)
      || strcmp (before, now) == 0)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               "%s: holds heat maps drawn otherwise (%s); draw them so again, or choose "
               "another folder",
               options->maps, g_strchomp (before));
  return FALSE;
}

static gboolean
has_maps (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (dir && (name = g_dir_read_name (dir)) && *name == '.')
    ; /* lock and note */
  return name != NULL;
}

static SmearOutputLock *
hold_maps (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s%s", folder,
                   g_strerror (errno), smear_io_remedy (errno, FALSE));
      return NULL;
    }
  g_autofree char *path = g_build_filename (folder, ".lock", NULL);
  return smear_output_lock_new (path, folder, error);
}

gboolean
smear_batch_run (SmearModel *model, GPtrArray *files, const SmearBatchOptions *options,
                 GCancellable *cancellable, SmearBatchRowFunc row, gpointer user_data,
                 SmearBatchTotals *totals, GError **error)
{
  g_return_val_if_fail (model != NULL && files != NULL, FALSE);

  const SmearBatchOptions defaults = SMEAR_BATCH_OPTIONS_DEFAULT;
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (
      (GDestroyNotify)smear_table_close);
  g_autoptr (SmearOutputLock) maps = NULL;
  g_autofree char *settings = NULL, *drawn = NULL;
  Run run = { options ? options : &defaults, tables, row, user_data, { 0 } };
  run.totals.n_files = files->len;

  if (run.options->maps)
    {
      /* Maps of a version that kept no note of it may be drawn in any way. */
      gboolean unknown = run.options->resume && has_maps (run.options->maps);
      settings = g_build_filename (run.options->maps, ".settings", NULL);
      if (!unknown || g_file_test (settings, G_FILE_TEST_EXISTS))
        drawn = how_drawn (run.options);
      maps = hold_maps (run.options->maps, error);
      if (maps == NULL || !same_maps (run.options, settings, error))
        return FALSE;
    }
  gboolean done = open_tables (&run, model, error)
                  && (drawn == NULL
                      || smear_put_file (settings, drawn, strlen (drawn), 0666, error))
                  && smear_batch_judge (model, files, run.options,
                                        run.options->summary && !run.options->plain
                                            ? SMEAR_CARD_PICTURES
                                            : 0,
                                        cancellable, tables->len > 0 ? is_done : NULL,
                                        take_row, &run, error);
  for (guint i = 0; done && i < tables->len; i++)
    done = smear_table_finish (tables->pdata[i], files, run.options->only_listed, error);
  if (totals)
    *totals = run.totals;
  return done;
}
