#include "train/contest-private.h"
#include "train/experiment.h"
#include "train/protocol.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define RANDOM_SHARE 0.2
#define RANDOM_SEED 1

static const SmearRival rivals[]
    = { { "cell", "cell model (ours)", NULL, SMEAR_RIVAL_CELL },
        { "published-cnn", "published CNN", NULL, SMEAR_RIVAL_FIELD },
        { "vgg16", "VGG16", NULL, SMEAR_RIVAL_FIELD },
        { "resnet50", "ResNet-50", NULL, SMEAR_RIVAL_FIELD },
        { "inception-v3", "Inception-v3", NULL, SMEAR_RIVAL_FIELD },
        { "svm", "SVM, colour and texture", "svm", SMEAR_RIVAL_FEATURES },
        { "forest", "Random Forest, colour and texture", "forest", SMEAR_RIVAL_FEATURES },
        { "background-forest", "Random Forest, background only (a warning)", "forest",
          SMEAR_RIVAL_BACKGROUND } };

const char *const *
smear_contest_names (void)
{
  static const char *names[G_N_ELEMENTS (rivals) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (rivals); i++)
    names[i] = rivals[i].name;
  return names;
}

static gboolean
choose_rivals (SmearContest *c, GError **error)
{
  c->rivals = g_ptr_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (rivals); i++)
    if (c->plan->models == NULL
        || g_strv_contains ((const char *const *)c->plan->models, rivals[i].name))
      g_ptr_array_add (c->rivals, (gpointer)&rivals[i]);
  for (gint i = 0; c->plan->models != NULL && c->plan->models[i] != NULL; i++)
    if (!g_strv_contains (smear_contest_names (), c->plan->models[i]))
      {
        g_autofree char *known = g_strjoinv (", ", (char **)smear_contest_names ());
        g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                     "nothing called “%s” can be compared; known are %s",
                     c->plan->models[i], known);
        return FALSE;
      }
  return TRUE;
}

char *
smear_contest_file (const SmearContest *c, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *name = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return g_build_filename (c->plan->folder, "cells", name, NULL);
}

char *
smear_contest_answers (const SmearContest *c, const SmearRival *rival,
                       const SmearContestProtocol *protocol, gint seed, gint fold)
{
  return smear_contest_file (c, "%s-%s-seed%d-fold%d.csv", rival->name, protocol->name,
                             seed, fold);
}

char *
smear_contest_facts (const char *answers)
{
  return g_strdup_printf ("%.*s.ini", (gint)(strlen (answers) - strlen (".csv")),
                          answers);
}

static gint
by_number (gconstpointer a, gconstpointer b)
{
  return *(const gint *)a - *(const gint *)b;
}

/* Folds of a table, for the samples of the other; FALSE if it lacks one of them. */
static gboolean
take_folds (SmearContest *c, const char *name, const SmearLabelled *table, GError **error)
{
  g_autoptr (GHashTable) folds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                        NULL);
  SmearContestProtocol *protocol = &c->protocols[c->n_protocols++];
  guint n = c->listed->samples->len;

  *protocol = (SmearContestProtocol){ name, g_new (gint, n),
                                      g_array_new (FALSE, FALSE, sizeof (gint)) };
  for (guint i = 0; i < table->files->len; i++)
    g_hash_table_insert (
        folds,
        g_canonicalize_filename (((SmearBatchFile *)table->files->pdata[i])->path, NULL),
        g_array_index (table->labels, SmearLabel, i).fold);
  for (guint i = 0; i < n; i++)
    {
      const char *path = smear_dataset_sample (c->listed, i)->path;
      g_autofree char *whole = g_canonicalize_filename (path, NULL);
      const char *fold = g_hash_table_lookup (folds, whole);
      guint k = 0;
      if (fold == NULL)
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                       "%s: no fold in the table of %s", path,
                       smear_protocol_title (name));
          return FALSE;
        }
      protocol->fold[i] = atoi (fold);
      while (k < protocol->held->len
             && g_array_index (protocol->held, gint, k) != protocol->fold[i])
        k++;
      if (k == protocol->held->len)
        g_array_append_val (protocol->held, protocol->fold[i]);
    }
  g_array_sort (protocol->held, by_number);
  return TRUE;
}

/* A fifth of each class, as `train --split 0.2` draws it. */
static void
draw_folds (SmearContest *c)
{
  SmearContestProtocol *protocol = &c->protocols[c->n_protocols++];
  g_autoptr (GArray) train = NULL, kept = NULL;
  const gint back = 0, never = -1;

  *protocol = (SmearContestProtocol){ "random", g_new (gint, c->listed->samples->len),
                                      g_array_new (FALSE, FALSE, sizeof (gint)) };
  smear_experiment_split (c->listed, -1, RANDOM_SHARE, RANDOM_SEED, &train, &kept);
  for (guint i = 0; i < train->len; i++)
    protocol->fold[g_array_index (train, gint, i)] = never;
  for (guint i = 0; i < kept->len; i++)
    protocol->fold[g_array_index (kept, gint, i)] = back;
  g_array_append_val (protocol->held, back);
}

SmearDataset *
smear_contest_audited (const SmearContest *c)
{
  const SmearContestProtocol *smears = &c->protocols[1];
  SmearDataset *audited = smear_dataset_new (c->labelled);

  for (guint i = audited->samples->len; i-- > 0;)
    if (smears->fold[i] != g_array_index (smears->held, gint, 0))
      g_array_remove_index (audited->samples, i);
  return audited;
}

/* What must be alike for the cached pieces to belong together. */
static char *
describe (const SmearContest *c)
{
  g_autoptr (GChecksum) images = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < c->listed->samples->len; i++)
    {
      const SmearSample *sample = smear_dataset_sample (c->listed, i);
      g_autofree char *name = g_path_get_basename (sample->path);
      g_autofree char *line = g_strdup_printf ("%s %d", name, sample->label);
      g_checksum_update (images, (guchar *)line, -1);
      for (gint p = 0; p < c->n_protocols; p++)
        g_checksum_update (images, (guchar *)&c->protocols[p].fold[i], sizeof (gint));
    }
  return g_strdup_printf (
      "pictures of %d pixels; %d epochs; audit of %d images by %d probes; "
      "%d protocols on %u images %.16s\n",
      c->plan->size, c->plan->epochs, c->plan->audit_limit, SMEAR_N_PROBES,
      c->n_protocols, c->listed->samples->len, g_checksum_get_string (images));
}

static gboolean
open_folder (const SmearContest *c, GError **error)
{
  g_autofree char *cells = g_build_filename (c->plan->folder, "cells", NULL);
  g_autofree char *path = g_build_filename (c->plan->folder, "budget.txt", NULL);
  g_autofree char *budget = describe (c), *known = NULL;

  if (g_mkdir_with_parents (cells, 0777) != 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot make this folder",
                   cells);
      return FALSE;
    }
  if (!g_file_get_contents (path, &known, NULL, NULL))
    return g_file_set_contents (path, budget, -1, error);
  if (strcmp (known, budget) == 0)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               "%s: holds another comparison (%s): give another folder with --output, or "
               "remove this one",
               c->plan->folder, g_strchomp (known));
  return FALSE;
}

static gboolean
run_fold (SmearContest *c, const SmearRival *rival, gint p, gint seed, gint fold,
          GError **error)
{
  const SmearContestProtocol *protocol = &c->protocols[p];
  g_autofree char *answers = smear_contest_answers (c, rival, protocol, seed, fold);
  gboolean audited = p == 1 && seed == 1
                     && fold == g_array_index (protocol->held, gint, 0);

  if (g_file_test (answers, G_FILE_TEST_EXISTS))
    return TRUE;
  return rival->method != NULL
             ? smear_contest_learn (c, rival, protocol, seed, fold, audited, error)
             : smear_contest_train (c, rival, protocol, seed, fold, audited, error);
}

static gboolean
audit (SmearContest *c, const SmearRival *rival, GError **error)
{
  g_autofree char *done = smear_contest_file (c, "%s-audit.ini", rival->name);

  if (g_file_test (done, G_FILE_TEST_EXISTS))
    return TRUE;
  return rival->method != NULL ? smear_contest_audit_features (c, rival, error)
                               : smear_contest_audit_network (c, rival, error);
}

/* One rival under all protocols and seeds, then its audit. */
static gboolean
run_rival (SmearContest *c, const SmearRival *rival, guint all, guint *done,
           GError **error)
{
  for (gint p = 0; p < c->n_protocols; p++)
    for (gint seed = 1; seed <= c->plan->n_seeds; seed++)
      for (guint k = 0; k < c->protocols[p].held->len; k++)
        {
          gint fold = g_array_index (c->protocols[p].held, gint, k);
          g_autofree char *what = g_strdup_printf (
              "%s, %s, seed %d, fold %d", rival->title,
              smear_protocol_title (c->protocols[p].name), seed, fold);
          c->watch->work (what, (*done)++, all, c->watch->user_data);
          if (!run_fold (c, rival, p, seed, fold, error))
            return FALSE;
        }
  g_autofree char *what = g_strdup_printf ("%s, audit", rival->title);
  c->watch->work (what, (*done)++, all, c->watch->user_data);
  return audit (c, rival, error);
}

static void
clear (SmearContest *c)
{
  g_clear_pointer (&c->rivals, g_ptr_array_unref);
  for (gint p = 0; p < c->n_protocols; p++)
    {
      g_free (c->protocols[p].fold);
      g_array_unref (c->protocols[p].held);
    }
  g_clear_pointer (&c->listed, smear_dataset_free);
  g_clear_pointer (&c->fields, smear_dataset_free);
  g_clear_pointer (&c->cells, smear_dataset_free);
}

gboolean
smear_contest_run (const SmearContestPlan *plan, const SmearLabelled *smears,
                   const SmearLabelled *looks, SmearPool *pool,
                   const SmearContestWatch *watch, GError **error)
{
  SmearContest c = { .plan = plan,
                     .watch = watch,
                     .pool = pool,
                     .labelled = smears,
                     .listed = smear_dataset_new (smears) };
  guint folds = 0, done = 0;
  gboolean ok = choose_rivals (&c, error);

  if (ok)
    draw_folds (&c);
  ok = ok && take_folds (&c, "smears", smears, error)
       && (looks == NULL || take_folds (&c, "looks", looks, error))
       && open_folder (&c, error);
  for (gint p = 0; ok && p < c.n_protocols; p++)
    folds += c.protocols[p].held->len;
  for (guint i = 0; ok && i < c.rivals->len; i++)
    ok = run_rival (&c, c.rivals->pdata[i], c.rivals->len * (folds * plan->n_seeds + 1),
                    &done, error);
  ok = ok && smear_contest_write (&c, error);
  clear (&c);
  return ok;
}
