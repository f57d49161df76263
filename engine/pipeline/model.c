#include "pipeline/calibration.h"
#include "pipeline/model-file.h"
#include "pipeline/network-file.h"
#include "pipeline/preprocess.h"
#include "pipeline/weights-path.h"

#include <math.h>
#include <string.h>

struct _SmearModel
{
  gatomicrefcount refs;
  SmearTensors *tensors;
  SmearNetwork *net;
  char *path, *hash;
  SmearCalibration calibration;
  gdouble threshold;
  GMutex mutex; /* hash and idle workspaces */
  GArray *idle;
};

typedef struct
{
  gint n_threads;
  SmearWorkspace *workspace;
} Idle;

static void
clear_idle (gpointer data)
{
  smear_workspace_free (((Idle *)data)->workspace);
}

/* Leaves @value as it is where the metadata do not give one. */
static gboolean
take_number (const SmearTensors *tensors, const char *key, gdouble low, gdouble high,
             const char *file, gdouble *value, GError **error)
{
  const char *text = g_hash_table_lookup (tensors->metadata, key);
  char *end = NULL;
  gdouble given = text != NULL ? g_ascii_strtod (text, &end) : 0;

  if (text == NULL)
    return TRUE;
  if (end == text || *end != '\0' || !isfinite (given))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_MODEL,
                   "%s: not a usable weights file: its %s is no number: “%s”", file, key,
                   text);
      return FALSE;
    }
  *value = CLAMP (given, low, high);
  return TRUE;
}

static gboolean
take_calibration (SmearModel *model, const SmearTensors *tensors, const char *file,
                  GError **error)
{
  SmearCalibration *calibration = &model->calibration;

  calibration->temperature = 1;
  return take_number (tensors, "temperature", 0.05, 20, file, &calibration->temperature,
                      error)
         && take_number (tensors, "one_cell_temperature", 0.05, 20, file,
                         &calibration->one_cell, error)
         && take_number (tensors, "few_cells", 0, 100, file, &calibration->few_cells,
                         error)
         && take_number (tensors, "threshold", 0, 1, file, &model->threshold, error);
}

static gboolean
takes_cells (const SmearNetwork *net)
{
  return strcmp (net->architecture, "cell") == 0;
}

/* What is done to an image before the network sees it: the weights have learnt it too. */
static const char *
preprocessing_for (const SmearNetwork *net)
{
  return takes_cells (net)
             ? "leukocytes at 0.40 um/px, background hidden, white balance, colour "
               "smoothed, 0..1"
             : "median 3x3, resize, 0..1";
}

/* A network of cells is fed with pictures of one size, whatever the file says of it. */
static gboolean
check_preprocessing (const SmearTensors *tensors, const SmearNetwork *net,
                     const char *file, GError **error)
{
  const char *theirs = g_hash_table_lookup (tensors->metadata, "preprocessing");
  gint side = smear_network_layer (net, 0)->h;

  if (takes_cells (net) && side != SMEAR_CELL_SIZE)
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_MODEL,
          "%s: not a usable weights file: cells are judged in %d pixels, and its "
          "input_size is %d",
          file, SMEAR_CELL_SIZE, side);
      return FALSE;
    }
  if (theirs == NULL || g_str_equal (theirs, preprocessing_for (net)))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_MODEL,
               "%s: trained on images prepared otherwise than this version does (%s), so "
               "its answers would be wrong; train it anew, or use the version it is from",
               file, theirs);
  return FALSE;
}

SmearModel *
smear_model_load (const char *path, GError **error)
{
  g_autofree char *file = smear_weights_find (path, error);

  if (file == NULL)
    return NULL;
  g_autoptr (SmearTensors) tensors = smear_tensors_open (file, error);
  if (tensors == NULL)
    return NULL;
  g_autoptr (SmearNetwork) net = smear_network_from_tensors (tensors, file, error);
  if (net == NULL || !check_preprocessing (tensors, net, file, error))
    return NULL;
  smear_network_prepare (net, smear_kernels_get (smear_cpu_isa ()));

  SmearModel *model = g_new0 (SmearModel, 1);
  g_atomic_ref_count_init (&model->refs);
  g_mutex_init (&model->mutex);
  model->idle = g_array_new (FALSE, FALSE, sizeof (Idle));
  g_array_set_clear_func (model->idle, clear_idle);
  gboolean ok = take_calibration (model, tensors, file, error);
  model->tensors = g_steal_pointer (&tensors);
  model->net = g_steal_pointer (&net);
  model->path = g_steal_pointer (&file);
  if (!ok)
    g_clear_pointer (&model, smear_model_unref);
  return model;
}

SmearModel *
smear_model_ref (SmearModel *model)
{
  g_atomic_ref_count_inc (&model->refs);
  return model;
}

void
smear_model_unref (SmearModel *model)
{
  if (!g_atomic_ref_count_dec (&model->refs))
    return;
  g_array_unref (model->idle);
  smear_network_free (model->net);
  smear_tensors_free (model->tensors);
  g_mutex_clear (&model->mutex);
  g_free (model->path);
  g_free (model->hash);
  g_free (model);
}

const char *
smear_model_get_name (const SmearModel *model)
{
  const char *name = smear_model_get_metadata (model, "name");

  return name != NULL ? name : model->net->architecture;
}

const char *
smear_model_get_path (const SmearModel *model)
{
  return model->path;
}

const char *
smear_model_get_hash (SmearModel *model)
{
  g_mutex_lock (&model->mutex);
  if (model->hash == NULL)
    model->hash = g_compute_checksum_for_data (
        G_CHECKSUM_SHA256, (guchar *)g_mapped_file_get_contents (model->tensors->file),
        g_mapped_file_get_length (model->tensors->file));
  g_mutex_unlock (&model->mutex);
  return model->hash;
}

const char *
smear_model_get_metadata (const SmearModel *model, const char *key)
{
  return g_hash_table_lookup (model->tensors->metadata, key);
}

const SmearNetwork *
smear_model_network (const SmearModel *model)
{
  return model->net;
}

gboolean
smear_model_judges_cells (const SmearModel *model)
{
  return takes_cells (model->net);
}

gint
smear_model_input_size (const SmearModel *model)
{
  return smear_network_layer (model->net, 0)->h;
}

gfloat
smear_model_temperature (const SmearModel *model, guint n_cells)
{
  return smear_calibration_at (&model->calibration, n_cells);
}

gfloat
smear_model_threshold (const SmearModel *model)
{
  return model->threshold;
}

SmearWorkspace *
smear_model_borrow_workspace (SmearModel *model, gint n_threads)
{
  SmearWorkspace *found = NULL;

  g_mutex_lock (&model->mutex);
  for (guint i = 0; found == NULL && i < model->idle->len; i++)
    if (g_array_index (model->idle, Idle, i).n_threads == n_threads)
      {
        found = g_array_index (model->idle, Idle, i).workspace;
        g_array_index (model->idle, Idle, i) = g_array_index (model->idle, Idle,
                                                              model->idle->len - 1);
        /* Shorten without clearing: the workspace lives on. */
        g_array_set_clear_func (model->idle, NULL);
        g_array_set_size (model->idle, model->idle->len - 1);
        g_array_set_clear_func (model->idle, clear_idle);
      }
  g_mutex_unlock (&model->mutex);
  return found != NULL ? found : smear_workspace_new (model->net, n_threads);
}

void
smear_model_return_workspace (SmearModel *model, gint n_threads,
                              SmearWorkspace *workspace)
{
  Idle idle = { n_threads, workspace };

  g_mutex_lock (&model->mutex);
  g_array_append_val (model->idle, idle);
  g_mutex_unlock (&model->mutex);
}

static void
put (GHashTable *metadata, const char *key, char *value)
{
  g_hash_table_insert (metadata, g_strdup (key), value);
}

gboolean
smear_model_write (const char *path, const SmearNetwork *net, GHashTable *metadata,
                   GError **error)
{
  g_autoptr (GArray) tensors = g_array_new (FALSE, FALSE, sizeof (SmearTensor));

  put (metadata, "architecture", g_strdup (net->architecture));
  put (metadata, "input_size", g_strdup_printf ("%d", smear_network_layer (net, 0)->h));
  put (metadata, "classes", g_strdup ("Benign,Early,Pre,Pro"));
  put (metadata, "judges", g_strdup (takes_cells (net) ? "cells" : "field"));
  put (metadata, "preprocessing", g_strdup (preprocessing_for (net)));
  smear_network_append_tensors (net, tensors);
  gboolean ok = smear_tensors_write (path, metadata, tensors, error);
  for (guint i = 0; i < tensors->len; i++)
    g_free (g_array_index (tensors, SmearTensor, i).name);
  return ok;
}
