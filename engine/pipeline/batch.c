#include "pipeline/batch-file.h"

#include "base/cpu.h"
#include "pipeline/json-line.h"

/* Workers run ahead of the caller by at most this many files each: enough to hide one
 * slow file, little enough that memory does not grow with the list. */
#define AHEAD 4

typedef struct
{
  SmearModel *model;
  GPtrArray *files;
  const SmearBatchOptions *options;
  guint thumbnails;
  GCancellable *cancellable;
  SmearBatchDoneFunc done;
  gpointer user_data;
  gint n_threads;

  GMutex lock; /* guards all below */
  GCond changed;
  guint next, handed_over;
  gboolean stop;
  guint n_slots;
  SmearBatchResult *slots; /* file i in slot i % n_slots */
  gboolean *ready;
} Crew;

static void
judge (Crew *crew, guint index, SmearBatchResult *result)
{
  smear_batch_file_judge (crew->model, crew->files->pdata[index], index, crew->options,
                          crew->n_threads, index < crew->thumbnails, crew->done,
                          crew->user_data, crew->cancellable, result);
}

static gpointer
work (gpointer data)
{
  Crew *crew = data;

  g_mutex_lock (&crew->lock);
  for (;;)
    {
      while (!crew->stop && crew->next < crew->files->len
             && crew->next >= crew->handed_over + crew->n_slots)
        g_cond_wait (&crew->changed, &crew->lock);
      if (crew->stop || crew->next >= crew->files->len)
        break;
      guint index = crew->next++;
      SmearBatchResult result = { 0 };

      g_mutex_unlock (&crew->lock);
      judge (crew, index, &result);
      g_mutex_lock (&crew->lock);

      crew->slots[index % crew->n_slots] = result;
      crew->ready[index % crew->n_slots] = TRUE;
      g_cond_broadcast (&crew->changed);
    }
  g_mutex_unlock (&crew->lock);
  return NULL;
}

/* Takes the result of @index out of its slot, as soon as it is there. */
static SmearBatchResult
await (Crew *crew, guint index)
{
  guint slot = index % crew->n_slots;

  g_mutex_lock (&crew->lock);
  while (!crew->ready[slot])
    g_cond_wait (&crew->changed, &crew->lock);
  SmearBatchResult result = crew->slots[slot];
  crew->slots[slot] = (SmearBatchResult){ 0 };
  crew->ready[slot] = FALSE;
  crew->handed_over = index + 1;
  g_cond_broadcast (&crew->changed);
  g_mutex_unlock (&crew->lock);
  return result;
}

gboolean
smear_batch_judge (SmearModel *model, GPtrArray *files, const SmearBatchOptions *options,
                   guint thumbnails, GCancellable *cancellable, SmearBatchDoneFunc done,
                   gboolean (*row) (const SmearBatchRow *, gpointer, GError **),
                   gpointer user_data, GError **error)
{
  gint n_jobs = options->n_jobs > 0 ? options->n_jobs : smear_cpu_count ();
  n_jobs = CLAMP (n_jobs, 1, CLAMP ((gint)files->len, 1, SMEAR_MOST_JOBS));
  gint n_threads = options->n_threads > 0 ? options->n_threads : n_jobs > 1 ? 1 : 0;

  Crew crew = { .model = model,
                .files = files,
                .options = options,
                .thumbnails = thumbnails,
                .cancellable = cancellable,
                .done = done,
                .user_data = user_data,
                .n_threads = n_threads,
                .n_slots = (guint)n_jobs * AHEAD };
  g_mutex_init (&crew.lock);
  g_cond_init (&crew.changed);
  crew.slots = g_new0 (SmearBatchResult, crew.n_slots);
  crew.ready = g_new0 (gboolean, crew.n_slots);

  /* One job needs no thread beside the caller's. */
  g_autofree GThread **workers = g_new0 (GThread *, n_jobs);
  for (gint i = 0; n_jobs > 1 && i < n_jobs; i++)
    workers[i] = g_thread_new ("batch", work, &crew);

  gboolean going = TRUE;
  for (guint i = 0; going && i < files->len; i++)
    {
      SmearBatchResult result = { 0 };
      if (n_jobs > 1)
        result = await (&crew, i);
      else
        judge (&crew, i, &result);
      if (result.wants_host)
        smear_batch_file_judge_by_host (model, files->pdata[i], options, n_threads,
                                        i < thumbnails, cancellable, &result);

      going = !g_cancellable_set_error_if_cancelled (cancellable, error);
      if (going)
        {
          SmearBatchRow this_row = { .file = files->pdata[i],
                                     .index = i,
                                     .sha256 = result.sha256,
                                     .finding = result.finding,
                                     .error = result.error,
                                     .done = result.done,
                                     .skipped = result.skipped,
                                     .thumbnail = result.thumbnail,
                                     .image = result.image };
          going = row (&this_row, user_data, error);
        }
      smear_batch_result_clear (&result);
    }

  g_mutex_lock (&crew.lock);
  crew.stop = TRUE;
  g_cond_broadcast (&crew.changed);
  g_mutex_unlock (&crew.lock);
  for (gint i = 0; n_jobs > 1 && i < n_jobs; i++)
    g_thread_join (workers[i]);
  for (guint i = 0; i < crew.n_slots; i++)
    smear_batch_result_clear (&crew.slots[i]);
  g_free (crew.slots);
  g_free (crew.ready);
  g_cond_clear (&crew.changed);
  g_mutex_clear (&crew.lock);
  return going;
}

char *
smear_batch_row_to_json (const SmearBatchRow *row)
{
  g_return_val_if_fail (row != NULL && (row->finding || row->error), NULL);
  if (row->finding)
    return smear_finding_to_json (row->finding);

  GString *json = g_string_new ("{");
  smear_json_member_string (json, "file", row->file->name);
  smear_json_member_string (json, "error", row->error->message);
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}
