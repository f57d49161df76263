#include "pipeline/preprocess.h"
#include "train/contest-private.h"
#include "train/protocol.h"

#include <math.h>
#include <string.h>

static gdouble
share (guint k, guint n)
{
  return n > 0 ? (gdouble)k / n : 0;
}

gboolean
smear_contest_save_audit (const SmearContest *c, const SmearRival *rival,
                          const SmearProbeScore *scores, const SmearAudit *audit,
                          gdouble inference_ms, GError **error)
{
  const SmearProbeScore *swap = &scores[SMEAR_PROBE_BACKGROUND_SWAPPED];
  const SmearProbeScore *stain = &scores[SMEAR_PROBE_STAIN_SWAPPED];
  const SmearProbeScore *gone = &scores[SMEAR_PROBE_LEUKOCYTES_REMOVED];
  const SmearProbeScore *plain = &scores[SMEAR_PROBE_UNTOUCHED];
  g_autoptr (GKeyFile) facts = g_key_file_new ();
  g_autofree char *path = smear_contest_file (c, "%s-audit.ini", rival->name);

#define PUT(key, value) g_key_file_set_double (facts, "audit", key, value)
  PUT ("images", plain->n);
  PUT ("accuracy", share (plain->n_correct, plain->n));
  PUT ("background_swapped_same", share (swap->n_same, swap->n));
  PUT ("background_swapped_follows_background", share (swap->n_donor, swap->n));
  PUT ("stain_swapped_same", share (stain->n_same, stain->n));
  PUT ("stain_swapped_follows_stain", share (stain->n_donor, stain->n));
  PUT ("leukocytes_removed_named", share (gone->n_named, gone->n));
  PUT ("colour_points_lost",
       smear_audit_lost (scores, SMEAR_PROBE_REDDER, SMEAR_PROBE_GAMMA_125));
  PUT ("scale_bar_points_lost", smear_audit_lost (scores, SMEAR_PROBE_SCALE_BAR_ERASED,
                                                  SMEAR_PROBE_SCALE_BAR_ERASED));
  if (audit != NULL)
    PUT ("heat_map_in_leukocytes", audit->energy_cells);
  PUT ("inference_ms", inference_ms);
#undef PUT
  return g_key_file_save_to_file (facts, path, error);
}

/* A line of the table. */
typedef struct
{
  const SmearRival *rival;
  SmearProtocol protocols[SMEAR_MAX_PROTOCOLS];
  gdouble train_seconds, parameters, multiply_adds;
  GKeyFile *audit;
} Line;

/* One table of answers for each seed, of all folds together. */
static GPtrArray *
runs_of (const SmearContest *c, const SmearRival *rival,
         const SmearContestProtocol *protocol, GError **error)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (
      (GDestroyNotify)g_array_unref);

  for (gint seed = 1; seed <= c->plan->n_seeds; seed++)
    {
      GArray *whole = smear_answers_new ();
      g_ptr_array_add (runs, whole);
      for (guint k = 0; k < protocol->held->len; k++)
        {
          g_autofree char *path = smear_contest_answers (
              c, rival, protocol, seed, g_array_index (protocol->held, gint, k));
          g_autoptr (GArray) part = smear_answers_read (path, error);
          if (part == NULL)
            return NULL;
          /* The strings change hands. */
          g_array_append_vals (whole, part->data, part->len);
          g_array_set_clear_func (part, NULL);
        }
    }
  return g_steal_pointer (&runs);
}

static gboolean
take_facts (const SmearContest *c, Line *line, GError **error)
{
  const SmearContestProtocol *smears = &c->protocols[1];
  g_autofree char *audit = smear_contest_file (c, "%s-audit.ini", line->rival->name);

  for (guint k = 0; k < smears->held->len; k++)
    {
      g_autofree char *answers = smear_contest_answers (
          c, line->rival, smears, 1, g_array_index (smears->held, gint, k));
      g_autofree char *path = smear_contest_facts (answers);
      g_autoptr (GKeyFile) facts = g_key_file_new ();
      if (!g_key_file_load_from_file (facts, path, G_KEY_FILE_NONE, error))
        return FALSE;
      line->train_seconds += g_key_file_get_double (facts, "facts", "train_seconds", NULL)
                             / smears->held->len;
      line->parameters = g_key_file_get_double (facts, "facts", "parameters", NULL);
      line->multiply_adds = g_key_file_get_double (facts, "facts", "multiply_adds", NULL);
    }
  line->audit = g_key_file_new ();
  return g_key_file_load_from_file (line->audit, audit, G_KEY_FILE_NONE, error);
}

static gboolean
take_line (const SmearContest *c, const SmearRival *rival, Line *line, GError **error)
{
  line->rival = rival;
  for (gint p = 0; p < c->n_protocols; p++)
    {
      g_autoptr (GPtrArray) runs = runs_of (c, rival, &c->protocols[p], error);
      if (runs == NULL)
        return FALSE;
      smear_protocol_rate (c->protocols[p].name, runs, &line->protocols[p]);
    }
  return take_facts (c, line, error);
}

static const char *const audit_keys[] = { "background_swapped_same",
                                          "background_swapped_follows_background",
                                          "stain_swapped_same",
                                          "stain_swapped_follows_stain",
                                          "leukocytes_removed_named",
                                          "colour_points_lost",
                                          "scale_bar_points_lost",
                                          "heat_map_in_leukocytes",
                                          "inference_ms" };

static char *
input_of (const SmearContest *c, const SmearRival *rival)
{
  switch (rival->kind)
    {
    case SMEAR_RIVAL_FIELD:
      return g_strdup_printf ("%dx%d field", c->plan->size, c->plan->size);
    case SMEAR_RIVAL_CELL:
      return g_strdup_printf ("%dx%d each leukocyte", SMEAR_CELL_SIZE, SMEAR_CELL_SIZE);
    case SMEAR_RIVAL_FEATURES:
      return g_strdup ("features of the field");
    default:
      return g_strdup ("features without leukocytes");
    }
}

static void
append_number (GString *text, gdouble value)
{
  if (isnan (value))
    g_string_append_c (text, ',');
  else
    g_string_append_printf (text, ",%.6g", value);
}

static char *
as_csv (const SmearContest *c, const Line *lines)
{
  GString *text = g_string_new ("model,title,input");

  for (gint p = 0; p < c->n_protocols; p++)
    {
      const char *name = c->protocols[p].name;
      g_string_append_printf (
          text, ",%s_accuracy,%s_low,%s_high,%s_macro_f1,%s_auc,%s_ece,%s_deviation",
          name, name, name, name, name, name, name);
    }
  for (guint k = 0; k < G_N_ELEMENTS (audit_keys); k++)
    g_string_append_printf (text, ",%s", audit_keys[k]);
  g_string_append (text, ",train_seconds,parameters,multiply_adds\n");
  for (guint i = 0; i < c->rivals->len; i++)
    {
      const Line *line = &lines[i];
      g_autofree char *input = input_of (c, line->rival);
      g_string_append_printf (text, "%s,\"%s\",%s", line->rival->name, line->rival->title,
                              input);
      for (gint p = 0; p < c->n_protocols; p++)
        {
          const SmearProtocol *r = &line->protocols[p];
          append_number (text, r->metrics.accuracy);
          append_number (text, r->accuracy_smears.low);
          append_number (text, r->accuracy_smears.high);
          append_number (text, r->metrics.macro_f1);
          append_number (text, r->metrics.auc);
          append_number (text, r->metrics.ece);
          append_number (text, r->accuracy_deviation);
        }
      for (guint k = 0; k < G_N_ELEMENTS (audit_keys); k++)
        append_number (
            text, g_key_file_has_key (line->audit, "audit", audit_keys[k], NULL)
                      ? g_key_file_get_double (line->audit, "audit", audit_keys[k], NULL)
                      : NAN);
      append_number (text, line->train_seconds);
      g_string_append_printf (text, ",%.0f,%.0f\n", line->parameters,
                              line->multiply_adds);
    }
  return g_string_free (text, FALSE);
}

static void
append_large (GString *text, gdouble n)
{
  if (n <= 0)
    g_string_append (text, " – |");
  else if (n >= 1e6)
    g_string_append_printf (text, " %.1f million |", n / 1e6);
  else
    g_string_append_printf (text, " %.0f thousand |", n / 1e3);
}

static void
append_line (GString *text, const SmearContest *c, const Line *line)
{
  g_autofree char *input = input_of (c, line->rival);
#define AUDIT(key) g_key_file_get_double (line->audit, "audit", key, NULL)

  g_string_append_printf (text, "| %s | %s |", line->rival->title, input);
  for (gint p = 0; p < c->n_protocols; p++)
    {
      const SmearProtocol *r = &line->protocols[p];
      g_string_append_printf (text, " **%.1f %%**", 100 * r->metrics.accuracy);
      if (!isnan (r->accuracy_smears.low))
        g_string_append_printf (text, " (%.1f to %.1f)", 100 * r->accuracy_smears.low,
                                100 * r->accuracy_smears.high);
      g_string_append (text, " |");
    }
  g_string_append_printf (
      text, " %.0f %% (%.0f %%) | %.0f %% (%.0f %%) | %.0f %% | %.1f | %.1f |",
      100 * AUDIT ("background_swapped_same"),
      100 * AUDIT ("background_swapped_follows_background"),
      100 * AUDIT ("stain_swapped_same"), 100 * AUDIT ("stain_swapped_follows_stain"),
      100 * AUDIT ("leukocytes_removed_named"), AUDIT ("colour_points_lost"),
      AUDIT ("scale_bar_points_lost"));
  if (g_key_file_has_key (line->audit, "audit", "heat_map_in_leukocytes", NULL))
    g_string_append_printf (text, " %.0f %% |", 100 * AUDIT ("heat_map_in_leukocytes"));
  else
    g_string_append (text, " – |");
  append_large (text, line->parameters);
  append_large (text, line->multiply_adds);
  g_string_append_printf (text, " %.0f s | %.1f ms |\n", line->train_seconds,
                          AUDIT ("inference_ms"));
#undef AUDIT
}

static char *
as_markdown (const SmearContest *c, const Line *lines)
{
  GString *text = g_string_new ("# Comparison\n\n" SMEAR_DISCLAIMER "\n\n");
  const SmearTraining published = SMEAR_TRAINING_PUBLISHED, cell = SMEAR_TRAINING_CELL;

  g_string_append_printf (
      text,
      "One budget for all networks: %d epochs from weights drawn at random (%d %s), Adam "
      "in batches of 32; whole fields in %dx%d pixels with the published augmentation at "
      "a rate of %g, leukocytes in %dx%d with ours at %g. Forests (500 trees) and the "
      "support vector machine (radial basis, C = 10) learn from %s of 224x224 fields. "
      "%u images.\n"
      "\n| model | input |",
      c->plan->epochs, c->plan->n_seeds, c->plan->n_seeds == 1 ? "seed" : "seeds",
      c->plan->size, c->plan->size, published.rate, SMEAR_CELL_SIZE, SMEAR_CELL_SIZE,
      cell.rate, "139 features of colour and texture", c->listed->samples->len);
  for (gint p = 0; p < c->n_protocols; p++)
    g_string_append_printf (text, " %s |", smear_protocol_title (c->protocols[p].name));
  g_string_append (
      text, " keeps its answer on another class's background (takes the background's) | "
            "keeps its answer in another class's stain (takes the stain's) | "
            "names a class "
            "without leukocytes | points lost to the worst change of colour or "
            "light | points lost without the scale bar | heat map in leukocytes | "
            "parameters | multiply-adds | one training | one answer |\n| --- | --- "
            "|");
  for (gint p = 0; p < c->n_protocols + 10; p++)
    g_string_append (text, " ---: |");
  g_string_append_c (text, '\n');
  for (guint i = 0; i < c->rivals->len; i++)
    append_line (text, c, &lines[i]);
  g_string_append (
      text,
      "\nAccuracy with the 95 % bootstrap interval over smears. The six columns after "
      "it "
      "are the audit of the model that kept the first smear-wise fold back, on that "
      "fold. "
      "Multiply-adds of the cell model are those of one leukocyte; parameters of forests "
      "and of the support vector machine are the numbers they store. Training: mean over "
      "the smear-wise folds, without reading images. Answer: from a decoded image to its "
      "class, finding leukocytes included where a model needs them.\n");
  return g_string_free (text, FALSE);
}

static gboolean
save_text (const SmearContest *c, const char *name, char *text, GError **error)
{
  g_autofree char *path = g_build_filename (c->plan->folder, name, NULL);
  gboolean ok = g_file_set_contents (path, text, -1, error);

  g_free (text);
  return ok;
}

gboolean
smear_contest_write (const SmearContest *c, GError **error)
{
  g_autofree Line *lines = g_new0 (Line, c->rivals->len);
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < c->rivals->len; i++)
    ok = take_line (c, c->rivals->pdata[i], &lines[i], error);
  ok = ok && save_text (c, "comparison.csv", as_csv (c, lines), error)
       && save_text (c, "comparison.md", as_markdown (c, lines), error);
  for (guint i = 0; i < c->rivals->len; i++)
    g_clear_pointer (&lines[i].audit, g_key_file_unref);
  return ok;
}
