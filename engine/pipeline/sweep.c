/* The workers of a sweep. What the next tiles are decoded from is fetched while these are
 * computed. */
#include "pipeline/sweep.h"

#include "base/cpu.h"
#include "image/scan-private.h"

typedef struct
{
  SmearScan *scan;
  SmearModel *model;
  const SmearSweepGrid *grid;
  const GArray *indices;
  guint n_workers;
  gint next; /* atomic */
  gint stop; /* atomic */
  GAsyncQueue *ready;
} Crew;

/* By the time that the tile is taken, its bytes are there. */
static void
fetch (const Crew *crew, guint i)
{
  SmearRegion core, outer;

  if (i >= crew->indices->len)
    return;
  smear_sweep_grid_tile (crew->grid, g_array_index (crew->indices, guint, i), &core,
                         &outer);
  smear_scan_expect (crew->scan, 0, &outer);
}

static gpointer
work (gpointer data)
{
  Crew *crew = data;

  while (!g_atomic_int_get (&crew->stop))
    {
      guint i = (guint)g_atomic_int_add (&crew->next, 1);
      if (i >= crew->indices->len)
        break;
      fetch (crew, i + crew->n_workers);
      g_async_queue_push (crew->ready,
                          smear_sweep_judge (crew->scan, crew->model, crew->grid,
                                             g_array_index (crew->indices, guint, i)));
    }
  return NULL;
}

gboolean
smear_sweep_run (SmearScan *scan, SmearModel *model, const SmearSweepGrid *grid,
                 const GArray *indices, gint n_jobs, GCancellable *cancellable,
                 gboolean (*take) (SmearSweepTile *, gpointer, GError **),
                 gpointer user_data, GError **error)
{
  gint n_workers = n_jobs > 0 ? n_jobs : smear_cpu_count ();
  n_workers = CLAMP (n_workers, 1, MIN (MAX (1, (gint)indices->len), SMEAR_MOST_JOBS));
  g_autofree GThread **workers = g_new (GThread *, n_workers);
  /* Tiles wait as lists of cells, not as pixels, so the queue needs no limit. */
  Crew crew = { scan,
                model,
                grid,
                indices,
                (guint)n_workers,
                0,
                0,
                g_async_queue_new_full ((GDestroyNotify)smear_sweep_tile_free) };

  for (gint i = 0; i < n_workers; i++)
    workers[i] = g_thread_new ("sweep", work, &crew);
  gboolean going = TRUE;
  for (guint i = 0; going && i < indices->len; i++)
    {
      SmearSweepTile *tile = g_async_queue_pop (crew.ready);
      going = !g_cancellable_set_error_if_cancelled (cancellable, error);
      if (going)
        going = take (tile, user_data, error);
      else
        smear_sweep_tile_free (tile);
    }
  g_atomic_int_set (&crew.stop, 1);
  for (gint i = 0; i < n_workers; i++)
    g_thread_join (workers[i]);
  g_async_queue_unref (crew.ready);
  return going;
}
