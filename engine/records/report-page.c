#include "records/report-page.h"

#include "image/image-private.h"

#include <stdlib.h>

#define GAP 14.0
#define PICTURE_HEIGHT 205.0
#define PICTURE_HEIGHT_LETTER 150.0
/* Of a scan's pictures, with four small ones below them. */
#define SWEEP_HEIGHT 134.0
#define SWEEP_HEIGHT_LETTER 96.0
#define PANEL_HEIGHT 100.0
#define PANEL_GAP 8.0
/* A heat map's caption with its scale needs as much, however narrow the map. */
#define SCALE_WIDTH 226.0

/* Kept as it is in the PDF, where plain pixels would be ten times as large. */
static void
attach_jpeg (cairo_surface_t *surface, SmearImage *image)
{
  gsize length = 0;
  guint8 *bytes = smear_jpeg_encode (smear_image_get_pixels (image),
                                     smear_image_get_width (image),
                                     smear_image_get_height (image), 92, 0, &length);

  if (bytes
      && cairo_surface_set_mime_data (surface, CAIRO_MIME_TYPE_JPEG, bytes, length, free,
                                      bytes)
             != CAIRO_STATUS_SUCCESS)
    free (bytes);
}

static void
draw_picture (SmearSheets *sheets, SmearImage *image, gdouble x, gdouble y, gdouble width)
{
  cairo_surface_t *surface = smear_picture_surface (image);
  gdouble scale = width / smear_image_get_width (image);
  gdouble height = smear_image_get_height (image) * scale;

  if (!surface)
    return;
  attach_jpeg (surface, image);
  cairo_save (sheets->cr);
  cairo_translate (sheets->cr, x, y);
  cairo_scale (sheets->cr, scale, scale);
  cairo_set_source_surface (sheets->cr, surface, 0, 0);
  /* Any other one would ask viewers to interpolate, which archives do not allow. */
  cairo_pattern_set_filter (cairo_get_source (sheets->cr), CAIRO_FILTER_NEAREST);
  cairo_paint (sheets->cr);
  cairo_restore (sheets->cr);
  cairo_surface_destroy (surface);
  cairo_rectangle (sheets->cr, x, y, width, height);
  cairo_set_source_rgb (sheets->cr, 0.5, 0.5, 0.5);
  cairo_set_line_width (sheets->cr, 0.4);
  cairo_stroke (sheets->cr);
}

static void
draw_scale (SmearSheets *sheets, const SmearReport *report, const SmearReportEntry *entry,
            gdouble x, gdouble y, gdouble width)
{
  g_autofree char *caption = smear_report_heat_caption (entry);

  smear_sheets_line (sheets, SMEAR_TEXT_SMALL, x, y, width - 82, PANGO_ALIGN_LEFT,
                     caption);
  smear_sheets_text (sheets, SMEAR_TEXT_SMALL, x + width - 78, y, 20, PANGO_ALIGN_RIGHT,
                     "little");
  smear_report_draw_scale (sheets->cr, report->colours, x + width - 55, y + 2, 30, 7);
  smear_sheets_text (sheets, SMEAR_TEXT_SMALL, x + width - 22, y, 24, PANGO_ALIGN_LEFT,
                     "much");
}

static void
draw_outlines (SmearSheets *sheets, const SmearFinding *finding, gdouble x, gdouble width,
               gdouble height)
{
  cairo_save (sheets->cr);
  cairo_rectangle (sheets->cr, x, sheets->y, width, height);
  cairo_clip (sheets->cr);
  cairo_translate (sheets->cr, x, sheets->y);
  smear_report_draw_cells (sheets->cr, finding, width);
  cairo_restore (sheets->cr);
}

/* Where each class lies, side by side, each with its name and number. */
static void
class_panels (SmearSheets *sheets, const SmearReportEntry *entry)
{
  gdouble column = (smear_sheets_text_width (sheets) - (SMEAR_N_CLASSES - 1) * PANEL_GAP)
                   / SMEAR_N_CLASSES;
  gdouble aspect = (gdouble)smear_image_get_height (entry->class_map)
                   / smear_image_get_width (entry->class_map);
  gdouble height = MIN (column * aspect, PANEL_HEIGHT);

  smear_sheets_need (sheets, height + 26);
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      g_autoptr (SmearImage) panel = smear_report_class_panel (entry, i);
      gdouble x = sheets->left + i * (column + PANEL_GAP);

      draw_picture (sheets, panel, x, sheets->y, height / aspect);
      smear_sheets_line (sheets, SMEAR_TEXT_SMALL, x, sheets->y + height + 4, column,
                         PANGO_ALIGN_LEFT, smear_class_title (i));
    }
  sheets->y += height + 26;
}

/* All of a finding belongs on one sheet, also where the paper is shorter. */
static gdouble
picture_height (const SmearSheets *sheets, const SmearReportEntry *entry)
{
  gboolean is_short = sheets->height < 800;

  if (entry->class_map)
    return is_short ? SWEEP_HEIGHT_LETTER : SWEEP_HEIGHT;
  return is_short ? PICTURE_HEIGHT_LETTER : PICTURE_HEIGHT;
}

/* Region and heat map side by side, equally large. */
static void
pictures (SmearSheets *sheets, const SmearReport *report, const SmearReportEntry *entry)
{
  g_autoptr (SmearImage) heat = smear_report_heat (report, entry);
  SmearImage *first = entry->picture ? entry->picture : heat;
  gdouble column = (smear_sheets_text_width (sheets) - GAP) / 2;
  gdouble aspect, width, height, x = sheets->left;
  const SmearFinding *finding = entry->finding;

  if (!first)
    {
      smear_sheets_paragraph (sheets, SMEAR_TEXT_SMALL,
                              "The image was not at hand when this "
                              "report was made.");
      return;
    }
  aspect = (gdouble)smear_image_get_height (first) / smear_image_get_width (first);
  height = MIN (column * aspect, picture_height (sheets, entry));
  width = height / aspect;
  smear_sheets_need (sheets, height + 26);
  if (entry->picture)
    {
      draw_picture (sheets, entry->picture, x, sheets->y, width);
      draw_outlines (sheets, finding, x, width, height);
      smear_sheets_line (sheets, SMEAR_TEXT_SMALL, x, sheets->y + height + 4, column,
                         PANGO_ALIGN_LEFT, smear_report_caption (entry));
      x += column + GAP;
    }
  if (heat)
    {
      draw_picture (sheets, heat, x, sheets->y, width);
      draw_scale (sheets, report, entry, x, sheets->y + height + 4,
                  MAX (width, SCALE_WIDTH));
      if (smear_report_heat_note (entry))
        smear_sheets_line (sheets, SMEAR_TEXT_SMALL, x, sheets->y + height + 15, column,
                           PANGO_ALIGN_LEFT, smear_report_heat_note (entry));
    }
  sheets->y += height + (heat && smear_report_heat_note (entry) ? 35 : 26);
  if (entry->class_map)
    class_panels (sheets, entry);
}

/* Full for the winner, outlined for the others: the difference is not one of colour. */
static void
draw_bar (SmearSheets *sheets, gdouble x, gdouble y, gdouble width, gdouble share,
          gboolean winner)
{
  cairo_t *cr = sheets->cr;

  cairo_rectangle (cr, x, y, width, 7);
  cairo_set_source_rgb (cr, 0.93, 0.93, 0.93);
  cairo_fill (cr);
  cairo_rectangle (cr, x, y, width * CLAMP (share, 0, 1), 7);
  cairo_set_source_rgb (cr, winner ? 0.1 : 0.62, winner ? 0.2 : 0.62,
                        winner ? 0.36 : 0.62);
  cairo_fill (cr);
}

static void
table_head (SmearSheets *sheets, gdouble x, gdouble width, gboolean is_sweep,
            gboolean has_cells)
{
  smear_sheets_text (sheets, SMEAR_TEXT_LABEL, x, sheets->y, 80, PANGO_ALIGN_LEFT,
                     "Class");
  smear_sheets_text (sheets, SMEAR_TEXT_LABEL, x + 70, sheets->y, 64, PANGO_ALIGN_RIGHT,
                     is_sweep ? "Share" : "Probability");
  if (has_cells)
    smear_sheets_text (sheets, SMEAR_TEXT_LABEL, x + width - 40, sheets->y, 40,
                       PANGO_ALIGN_RIGHT, "Cells");
  sheets->y += 14;
  smear_sheets_rule (sheets, x, sheets->y, width, 0.4);
  sheets->y += 4;
}

static void
table_row (SmearSheets *sheets, gdouble x, gdouble width, const char *name, gdouble share,
           const char *cells, gboolean winner)
{
  SmearTextStyle style = winner ? SMEAR_TEXT_BOLD : SMEAR_TEXT_BODY;
  g_autofree char *percent = smear_report_percent (share);

  smear_sheets_text (sheets, style, x, sheets->y, 90, PANGO_ALIGN_LEFT, name);
  smear_sheets_text (sheets, style, x + 70, sheets->y, 64, PANGO_ALIGN_RIGHT, percent);
  draw_bar (sheets, x + 150, sheets->y + 3, width - 150 - (cells ? 50 : 0), share,
            winner);
  if (cells)
    smear_sheets_text (sheets, style, x + width - 40, sheets->y, 40, PANGO_ALIGN_RIGHT,
                       cells);
  sheets->y += 16;
}

static void
probabilities (SmearSheets *sheets, const SmearReportEntry *entry)
{
  const SmearFinding *finding = entry->finding;
  gdouble x = sheets->left, width = smear_sheets_text_width (sheets);
  guint counts[SMEAR_N_CLASSES], judged = smear_report_count_cells (entry, counts);

  smear_sheets_need (sheets, 100);
  table_head (sheets, x, width, entry->is_sweep, judged > 0);
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      g_autofree char *cells = judged > 0 ? g_strdup_printf ("%u", counts[i]) : NULL;
      table_row (sheets, x, width, smear_class_title (i), finding->probabilities[i],
                 cells, finding->klass == (SmearClass)i);
    }
  smear_sheets_rule (sheets, x, sheets->y + 1, width, 0.4);
  sheets->y += 4;
  table_row (sheets, x, width, "Malignant", finding->malignant, judged > 0 ? "" : NULL,
             FALSE);
}

/* What the reader looks for first: answer, how sure, and what speaks against it. */
static void
answer (SmearSheets *sheets, const SmearReport *report, const SmearReportEntry *entry)
{
  gdouble width = smear_sheets_text_width (sheets);
  g_autofree char *title = smear_report_title (entry);
  g_autofree char *headline = g_utf8_strup (title, 1);
  g_autofree char *whole = g_strconcat (headline, g_utf8_next_char (title), NULL);

  sheets->y += smear_sheets_text (sheets, SMEAR_TEXT_ANSWER, sheets->left, sheets->y,
                                  width, PANGO_ALIGN_LEFT, whole)
               + 4;
  for (guint i = 0; entry->warnings[i]; i++)
    {
      g_autofree char *line = g_strconcat ("▲  ", entry->warnings[i], NULL);
      sheets->y += smear_sheets_text (sheets, SMEAR_TEXT_BOLD, sheets->left, sheets->y,
                                      width, PANGO_ALIGN_LEFT, line)
                   + 1;
    }
  sheets->y += 9;
}

static void
heading (SmearSheets *sheets, const SmearReportEntry *entry)
{
  gdouble width = smear_sheets_text_width (sheets);
  g_autofree char *time = smear_report_time (entry->time);
  g_autofree char *number = entry->id > 0 ? g_strdup_printf (
                                "Finding %" G_GINT64_FORMAT " · ", entry->id)
                                          : g_strdup ("");
  g_autofree char *line = g_strdup_printf (
      "%s%s%s%s", number, time, entry->user ? " · " : "", entry->user ? entry->user : "");

  smear_sheets_line (sheets, SMEAR_TEXT_TITLE, sheets->left, sheets->y, width,
                     PANGO_ALIGN_LEFT, entry->finding->source);
  sheets->y += 25;
  sheets->y += smear_sheets_text (sheets, SMEAR_TEXT_LABEL, sheets->left, sheets->y,
                                  width, PANGO_ALIGN_LEFT, line)
               + 14;
}

void
smear_report_page (SmearSheets *sheets, const SmearReport *report,
                   const SmearReportEntry *entry)
{
  g_autofree char *confidence = smear_report_confidence_text (report, entry);
  g_autofree char *cells = smear_report_cells_text (entry);
  g_autofree char *quality = smear_report_quality_text (entry);
  g_autoptr (GPtrArray) trace = smear_report_trace_pairs (report, entry);

  heading (sheets, entry);
  answer (sheets, report, entry);
  pictures (sheets, report, entry);
  if (entry->finding->klass != SMEAR_CLASS_NONE)
    probabilities (sheets, entry);
  sheets->y += 8;
  smear_sheets_pair (sheets, "Confidence", confidence);
  smear_sheets_pair (sheets, "Cells", cells);
  smear_sheets_pair (sheets, "Image", quality);
  smear_sheets_section (sheets, "To reproduce this finding");
  for (guint i = 0; i < trace->len; i++)
    {
      const SmearPair *pair = trace->pdata[i];
      smear_sheets_pair (sheets, pair->label, pair->value);
    }
}

void
smear_report_model_part (SmearSheets *sheets, const SmearReport *report)
{
  g_autoptr (GPtrArray) pairs = smear_report_model_pairs (report);

  gdouble width = smear_sheets_text_width (sheets), height = 40;

  /* In one piece where a sheet can hold it, else from here on. */
  for (guint i = 0; i < pairs->len; i++)
    height += smear_sheets_measure (sheets, SMEAR_TEXT_BODY, width - SMEAR_SHEETS_LABEL,
                                    ((SmearPair *)pairs->pdata[i])->value)
              + 4;
  if (height <= sheets->bottom - sheets->top)
    smear_sheets_need (sheets, height);
  smear_sheets_section (sheets, "The model and what is known of it");
  for (guint i = 0; i < pairs->len; i++)
    {
      const SmearPair *pair = pairs->pdata[i];
      smear_sheets_pair (sheets, pair->label, pair->value);
    }
}

void
smear_report_signatures (SmearSheets *sheets)
{
  static const char *const labels[] = { "Examined by", "Checked by" };
  gdouble column = (smear_sheets_text_width (sheets) - 2 * GAP) / 2;

  smear_sheets_need (sheets, 58);
  sheets->y += 36;
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      gdouble x = sheets->left + i * (column + 2 * GAP);
      smear_sheets_rule (sheets, x, sheets->y, column, 0.6);
      smear_sheets_text (sheets, SMEAR_TEXT_LABEL, x, sheets->y + 3, column,
                         PANGO_ALIGN_LEFT, labels[i]);
      smear_sheets_text (sheets, SMEAR_TEXT_LABEL, x, sheets->y + 3, column,
                         PANGO_ALIGN_RIGHT, "Date, signature");
    }
  sheets->y += 20;
}
