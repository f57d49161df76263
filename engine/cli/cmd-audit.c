#include "cli/commands.h"
#include "cli/options.h"
#include "train/audit.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *model_name, *data, *folds, *fold, *sheet;
static gint limit, threads;
static gint64 seed = 1;
static gboolean json;

static const GOptionEntry entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
    "Weights file or name of a shipped model; “FILE.fold*.safetensors” audits each fold "
    "by the model that kept it back",
    "MODEL" },
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &data, "Folder with one folder a class",
    "DIR" },
  { "folds", 0, 0, G_OPTION_ARG_FILENAME, &folds, "Table with the columns path and class",
    "CSV" },
  { "fold", 0, 0, G_OPTION_ARG_STRING, &fold, "Only the images of this fold", "K" },
  { "limit", 'n', 0, G_OPTION_ARG_INT, &limit,
    "About this many images, evenly drawn from each class", "N" },
  { "sheet", 0, 0, G_OPTION_ARG_FILENAME, &sheet,
    "Folder for sheet.png: each probe of one image of each class, and heat maps", "DIR" },
  { "seed", 's', 0, G_OPTION_ARG_INT64, &seed, "Of partners and noise (1)", "N" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "At most (default: one a core)", "N" },
  { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
  G_OPTION_ENTRY_NULL
};

static void
show_progress (const char *stage, gdouble fraction, gpointer user_data)
{
  if (isatty (2))
    fprintf (stderr, "\r%s %3.0f %%%s", stage, 100 * fraction, fraction >= 1 ? "\n" : "");
}

static gdouble
rate (guint k, guint n)
{
  return n > 0 ? (gdouble)k / n : NAN;
}

/* What was not asked is null. */
static void
put_value (JsonBuilder *b, gdouble value)
{
  if (isnan (value))
    json_builder_add_null_value (b);
  else
    json_builder_add_double_value (b, value);
}

static void
put (JsonBuilder *b, const char *name, gdouble value)
{
  json_builder_set_member_name (b, name);
  put_value (b, value);
}

static void
put_interval (JsonBuilder *b, const char *name, SmearInterval interval)
{
  json_builder_set_member_name (b, name);
  json_builder_begin_array (b);
  put_value (b, interval.low);
  put_value (b, interval.high);
  json_builder_end_array (b);
}

static void
put_probe (JsonBuilder *b, SmearProbe probe, const SmearAudit *a)
{
  const SmearProbeScore *s = &a->scores[probe];

  json_builder_set_member_name (b, smear_probe_name (probe));
  json_builder_begin_object (b);
  put (b, "n", s->n);
  put (b, "accuracy", rate (s->n_correct, s->n));
  put_interval (b, "accuracy_smears_95", a->right[probe]);
  put (b, "same_answer", rate (s->n_same, s->n));
  put_interval (b, "same_answer_smears_95", a->same[probe]);
  put (b, "named_a_class", rate (s->n_named, s->n));
  put (b, "named_surely", rate (s->n_sure, s->n));
  if (probe == SMEAR_PROBE_BACKGROUND_SWAPPED)
    put (b, "follows_background", rate (s->n_donor, s->n));
  if (probe == SMEAR_PROBE_STAIN_SWAPPED)
    put (b, "follows_stain", rate (s->n_donor, s->n));
  json_builder_end_object (b);
}

static void
print_json (const SmearAuditPart *part, gboolean by_folds, const SmearAudit *a)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *verdict = smear_audit_verdict (a);

  json_builder_begin_object (b);
  json_builder_set_member_name (b, "model");
  json_builder_add_string_value (b, by_folds ? model_name
                                             : smear_model_get_name (part->model));
  json_builder_set_member_name (b, "model_sha256");
  if (by_folds)
    json_builder_add_null_value (b);
  else
    json_builder_add_string_value (b, smear_model_get_hash (part->model));
  put (b, "n", a->n);
  put (b, "smears", a->n_smears);
  put (b, "refused", a->refused);
  json_builder_set_member_name (b, "probes");
  json_builder_begin_object (b);
  for (gint p = 0; p < SMEAR_N_PROBES; p++)
    put_probe (b, p, a);
  json_builder_end_object (b);
  json_builder_set_member_name (b, "energy");
  json_builder_begin_object (b);
  put (b, "leukocytes", a->energy_cells);
  put (b, "scale_bar", a->energy_scale_bar);
  put (b, "elsewhere", a->energy_elsewhere);
  json_builder_end_object (b);
  put (b, "randomised_weights_rank_correlation", a->randomised[SMEAR_CASCADE_ALL]);
  json_builder_set_member_name (b, "randomisation_cascade");
  json_builder_begin_object (b);
  for (gint c = 0; c < SMEAR_N_CASCADES; c++)
    put (b, smear_cascade_name (c), a->randomised[c]);
  json_builder_set_member_name (b, "within_leukocytes_only");
  json_builder_add_boolean_value (b, a->within_cells);
  json_builder_end_object (b);
  json_builder_set_member_name (b, "verdict");
  json_builder_add_string_value (b, verdict);
  json_builder_set_member_name (b, "research_use_only");
  json_builder_add_boolean_value (b, TRUE);
  json_builder_end_object (b);
  g_autoptr (JsonNode) root = json_builder_get_root (b);
  json_generator_set_root (generator, root);
  g_autofree char *line = json_generator_to_data (generator, NULL);
  puts (line);
}

static void
print_table (const SmearAuditPart *part, gboolean by_folds, const SmearAudit *a)
{
  g_autofree char *verdict = smear_audit_verdict (a);

  printf ("Audit of %s on %u images",
          by_folds ? model_name : smear_model_get_name (part->model), a->n);
  if (a->n_smears < a->n)
    printf (" of %u smears", a->n_smears);
  printf ("\n\n%-22s %9s %9s %18s %9s %9s\n", "probe", "accuracy", "the same",
          "95 % over smears", "answered", "surely");
  for (gint p = 0; p < SMEAR_N_PROBES; p++)
    {
      const SmearProbeScore *s = &a->scores[p];
      if (s->n == 0)
        printf ("%-22s not asked\n", smear_probe_name (p));
      else
        {
          g_autofree char *interval = isnan (a->same[p].low)
                                          ? g_strdup ("")
                                          : g_strdup_printf ("%.1f to %.1f %%",
                                                             100 * a->same[p].low,
                                                             100 * a->same[p].high);
          printf ("%-22s %7.1f %% %7.1f %% %18s %7.1f %% %7.1f %%\n",
                  smear_probe_name (p), 100 * rate (s->n_correct, s->n),
                  100 * rate (s->n_same, s->n), interval, 100 * rate (s->n_named, s->n),
                  100 * rate (s->n_sure, s->n));
        }
    }
  printf ("\n%s\n%s\n", verdict, SMEAR_DISCLAIMER);
}

static void
clear_part (gpointer data)
{
  SmearAuditPart *part = data;

  g_clear_pointer (&part->model, smear_model_unref);
  g_clear_pointer (&part->dataset, smear_dataset_free);
}

/* Adds the images of @of_fold, or of all without one; takes @model. */
static gboolean
add_part (GArray *parts, SmearModel *model, const char *of_fold)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearLabelled) labelled = folds != NULL
                                           ? smear_labelled_from_table (folds, data,
                                                                        of_fold, &error)
                                           : smear_labelled_from_folder (data, &error);
  SmearAuditPart part = { model, labelled ? smear_dataset_new (labelled) : NULL };

  g_array_append_val (parts, part);
  if (labelled == NULL)
    smear_cli_error (error->message);
  return model != NULL && labelled != NULL;
}

static gboolean
add_folds (GArray *parts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearLabelled) labelled = smear_labelled_from_table (folds, data, NULL,
                                                                  &error);
  g_autoptr (GPtrArray) all = NULL;
  gboolean ok;

  if (labelled == NULL)
    {
      smear_cli_error (error->message);
      return FALSE;
    }
  all = smear_labelled_folds (labelled, &ok);
  if (!ok)
    smear_cli_error (SMEAR_CLI_FOLDS_WANTED);
  for (guint i = 0; ok && i < all->len; i++)
    ok = add_part (parts, smear_cli_model_of_fold (model_name, all->pdata[i]),
                   all->pdata[i]);
  return ok;
}

int
smear_cmd_audit (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (SmearAuditPart));
  SmearAudit audit;

  g_array_set_clear_func (parts, clear_part);
  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Shows what a model's answer rests on: erases the scale bar, takes the "
          "leukocytes away, lays them on another class's background, changes colour, "
          "light, sharpness and size, and measures where the heat map lies."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  gboolean by_folds = model_name != NULL && strchr (model_name, '*') != NULL;
  if (argc > 1 || (data == NULL && folds == NULL) || (fold != NULL && folds == NULL)
      || limit < 0 || (by_folds && (folds == NULL || fold != NULL)))
    {
      smear_cli_error ("give --data DIR or --folds CSV, and --fold only with --folds; a "
                       "model for each fold goes with --folds alone");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (!(by_folds ? add_folds (parts)
                 : add_part (parts, smear_cli_model (model_name), fold)))
    return SMEAR_EXIT_COULD_NOT_RUN;
  g_autoptr (SmearPool) pool = smear_pool_new (threads);
  const SmearAuditPart *first = &g_array_index (parts, SmearAuditPart, 0);
  if (!smear_audit (first, parts->len, limit, seed, sheet, pool, show_progress, NULL,
                    &audit, &error))
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  (json ? print_json : print_table) (first, by_folds, &audit);
  return SMEAR_EXIT_OK;
}
