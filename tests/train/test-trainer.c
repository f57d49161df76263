/* Training: that it learns, and that it can be stopped and shared out without a trace. */
#include "nn/step.h"
#include "support/suite.h"
#include "train/trainer.h"

#include <glib/gstdio.h>
#include <math.h>

#define SIZE 16

static SmearDataset *
empty_dataset_new (void)
{
  SmearDataset *dataset = g_new0 (SmearDataset, 1);

  dataset->size = SIZE;
  dataset->samples = g_array_new (FALSE, TRUE, sizeof (SmearSample));
  return dataset;
}

/* Four classes of pictures told apart by where they are bright; every third sample has
 * two pictures of which one is noise. */
static SmearDataset *
dataset_new (gint n)
{
  SmearDataset *dataset = empty_dataset_new ();
  SmearRandom random = smear_random (12);

  for (gint i = 0; i < n; i++)
    {
      SmearSample s = { .label = i % 4, .fold = i % 5, .n_pictures = 1 + (i % 3 == 0) };
      gsize bytes = SIZE * SIZE * 3;
      s.pictures = g_malloc (s.n_pictures * bytes);
      for (gsize j = 0; j < s.n_pictures * bytes; j++)
        {
          gint x = j / 3 % SIZE, y = j / 3 / SIZE % SIZE;
          gint corner = (x >= SIZE / 2) + 2 * (y >= SIZE / 2);
          s.pictures[j] = smear_random_below (&random, 60)
                          + (corner == (gint)s.label && j < bytes ? 120 : 60);
        }
      g_array_append_val (dataset->samples, s);
    }
  return dataset;
}

/* Four classes told apart by nothing but how strongly they are stained. */
static SmearDataset *
stained_new (gint n)
{
  SmearDataset *dataset = empty_dataset_new ();
  SmearRandom random = smear_random (5);

  for (gint i = 0; i < n; i++)
    {
      gdouble density = 0.3 + 0.25 * (i % 4);
      SmearSample s = { .label = i % 4, .n_pictures = 1 };
      s.pictures = g_malloc (SIZE * SIZE * 3);
      for (gint j = 0; j < SIZE * SIZE * 3; j++)
        s.pictures[j] = 255 * exp (-density * smear_random_uniform (&random, 0.9, 1.1));
      for (gint c = 0; c < 3; c++)
        s.density.cells[c] = density;
      g_array_append_val (dataset->samples, s);
    }
  return dataset;
}

static void
dataset_free (SmearDataset *dataset)
{
  for (guint i = 0; i < dataset->samples->len; i++)
    g_free (smear_dataset_sample (dataset, i)->pictures);
  g_array_unref (dataset->samples);
  g_free (dataset);
}

static SmearNetwork *
network_new (void)
{
  SmearNetwork *net = smear_network_new ("test", SIZE, SIZE, 3);

  smear_add_conv (net, SMEAR_LAST, 8, 3, 3, 1, TRUE, TRUE);
  smear_add_relu (net, SMEAR_LAST);
  smear_add_norm (net, SMEAR_LAST);
  smear_add_max_pool (net, SMEAR_LAST, 2, 2, 0);
  smear_add_dense (net, SMEAR_LAST, 16);
  smear_add_relu (net, SMEAR_LAST);
  smear_add_dropout (net, SMEAR_LAST, 0.3f);
  smear_add_dense (net, SMEAR_LAST, 4);
  return net;
}

typedef struct
{
  gint n, stop_after;
  SmearEpoch last;
  GCancellable *cancellable;
} Watch;

static void
watch (const SmearEpoch *epoch, gint epochs, gpointer user_data)
{
  Watch *w = user_data;

  w->n++;
  w->last = *epoch;
  if (w->n == w->stop_after)
    g_cancellable_cancel (w->cancellable);
}

static const SmearTraining quick = { .epochs = 12,
                                     .batch = 8,
                                     .pictures = 2,
                                     .together = TRUE,
                                     .rate = 0.003,
                                     .seed = 3,
                                     .balanced = TRUE,
                                     .augmentation = { .brightness = 0.1f,
                                                       .zoom = 0.05f } };

/* Trains on the first 44 of 60 samples, which it frees; returns the parameters' bytes. */
static GBytes *
train_on (SmearDataset *dataset, const SmearTraining *how, gint threads,
          const char *checkpoint, gint stop_after, Watch *w, GError **error)
{
  g_autoptr (SmearNetwork) net = network_new ();
  g_autoptr (SmearPool) pool = smear_pool_new (threads);
  g_autoptr (GArray) learn = g_array_new (FALSE, FALSE, sizeof (gint));
  g_autoptr (GArray) keep = g_array_new (FALSE, FALSE, sizeof (gint));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GByteArray *bytes = g_byte_array_new ();

  *w = (Watch){ .stop_after = stop_after, .cancellable = cancellable };
  for (gint i = 0; i < 60; i++)
    g_array_append_val (i < 44 ? learn : keep, i);
  gboolean ok = smear_train (net, dataset, learn, keep, how, pool, checkpoint,
                             cancellable, NULL, watch, w, error);
  for (guint i = 0; ok && i < net->parameters->len; i++)
    g_byte_array_append (bytes, (guint8 *)smear_network_parameter (net, i)->values,
                         smear_network_parameter (net, i)->n * sizeof (gfloat));
  dataset_free (dataset);
  return g_byte_array_free_to_bytes (bytes);
}

static GBytes *
train (gint threads, const char *checkpoint, gint stop_after, Watch *w, GError **error)
{
  return train_on (dataset_new (60), &quick, threads, checkpoint, stop_after, w, error);
}

START_TEST (test_it_learns)
{
  g_autoptr (GError) error = NULL;
  Watch w;
  g_autoptr (GBytes) bytes = train (2, NULL, 0, &w, &error);

  ck_assert_no_error (error);
  ck_assert_uint_gt (g_bytes_get_size (bytes), 0);
  ck_assert_int_eq (w.n, quick.epochs);
  ck_assert_double_ge (w.last.validation_accuracy, 0.9);
  ck_assert_double_lt (w.last.loss, 0.7);
}
END_TEST

START_TEST (test_restained_samples_do_not_teach_their_stain)
{
  SmearTraining how = quick;
  Watch own, others;

  how.epochs = 20;
  g_autoptr (GBytes) bytes = train_on (stained_new (60), &how, 2, NULL, 0, &own, NULL);

  how.restain = 1;
  g_autoptr (GBytes) restained = train_on (stained_new (60), &how, 2, NULL, 0, &others,
                                           NULL);
  ck_assert_uint_eq (g_bytes_get_size (bytes), g_bytes_get_size (restained));
  ck_assert_double_ge (own.last.validation_accuracy, 0.9);
  ck_assert_double_le (others.last.accuracy, 0.6);
  ck_assert_double_le (others.last.validation_accuracy, 0.6);
}
END_TEST

START_TEST (test_threads_do_not_change_bits)
{
  Watch w;
  g_autoptr (GBytes) one = train (1, NULL, 0, &w, NULL);
  g_autoptr (GBytes) three = train (3, NULL, 0, &w, NULL);

  ck_assert (g_bytes_equal (one, three));
}
END_TEST

START_TEST (test_resumed_training_ends_at_the_same_bits)
{
  g_autofree char *folder = g_dir_make_tmp ("smear-XXXXXX", NULL);
  g_autofree char *checkpoint = g_build_filename (folder, "checkpoint", NULL);
  g_autoptr (GError) error = NULL;
  Watch w;
  g_autoptr (GBytes) whole = train (2, NULL, 0, &w, NULL);
  g_autoptr (GBytes) first = train (2, checkpoint, 2, &w, &error);

  ck_assert_uint_eq (g_bytes_get_size (first), 0);
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  ck_assert_int_eq (w.n, 2);
  g_clear_error (&error);
  g_autoptr (GBytes) resumed = train (2, checkpoint, 0, &w, &error);
  ck_assert_no_error (error);
  ck_assert_int_eq (w.n, quick.epochs - 2);
  ck_assert (g_bytes_equal (whole, resumed));
  g_unlink (checkpoint);
  g_rmdir (folder);
}
END_TEST

START_TEST (test_foreign_checkpoint_is_refused)
{
  g_autofree char *folder = g_dir_make_tmp ("smear-XXXXXX", NULL);
  g_autofree char *checkpoint = g_build_filename (folder, "checkpoint", NULL);
  g_autoptr (GError) error = NULL;
  Watch w;

  g_file_set_contents (checkpoint, "not a checkpoint", -1, NULL);
  g_bytes_unref (train (1, checkpoint, 0, &w, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_FORMAT, "checkpoint");
  ck_assert_int_eq (w.n, 0);
  g_unlink (checkpoint);
  g_rmdir (folder);
}
END_TEST

/* Two rows answer together, one alone. By hand: the means of the outputs are (1, 0) and
 * (0, 0); p = e / (e + 1) and 1/2; the loss is the mean of -log p. */
START_TEST (test_cross_entropy_by_hand)
{
  const gfloat outputs[] = { 3, 0, -1, 0, 0, 0 }, targets[] = { 1, 0, 1, 0, 0, 1 };
  const gint groups[] = { 0, 0, 1 };
  gfloat d[6], p[4];
  gdouble e = exp (1), first = e / (e + 1);
  gdouble loss = smear_cross_entropy (outputs, targets, groups, 3, 2, d, p);

  ck_assert_double_eq_tol (loss, (-log (first) - log (0.5)) / 2, 1e-6);
  ck_assert_float_eq_tol (p[0], first, 1e-6);
  ck_assert_float_eq_tol (p[3], 0.5, 1e-6);
  ck_assert_float_eq_tol (d[0], (first - 1) / 4,
                          1e-6); /* two groups, two rows in the first */
  ck_assert_float_eq_tol (d[2], d[0], 1e-9);
  ck_assert_float_eq_tol (d[5], (0.5 - 1) / 2, 1e-6);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("trainer");
  TCase *tcase = tcase_create ("trainer");

  tcase_set_timeout (tcase, 120);
  tcase_add_test (tcase, test_it_learns);
  tcase_add_test (tcase, test_restained_samples_do_not_teach_their_stain);
  tcase_add_test (tcase, test_threads_do_not_change_bits);
  tcase_add_test (tcase, test_resumed_training_ends_at_the_same_bits);
  tcase_add_test (tcase, test_foreign_checkpoint_is_refused);
  tcase_add_test (tcase, test_cross_entropy_by_hand);
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
