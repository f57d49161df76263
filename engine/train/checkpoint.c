#include "train/checkpoint.h"
#include "pipeline/network-file.h"

#include <string.h>

void
smear_training_state_init (SmearTrainingState *state, const SmearNetwork *net,
                           char *recipe)
{
  *state = (SmearTrainingState){ .recipe = recipe };
  state->first = g_new0 (gfloat *, net->parameters->len);
  state->second = g_new0 (gfloat *, net->parameters->len);
  for (guint i = 0; i < net->parameters->len; i++)
    {
      state->first[i] = g_new0 (gfloat, smear_network_parameter (net, i)->n);
      state->second[i] = g_new0 (gfloat, smear_network_parameter (net, i)->n);
    }
}

void
smear_training_state_clear (SmearTrainingState *state, const SmearNetwork *net)
{
  for (guint i = 0; i < net->parameters->len; i++)
    {
      g_free (state->first[i]);
      g_free (state->second[i]);
    }
  g_free (state->first);
  g_free (state->second);
  g_free (state->recipe);
}

static void
append_moments (GArray *tensors, const SmearNetwork *net, const char *prefix,
                gfloat **moments)
{
  for (guint i = 0; i < net->parameters->len; i++)
    {
      const SmearParameter *p = smear_network_parameter (net, i);
      SmearTensor t = { .name = g_strconcat (prefix, p->name, NULL),
                        .n_dims = 1,
                        .dims = { (gint64)p->n },
                        .n = p->n,
                        .values = moments[i] };
      g_array_append_val (tensors, t);
    }
}

gboolean
smear_checkpoint_write (const char *path, const SmearNetwork *net,
                        const SmearTrainingState *state, GError **error)
{
  g_autoptr (GArray) tensors = g_array_new (FALSE, FALSE, sizeof (SmearTensor));
  g_autoptr (GHashTable) metadata = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                           g_free);

  g_hash_table_insert (metadata, "recipe", g_strdup (state->recipe));
  g_hash_table_insert (metadata, "epoch", g_strdup_printf ("%d", state->epoch));
  g_hash_table_insert (metadata, "step",
                       g_strdup_printf ("%" G_GINT64_FORMAT, state->step));
  smear_network_append_tensors (net, tensors);
  append_moments (tensors, net, "first.", state->first);
  append_moments (tensors, net, "second.", state->second);
  gboolean ok = smear_tensors_write (path, metadata, tensors, error);
  for (guint i = 0; i < tensors->len; i++)
    g_free (g_array_index (tensors, SmearTensor, i).name);
  return ok;
}

static gboolean
copy (const SmearTensors *tensors, const char *prefix, const SmearParameter *p,
      gfloat *to)
{
  g_autofree char *name = g_strconcat (prefix, p->name, NULL);
  const SmearTensor *t = smear_tensors_find (tensors, name);

  if (t == NULL || t->n != p->n)
    return FALSE;
  memcpy (to, t->values, p->n * sizeof (gfloat));
  return TRUE;
}

gboolean
smear_checkpoint_read (const char *path, SmearNetwork *net, SmearTrainingState *state,
                       GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return FALSE;
  g_autoptr (SmearTensors) tensors = smear_tensors_open (path, error);
  if (tensors == NULL)
    return FALSE;
  const char *epoch = g_hash_table_lookup (tensors->metadata, "epoch");
  const char *step = g_hash_table_lookup (tensors->metadata, "step");
  gboolean ok = epoch != NULL && step != NULL
                && g_strcmp0 (g_hash_table_lookup (tensors->metadata, "recipe"),
                              state->recipe)
                       == 0;
  for (guint i = 0; ok && i < net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (net, i);
      ok = copy (tensors, "", p, p->values)
           && copy (tensors, "first.", p, state->first[i])
           && copy (tensors, "second.", p, state->second[i]);
    }
  if (!ok)
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_MODEL,
          "%s: belongs to another training; remove it or name another checkpoint", path);
      return FALSE;
    }
  state->epoch = (gint)g_ascii_strtoll (epoch, NULL, 10);
  state->step = g_ascii_strtoll (step, NULL, 10);
  return TRUE;
}
