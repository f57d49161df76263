#include "train/audit.h"
#include "nn/architectures.h"
#include "pipeline/model-file.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLICE 32

typedef struct
{
  SmearModel *model, *random;
  const SmearDataset *dataset;
  GArray *chosen; /* gint: samples */
  guint64 seed;
  const char *sheet;
  GCancellable *cancellable;
  GMutex mutex;
  SmearAudit *audit;
  GError *error;
  guint first, slice; /* images at work */
} Work;

static int
by_value (gconstpointer a, gconstpointer b, gpointer values)
{
  gfloat x = ((const gfloat *)values)[*(const guint *)a];
  gfloat y = ((const gfloat *)values)[*(const guint *)b];

  return (x > y) - (x < y);
}

static gdouble *
ranks (const gfloat *values, guint n)
{
  g_autofree guint *order = g_new (guint, n);
  gdouble *rank = g_new (gdouble, n);

  for (guint i = 0; i < n; i++)
    order[i] = i;
  qsort_r (order, n, sizeof (guint), by_value, (gpointer)values);
  for (guint i = 0, end; i < n; i = end)
    {
      for (end = i + 1; end < n && values[order[end]] == values[order[i]]; end++)
        ;
      for (guint j = i; j < end; j++)
        rank[order[j]] = (i + end - 1) / 2.0;
    }
  return rank;
}

gdouble
smear_rank_correlation (const gfloat *a, const gfloat *b, guint n)
{
  g_autofree gdouble *x = ranks (a, n), *y = ranks (b, n);
  gdouble mean = (n - 1) / 2.0, xy = 0, xx = 0, yy = 0;

  for (guint i = 0; i < n; i++)
    {
      xy += (x[i] - mean) * (y[i] - mean);
      xx += (x[i] - mean) * (x[i] - mean);
      yy += (y[i] - mean) * (y[i] - mean);
    }
  return xx > 0 && yy > 0 ? xy / sqrt (xx * yy) : 0;
}

/* The same network with the weights it began with before it learnt anything. */
static SmearModel *
randomised (SmearModel *model, guint64 seed, GError **error)
{
  const SmearNetwork *net = smear_model_network (model);
  g_autoptr (SmearNetwork) blank = smear_architecture_new (
      net->architecture, smear_model_input_size (model), SMEAR_N_CLASSES, error);
  g_autoptr (GHashTable) metadata = g_hash_table_new_full (g_str_hash, g_str_equal,
                                                           g_free, g_free);
  g_autofree char *path = NULL;

  if (blank == NULL)
    return NULL;
  smear_network_initialise (blank, seed);
  gint fd = g_file_open_tmp ("smearscope-XXXXXX.safetensors", &path, error);
  if (fd < 0)
    return NULL;
  close (fd);
  SmearModel *loaded = smear_model_write (path, blank, metadata, error)
                           ? smear_model_load (path, error)
                           : NULL;
  g_unlink (path);
  return loaded;
}

static void
measure_energy (Work *work, const SmearFinding *finding, const SmearLeukocytes *found)
{
  const SmearHeatMap *map = finding->map;
  SmearRegion bar = smear_probe_scale_bar (found->width, found->height);
  gdouble cells = 0, corner = 0, all = 0;

  for (gint y = 0; y < map->height; y++)
    for (gint x = 0; x < map->width; x++)
      {
        gint u = (gint)((x + 0.5) * found->width / map->width);
        gint v = (gint)((y + 0.5) * found->height / map->height);
        gdouble value = map->values[(gsize)y * map->width + x];
        all += value;
        if (found->labels[(gsize)v * found->width + u] != 0)
          cells += value;
        else if (u >= bar.x && v >= bar.y)
          corner += value;
      }
  if (all <= 0)
    return;
  g_mutex_lock (&work->mutex);
  work->audit->energy_cells += cells / all;
  work->audit->energy_scale_bar += corner / all;
  work->audit->energy_elsewhere += (all - cells - corner) / all;
  work->audit->n_energy++;
  g_mutex_unlock (&work->mutex);
}

static gboolean
compare_with_random (Work *work, SmearImage *image, const SmearFinding *finding,
                     GError **error)
{
  SmearClassifyOptions options = { finding->explained, TRUE, 1 };
  g_autoptr (SmearFinding) blind = smear_classify (work->random, image, NULL, &options,
                                                   NULL, NULL, NULL, error);

  if (blind == NULL)
    return FALSE;
  gdouble r = smear_rank_correlation (finding->map->values, blind->map->values,
                                      finding->map->width * finding->map->height);
  g_mutex_lock (&work->mutex);
  work->audit->randomised += r;
  work->audit->n_randomised++;
  g_mutex_unlock (&work->mutex);
  return TRUE;
}

/* One image of another class, the same for the same seed. */
static const SmearSample *
partner (Work *work, const SmearSample *sample, guint64 seed)
{
  SmearRandom random = smear_random (seed);

  for (gint tries = 0; tries < 1000; tries++)
    {
      gint index = g_array_index (work->chosen, gint,
                                  smear_random_below (&random, work->chosen->len));
      if (smear_dataset_sample (work->dataset, index)->label != sample->label)
        return smear_dataset_sample (work->dataset, index);
    }
  return NULL;
}

static gboolean
save_example (Work *work, const SmearSample *sample, SmearProbe probe, SmearImage *image,
              GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s-%02d-%s.png",
                                           smear_class_name (sample->label), probe,
                                           smear_probe_name (probe));
  g_autofree char *path = g_build_filename (work->sheet, name, NULL);

  return smear_image_save_png (image, path, error);
}

static void
score (Work *work, SmearProbe probe, const SmearSample *sample, SmearClass untouched,
       SmearClass background, const SmearFinding *finding)
{
  SmearProbeScore *s = &work->audit->scores[probe];

  g_mutex_lock (&work->mutex);
  s->n++;
  s->n_correct += finding->klass == sample->label;
  s->n_same += finding->klass == untouched;
  s->n_named += finding->klass != SMEAR_CLASS_NONE;
  s->n_background += finding->klass == background && background != SMEAR_CLASS_NONE;
  g_mutex_unlock (&work->mutex);
}

static gboolean
audit_image (Work *work, gint task, GError **error)
{
  const SmearSample *sample = smear_dataset_sample (
      work->dataset, g_array_index (work->chosen, gint, task));
  guint64 seed = smear_hash (work->seed, task);
  const SmearSample *other_sample = partner (work, sample, seed);
  SmearClassifyOptions with_map = { SMEAR_CLASS_NONE, TRUE, 1 },
                       plain = { SMEAR_CLASS_NONE, FALSE, 1 };
  gboolean example
      = work->sheet != NULL
        && (task == 0
            || smear_dataset_sample (work->dataset,
                                     g_array_index (work->chosen, gint, task - 1))
                       ->label
                   != sample->label);
  g_autoptr (SmearImage) image = smear_image_load (sample->path, error);
  if (image == NULL)
    return FALSE;
  g_autoptr (SmearLeukocytes) found = smear_leukocytes_find (image, 0, 0, error);
  g_autoptr (SmearFinding) first = found != NULL ? smear_classify (work->model, image,
                                                                   NULL, &with_map, NULL,
                                                                   NULL, NULL, error)
                                                 : NULL;
  g_autoptr (SmearImage) other = other_sample != NULL
                                     ? smear_image_load (other_sample->path, error)
                                     : NULL;
  if (first == NULL || (other_sample != NULL && other == NULL))
    return FALSE;
  g_autoptr (SmearLeukocytes) other_found
      = other != NULL ? smear_leukocytes_find (other, 0, 0, error) : NULL;
  if (other != NULL && other_found == NULL)
    return FALSE;
  if (first->klass == SMEAR_CLASS_NONE)
    g_atomic_int_inc (&work->audit->refused);
  else
    {
      measure_energy (work, first, found);
      if (!compare_with_random (work, image, first, error))
        return FALSE;
    }
  for (gint probe = 0; probe < SMEAR_N_PROBES; probe++)
    {
      gboolean swap = probe == SMEAR_PROBE_BACKGROUND_SWAPPED;
      if (g_cancellable_set_error_if_cancelled (work->cancellable, error))
        return FALSE;
      if (swap && (other == NULL || found->cells->len == 0))
        continue;
      g_autoptr (SmearImage) changed = smear_probe_apply (probe, image, found, other,
                                                          other_found, seed, error);
      if (changed == NULL
          || (example && !save_example (work, sample, probe, changed, error)))
        return FALSE;
      g_autoptr (SmearFinding) finding = smear_classify (work->model, changed, NULL,
                                                         &plain, NULL, NULL, NULL, error);
      if (finding == NULL)
        return FALSE;
      score (work, probe, sample, first->klass,
             swap ? other_sample->label : SMEAR_CLASS_NONE, finding);
    }
  return TRUE;
}

static void
run_task (gpointer data, gint task, gint thread)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  if (g_atomic_pointer_get (&work->error) != NULL
      || audit_image (work, work->first + task, &error))
    return;
  g_mutex_lock (&work->mutex);
  if (work->error == NULL)
    g_atomic_pointer_set (&work->error, g_steal_pointer (&error));
  g_mutex_unlock (&work->mutex);
}

static GArray *
choose (const SmearDataset *dataset, guint limit)
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

gboolean
smear_audit (SmearModel *model, const SmearDataset *dataset, guint limit, guint64 seed,
             const char *sheet, SmearPool *pool, GCancellable *cancellable,
             SmearProgressFunc progress, gpointer user_data, SmearAudit *audit,
             GError **error)
{
  g_autoptr (GArray) chosen = choose (dataset, limit);
  g_autoptr (SmearModel) random = randomised (model, seed, error);
  Work work = { .model = model,
                .random = random,
                .dataset = dataset,
                .chosen = chosen,
                .seed = seed,
                .sheet = sheet,
                .cancellable = cancellable,
                .audit = audit };

  *audit = (SmearAudit){ .n = chosen->len };
  if (random == NULL)
    return FALSE;
  if (sheet != NULL && g_mkdir_with_parents (sheet, 0777) != 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot make this folder",
                   sheet);
      return FALSE;
    }
  g_mutex_init (&work.mutex);
  /* In slices: progress is told on this thread. */
  for (guint first = 0; first < chosen->len && work.error == NULL; first += work.slice)
    {
      work.first = first;
      work.slice = MIN (SLICE, chosen->len - first);
      smear_pool_run (pool, run_task, &work, work.slice);
      if (progress != NULL)
        progress ("auditing", (gdouble)(first + work.slice) / chosen->len, user_data);
    }
  g_mutex_clear (&work.mutex);
  if (work.error != NULL)
    {
      g_propagate_error (error, work.error);
      return FALSE;
    }
  audit->energy_cells /= MAX (audit->n_energy, 1);
  audit->energy_scale_bar /= MAX (audit->n_energy, 1);
  audit->energy_elsewhere /= MAX (audit->n_energy, 1);
  audit->randomised /= MAX (audit->n_randomised, 1);
  return TRUE;
}

static gdouble
rate (guint k, guint n)
{
  return n > 0 ? 100.0 * k / n : 0;
}

char *
smear_audit_verdict (const SmearAudit *a)
{
  GString *text = g_string_new (NULL);
  const SmearProbeScore *plain = &a->scores[SMEAR_PROBE_UNTOUCHED];
  const SmearProbeScore *bar = &a->scores[SMEAR_PROBE_SCALE_BAR_ERASED];
  const SmearProbeScore *gone = &a->scores[SMEAR_PROBE_LEUKOCYTES_REMOVED];
  const SmearProbeScore *swap = &a->scores[SMEAR_PROBE_BACKGROUND_SWAPPED];
  gdouble lost = 0;

  for (gint p = SMEAR_PROBE_REDDER; p <= SMEAR_PROBE_GAMMA_125; p++)
    lost = MAX (lost, rate (plain->n_correct, plain->n)
                          - rate (a->scores[p].n_correct, a->scores[p].n));
  g_string_append_printf (
      text, "%s without any leukocyte: a class is named in %.1f %% of fields.\n",
      rate (gone->n_named, gone->n) <= 2 ? "Silent" : "NOT silent",
      rate (gone->n_named, gone->n));
  g_string_append_printf (
      text,
      "%s the cells when the background changes: %.1f %% keep their answer, "
      "%.1f %% take that of the background.\n",
      rate (swap->n_same, swap->n) >= 90 ? "Follows" : "Does NOT follow",
      rate (swap->n_same, swap->n), rate (swap->n_background, swap->n));
  g_string_append_printf (
      text, "%s the scale bar: erasing it costs %.1f points.\n",
      fabs (rate (plain->n_correct, plain->n) - rate (bar->n_correct, bar->n)) <= 0.5
          ? "Ignores"
          : "Does NOT ignore",
      rate (plain->n_correct, plain->n) - rate (bar->n_correct, bar->n));
  g_string_append_printf (
      text, "%s changes of colour and light: the worst costs %.1f points.\n",
      lost <= 2 ? "Withstands" : "Does NOT withstand", lost);
  g_string_append_printf (
      text,
      "%.0f %% of the heat map lies in leukocytes, %.1f %% in the scale "
      "bar's corner; its rank correlation with that of random weights is %.2f.\n",
      100 * a->energy_cells, 100 * a->energy_scale_bar, a->randomised);
  return g_string_free (text, FALSE);
}
