/* Our engine as one side of a benchmark: times single runs on demand, so that a driver
 * can take turns with a rival.
 *
 * bench-network               reads lines "TASK BATCH THREADS" and answers each with one
 *                             number, the milliseconds of one run for these tasks:
 *                               classify  forward
 *                               explain   forward of one image and its heat map
 *                               train     forward, backward and Adam
 *                             and, whatever the batch, for these:
 *                               roof      GFLOP/s of multiply-adds in 32-bit floats
 *                               gmac      milliards of multiply-adds of a forward pass
 * bench-network --onnx FILE   writes the very network for the rival
 * bench-network --kernels     says which instruction set is in use
 *
 * The published network with random weights: speed does not depend on them.
 */
#include "bench/roof.h"
#include "explain/grad-cam.h"
#include "nn/architectures.h"
#include "nn/onnx-export.h"
#include "nn/step.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_BATCH 32
#define MAX_THREADS 64
#define SIDE 224
#define CLASSES 4

typedef struct
{
  SmearNetwork *net;
  gfloat *input, *outputs;
  SmearWorkspace *workspaces[MAX_THREADS + 1];
  /* training */
  gint64 t; /* steps done */
  SmearStep *steps[MAX_THREADS + 1];
  gfloat *targets, *doutputs, *probabilities;
  gfloat **first, **second; /* Adam's moments, by parameter */
} Bench;

static void
prepare_training (Bench *b)
{
  guint n = b->net->parameters->len;

  b->targets = g_new0 (gfloat, MAX_BATCH * CLASSES);
  b->doutputs = g_new (gfloat, MAX_BATCH * CLASSES);
  b->probabilities = g_new (gfloat, MAX_BATCH * CLASSES);
  for (gint i = 0; i < MAX_BATCH; i++)
    b->targets[i * CLASSES + i % CLASSES] = 1;
  b->first = g_new (gfloat *, n);
  b->second = g_new (gfloat *, n);
  for (guint i = 0; i < n; i++)
    {
      gsize bytes = smear_network_parameter (b->net, i)->n * sizeof (gfloat);
      b->first[i] = smear_aligned_new (bytes);
      b->second[i] = smear_aligned_new (bytes);
    }
}

/* As the trainer does it. */
static void
train (Bench *b, gint batch, SmearStep *step)
{
  gint64 t = ++b->t;
  SmearAdam adam = { .rate = 1e-3f,
                     .beta1 = 0.9f,
                     .beta2 = 0.999f,
                     .epsilon = 1e-7f,
                     .correct1 = 1 / (1 - pow (0.9, t)),
                     .correct2 = 1 / (1 - pow (0.999, t)) };
  const gfloat *outputs = smear_step_forward (step, b->input, batch, t);

  smear_cross_entropy (outputs, b->targets, NULL, batch, CLASSES, b->doutputs,
                       b->probabilities);
  smear_step_backward (step, b->doutputs);
  for (guint i = 0; i < b->net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (b->net, i);
      if (p->trained)
        b->net->kernels->adam (&adam, p->values, smear_step_gradient (step, i),
                               b->first[i], b->second[i], p->n);
    }
}

static gdouble
milliseconds_since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1000.0;
}

static gdouble
time_training (Bench *b, gint batch, gint threads)
{
  if (b->first == NULL)
    prepare_training (b);
  if (b->steps[threads] == NULL)
    b->steps[threads] = smear_step_new (b->net, MAX_BATCH, smear_pool_new (threads),
                                        b->net->kernels);
  gint64 start = g_get_monotonic_time ();
  train (b, batch, b->steps[threads]);
  return milliseconds_since (start);
}

static gdouble
time_forward (Bench *b, gboolean explain, gint batch, gint threads)
{
  if (b->workspaces[threads] == NULL)
    b->workspaces[threads] = smear_workspace_new (b->net, threads);
  gint64 start = g_get_monotonic_time ();
  if (explain)
    smear_heat_map_free (
        smear_grad_cam (b->workspaces[threads], b->net, b->input, -1, b->outputs));
  else
    smear_workspace_run (b->workspaces[threads], b->input, batch, b->outputs);
  return milliseconds_since (start);
}

/* Negative: no such task. */
static gdouble
answer (Bench *b, const char *task, gint batch, gint threads)
{
  if (batch < 1 || batch > MAX_BATCH || threads < 1 || threads > MAX_THREADS)
    return -1;
  if (strcmp (task, "classify") == 0 || strcmp (task, "explain") == 0)
    return time_forward (b, task[0] == 'e', batch, threads);
  if (strcmp (task, "train") == 0)
    return time_training (b, batch, threads);
  if (strcmp (task, "roof") == 0)
    return bench_roof (threads);
  if (strcmp (task, "gmac") == 0)
    return smear_network_multiply_adds (b->net) / 1e9;
  return -1;
}

static int
export_onnx (const SmearNetwork *net, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (smear_network_export_onnx (net, 1, NULL, 0, path, &error))
    return 0;
  fprintf (stderr, "bench-network: %s\n", error->message);
  return 2;
}

int
main (int argc, char **argv)
{
  g_autoptr (SmearNetwork) net = smear_architecture_new ("published-cnn", SIDE, CLASSES,
                                                         NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gsize n = (gsize)MAX_BATCH * SIDE * SIDE * 3;
  Bench b = { .net = net };
  gint batch, threads;
  char task[16];

  smear_network_initialise (net, 1);
  if (argc == 3 && strcmp (argv[1], "--onnx") == 0)
    return export_onnx (net, argv[2]);
  if (argc == 2 && strcmp (argv[1], "--kernels") == 0)
    return puts (smear_isa_name (smear_cpu_isa ())) < 0;
  smear_network_prepare (net, smear_kernels_get (smear_cpu_isa ()));
  b.input = g_new (gfloat, n);
  b.outputs = g_new (gfloat, MAX_BATCH * CLASSES);
  for (gsize i = 0; i < n; i++)
    b.input[i] = g_rand_double (random);
  while (scanf ("%15s %d %d", task, &batch, &threads) == 3)
    {
      gdouble number = answer (&b, task, batch, threads);
      if (number < 0)
        {
          fprintf (stderr, "bench-network: cannot do “%s %d %d”\n", task, batch, threads);
          return 2;
        }
      printf ("%.4f\n", number);
      fflush (stdout);
    }
  /* The process ends here, and everything with it. */
  return 0;
}
