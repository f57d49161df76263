/* Our engine as one side of a benchmark: times single runs on demand, so that a driver
 * can take turns with a rival.
 *
 * bench-network                reads lines "TASK BATCH THREADS" on stdin, where TASK is
 *                              classify, explain (of one image) or train, and answers
 * each with the milliseconds of one run bench-network --onnx FILE    exports the very
 * network for the rival
 *
 * The published network with random weights: speed does not depend on them.
 */
#include "base/cpu.h"
#include "nn/architectures.h"
#include "nn/onnx-export.h"
#include "nn/step.h"
#include "nn/workspace.h"

#include <stdio.h>
#include <string.h>

#define MAX_BATCH 64
#define MAX_THREADS 64
#define SIDE 224
#define CLASSES 4

typedef struct
{
  SmearNetwork *net;
  const SmearKernels *kernels;
  gfloat *input, *outputs, *weights;
  SmearWorkspace *workspaces[MAX_THREADS + 1];
  /* training */
  SmearNetwork *learning;
  SmearPool *pools[MAX_THREADS + 1];
  SmearStep *steps[MAX_THREADS + 1];
  gfloat *targets, *doutputs, *probabilities, *first, *second;
} Bench;

static SmearNetwork *
new_network (void)
{
  SmearNetwork *net = smear_architecture_new ("published-cnn", SIDE, CLASSES, NULL);

  smear_network_initialise (net, 1);
  return net;
}

static void
prepare_training (Bench *b)
{
  b->learning = new_network ();
  b->targets = g_new0 (gfloat, MAX_BATCH * CLASSES);
  b->doutputs = g_new (gfloat, MAX_BATCH * CLASSES);
  b->probabilities = g_new (gfloat, MAX_BATCH * CLASSES);
  for (gint i = 0; i < MAX_BATCH; i++)
    b->targets[i * CLASSES + i % CLASSES] = 1;
  b->first = g_new0 (gfloat, smear_network_n_parameters (b->learning));
  b->second = g_new0 (gfloat, smear_network_n_parameters (b->learning));
}

static void
train (Bench *b, gint batch, SmearStep *step)
{
  const SmearAdam adam = { .rate = 1e-3f,
                           .beta1 = 0.9f,
                           .beta2 = 0.999f,
                           .epsilon = 1e-7f,
                           .correct1 = 10,
                           .correct2 = 1000 };
  const gfloat *outputs = smear_step_forward (step, b->input, batch, 1);
  gsize at = 0;

  smear_cross_entropy (outputs, b->targets, NULL, batch, CLASSES, b->doutputs,
                       b->probabilities);
  smear_step_backward (step, b->doutputs);
  for (guint i = 0; i < b->learning->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (b->learning, i);

      if (!p->trained)
        continue;
      b->kernels->adam (&adam, p->values, smear_step_gradient (step, i), b->first + at,
                        b->second + at, p->n);
      at += p->n;
    }
}

static gboolean
run (Bench *b, const char *task, gint batch, gint threads)
{
  gboolean training = strcmp (task, "train") == 0;

  if (training && !b->steps[threads])
    {
      if (!b->learning)
        prepare_training (b);
      b->pools[threads] = smear_pool_new (threads);
      b->steps[threads] = smear_step_new (b->learning, MAX_BATCH, b->pools[threads],
                                          b->kernels);
    }
  if (!training && !b->workspaces[threads])
    b->workspaces[threads] = smear_workspace_new (b->net, threads);

  gint64 start = g_get_monotonic_time ();
  if (training)
    train (b, batch, b->steps[threads]);
  else if (strcmp (task, "classify") == 0)
    smear_workspace_run (b->workspaces[threads], b->input, batch, b->outputs);
  else if (strcmp (task, "explain") == 0)
    smear_workspace_explain (b->workspaces[threads], b->input, b->outputs, -1,
                             b->weights);
  else
    return FALSE;
  printf ("%.4f\n", (g_get_monotonic_time () - start) / 1000.0);
  fflush (stdout);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (SmearNetwork) net = new_network ();
  g_autoptr (GError) error = NULL;

  if (argc == 3 && strcmp (argv[1], "--onnx") == 0)
    {
      if (smear_network_export_onnx (net, 1, NULL, 0, argv[2], &error))
        return 0;
      g_printerr ("bench-network: %s\n", error->message);
      return 2;
    }

  Bench b = { .net = net, .kernels = smear_kernels_get (smear_cpu_isa ()) };
  gsize n = (gsize)MAX_BATCH * SIDE * SIDE * 3;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gint layer, h, w, c, batch, threads;
  char task[16];

  smear_network_prepare (net, b.kernels);
  smear_network_explained (net, &layer, &h, &w, &c);
  b.input = g_new (gfloat, n);
  b.outputs = g_new (gfloat, MAX_BATCH * CLASSES);
  b.weights = g_new (gfloat, c);
  for (gsize i = 0; i < n; i++)
    b.input[i] = (gfloat)g_rand_double (random);

  while (scanf ("%15s %d %d", task, &batch, &threads) == 3)
    if (batch < 1 || batch > MAX_BATCH || threads < 1 || threads > MAX_THREADS
        || !run (&b, task, batch, threads))
      {
        g_printerr ("bench-network: cannot do “%s %d %d”\n", task, batch, threads);
        return 2;
      }
  /* The process ends here, and everything with it. */
  return 0;
}
