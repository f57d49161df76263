/* The report as PDF: pages are laid out first, so that each can say how many there are.
 */
#include "records/report-archive.h"
#include "records/report-page.h"

#include "base/put-file.h"

#include <cairo-pdf.h>

#include <smearscope/smearscope.h>

static const struct
{
  gdouble width, height;
} papers[]
    = { [SMEAR_PAPER_A4] = { 595.276, 841.89 }, [SMEAR_PAPER_LETTER] = { 612, 792 } };

/* One finding fills a page with everything; several get a list, then a page each. */
static void
lay_out (SmearSheets *sheets, const SmearReport *report, GArray *starts)
{
  guint n = report->entries->len, n_pages = MIN (n, (guint)MAX (0, report->max_pages));

  if (n > 1)
    {
      smear_report_list (sheets, report);
      smear_report_signatures (sheets);
      smear_report_model_part (sheets, report);
    }
  for (guint i = 0; i < (n > 1 ? n_pages : 1); i++)
    {
      if (n > 1)
        smear_sheets_new_page (sheets);
      g_array_append_val (starts, sheets->pages->len);
      smear_report_page (sheets, report, report->entries->pdata[i]);
    }
  if (n == 1)
    {
      smear_report_signatures (sheets);
      smear_report_model_part (sheets, report);
    }
}

static void
head_and_foot (SmearSheets *sheets, const SmearReport *report, guint page)
{
  gdouble width = smear_sheets_text_width (sheets), y = sheets->height - 50;
  g_autofree char *number = g_strdup_printf ("Page %u of %u", page + 1,
                                             sheets->pages->len);

  smear_sheets_line (sheets, SMEAR_TEXT_SMALL, sheets->left, 36, width * 0.6,
                     PANGO_ALIGN_LEFT,
                     *report->laboratory ? report->laboratory : "Smearscope");
  smear_sheets_line (sheets, SMEAR_TEXT_SMALL, sheets->left + width * 0.6, 36,
                     width * 0.4, PANGO_ALIGN_RIGHT, report->title);
  smear_sheets_rule (sheets, sheets->left, 50, width, 0.6);
  smear_sheets_rule (sheets, sheets->left, y, width, 0.6);
  smear_sheets_text (sheets, SMEAR_TEXT_BOLD, sheets->left, y + 4, width * 0.75,
                     PANGO_ALIGN_LEFT, SMEAR_DISCLAIMER);
  smear_sheets_text (sheets, SMEAR_TEXT_SMALL, sheets->left + width * 0.75, y + 5,
                     width * 0.25, PANGO_ALIGN_RIGHT, number);
}

static void
set_metadata (cairo_surface_t *surface, const SmearArchiveFacts *facts)
{
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, facts->title);
  if (facts->author)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_AUTHOR, facts->author);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, facts->subject);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_KEYWORDS, facts->keywords);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, facts->creator);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, facts->time);
}

static void
add_outline (cairo_surface_t *surface, const SmearReport *report, GArray *starts)
{
  for (guint i = 0; i < starts->len && report->entries->len > 1; i++)
    {
      const SmearReportEntry *entry = report->entries->pdata[i];
      g_autofree char *page = g_strdup_printf ("page=%u",
                                               g_array_index (starts, guint, i));
      cairo_pdf_surface_add_outline (surface, CAIRO_PDF_OUTLINE_ROOT,
                                     entry->finding->source, page, 0);
    }
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t
print (const SmearReport *report, const SmearArchiveFacts *facts, GByteArray *pdf)
{
  gdouble width = papers[report->paper].width, height = papers[report->paper].height;
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append_bytes, pdf,
                                                                  width, height);
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (guint));
  SmearSheets sheets;
  cairo_status_t status;
  cairo_t *cr;

  /* Later versions pack objects where smear_archive_pdf() does not look. */
  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_4);
  smear_sheets_init (&sheets, width, height);
  lay_out (&sheets, report, starts);
  set_metadata (surface, facts);
  g_clear_pointer (&sheets.cr, cairo_destroy);
  cr = cairo_create (surface);
  for (guint i = 0; i < sheets.pages->len; i++)
    {
      cairo_set_source_surface (cr, sheets.pages->pdata[i], 0, 0);
      cairo_paint (cr);
      sheets.cr = cairo_reference (cr);
      head_and_foot (&sheets, report, i);
      g_clear_pointer (&sheets.cr, cairo_destroy);
      cairo_show_page (cr);
    }
  add_outline (surface, report, starts);
  cairo_destroy (cr);
  smear_sheets_clear (&sheets);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

gboolean
smear_report_write_pdf (SmearReport *report, const char *path, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  const SmearArchiveFacts facts
      = { .title = report->title,
          .author = *report->laboratory ? report->laboratory : NULL,
          .subject = SMEAR_DISCLAIMER,
          .keywords = "blood smear, acute lymphoblastic leukaemia, research",
          .creator = "Smearscope " SMEARSCOPE_VERSION,
          .time = time };
  g_autoptr (GByteArray) pdf = g_byte_array_new ();
  g_autoptr (GError) inner = NULL;
  cairo_status_t status = print (report, &facts, pdf);

  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s cannot be written: %s", path,
                   cairo_status_to_string (status));
      return FALSE;
    }
  smear_archive_pdf (pdf, &facts);
  if (smear_put_file (path, (const char *)pdf->data, pdf->len, 0600, &inner))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s cannot be written: %s", path,
               inner->message);
  return FALSE;
}
