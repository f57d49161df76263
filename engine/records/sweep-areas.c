/* Outlined areas of a sweep: each counted, and judged by itself. */
#include "base/csv.h"
#include "image/image-private.h"
#include "pipeline/json-line.h"
#include "pipeline/judge-cells.h"
#include "records/sweep-records.h"

/* A larger area is many fields: its cells are counted, but it has no one answer. */
#define MOST_PIXELS ((gint64)1 << 24)

static void
area_free (gpointer data)
{
  SmearSweepArea *area = data;
  g_clear_pointer (&area->finding, smear_finding_free);
  g_clear_error (&area->error);
  g_free (area);
}

gboolean
smear_sweep_in_areas (GPtrArray *areas, gdouble x, gdouble y)
{
  for (guint i = 0; i < areas->len; i++)
    if (smear_area_contains (areas->pdata[i], x, y))
      return TRUE;
  return FALSE;
}

/* As if its pixels had been cut out, saved on white and classified. */
static SmearFinding *
judge (const SmearSweepResult *result, SmearScan *scan, const SmearArea *area,
       const SmearClassifyOptions *how, GCancellable *cancellable, GError **error)
{
  const SmearRegion *bounds = &area->bounds;

  if ((gint64)bounds->width * bounds->height > MOST_PIXELS)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "%d x %d pixels are too many to be judged as one field; its cells are "
                   "counted",
                   bounds->width, bounds->height);
      return NULL;
    }
  g_autoptr (SmearImage) image = smear_scan_read_region (scan, 0, bounds, error);
  if (!image)
    return NULL;
  smear_area_cut_out (area, image);
  SmearFinding *finding = smear_classify (result->model, image, NULL, how, cancellable,
                                          NULL, NULL, error);
  if (!finding)
    return NULL;
  finding->source = g_strdup (result->scan);
  finding->region = *bounds;
  if (finding->cells)
    smear_cells_move (finding->cells, bounds->x, bounds->y);
  return finding;
}

gboolean
smear_sweep_judge_areas (SmearSweepResult *result, SmearScan *scan, GPtrArray *areas,
                         gint n_jobs, GCancellable *cancellable, GError **error)
{
  const SmearClassifyOptions how = { SMEAR_CLASS_NONE, FALSE, n_jobs };

  result->areas = g_ptr_array_new_with_free_func (area_free);
  for (guint i = 0; i < areas->len; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      SmearSweepArea *area = g_new0 (SmearSweepArea, 1);
      area->area = areas->pdata[i];
      smear_sweep_tally (result->cells, area->area, smear_model_threshold (result->model),
                         &area->tally);
      area->finding = judge (result, scan, area->area, &how, cancellable, &area->error);
      g_ptr_array_add (result->areas, area);
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
add_row (GString *text, const SmearSweepArea *area)
{
  const SmearRegion *bounds = &area->area->bounds;
  const SmearFinding *finding = area->finding;
  gboolean named = finding && finding->klass != SMEAR_CLASS_NONE;

  smear_csv_append_name (text, area->area->name);
  smear_csv_append_number (text, bounds->x);
  smear_csv_append_number (text, bounds->y);
  smear_csv_append_number (text, bounds->width);
  smear_csv_append_number (text, bounds->height);
  smear_csv_append_number (text, area->tally.n_cells);
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    smear_csv_append_number (text, area->tally.by_class[c]);
  smear_csv_append_number (text, area->tally.n_uncertain);
  smear_csv_append_number (text, area->tally.blasts);
  smear_csv_append_number (text, area->tally.blasts_low);
  smear_csv_append_number (text, area->tally.blasts_high);
  smear_csv_append (text, finding ? smear_verdict_name (finding->verdict) : "");
  smear_csv_append (text, named ? smear_class_name (finding->klass) : "");
  if (named)
    smear_csv_append_number (text, finding->confidence);
  else
    smear_csv_append (text, "");
  smear_csv_append (text, area->error ? area->error->message : "");
  smear_csv_append (text, "yes");
  smear_csv_end (text);
}

static void
add_line (GString *text, const SmearSweepResult *result, const SmearSweepArea *area)
{
  const SmearSweepTally *tally = &area->tally;
  const SmearRegion *bounds = &area->area->bounds;
  g_autofree char *finding = area->finding ? smear_finding_to_json (area->finding) : NULL;
  g_autoptr (GString) line = g_string_new ("{");

  smear_json_member_string (line, "name", area->area->name);
  smear_json_member (line, "counted");
  g_string_append_printf (line, "{\"cells\": %u", tally->n_cells);
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    smear_json_member_integer (line, smear_class_name (c), tally->by_class[c]);
  smear_json_member_integer (line, "uncertain", tally->n_uncertain);
  smear_json_member_number (line, "blast_fraction", tally->blasts);
  smear_json_member (line, "blast_fraction_95");
  g_string_append_c (line, '[');
  smear_json_number (line, tally->blasts_low);
  g_string_append (line, ", ");
  smear_json_number (line, tally->blasts_high);
  g_string_append (line, "]}");
  if (finding)
    g_string_append_printf (line, ", %s", finding + 1); /* its own braces close */
  else
    {
      smear_json_member_string (line, "file", result->scan);
      smear_json_member (line, "region");
      g_string_append_printf (line, "[%d, %d, %d, %d]", bounds->x, bounds->y,
                              bounds->width, bounds->height);
      smear_json_member_string (line, "error", area->error->message);
      smear_json_member_boolean (line, "research_use_only", TRUE);
      g_string_append_c (line, '}');
    }
  g_string_append (text, line->str);
  g_string_append_c (text, '\n');
}

static gint
save_text (gint fd, gpointer data)
{
  const GString *text = data;
  return smear_write_fully (fd, (const guint8 *)text->str, text->len);
}

gboolean
smear_sweep_write_regions_csv (const SmearSweepResult *result, const char *path,
                               GError **error)
{
  g_autoptr (GString) text = g_string_new (
      "name,x,y,width,height,cells,Benign,Early,Pre,Pro,uncertain,blast_fraction,"
      "blast_fraction_low,blast_fraction_high,verdict,class,confidence,error,"
      "research_use_only\n");

  for (guint i = 0; i < result->areas->len; i++)
    add_row (text, result->areas->pdata[i]);
  return smear_save (path, save_text, text, error);
}

gboolean
smear_sweep_write_regions_jsonl (const SmearSweepResult *result, const char *path,
                                 GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < result->areas->len; i++)
    add_line (text, result, result->areas->pdata[i]);
  return smear_save (path, save_text, text, error);
}
