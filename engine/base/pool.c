#include "base/pool.h"
#include "base/cpu.h"

#include <stdatomic.h>

/* A worker spins this long for the next layer before it sleeps: layers of the networks
 * here follow each other within tens of microseconds, a futex wake costs about fifty. */
#define SPINS 20000

struct _SmearPool
{
  gint n_threads;
  GThread **threads;
  GMutex mutex;
  GCond wake;

  SmearTask func;
  gpointer data;
  gint n_tasks;
  atomic_int next;   /* next task to take */
  atomic_int busy;   /* workers still inside the current run */
  atomic_uint epoch; /* counts runs */
  atomic_bool quit;
};

typedef struct
{
  SmearPool *pool;
  gint thread;
} Worker;

static inline void
relax (void)
{
#if defined(__x86_64__)
  __builtin_ia32_pause ();
#endif
}

static void
take_tasks (SmearPool *pool, gint thread)
{
  gint task;

  while ((task = atomic_fetch_add (&pool->next, 1)) < pool->n_tasks)
    pool->func (pool->data, task, thread);
}

static gboolean
wait_for_epoch (SmearPool *pool, guint seen)
{
  for (gint i = 0; i < SPINS; i++)
    {
      if (atomic_load (&pool->epoch) != seen)
        return TRUE;
      relax ();
    }
  g_mutex_lock (&pool->mutex);
  while (atomic_load (&pool->epoch) == seen)
    g_cond_wait (&pool->wake, &pool->mutex);
  g_mutex_unlock (&pool->mutex);
  return TRUE;
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  SmearPool *pool = worker->pool;
  gint thread = worker->thread;
  guint seen = 0;

  g_free (worker);
  while (wait_for_epoch (pool, seen) && !atomic_load (&pool->quit))
    {
      seen++;
      take_tasks (pool, thread);
      atomic_fetch_sub (&pool->busy, 1);
    }
  return NULL;
}

SmearPool *
smear_pool_new (gint n_threads)
{
  SmearPool *pool = g_new0 (SmearPool, 1);

  pool->n_threads = MIN (n_threads > 0 ? n_threads : smear_cpu_count (), SMEAR_MOST_JOBS);
  pool->threads = g_new0 (GThread *, pool->n_threads);
  g_mutex_init (&pool->mutex);
  g_cond_init (&pool->wake);
  for (gint i = 1; i < pool->n_threads; i++)
    {
      Worker *worker = g_new (Worker, 1);
      *worker = (Worker){ pool, i };
      pool->threads[i] = g_thread_new ("smear-pool", work, worker);
    }
  return pool;
}

gint
smear_pool_n_threads (const SmearPool *pool)
{
  return pool->n_threads;
}

static void
next_epoch (SmearPool *pool)
{
  g_mutex_lock (&pool->mutex);
  atomic_fetch_add (&pool->epoch, 1);
  g_cond_broadcast (&pool->wake);
  g_mutex_unlock (&pool->mutex);
}

void
smear_pool_run (SmearPool *pool, SmearTask func, gpointer data, gint n_tasks)
{
  if (pool->n_threads == 1 || n_tasks == 1)
    {
      for (gint task = 0; task < n_tasks; task++)
        func (data, task, 0);
      return;
    }
  pool->func = func;
  pool->data = data;
  pool->n_tasks = n_tasks;
  atomic_store (&pool->next, 0);
  atomic_store (&pool->busy, pool->n_threads - 1);
  next_epoch (pool);
  take_tasks (pool, 0);
  /* Wait for the last one out: a worker that finds no task left must still have seen this
   * epoch, or it would take a task of the next run for one of this. A worker may have
   * been descheduled with its task: yield rather than burn the core it needs. */
  for (gint i = 0; atomic_load (&pool->busy) > 0; i++)
    if (i < SPINS)
      relax ();
    else
      g_thread_yield ();
}

void
smear_pool_free (SmearPool *pool)
{
  atomic_store (&pool->quit, TRUE);
  next_epoch (pool);
  for (gint i = 1; i < pool->n_threads; i++)
    g_thread_join (pool->threads[i]);
  g_free (pool->threads);
  g_mutex_clear (&pool->mutex);
  g_cond_clear (&pool->wake);
  g_free (pool);
}
