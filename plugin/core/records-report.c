/* The procedure plug-in-smearscope-report. */
#include "core/records.h"

#include "core/pixels.h"
#include "core/texts.h"

typedef struct
{
  SmearHost *host;
  const SmearScene *scene;
  SmearHistory *history; /* NULL where there is none: the report says so */
  SmearReport *report;
} Run;

static gboolean
inside (const SmearRegion *region, const SmearRegion *place)
{
  return region->x >= place->x && region->y >= place->y
         && region->x + region->width <= place->x + place->width
         && region->y + region->height <= place->y + place->height;
}

/* The parasite rounds to seven digits. */
static gboolean
same_answer (const SmearFinding *before, const SmearFinding *now)
{
  if (before->verdict != now->verdict || before->klass != now->klass)
    return FALSE;
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    if (ABS (before->probabilities[i] - now->probabilities[i]) > 1e-6)
      return FALSE;
  return TRUE;
}

static SmearModel *
same_model (const SmearFinding *finding)
{
  g_autoptr (SmearModel) model = smear_model_load (finding->model_name, NULL);

  return model != NULL
                 && g_strcmp0 (smear_model_get_hash (model), finding->model_hash) == 0
             ? g_steal_pointer (&model)
             : NULL;
}

/* A map is shown only with the answer that it belongs to. */
static void
take_map (SmearFinding *finding, SmearModel *model, SmearImage *image)
{
  const SmearClassifyOptions how = SMEAR_CLASSIFY_OPTIONS_DEFAULT;
  g_autoptr (SmearFinding) now = NULL;

  if (model == NULL || finding->klass == SMEAR_CLASS_NONE)
    return;
  now = smear_classify (model, image, NULL, &how, NULL, NULL, NULL, NULL);
  if (now == NULL || !same_answer (finding, now))
    return;
  finding->map = g_steal_pointer (&now->map);
  finding->explained = now->explained;
}

static gboolean
add (const Run *run, SmearKept *kept, GError **error)
{
  SmearFinding *finding = kept->finding;
  g_autoptr (SmearImage) image = NULL;
  g_autoptr (SmearModel) model = same_model (finding);
  g_autoptr (SmearRecord) record = NULL;

  if (run->history != NULL)
    record = smear_kept_record (kept, run->history, NULL);
  if (inside (&finding->region, &run->scene->drawable))
    {
      image = smear_pixels_read (run->host, run->scene, &finding->region, NULL, error);
      if (image == NULL)
        return FALSE;
      take_map (finding, model, image);
    }
  if (model != NULL)
    smear_report_set_model (run->report, model);
  smear_report_add_cut (run->report, finding, image, record);
  return TRUE;
}

void
smear_report_options_from_arguments (SmearReportOptions *options, GVariantDict *arguments)
{
  const char *paper = "", *title = "", *laboratory = "", *colours = "";

  g_variant_dict_lookup (arguments, "paper", "&s", &paper);
  g_variant_dict_lookup (arguments, "title", "&s", &title);
  g_variant_dict_lookup (arguments, "laboratory", "&s", &laboratory);
  g_variant_dict_lookup (arguments, "colour-map", "&s", &colours);
  options->paper = g_str_equal (paper, "letter") ? SMEAR_PAPER_LETTER : SMEAR_PAPER_A4;
  options->title = *title ? title : NULL;
  options->laboratory = *laboratory ? laboratory : NULL;
  smear_colour_map_from_name (colours, &options->colours);
}

gboolean
smear_run_report (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                  GError **error)
{
  SmearReportOptions options = SMEAR_REPORT_OPTIONS_DEFAULT;
  g_autoptr (GPtrArray) list = smear_kept_list (host, error);
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (SmearReport) report = NULL;
  g_auto (SmearScene) scene = { 0 };
  const char *path = "";

  g_variant_dict_lookup (arguments, "file", "&s", &path);
  if (list == NULL || !host->describe (host, &scene, error)
      || !smear_scene_check (&scene, error))
    return FALSE;
  if (*path == '\0')
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("No file is named to write to."));
      return FALSE;
    }
  smear_report_options_from_arguments (&options, arguments);
  report = smear_report_new (&options);
  history = smear_history_open_existing (NULL, NULL, NULL);
  for (guint i = 0; i < list->len; i++)
    {
      host->progress (host, _ ("Writing the report"), (gdouble)i / list->len);
      if (!add (&(Run){ host, &scene, history, report }, list->pdata[i], error))
        return FALSE;
    }
  g_variant_dict_insert (results, "findings", "i", (gint)list->len);
  return smear_report_write (report, path, error);
}

static gboolean
add_recorded (SmearReport *report, SmearHistory *history, gint64 id, GString *text,
              GError **error)
{
  g_autoptr (SmearRecord) record = smear_history_get (history, id, error);
  g_autofree char *without = NULL;

  if (record == NULL)
    return FALSE;
  if (record->finding == NULL)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("%s: entry %d is no finding."), "ids", (gint)id);
      return FALSE;
    }
  smear_report_add_record (report, record, NULL, &without);
  if (without != NULL)
    g_string_append_printf (text, _ ("Finding %d goes without pictures: %s\n"), (gint)id,
                            without);
  return TRUE;
}

/* One part of "3,7,12-19". */
static gboolean
read_range (const char *part, guint64 *first, guint64 *last)
{
  g_auto (GStrv) ends = g_strsplit (part, "-", 2);

  return ends[0] != NULL
         && g_ascii_string_to_unsigned (g_strstrip (ends[0]), 10, 1, G_MAXINT, first,
                                        NULL)
         && g_ascii_string_to_unsigned (g_strstrip (ends[1] ? ends[1] : ends[0]), 10,
                                        *first, G_MAXINT, last, NULL);
}

gboolean
smear_run_history_report (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                          GError **error)
{
  SmearReportOptions options = SMEAR_REPORT_OPTIONS_DEFAULT;
  g_autoptr (SmearHistory) history = smear_history_open_existing (NULL, NULL, error);
  g_autoptr (SmearReport) report = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) parts = NULL;
  const char *path = "", *ids = "";
  gint n = 0;

  if (history == NULL)
    return FALSE;
  g_variant_dict_lookup (arguments, "file", "&s", &path);
  g_variant_dict_lookup (arguments, "ids", "&s", &ids);
  smear_report_options_from_arguments (&options, arguments);
  report = smear_report_new (&options);
  parts = g_strsplit (ids, ",", -1);
  for (char **part = parts; *part; part++)
    {
      guint64 first, last;

      if (!read_range (*part, &first, &last))
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                       _ ("ids: \"%s\" is no list of findings such as 3,7,12-19."), ids);
          return FALSE;
        }
      for (guint64 id = first; id <= last; id++, n++)
        {
          host->progress (host, _ ("Writing the report"), 0.5);
          if (!add_recorded (report, history, (gint64)id, text, error))
            return FALSE;
        }
    }
  g_variant_dict_insert (results, "findings", "i", n);
  g_variant_dict_insert (results, "text", "s", text->str);
  return smear_report_write (report, path, error);
}
