#include "records/report-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void
entry_free (gpointer data)
{
  SmearReportEntry *entry = data;

  smear_finding_free (entry->finding);
  g_clear_pointer (&entry->picture, smear_image_unref);
  g_clear_pointer (&entry->heat_map, smear_image_unref);
  g_clear_pointer (&entry->class_map, smear_image_unref);
  g_strfreev (entry->warnings);
  g_free (entry->hash);
  g_free (entry->user);
  g_free (entry->program);
  g_free (entry->version);
  g_free (entry->pixel_hash);
  g_free (entry);
}

SmearReport *
smear_report_new (const SmearReportOptions *options)
{
  const SmearReportOptions defaults = SMEAR_REPORT_OPTIONS_DEFAULT;
  SmearReport *report = g_new0 (SmearReport, 1);

  if (!options)
    options = &defaults;
  report->paper = options->paper;
  report->title = g_strdup (options->title ? options->title : "Blood smear findings");
  report->laboratory = g_strdup (options->laboratory ? options->laboratory : "");
  report->colours = options->colours;
  report->opacity = options->opacity;
  report->max_pages = options->max_pages;
  report->entries = g_ptr_array_new_with_free_func (entry_free);
  return report;
}

void
smear_report_free (SmearReport *report)
{
  if (!report)
    return;
  g_free (report->title);
  g_free (report->laboratory);
  g_clear_pointer (&report->model, smear_model_unref);
  g_ptr_array_unref (report->entries);
  g_free (report);
}

void
smear_report_set_model (SmearReport *report, SmearModel *model)
{
  g_return_if_fail (report != NULL && model != NULL);
  g_clear_pointer (&report->model, smear_model_unref);
  report->model = smear_model_ref (model);
}

static SmearFinding *
copy_finding (const SmearFinding *finding, const char *name)
{
  SmearFinding *copy = g_memdup2 (finding, sizeof *finding);

  copy->source = g_utf8_make_valid (name, -1);
  copy->map = finding->map ? smear_heat_map_copy (finding->map) : NULL;
  copy->cells = finding->cells ? g_array_copy (finding->cells) : NULL;
  copy->model_name = g_strdup (finding->model_name);
  copy->model_hash = g_strdup (finding->model_hash);
  return copy;
}

/* The history may know the image by a pseudonym only; then so does the report. */
static char *
name_to_show (const SmearFinding *finding, const SmearRecord *record)
{
  const char *source = finding->source;

  if (record && record->kind == SMEAR_RECORD_FINDING)
    source = record->erased ? "(erased)" : record->finding->source;
  return source ? g_path_get_basename (source) : g_strdup ("unnamed");
}

static void
take_record (SmearReportEntry *entry, const SmearRecord *record)
{
  entry->id = record->id;
  entry->time = record->time;
  entry->hash = g_strdup (record->hash);
  entry->user = g_strdup (record->user);
  entry->program = g_strdup (record->program);
  entry->version = g_strdup (record->version);
  entry->options = record->options;
  g_free (entry->pixel_hash);
  entry->pixel_hash = g_strdup (record->pixel_hash);
}

/* The region, or with %NULL all of it. */
static SmearImage *
shrink (SmearImage *image, const SmearRegion *region)
{
  SmearRegion all = { 0, 0, smear_image_get_width (image),
                      smear_image_get_height (image) };

  if (!region)
    region = &all;
  if (region->x < 0 || region->y < 0 || region->width < 1 || region->height < 1
      || region->x > all.width - region->width || region->y > all.height - region->height)
    return NULL;
  return smear_picture_shrink (image, region, SMEAR_REPORT_PICTURE_SIDE);
}

static SmearReportEntry *
add_entry (SmearReport *report, const SmearFinding *finding, const SmearRecord *record)
{
  const SmearClassifyOptions defaults = SMEAR_CLASSIFY_OPTIONS_DEFAULT;
  SmearReportEntry *entry = g_new0 (SmearReportEntry, 1);
  g_autofree char *name = name_to_show (finding, record);

  entry->finding = copy_finding (finding, name);
  entry->warnings = smear_finding_warnings (finding);
  entry->time = g_get_real_time ();
  entry->options = defaults;
  if (record)
    take_record (entry, record);
  g_ptr_array_add (report->entries, entry);
  return entry;
}

static gboolean
gets_pictures (const SmearReport *report)
{
  return (gint)report->entries->len <= report->max_pages;
}

static void
add_with_image (SmearReport *report, const SmearFinding *finding, SmearImage *image,
                const SmearRegion *region, const SmearRecord *record)
{
  SmearReportEntry *entry = add_entry (report, finding, record);

  if (image && !record)
    entry->pixel_hash = smear_pixel_hash (image, region);
  if (image && gets_pictures (report))
    entry->picture = shrink (image, region);
}

void
smear_report_add (SmearReport *report, const SmearFinding *finding, SmearImage *image,
                  const SmearRecord *record)
{
  g_return_if_fail (report != NULL && finding != NULL);
  add_with_image (report, finding, image, &finding->region, record);
}

void
smear_report_add_cut (SmearReport *report, const SmearFinding *finding, SmearImage *image,
                      const SmearRecord *record)
{
  const SmearRegion all = { 0, 0, finding->region.width, finding->region.height };

  g_return_if_fail (report != NULL && finding != NULL);
  add_with_image (report, finding, image, &all, record);
}

void
smear_report_add_record (SmearReport *report, const SmearRecord *record,
                         const char *model, char **without)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearReproduction) again = NULL;

  g_return_if_fail (report != NULL && record != NULL && record->finding != NULL);
  again = smear_reproduce_with_map (record, model, &error);
  if (again && again->same && again->finding)
    {
      smear_report_set_model (report, again->model);
      smear_report_add (report, again->finding, again->image, record);
      return;
    }
  if (without)
    *without = g_strdup (error         ? error->message
                         : again->same ? "it is of a whole scan; scan --report draws it"
                                       : again->differences[0]);
  smear_report_add (report, record->finding, NULL, record);
}

void
smear_report_add_sweep (SmearReport *report, const SmearFinding *finding,
                        const SmearReportSweep *sweep, const SmearRecord *record)
{
  SmearReportEntry *entry;

  g_return_if_fail (report != NULL && finding != NULL && sweep != NULL);
  entry = add_entry (report, finding, record);
  entry->is_sweep = TRUE;
  entry->totals = *sweep->totals;
  if (!gets_pictures (report))
    return;
  entry->picture = sweep->overview ? shrink (sweep->overview, NULL) : NULL;
  entry->heat_map = sweep->heat_map ? shrink (sweep->heat_map, NULL) : NULL;
  entry->class_map = sweep->class_map ? shrink (sweep->class_map, NULL) : NULL;
}

static gboolean
ends_in (const char *path, const char *ending)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  return g_str_has_suffix (lower, ending);
}

gboolean
smear_report_check_path (const char *path, GError **error)
{
  if (ends_in (path, ".pdf") || ends_in (path, ".html"))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               "%s: a report ends in .pdf or .html", path);
  return FALSE;
}

gboolean
smear_report_write (SmearReport *report, const char *path, GError **error)
{
  g_return_val_if_fail (report != NULL && path != NULL, FALSE);
  if (report->entries->len == 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "%s: there are no findings to report", path);
      return FALSE;
    }
  if (!smear_report_check_path (path, error))
    return FALSE;
  return ends_in (path, ".pdf") ? smear_report_write_pdf (report, path, error)
                                : smear_report_write_html (report, path, error);
}
