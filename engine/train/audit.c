#include "train/audit.h"
#include "nn/architectures.h"
#include "pipeline/model-file.h"
#include "train/audit-sheet.h"
#include "train/audit-smears.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  SmearModel *model, *random[SMEAR_N_CASCADES];
  SmearClass *untouched; /* by image */
  GArray *images;        /* SmearAudited, of all parts */
  guint first;           /* of this part */
  SmearAuditSheet *sheet;
  GMutex mutex;
  SmearAudit *audit;
} Work;

const char *
smear_cascade_name (SmearCascade cascade)
{
  static const char *const names[] = { "output_layer", "upper_half", "all_layers" };

  return names[cascade];
}

/* The first of the parameters that a cascade draws anew. */
static guint
first_drawn (const SmearNetwork *net, SmearCascade cascade)
{
  const SmearLayer *last = smear_network_layer (net, net->layers->len - 1);

  return cascade == SMEAR_CASCADE_ALL    ? 0
         : cascade == SMEAR_CASCADE_HALF ? net->parameters->len / 2
                                         : (guint)last->weights;
}

/* The same network with some of its weights as they were before it learnt anything. */
static SmearModel *
randomised (SmearModel *model, SmearCascade cascade, guint64 seed, GError **error)
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
  for (guint i = 0; i < first_drawn (net, cascade); i++)
    memcpy (smear_network_parameter (blank, i)->values,
            smear_network_parameter (net, i)->values,
            smear_network_parameter (net, i)->n * sizeof (gfloat));
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

/* How alike two maps are; within leukocytes only, or everywhere without @found. */
static gdouble
likeness (const SmearHeatMap *a, const SmearHeatMap *b, const SmearLeukocytes *found)
{
  g_autofree gfloat *x = g_new (gfloat, a->width * a->height);
  g_autofree gfloat *y = g_new (gfloat, a->width * a->height);
  guint n = 0;

  for (gint j = 0; j < a->height; j++)
    for (gint i = 0; i < a->width; i++)
      {
        gint at = j * a->width + i;
        gint u = found != NULL ? (gint)((i + 0.5) * found->width / a->width) : 0;
        gint v = found != NULL ? (gint)((j + 0.5) * found->height / a->height) : 0;
        if (found != NULL && found->labels[(gsize)v * found->width + u] == 0)
          continue;
        x[n] = a->values[at];
        y[n++] = b->values[at];
      }
  return n > 1 ? smear_rank_correlation (x, y, n) : 0;
}

static gboolean
compare_with_random (Work *work, const SmearProbed *probed, const SmearFinding *finding,
                     GError **error)
{
  SmearClassifyOptions options = { finding->explained, TRUE, 1 };
  const SmearLeukocytes *where = work->audit->within_cells ? probed->found : NULL;

  for (gint cascade = 0; cascade < SMEAR_N_CASCADES; cascade++)
    {
      g_autoptr (SmearFinding) blind = smear_classify (
          work->random[cascade], probed->image, NULL, &options, NULL, NULL, NULL, error);
      if (blind == NULL)
        return FALSE;
      gdouble r = likeness (finding->map, blind->map, where);
      g_mutex_lock (&work->mutex);
      work->audit->randomised[cascade] += r;
      g_mutex_unlock (&work->mutex);
      if (cascade == SMEAR_CASCADE_ALL && work->sheet != NULL)
        smear_audit_sheet_add_map (work->sheet, probed, blind->map, TRUE);
    }
  g_mutex_lock (&work->mutex);
  work->audit->n_randomised++;
  g_mutex_unlock (&work->mutex);
  return TRUE;
}

/* The heat map of an untouched image: where it lies, and whether it comes from what was
 * learnt. */
static gboolean
look_at_map (Work *work, const SmearProbed *probed, const SmearFinding *finding,
             GError **error)
{
  if (finding->klass == SMEAR_CLASS_NONE)
    {
      g_atomic_int_inc (&work->audit->refused);
      return TRUE;
    }
  measure_energy (work, finding, probed->found);
  if (work->sheet != NULL)
    smear_audit_sheet_add_map (work->sheet, probed, finding->map, FALSE);
  return compare_with_random (work, probed, finding, error);
}

void
smear_probe_score_add (SmearProbeScore *score, const SmearProbed *probed,
                       SmearClass untouched, SmearClass answer, gboolean sure)
{
  score->n++;
  score->n_correct += answer == probed->sample->label;
  score->n_same += answer == untouched;
  score->n_named += answer != SMEAR_CLASS_NONE;
  score->n_sure += answer != SMEAR_CLASS_NONE && sure;
  score->n_donor += answer == probed->donor && answer != SMEAR_CLASS_NONE;
}

static gboolean
judge (const SmearProbed *probed, gpointer data, GError **error)
{
  Work *work = data;
  gboolean untouched = probed->probe == SMEAR_PROBE_UNTOUCHED;
  SmearClassifyOptions options = { SMEAR_CLASS_NONE, untouched, 1 };
  g_autoptr (SmearFinding) finding = smear_classify (work->model, probed->image, NULL,
                                                     &options, NULL, NULL, NULL, error);

  if (finding == NULL)
    return FALSE;
  if (untouched)
    work->untouched[probed->index] = finding->klass;
  if (untouched && !look_at_map (work, probed, finding, error))
    return FALSE;
  g_array_index (work->images, SmearAudited, work->first + probed->index)
      .outcomes[probed->probe]
      = SMEAR_OUTCOME_PUT
        | (finding->klass == probed->sample->label ? SMEAR_OUTCOME_RIGHT : 0)
        | (finding->klass == work->untouched[probed->index] ? SMEAR_OUTCOME_SAME : 0);
  g_mutex_lock (&work->mutex);
  smear_probe_score_add (&work->audit->scores[probed->probe], probed,
                         work->untouched[probed->index], finding->klass,
                         finding->verdict == SMEAR_VERDICT_ANSWERED);
  g_mutex_unlock (&work->mutex);
  return work->sheet == NULL
         || smear_audit_sheet_add (work->sheet, probed, finding->klass,
                                   finding->confidence, error);
}

static gboolean
draw_random_models (Work *work, guint64 seed, GError **error)
{
  for (gint cascade = 0; cascade < SMEAR_N_CASCADES; cascade++)
    {
      work->random[cascade] = randomised (work->model, cascade, seed, error);
      if (work->random[cascade] == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
take_intervals (SmearAudit *audit, const GArray *images)
{
  for (gint probe = 0; probe < SMEAR_N_PROBES; probe++)
    {
      guint *n = probe == SMEAR_PROBE_UNTOUCHED ? &audit->n_smears : NULL;
      audit->right[probe] = smear_audited_share (images, probe, SMEAR_OUTCOME_RIGHT, n);
      audit->same[probe] = smear_audited_share (images, probe, SMEAR_OUTCOME_SAME, NULL);
    }
}

static void
take_means (SmearAudit *audit)
{
  audit->energy_cells /= MAX (audit->n_energy, 1);
  audit->energy_scale_bar /= MAX (audit->n_energy, 1);
  audit->energy_elsewhere /= MAX (audit->n_energy, 1);
  for (gint cascade = 0; cascade < SMEAR_N_CASCADES; cascade++)
    audit->randomised[cascade] /= MAX (audit->n_randomised, 1);
}

static gboolean
audit_part (Work *work, const SmearAuditPart *part, guint limit, guint64 seed,
            const char *sheet, SmearPool *pool, SmearProgressFunc progress,
            gpointer user_data, GError **error)
{
  g_autoptr (GArray) chosen = smear_probe_choose (part->dataset, limit);
  g_autofree SmearClass *untouched = g_new0 (SmearClass, chosen->len);
  g_autoptr (SmearAuditSheet) pictures
      = sheet != NULL ? smear_audit_sheet_new (sheet, part->dataset, chosen) : NULL;

  work->model = part->model;
  work->untouched = untouched;
  work->sheet = pictures;
  work->first = work->images->len;
  work->audit->n += chosen->len;
  for (guint i = 0; i < chosen->len; i++)
    {
      gint index = g_array_index (chosen, gint, i);
      SmearAudited image
          = { .smear = smear_dataset_sample (part->dataset, index)->smear };
      g_array_append_val (work->images, image);
    }
  gboolean ok = draw_random_models (work, seed, error)
                && smear_probe_run (part->dataset, chosen, seed, pool, progress,
                                    user_data, judge, work, error);
  for (gint cascade = 0; cascade < SMEAR_N_CASCADES; cascade++)
    g_clear_pointer (&work->random[cascade], smear_model_unref);
  return ok && (pictures == NULL || smear_audit_sheet_draw (pictures, error));
}

gboolean
smear_audit (const SmearAuditPart *parts, guint n_parts, guint limit, guint64 seed,
             const char *sheet, SmearPool *pool, SmearProgressFunc progress,
             gpointer user_data, SmearAudit *audit, GError **error)
{
  g_autoptr (GArray) images = g_array_new (FALSE, TRUE, sizeof (SmearAudited));
  Work work = { .images = images, .audit = audit };
  gboolean ok = TRUE;

  g_return_val_if_fail (n_parts > 0, FALSE);
  *audit = (SmearAudit){ .within_cells = smear_model_judges_cells (parts[0].model) };
  if (sheet != NULL && g_mkdir_with_parents (sheet, 0777) != 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot make this folder",
                   sheet);
      return FALSE;
    }
  g_mutex_init (&work.mutex);
  for (guint i = 0; ok && i < n_parts; i++)
    ok = audit_part (&work, &parts[i], limit > 0 ? MAX (limit / n_parts, 1) : 0, seed,
                     i == 0 ? sheet : NULL, pool, progress, user_data, error);
  g_mutex_clear (&work.mutex);
  if (ok)
    {
      take_means (audit);
      take_intervals (audit, images);
    }
  return ok;
}
