/* A batch with its records. */
#include "pipeline/batch.h"

#include "records/map-folder.h"
#include "records/table.h"

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
  Run run = { options ? options : &defaults, tables, row, user_data, { 0 } };
  run.totals.n_files = files->len;

  if (run.options->maps && (maps = smear_map_folder_hold (run.options, error)) == NULL)
    return FALSE;
  gboolean done = open_tables (&run, model, error)
                  && (!maps || smear_map_folder_note (run.options, error))
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
