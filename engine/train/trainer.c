#include "train/trainer.h"
#include "nn/step.h"
#include "nn/workspace.h"
#include "pipeline/preprocess.h"
#include "train/checkpoint.h"

#include <math.h>
#include <string.h>

/* What one step works on. */
typedef struct
{
  const SmearDataset *dataset;
  const SmearTraining *how;
  SmearPool *pool;
  gint classes;
  guint64 epoch_seed;

  gint n; /* pictures in the batch */
  const guint8 *pictures[1024];
  guint64 seeds[1024];
  gfloat density[1024][3]; /* what that of the picture is multiplied by */
  gint groups[1024];
  gint labels[1024]; /* by group */
  gint n_groups;
  gfloat *input, *targets, *doutputs, *probabilities;
} Batch;

static gint
most_pictures (const SmearTraining *how)
{
  return how->batch * how->pictures;
}

static void
batch_init (Batch *b, const SmearNetwork *net, const SmearDataset *dataset,
            const SmearTraining *how, SmearPool *pool)
{
  gint n = most_pictures (how), classes = smear_network_n_outputs (net);

  *b = (Batch){ .dataset = dataset, .how = how, .pool = pool, .classes = classes };
  b->input = smear_aligned_new ((gsize)n * dataset->size * dataset->size * 3
                                * sizeof (gfloat));
  b->targets = g_new0 (gfloat, n * classes);
  b->doutputs = g_new0 (gfloat, n * classes);
  b->probabilities = g_new0 (gfloat, n * classes);
}

static void
batch_clear (Batch *b)
{
  smear_aligned_free (b->input);
  g_free (b->targets);
  g_free (b->doutputs);
  g_free (b->probabilities);
}

static void
augment_one (gpointer data, gint i, gint thread)
{
  Batch *b = data;
  gint size = b->dataset->size;
  SmearRandom random = smear_random (b->seeds[i]);

  smear_augment (b->pictures[i], size, &b->how->augmentation, b->density[i], &random,
                 b->input + (gsize)i * size * size * 3);
}

/* How much paler or darker one field's stain may be made like another's. */
#define MOST_TIMES_DENSITY 4.0f

/* Draws the sample's pictures without repetition, in the stain of @donor's. */
static void
add_sample (Batch *b, gint index, gint donor, guint64 seed)
{
  const gdouble *stain = smear_dataset_sample (b->dataset, donor)->density.cells;
  const SmearSample *sample = smear_dataset_sample (b->dataset, index);
  SmearRandom random = smear_random (seed);
  gsize bytes = (gsize)b->dataset->size * b->dataset->size * 3;
  g_autofree gint *order = g_new (gint, MAX (sample->n_pictures, 1));

  for (gint i = 0; i < sample->n_pictures; i++)
    order[i] = i;
  smear_random_shuffle (&random, order, sample->n_pictures);
  for (gint i = 0; i < MIN (sample->n_pictures, b->how->pictures); i++)
    {
      gfloat *target = b->targets + (gsize)b->n * b->classes;
      for (gint c = 0; c < b->classes; c++)
        target[c] = b->how->smoothing / b->classes
                    + (c == (gint)sample->label ? 1 - b->how->smoothing : 0);
      gboolean shrunk = smear_random_below (&random, 2) && sample->shrunk != NULL;
      b->pictures[b->n] = (shrunk ? sample->shrunk : sample->pictures) + order[i] * bytes;
      b->seeds[b->n] = smear_random_next (&random);
      for (gint c = 0; c < 3; c++)
        b->density[b->n][c] = donor == index
                                  ? 1
                                  : CLAMP (stain[c] / sample->density.cells[c],
                                           1 / MOST_TIMES_DENSITY, MOST_TIMES_DENSITY);
      if (i == 0 || !b->how->together)
        b->labels[b->n_groups++] = sample->label;
      b->groups[b->n++] = b->n_groups - 1;
    }
}

static gint
n_right (const Batch *b)
{
  gint right = 0;

  for (gint g = 0; g < b->n_groups; g++)
    {
      const gfloat *p = b->probabilities + (gsize)g * b->classes;
      gint best = 0;
      for (gint c = 1; c < b->classes; c++)
        if (p[c] > p[best])
          best = c;
      right += best == b->labels[g];
    }
  return right;
}

/* The samples of an epoch in the order it sees them. Balanced: each class as often as the
 * mean, by drawing whole rounds of its samples. */
static GArray *
epoch_order (const SmearDataset *dataset, GArray *train, gint classes, gboolean balanced,
             guint64 seed)
{
  SmearRandom random = smear_random (seed);
  GArray *order = g_array_new (FALSE, FALSE, sizeof (gint));

  for (gint c = 0; c < (balanced ? classes : 1); c++)
    {
      g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (gint));
      for (guint i = 0; i < train->len; i++)
        {
          gint index = g_array_index (train, gint, i);
          const SmearSample *sample = smear_dataset_sample (dataset, index);
          if (sample->n_pictures > 0 && (!balanced || (gint)sample->label == c))
            g_array_append_val (own, index);
        }
      gsize want = balanced ? train->len / classes : own->len;
      for (gsize done = 0; own->len > 0 && done < want; done += own->len)
        {
          smear_random_shuffle (&random, (gint *)own->data, own->len);
          g_array_append_vals (order, own->data, MIN (own->len, want - done));
        }
    }
  smear_random_shuffle (&random, (gint *)order->data, order->len);
  return order;
}

static void
adam_step (SmearNetwork *net, SmearStep *step, SmearTrainingState *state,
           const SmearKernels *k, gdouble rate, gdouble decay)
{
  state->step++;
  SmearAdam adam = { .rate = rate,
                     .beta1 = 0.9f,
                     .beta2 = 0.999f,
                     .epsilon = 1e-7f,
                     .correct1 = 1 / (1 - pow (0.9, state->step)),
                     .correct2 = 1 / (1 - pow (0.999, state->step)) };

  for (guint i = 0; i < net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (net, i);
      if (!p->trained)
        continue;
      adam.decay = p->n_dims > 1 ? decay : 0;
      k->adam (&adam, p->values, smear_step_gradient (step, i), state->first[i],
               state->second[i], p->n);
    }
}

static gdouble
rate_at (const SmearTraining *how, gdouble done)
{
  return how->cosine ? how->rate * (1 + cos (G_PI * done)) / 2 : how->rate;
}

/* Draws and augments samples @first to @end - 1 of @order. */
static void
fill (Batch *b, GArray *order, guint first, guint end)
{
  b->n = b->n_groups = 0;
  for (guint i = first; i < end; i++)
    {
      guint64 seed = smear_hash (b->epoch_seed, i);
      SmearRandom random = smear_random (smear_hash (seed, 1));
      gboolean restained = smear_random_uniform (&random, 0, 1) < b->how->restain;
      guint donor = restained ? smear_random_below (&random, order->len) : i;
      add_sample (b, g_array_index (order, gint, i), g_array_index (order, gint, donor),
                  seed);
    }
  smear_pool_run (b->pool, augment_one, b, b->n);
}

/* Running statistics trail behind the weights they belong to, and an answer in use
 * depends on them: so they are measured anew with the weights at rest (Wu and Johnson,
 * "Rethinking 'Batch' in BatchNorm", 2021). */
static void
settle_statistics (SmearStep *step, Batch *b, GArray *train, guint64 seed)
{
  b->epoch_seed = smear_hash (seed, 1);
  g_autoptr (GArray) order = epoch_order (b->dataset, train, b->classes, b->how->balanced,
                                          b->epoch_seed);
  guint batch = b->how->batch, n = MIN (24, order->len / batch);

  for (guint i = 0; i < n; i++)
    {
      fill (b, order, i * batch, (i + 1) * batch);
      smear_step_set_momentum (step, 1.0f / (i + 1));
      smear_step_forward (step, b->input, b->n, 0);
    }
  smear_step_set_momentum (step, 0.1f);
}

static gboolean
run_epoch (SmearNetwork *net, SmearStep *step, Batch *b, GArray *train,
           SmearTrainingState *state, GCancellable *cancellable,
           SmearProgressFunc progress, gpointer user_data, SmearEpoch *result,
           GError **error)
{
  const SmearTraining *how = b->how;
  gdouble loss = 0;
  gint right = 0, groups = 0;

  b->epoch_seed = smear_hash (how->seed, state->epoch + 1);
  g_autoptr (GArray) order = epoch_order (b->dataset, train, b->classes, how->balanced,
                                          b->epoch_seed);
  for (guint first = 0; first < order->len; first += how->batch)
    {
      guint end = MIN (first + how->batch, order->len);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      fill (b, order, first, end);
      const gfloat *outputs = smear_step_forward (
          step, b->input, b->n, smear_hash (b->epoch_seed, ~(guint64)first));
      gdouble batch_loss = smear_cross_entropy (outputs, b->targets, b->groups, b->n,
                                                b->classes, b->doutputs,
                                                b->probabilities);
      smear_step_backward (step, b->doutputs);
      gdouble done = (state->epoch + (gdouble)first / order->len) / how->epochs;
      adam_step (net, step, state, smear_kernels_get (smear_cpu_isa ()),
                 rate_at (how, done), how->decay);
      loss += batch_loss * b->n_groups;
      right += n_right (b);
      groups += b->n_groups;
      if (progress != NULL)
        progress ("training", (gdouble)end / order->len, user_data);
    }
  result->loss = groups > 0 ? loss / groups : NAN;
  result->accuracy = groups > 0 ? (gdouble)right / groups : NAN;
  return TRUE;
}

void
smear_predict_samples (const SmearNetwork *net, const SmearDataset *dataset,
                       GArray *samples, gint most_pictures, gint n_threads,
                       gfloat *probabilities, gfloat *logits)
{
  g_autoptr (SmearWorkspace) ws = smear_workspace_new (net, n_threads);
  gint classes = smear_network_n_outputs (net);
  gsize picture = (gsize)dataset->size * dataset->size * 3;

  for (guint s = 0; s < samples->len; s++)
    {
      const SmearSample *sample = smear_dataset_sample (dataset,
                                                        g_array_index (samples, gint, s));
      gfloat *p = probabilities + (gsize)s * classes;
      memset (p, 0, classes * sizeof (gfloat));
      gint n = MIN (sample->n_pictures, most_pictures);
      if (n == 0)
        continue;
      g_autofree gfloat *input = g_new (gfloat, n * picture);
      g_autofree gfloat *out = g_new (gfloat, n * classes);
      for (gint i = 0; i < n; i++)
        smear_bytes_to_floats (sample->pictures + i * sample->n_pictures / n * picture,
                               picture, input + i * picture);
      smear_workspace_run (ws, input, n, out);
      for (gint i = 0; i < n; i++)
        for (gint c = 0; c < classes; c++)
          p[c] += out[i * classes + c] / n;
      if (logits != NULL)
        memcpy (logits + (gsize)s * classes, p, classes * sizeof (gfloat));
      smear_softmax (p, classes);
    }
}

/* After each epoch, so with no more pictures of a sample than an epoch sees. */
static void
validate (SmearNetwork *net, const Batch *b, GArray *samples, SmearEpoch *result)
{
  result->validation_loss = result->validation_accuracy = NAN;
  if (samples == NULL || samples->len == 0)
    return;
  g_autofree gfloat *p = g_new (gfloat, samples->len * b->classes);
  gdouble loss = 0;
  gint right = 0;
  smear_network_prepare (net, smear_kernels_get (smear_cpu_isa ()));
  smear_predict_samples (net, b->dataset, samples, b->how->pictures,
                         smear_pool_n_threads (b->pool), p, NULL);
  for (guint s = 0; s < samples->len; s++)
    {
      const SmearSample *sample = smear_dataset_sample (b->dataset,
                                                        g_array_index (samples, gint, s));
      const gfloat *own = p + s * b->classes;
      gint best = 0;
      for (gint c = 1; c < b->classes; c++)
        if (own[c] > own[best])
          best = c;
      right += sample->n_pictures > 0 && best == (gint)sample->label;
      loss -= log (MAX (own[sample->label], 1e-12));
    }
  result->validation_loss = loss / samples->len;
  result->validation_accuracy = (gdouble)right / samples->len;
}

static char *
recipe (const SmearNetwork *net, const SmearTraining *t, GArray *train)
{
  const SmearAugmentation *a = &t->augmentation;
  guint64 samples = 0;

  for (guint i = 0; i < train->len; i++)
    samples = smear_hash (samples, g_array_index (train, gint, i));
  return g_strdup_printf (
      "%s of %d; %d epochs of %u samples (%016" G_GINT64_MODIFIER
      "x), batch %d, %d pictures%s; "
      "Adam %g%s, decay %g, smoothing %g, restain %g%s; rotation %g%s, zoom %g, "
      "brightness %g, "
      "balance %g, "
      "stain %g, saturation %g, gamma %g, noise %g, blur %g, grey %g; seed "
      "%" G_GUINT64_FORMAT,
      net->architecture, smear_network_layer (net, 0)->h, t->epochs, train->len, samples,
      t->batch, t->pictures, t->together ? " together" : "", t->rate,
      t->cosine ? " cosine" : "", t->decay, t->smoothing, t->restain,
      t->balanced ? ", balanced" : "", a->rotation, a->flip ? ", flips" : "", a->zoom,
      a->brightness, a->balance, a->stain, a->saturation, a->gamma, a->noise, a->blur,
      a->grey, t->seed);
}

gboolean
smear_train (SmearNetwork *net, const SmearDataset *dataset, GArray *train,
             GArray *validation, const SmearTraining *how, SmearPool *pool,
             const char *checkpoint, GCancellable *cancellable,
             SmearProgressFunc progress, SmearEpochFunc epoch_done, gpointer user_data,
             GError **error)
{
  SmearTrainingState state;
  Batch batch;
  GError *local = NULL;
  gboolean ok = TRUE;

  if (how->batch < 1 || how->pictures < 1
      || (gint64)how->batch * how->pictures > (gint64)G_N_ELEMENTS (batch.pictures))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "a batch may hold 1 to %d pictures",
                   (gint)G_N_ELEMENTS (batch.pictures));
      return FALSE;
    }
  smear_network_initialise (net, how->seed);
  smear_training_state_init (&state, net, recipe (net, how, train));
  if (checkpoint != NULL)
    smear_checkpoint_read (checkpoint, net, &state, &local);
  ok = local == NULL;
  batch_init (&batch, net, dataset, how, pool);
  SmearStep *step = smear_step_new (net, most_pictures (how), pool,
                                    smear_kernels_get (smear_cpu_isa ()));
  while (ok && state.epoch < how->epochs)
    {
      gint64 began = g_get_monotonic_time ();
      SmearEpoch result = { .epoch = state.epoch + 1 };
      ok = run_epoch (net, step, &batch, train, &state, cancellable, progress, user_data,
                      &result, &local);
      if (!ok)
        break;
      state.epoch++;
      settle_statistics (step, &batch, train, how->seed);
      validate (net, &batch, validation, &result);
      result.seconds = (g_get_monotonic_time () - began) / 1e6;
      if (epoch_done != NULL)
        epoch_done (&result, how->epochs, user_data);
      if (checkpoint != NULL)
        ok = smear_checkpoint_write (checkpoint, net, &state, &local);
    }
  smear_step_free (step);
  batch_clear (&batch);
  smear_training_state_clear (&state, net);
  if (local != NULL)
    g_propagate_error (error, local);
  return ok;
}
