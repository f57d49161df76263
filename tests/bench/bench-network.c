/* Our engine as one side of a benchmark: times single runs on demand, so that a driver
 * can take turns with a rival.
 *
 * Reads lines "classify BATCH THREADS" or "explain 1 THREADS" on stdin and answers each
 * with the milliseconds of one run. The network has random weights: speed does not depend
 * on them.
 */
#include "base/cpu.h"
#include "nn/architectures.h"
#include "nn/workspace.h"

#include <stdio.h>
#include <string.h>

#define MAX_BATCH 64
#define MAX_THREADS 64

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearNetwork) net = smear_architecture_new (
      argc > 1 ? argv[1] : "published-cnn", 224, 4, &error);
  SmearWorkspace *workspaces[MAX_THREADS + 1] = { NULL };
  char task[16];
  gint batch, threads;

  if (!net)
    {
      g_printerr ("bench-network: %s\n", error->message);
      return 2;
    }
  smear_network_initialise (net, 1);
  smear_network_prepare (net, smear_kernels_get (smear_cpu_isa ()));

  const SmearLayer *first = smear_network_layer (net, 0);
  gsize n = smear_layer_size (first);
  g_autofree gfloat *input = g_new (gfloat, MAX_BATCH * n);
  g_autofree gfloat *outputs = g_new (gfloat, MAX_BATCH * smear_network_n_outputs (net));
  gint layer, h, w, c;
  smear_network_explained (net, &layer, &h, &w, &c);
  g_autofree gfloat *weights = g_new (gfloat, c);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (gsize i = 0; i < MAX_BATCH * n; i++)
    input[i] = (gfloat)g_rand_double (random);

  while (scanf ("%15s %d %d", task, &batch, &threads) == 3)
    {
      if (batch < 1 || batch > MAX_BATCH || threads < 1 || threads > MAX_THREADS)
        {
          g_printerr ("bench-network: batch 1 to %d, threads 1 to %d\n", MAX_BATCH,
                      MAX_THREADS);
          return 2;
        }
      if (!workspaces[threads])
        workspaces[threads] = smear_workspace_new (net, threads);

      gint64 start = g_get_monotonic_time ();
      if (strcmp (task, "explain") == 0)
        smear_workspace_explain (workspaces[threads], input, outputs, -1, weights);
      else
        smear_workspace_run (workspaces[threads], input, batch, outputs);
      printf ("%.4f\n", (g_get_monotonic_time () - start) / 1000.0);
      fflush (stdout);
    }

  for (gint i = 0; i <= MAX_THREADS; i++)
    g_clear_pointer (&workspaces[i], smear_workspace_free);
  return 0;
}
