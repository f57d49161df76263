#include "train/probe-run.h"
#include "pipeline/find-cells.h"

#define SLICE 32

typedef struct
{
  const SmearDataset *dataset;
  GArray *chosen;
  guint64 seed;
  SmearProbedFunc judge;
  gpointer judge_data;
  GMutex mutex;
  GError *error;
  guint first, slice; /* images at work */
} Run;

GArray *
smear_probe_choose (const SmearDataset *dataset, guint limit)
{
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (gint));

  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    {
      g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (gint));
      for (gint i = 0; i < (gint)dataset->samples->len; i++)
        if ((gint)smear_dataset_sample (dataset, i)->label == c)
          g_array_append_val (own, i);
      guint n = limit == 0
                    ? own->len
                    : MIN (own->len, (limit + SMEAR_N_CLASSES - 1) / SMEAR_N_CLASSES);
      for (guint i = 0; i < n; i++)
        g_array_append_val (chosen, g_array_index (own, gint, (guint64)i * own->len / n));
    }
  return chosen;
}

/* One image of another class, the same for the same seed. */
static const SmearSample *
partner (const Run *run, const SmearSample *sample, guint64 seed)
{
  SmearRandom random = smear_random (seed);

  for (gint tries = 0; tries < 1000; tries++)
    {
      gint index = g_array_index (run->chosen, gint,
                                  smear_random_below (&random, run->chosen->len));
      if (smear_dataset_sample (run->dataset, index)->label != sample->label)
        return smear_dataset_sample (run->dataset, index);
    }
  return NULL;
}

/* With the outlines that a network of cells is shown, and its map lies in. */
static gboolean
load (const char *path, SmearImage **image, SmearLeukocytes **found, GError **error)
{
  g_autoptr (SmearImage) coarse = NULL;

  *image = smear_image_load (path, error);
  *found = *image != NULL ? smear_find_cells (*image, 0, &coarse, error) : NULL;
  if (*found == NULL)
    return FALSE;
  smear_drop_fragments (*found);
  return TRUE;
}

static gboolean
probe_image (const Run *run, guint task, GError **error)
{
  const SmearSample *sample = smear_dataset_sample (
      run->dataset, g_array_index (run->chosen, gint, task));
  guint64 seed = smear_hash (run->seed, task);
  const SmearSample *other_sample = partner (run, sample, seed);
  g_autoptr (SmearImage) image = NULL, other = NULL;
  g_autoptr (SmearLeukocytes) found = NULL, other_found = NULL;

  if (!load (sample->path, &image, &found, error)
      || (other_sample != NULL
          && !load (other_sample->path, &other, &other_found, error)))
    return FALSE;
  for (gint probe = 0; probe < SMEAR_N_PROBES; probe++)
    {
      gboolean swap = smear_probe_swaps (probe);
      if (swap
          && (other == NULL || found->cells->len == 0 || other_found->cells->len == 0))
        continue;
      g_autoptr (SmearImage) changed = smear_probe_apply (probe, image, found, other,
                                                          other_found, seed, error);
      SmearProbed probed = { .index = task,
                             .sample = sample,
                             .probe = probe,
                             .image = changed,
                             .found = found,
                             .donor = swap ? other_sample->label : SMEAR_CLASS_NONE };
      if (changed == NULL || !run->judge (&probed, run->judge_data, error))
        return FALSE;
    }
  return TRUE;
}

static void
run_task (gpointer data, gint task, gint thread)
{
  Run *run = data;
  g_autoptr (GError) error = NULL;

  if (g_atomic_pointer_get (&run->error) != NULL
      || probe_image (run, run->first + task, &error))
    return;
  g_mutex_lock (&run->mutex);
  if (run->error == NULL)
    g_atomic_pointer_set (&run->error, g_steal_pointer (&error));
  g_mutex_unlock (&run->mutex);
}

gboolean
smear_probe_run (const SmearDataset *dataset, GArray *chosen, guint64 seed,
                 SmearPool *pool, SmearProgressFunc progress, gpointer user_data,
                 SmearProbedFunc judge, gpointer judge_data, GError **error)
{
  Run run = { .dataset = dataset,
              .chosen = chosen,
              .seed = seed,
              .judge = judge,
              .judge_data = judge_data };

  g_mutex_init (&run.mutex);
  /* In slices: progress is told on this thread. */
  for (guint first = 0; first < chosen->len && run.error == NULL; first += run.slice)
    {
      run.first = first;
      run.slice = MIN (SLICE, chosen->len - first);
      smear_pool_run (pool, run_task, &run, run.slice);
      if (progress != NULL)
        progress ("auditing", (gdouble)(first + run.slice) / chosen->len, user_data);
    }
  g_mutex_clear (&run.mutex);
  if (run.error == NULL)
    return TRUE;
  g_propagate_error (error, run.error);
  return FALSE;
}
