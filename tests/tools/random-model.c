/* random-model ARCHITECTURE SIZE BATCH DIRECTORY: a network with values drawn from a
 * fixed seed, written for another runtime to compare with as model.safetensors, and
 * beside it input.f32 (channels first), noise, and what the engine answers to that:
 * logits.f32 and probabilities.f32.
 *
 * random-model WEIGHTS SIZE BATCH DIRECTORY: the same with the weights of a file,
 * answering to synthetic smears. */
#include "base/random.h"
#include "nn/architectures.h"
#include "nn/workspace.h"
#include "pipeline/model-file.h"
#include "pipeline/preprocess.h"

#include <smearscope/synthesise.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define CLASSES 4
#define TEMPERATURE 2.5

/* Running statistics, scales and biases that differ from channel to channel: what was
 * left out or mixed up shows. */
static void
draw_vectors (SmearNetwork *net, SmearRandom *random)
{
  for (guint i = 0; i < net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (net, i);
      gboolean around_one = p->values[0] == 1;
      for (gsize j = 0; p->n_dims == 1 && j < p->n; j++)
        p->values[j] = around_one ? smear_random_uniform (random, 0.6, 1.4)
                                  : smear_random_uniform (random, -0.2, 0.2);
    }
}

static gboolean
save (const char *directory, const char *name, const gfloat *values, gsize n,
      GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return g_file_set_contents (path, (const char *)values, n * sizeof (gfloat), error);
}

static gfloat *
channels_first (const gfloat *from, gint images, gint pixels, gint channels)
{
  gfloat *to = g_new (gfloat, (gsize)images * pixels * channels);

  for (gint i = 0; i < images; i++)
    for (gint c = 0; c < channels; c++)
      for (gint p = 0; p < pixels; p++)
        to[((gsize)i * channels + c) * pixels + p]
            = from[((gsize)i * pixels + p) * channels + c];
  return to;
}

static gboolean
answer (const SmearNetwork *net, gdouble temperature, const gfloat *input, gint size,
        gint batch, const char *directory, GError **error)
{
  gfloat out[64 * CLASSES];
  g_autoptr (SmearWorkspace) workspace = smear_workspace_new (net, 2);

  smear_workspace_run (workspace, input, batch, out);
  for (gint i = 0; i < batch * CLASSES; i++)
    out[i] /= temperature;
  g_autofree gfloat *turned = channels_first (input, batch, size * size, 3);
  if (!save (directory, "input.f32", turned, (gsize)batch * size * size * 3, error)
      || !save (directory, "logits.f32", out, batch * CLASSES, error))
    return FALSE;
  for (gint i = 0; i < batch; i++)
    smear_softmax (out + i * CLASSES, CLASSES);
  return save (directory, "probabilities.f32", out, batch * CLASSES, error);
}

static gboolean
run_random (const char *architecture, gint size, gint batch, const char *directory,
            GError **error)
{
  g_autoptr (SmearNetwork) net = smear_architecture_new (architecture, size, CLASSES,
                                                         error);
  SmearRandom random = smear_random (17);
  gsize n = (gsize)batch * size * size * 3;

  if (net == NULL)
    return FALSE;
  smear_network_initialise (net, 4);
  draw_vectors (net, &random);
  smear_network_prepare (net, smear_kernels_get (smear_cpu_isa ()));
  g_autofree char *path = g_build_filename (directory, "model.safetensors", NULL);
  g_autoptr (GHashTable) metadata = g_hash_table_new_full (g_str_hash, g_str_equal,
                                                           g_free, g_free);
  g_hash_table_insert (metadata, g_strdup ("temperature"),
                       g_strdup (G_STRINGIFY (TEMPERATURE)));
  if (!smear_model_write (path, net, metadata, error))
    return FALSE;

  g_autofree gfloat *input = g_new (gfloat, n);
  for (gsize i = 0; i < n; i++)
    input[i] = smear_random_uniform (&random, 0, 1);
  return answer (net, TEMPERATURE, input, size, batch, directory, error);
}

static gboolean
run_weights (const char *weights, gint size, gint batch, const char *directory,
             GError **error)
{
  g_autoptr (SmearModel) model = smear_model_load (weights, error);
  gsize bytes = (gsize)size * size * 3;
  g_autofree gfloat *input = g_new (gfloat, batch * bytes);

  if (model == NULL)
    return FALSE;
  for (gint i = 0; i < batch; i++)
    {
      SmearSynthesis what = { .width = size,
                              .height = size,
                              .um_per_pixel = 0.4,
                              .klass = i % SMEAR_N_CLASSES,
                              .seed = i + 1 };
      g_autoptr (SmearImage) smear = smear_synthesise (&what, NULL, error);
      if (smear == NULL)
        return FALSE;
      smear_bytes_to_floats (smear_image_get_pixels (smear), bytes, input + i * bytes);
    }
  return answer (
      smear_model_network (model),
      smear_model_temperature (model, smear_model_judges_cells (model) ? 1 : 0), input,
      size, batch, directory, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  gint size = argc == 5 ? atoi (argv[2]) : 0, batch = argc == 5 ? atoi (argv[3]) : 0;

  if (size < 16 || batch < 1 || batch > 64)
    {
      fputs ("usage: random-model ARCHITECTURE|WEIGHTS SIZE BATCH (1 to 64) DIRECTORY\n",
             stderr);
      return 2;
    }
  if ((g_str_has_suffix (argv[1], ".safetensors") ? run_weights : run_random) (
          argv[1], size, batch, argv[4], &error))
    return 0;
  fprintf (stderr, "random-model: %s\n", error->message);
  return 1;
}
