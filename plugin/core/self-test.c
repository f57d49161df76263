/* The procedure plug-in-smearscope-self-test: does everything work, and where are files?
 */
#include "core/run.h"

#include <math.h>

#include "core/help.h"
#include "core/texts.h"

/* Seeded, so that every machine draws the same smear. */
#define SEED 20
#define SUM_TOLERANCE 1e-3

static void
say (GString *report, gboolean good, const char *what, const char *detail)
{
  g_string_append_printf (report, "%s %s%s%s\n", good ? "✓" : "✗", what,
                          detail ? ": " : "", detail ? detail : "");
}

static gboolean
sane (const SmearFinding *finding)
{
  gfloat sum = 0;

  if (finding->klass == SMEAR_CLASS_NONE)
    return TRUE;
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    sum += finding->probabilities[i];
  return fabsf (sum - 1) < SUM_TOLERANCE;
}

/* A drawn smear judged twice: the answer has to be one, and the same. */
static gboolean
try_model (const char *name, SmearImage *smear, GString *report)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearModel) model = smear_model_load (name, &error);
  g_autoptr (SmearFinding) first = NULL, second = NULL;
  g_autofree char *title = NULL, *again = NULL;
  gboolean good;

  if (model)
    first = smear_classify (model, smear, NULL, NULL, NULL, NULL, NULL, &error);
  if (first)
    second = smear_classify (model, smear, NULL, NULL, NULL, NULL, NULL, &error);
  if (second == NULL)
    {
      say (report, FALSE, name ? name : _ ("Default model"), error->message);
      return FALSE;
    }
  title = smear_finding_to_json (first);
  again = smear_finding_to_json (second);
  good = sane (first) && g_str_equal (title, again);
  if (name == NULL)
    say (report, good, _ ("Default model"), smear_model_get_name (model));
  else
    say (report, good, smear_model_get_name (model), smear_model_get_path (model));
  return good;
}

gboolean
smear_run_self_test (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                     GError **error)
{
  const SmearSynthesis what = { .width = 640,
                                .height = 480,
                                .um_per_pixel = 0.1,
                                .klass = SMEAR_CLASS_PRE,
                                .seed = SEED };
  g_autoptr (GString) report = g_string_new ("Smearscope " SMEARSCOPE_VERSION "\n");
  g_autoptr (GError) problem = NULL;
  g_autoptr (SmearImage) smear = smear_synthesise (&what, NULL, &problem);
  g_auto (GStrv) models = smear_model_list ();
  g_autofree char *help = smear_help_path ();
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  gboolean passed = smear != NULL;

  say (report, passed, _ ("Drawing a smear"), problem ? problem->message : NULL);
  if (smear)
    {
      host->progress (host, _ ("Trying the models"), 0);
      passed = try_model (NULL, smear, report);
      for (guint i = 0; models[i]; i++)
        passed = try_model (models[i], smear, report) && passed;
    }
  g_string_append_printf (report, "\n%s %s\n%s %s\n%s %s\n%s %s\n\n%s", _ ("Program:"),
                          program ? program : "?", _ ("Settings:"), host->profile_dir,
                          _ ("Texts:"), smear_text_folder (), _ ("Help:"),
                          help ? help : "–", _ (SMEAR_DISCLAIMER));
  if (host->interactive)
    host->message (host, report->str);
  g_variant_dict_insert (results, "passed", "b", passed);
  g_variant_dict_insert (results, "report", "s", report->str);
  return TRUE;
}
