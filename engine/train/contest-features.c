#include "base/csv.h"
#include "pipeline/json-line.h"
#include "pipeline/preprocess.h"
#include "train/answers.h"
#include "train/contest-private.h"
#include "train/features.h"
#include "train/helper.h"
#include "train/probes-cells.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

/* Side of the pictures that features are taken of: that of the public set. */
#define SIDE 224
#define SLICE 32

typedef struct
{
  gfloat field[SMEAR_N_FEATURES], background[SMEAR_N_FEATURES];
} Features;

/* The mask of the image's leukocytes, brought to the picture's size. */
static guint8 *
mask_of (SmearImage *image, GError **error)
{
  g_autoptr (SmearLeukocytes) found = smear_leukocytes_find (image, 0, 0, error);

  if (found == NULL)
    return NULL;
  g_autofree guint8 *covered = smear_probe_covered (found);
  guint8 *mask = g_malloc (SIDE * SIDE);
  for (gint y = 0; y < SIDE; y++)
    for (gint x = 0; x < SIDE; x++)
      mask[y * SIDE + x] = covered[(gsize)(y * found->height / SIDE) * found->width
                                   + x * found->width / SIDE];
  return mask;
}

/* Of the field, or of what is no leukocyte in it. */
static gboolean
measure_part (SmearImage *image, gboolean background, gfloat *features, GError **error)
{
  g_autoptr (SmearImage) field = smear_preprocess_field (image, SIDE, error);
  g_autofree guint8 *mask = field != NULL && background ? mask_of (image, error) : NULL;

  if (field == NULL || (background && mask == NULL))
    return FALSE;
  smear_features (field, mask, features);
  return TRUE;
}

static gboolean
measure (SmearImage *image, Features *features, GError **error)
{
  return measure_part (image, FALSE, features->field, error)
         && measure_part (image, TRUE, features->background, error);
}

/* All images of the comparison, shared out to threads. */
typedef struct
{
  const SmearDataset *dataset;
  Features *features;
  guint first; /* of the images at work */
  GMutex mutex;
  GError *error;
} Measuring;

static void
measure_one (gpointer data, gint task, gint thread)
{
  Measuring *m = data;
  guint i = m->first + task;
  g_autoptr (GError) error = NULL;

  if (g_atomic_pointer_get (&m->error) != NULL)
    return;
  g_autoptr (SmearImage) image = smear_image_load (
      smear_dataset_sample (m->dataset, i)->path, &error);
  if (image != NULL && measure (image, &m->features[i], &error))
    return;
  g_mutex_lock (&m->mutex);
  if (m->error == NULL)
    g_atomic_pointer_set (&m->error, g_steal_pointer (&error));
  g_mutex_unlock (&m->mutex);
}

/* In slices: progress is told on this thread. */
static gboolean
measure_all (const SmearContest *c, Measuring *m, GError **error)
{
  guint n = m->dataset->samples->len;

  g_mutex_init (&m->mutex);
  for (; m->first < n && m->error == NULL; m->first += SLICE)
    {
      if (c->watch->progress != NULL)
        c->watch->progress ("measuring features", (gdouble)m->first / n,
                            c->watch->user_data);
      smear_pool_run (c->pool, measure_one, m, MIN (SLICE, n - m->first));
    }
  g_mutex_clear (&m->mutex);
  if (m->error == NULL)
    return TRUE;
  g_propagate_error (error, m->error);
  return FALSE;
}

static void
append_features (GString *text, const gfloat *features)
{
  for (gint i = 0; i < SMEAR_N_FEATURES; i++)
    g_string_append_printf (text, ",%.6g", features[i]);
  g_string_append_c (text, '\n');
}

static void
append_head (GString *text)
{
  for (gint i = 0; i < SMEAR_N_FEATURES; i++)
    g_string_append_printf (text, ",f%d", i);
  g_string_append_c (text, '\n');
}

static GString *
table_of (const SmearContest *c, const Features *features, gboolean background)
{
  GString *text = g_string_new ("file,smear,class");

  for (gint p = 0; p < c->n_protocols; p++)
    g_string_append_printf (text, ",%s", c->protocols[p].name);
  append_head (text);
  for (guint i = 0; i < c->listed->samples->len; i++)
    {
      const SmearSample *sample = smear_dataset_sample (c->listed, i);
      g_autofree char *path = smear_text_from_filename (sample->path);
      g_autofree char *name = g_path_get_basename (path);
      smear_csv_append (text, name);
      smear_csv_append (text, sample->smear != NULL ? sample->smear : "");
      g_string_append (text, smear_class_name (sample->label));
      for (gint p = 0; p < c->n_protocols; p++)
        g_string_append_printf (text, ",%d", c->protocols[p].fold[i]);
      append_features (text, background ? features[i].background : features[i].field);
    }
  return text;
}

/* A probed image and its features; without the image's own data. */
typedef struct
{
  SmearProbed probed;
  Features features;
} Probe;

typedef struct
{
  GMutex mutex;
  GArray *probes; /* Probe */
} Probing;

static gboolean
take_probe (const SmearProbed *probed, gpointer data, GError **error)
{
  Probing *probing = data;
  Probe probe = { .probed = *probed };

  if (!measure (probed->image, &probe.features, error))
    return FALSE;
  g_mutex_lock (&probing->mutex);
  g_array_append_val (probing->probes, probe);
  g_mutex_unlock (&probing->mutex);
  return TRUE;
}

static gint
by_image_and_probe (gconstpointer a, gconstpointer b)
{
  const SmearProbed *p = a, *q = b;

  return p->index != q->index ? (gint)p->index - (gint)q->index
                              : (gint)p->probe - (gint)q->probe;
}

static GString *
probes_table (GArray *probes, gboolean background)
{
  GString *text = g_string_new ("image,probe,class,donor");

  append_head (text);
  for (guint i = 0; i < probes->len; i++)
    {
      const Probe *probe = &g_array_index (probes, Probe, i);
      g_string_append_printf (text, "%u,%d,%d,%d", probe->probed.index,
                              probe->probed.probe, probe->probed.sample->label,
                              probe->probed.donor);
      append_features (text,
                       background ? probe->features.background : probe->features.field);
    }
  return text;
}

static gboolean
write_table (const SmearContest *c, const char *name, GString *text, GError **error)
{
  g_autofree char *path = smear_contest_file (c, "%s", name);
  gboolean ok = g_file_set_contents (path, text->str, text->len, error);

  g_string_free (text, TRUE);
  return ok;
}

static gboolean
make_probes (SmearContest *c, GError **error)
{
  g_autoptr (SmearDataset) dataset = smear_contest_audited (c);
  g_autoptr (GArray) chosen = smear_probe_choose (dataset, c->plan->audit_limit);
  g_autoptr (GArray) probes = g_array_new (FALSE, FALSE, sizeof (Probe));
  Probing probing = { .probes = probes };

  g_mutex_init (&probing.mutex);
  gboolean ok = smear_probe_run (dataset, chosen, 1, c->pool, c->watch->progress,
                                 c->watch->user_data, take_probe, &probing, error);
  g_mutex_clear (&probing.mutex);
  g_array_sort (probes, by_image_and_probe);
  return ok
         && write_table (c, "probes-background.csv", probes_table (probes, TRUE), error)
         && write_table (c, "probes-field.csv", probes_table (probes, FALSE), error);
}

gboolean
smear_contest_features (SmearContest *c, GError **error)
{
  g_autofree char *last = smear_contest_file (c, "features-field.csv");
  Measuring m = { .dataset = c->listed };

  if (g_file_test (last, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autofree Features *features = g_new0 (Features, c->listed->samples->len);
  m.features = features;
  if (!measure_all (c, &m, error))
    return FALSE;
  return make_probes (c, error)
         && write_table (c, "features-background.csv", table_of (c, features, TRUE),
                         error)
         && write_table (c, "features-field.csv", table_of (c, features, FALSE), error);
}

/* Runs the helper; its standard output are facts, kept beside the answers. */
static gboolean
run_helper (const char *const *arguments, const char *facts, GError **error)
{
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error);
  g_autofree char *out = NULL, *said = NULL;

  if (process == NULL
      || !g_subprocess_communicate_utf8 (process, NULL, NULL, &out, &said, error))
    return FALSE;
  if (g_subprocess_get_successful (process))
    return g_file_set_contents (facts, out, -1, error);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO,
               "%s failed; it needs Debian's python3-sklearn (packaging/install-deps "
               "test). It said: %s",
               arguments[1], g_strstrip (said));
  return FALSE;
}

gboolean
smear_contest_learn (SmearContest *c, const SmearRival *rival,
                     const SmearContestProtocol *protocol, gint seed, gint fold,
                     gboolean audited, GError **error)
{
  const char *part = rival->kind == SMEAR_RIVAL_BACKGROUND ? "background" : "field";
  g_autofree char *helper = smear_helper_find ("compare-features", error);
  g_autofree char *features = smear_contest_file (c, "features-%s.csv", part);
  g_autofree char *probes = smear_contest_file (c, "probes-%s.csv", part);
  g_autofree char *answered = smear_contest_file (c, "%s-probes.csv", rival->name);
  g_autofree char *answers = smear_contest_answers (c, rival, protocol, seed, fold);
  g_autofree char *unfinished = g_strconcat (answers, ".part", NULL);
  g_autofree char *facts = smear_contest_facts (answers);
  g_autofree char *seed_text = g_strdup_printf ("%d", seed);
  g_autofree char *fold_text = g_strdup_printf ("%d", fold);
  const char *const arguments[]
      = { smear_helper_python (),  helper,    rival->method, features,
          protocol->name,          fold_text, seed_text,     unfinished,
          audited ? probes : NULL, answered,  NULL };

  if (helper == NULL || !smear_contest_features (c, error)
      || !run_helper (arguments, facts, error))
    return FALSE;
  if (g_rename (unfinished, answers) == 0)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: was not written", unfinished);
  return FALSE;
}

/* Milliseconds from a decoded image to its class: features, then the classifier. */
static gboolean
time_answers (const SmearContest *c, const SmearRival *rival, const SmearDataset *dataset,
              gdouble *milliseconds, GError **error)
{
  const SmearContestProtocol *smears = &c->protocols[1];
  g_autofree char *answers = smear_contest_answers (
      c, rival, smears, 1, g_array_index (smears->held, gint, 0));
  g_autofree char *path = smear_contest_facts (answers);
  g_autoptr (GKeyFile) facts = g_key_file_new ();
  guint n = MIN (SMEAR_CONTEST_TIMED, dataset->samples->len);
  gfloat features[SMEAR_N_FEATURES];
  gint64 spent = 0;

  if (!g_key_file_load_from_file (facts, path, G_KEY_FILE_NONE, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const SmearSample *sample = smear_dataset_sample (dataset, i);
      g_autoptr (SmearImage) image = smear_image_load (sample->path, error);
      gint64 began = g_get_monotonic_time ();
      if (image == NULL
          || !measure_part (image, rival->kind == SMEAR_RIVAL_BACKGROUND, features,
                            error))
        return FALSE;
      spent += g_get_monotonic_time () - began;
    }
  *milliseconds = spent / 1e3 / n
                  + g_key_file_get_double (facts, "facts", "predict_ms", NULL);
  return TRUE;
}

gboolean
smear_contest_audit_features (SmearContest *c, const SmearRival *rival, GError **error)
{
  g_autofree char *path = smear_contest_file (c, "%s-probes.csv", rival->name);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  SmearProbeScore scores[SMEAR_N_PROBES] = { 0 };
  SmearClass untouched = SMEAR_CLASS_NONE;
  g_autoptr (SmearDataset) dataset = smear_contest_audited (c);
  gdouble milliseconds;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  for (gint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ",", -1);
      gboolean whole = g_strv_length (fields) == 5;
      gint probe = whole ? atoi (fields[1]) : -1;
      if (probe < 0 || probe >= SMEAR_N_PROBES)
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT, "%s: line %d is damaged",
                       path, i + 1);
          return FALSE;
        }
      SmearSample sample = { .label = atoi (fields[2]) };
      SmearProbed probed
          = { .probe = probe, .sample = &sample, .donor = atoi (fields[3]) };
      SmearClass answer = smear_class_from_name (fields[4]);
      if (probe == SMEAR_PROBE_UNTOUCHED)
        untouched = answer;
      smear_probe_score_add (&scores[probe], &probed, untouched, answer, TRUE);
    }
  return time_answers (c, rival, dataset, &milliseconds, error)
         && smear_contest_save_audit (c, rival, scores, NULL, milliseconds, error);
}
