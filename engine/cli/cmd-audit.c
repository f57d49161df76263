#include "cli/commands.h"
#include "cli/options.h"
#include "train/audit.h"

#include <stdio.h>

static char    *model_name, *data, *folds, *fold, *sheet;
static gint     limit, threads;
static gint64   seed = 1;
static gboolean json;

static const GOptionEntry entries[]
    = { { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
          "Weights file or name of a shipped model", "MODEL" },
        { "data", 'd', 0, G_OPTION_ARG_FILENAME, &data, "Folder with one folder a class", "DIR" },
        { "folds", 0, 0, G_OPTION_ARG_FILENAME, &folds, "Table with the columns path and class", "CSV" },
        { "fold", 0, 0, G_OPTION_ARG_STRING, &fold, "Only the images of this fold", "K" },
        { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, "At most this many images, evenly drawn", "N" },
        { "sheet", 0, 0, G_OPTION_ARG_FILENAME, &sheet,
          "Folder for a picture of each probe of one image of each class", "DIR" },
        { "seed", 's', 0, G_OPTION_ARG_INT64, &seed, "Of partners and noise (1)", "N" },
        { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "At most (default: one a core)", "N" },
        { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
        G_OPTION_ENTRY_NULL };

static gdouble
rate (guint k, guint n)
{
  return n > 0 ? (gdouble) k / n : 0;
}

static void
print_json (SmearModel *model, const SmearAudit *a)
{
  g_autofree char *verdict = smear_audit_verdict (a);
  g_autofree char *escaped = g_strescape (verdict, "");

  printf ("{\"model\": \"%s\", \"model_sha256\": \"%s\", \"n\": %u, \"refused\": %u, \"probes\": {",
          smear_model_get_name (model), smear_model_get_hash (model), a->n, a->refused);
  for (gint p = 0; p < SMEAR_N_PROBES; p++)
    {
      const SmearProbeScore *s = &a->scores[p];
      printf ("%s\"%s\": {\"n\": %u, \"accuracy\": %.4f, \"same_answer\": %.4f, \"named_a_class\": %.4f",
              p > 0 ? ", " : "", smear_probe_name (p), s->n, rate (s->n_correct, s->n),
              rate (s->n_same, s->n), rate (s->n_named, s->n));
      if (p == SMEAR_PROBE_BACKGROUND_SWAPPED)
        printf (", \"follows_background\": %.4f", rate (s->n_background, s->n));
      putchar ('}');
    }
  printf ("}, \"energy\": {\"leukocytes\": %.4f, \"scale_bar\": %.4f, \"elsewhere\": %.4f}, "
          "\"randomised_weights_rank_correlation\": %.4f, \"verdict\": \"%s\", "
          "\"research_use_only\": true}\n",
          a->energy_cells, a->energy_scale_bar, a->energy_elsewhere, a->randomised, escaped);
}

static void
print_table (SmearModel *model, const SmearAudit *a)
{
  g_autofree char *verdict = smear_audit_verdict (a);

  printf ("Audit of %s on %u images\n\n%-22s %9s %9s %9s\n", smear_model_get_name (model), a->n,
          "probe", "accuracy", "the same", "answered");
  for (gint p = 0; p < SMEAR_N_PROBES; p++)
    {
      const SmearProbeScore *s = &a->scores[p];
      printf ("%-22s %7.1f %% %7.1f %% %7.1f %%\n", smear_probe_name (p), 100 * rate (s->n_correct, s->n),
              100 * rate (s->n_same, s->n), 100 * rate (s->n_named, s->n));
    }
  printf ("\n%s\n%s\n", verdict, SMEAR_DISCLAIMER);
}

int
smear_cmd_audit (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  SmearAudit         audit;

  if (!smear_cli_parse (&argc, &argv, entries, NULL,
                        "Shows what a model's answer rests on: erases the scale bar, takes the "
                        "leukocytes away, lays them on another class's background, changes colour, "
                        "light, sharpness and size, and measures where the heat map lies."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (argc > 1 || (data == NULL && folds == NULL) || (fold != NULL && folds == NULL) || limit < 0)
    {
      smear_cli_error ("give --data DIR or --folds CSV, and --fold only with --folds");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  g_autoptr (SmearModel)   model = smear_cli_model (model_name);
  g_autoptr (SmearLabelled) labelled = folds != NULL
                                           ? smear_labelled_from_table (folds, data, fold, &error)
                                           : smear_labelled_from_folder (data, &error);
  g_autoptr (SmearDataset) dataset = labelled != NULL ? smear_dataset_new (labelled) : NULL;
  g_autoptr (SmearPool)    pool = smear_pool_new (threads);
  if (model == NULL || dataset == NULL
      || !smear_audit (model, dataset, limit, seed, sheet, pool, NULL, NULL, NULL, &audit, &error))
    {
      if (error != NULL)
        smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  (json ? print_json : print_table) (model, &audit);
  return SMEAR_EXIT_OK;
}
