/* A few threads that stay warm between layers. */
#pragma once

#include <glib.h>

typedef struct _SmearPool SmearPool;

/**
 * SmearTask:
 * @task: which piece of the work
 * @thread: which thread runs it, 0 is the caller
 */
typedef void (*SmearTask) (gpointer data, gint task, gint thread);

/** smear_pool_new: @n_threads counts the caller; 0 for one a processor. */
SmearPool *smear_pool_new (gint n_threads);
void smear_pool_free (SmearPool *pool);
gint smear_pool_n_threads (const SmearPool *pool);

/**
 * smear_pool_run:
 *
 * Calls @func for every task in 0..@n_tasks-1, in any order, on any thread, and returns
 * when all are done. Not reentrant: one caller at a time.
 */
void smear_pool_run (SmearPool *pool, SmearTask func, gpointer data, gint n_tasks);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearPool, smear_pool_free)
