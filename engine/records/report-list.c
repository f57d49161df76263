/* The overview of a report of several findings. */
#include "records/report-page.h"

/* Shares of the text's width. */
static const struct
{
  const char *title;
  gdouble from, to;
  PangoAlignment alignment;
} columns[] = {
  { "No.", 0, 0.05, PANGO_ALIGN_RIGHT },
  { "Image", 0.07, 0.34, PANGO_ALIGN_LEFT },
  { "Finding", 0.35, 0.58, PANGO_ALIGN_LEFT },
  { "Such answers right", 0.57, 0.77, PANGO_ALIGN_RIGHT },
  { "Malignant", 0.77, 0.88, PANGO_ALIGN_RIGHT },
  { "Cells", 0.88, 0.95, PANGO_ALIGN_RIGHT },
  { "▲", 0.95, 1, PANGO_ALIGN_RIGHT },
};

static void
cell (SmearSheets *sheets, SmearTextStyle style, guint column, const char *text)
{
  gdouble width = smear_sheets_text_width (sheets);

  smear_sheets_line (sheets, style, sheets->left + columns[column].from * width,
                     sheets->y, (columns[column].to - columns[column].from) * width,
                     columns[column].alignment, text);
}

static void
head (SmearSheets *sheets)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    cell (sheets, SMEAR_TEXT_LABEL, i, columns[i].title);
  sheets->y += 14;
  smear_sheets_rule (sheets, sheets->left, sheets->y, smear_sheets_text_width (sheets),
                     0.6);
  sheets->y += 4;
}

static void
row (SmearSheets *sheets, const SmearReport *report, const SmearReportEntry *entry,
     guint number)
{
  const SmearFinding *finding = entry->finding;
  guint n_warnings = g_strv_length (entry->warnings);
  g_autofree char *no = g_strdup_printf ("%u", number);
  g_autofree char *title = smear_report_title (entry);
  g_autofree char *malignant = smear_report_percent (finding->malignant);
  g_autofree char *cells = g_strdup_printf ("%u",
                                            finding->cells ? finding->cells->len : 0);
  g_autofree char *warnings = n_warnings ? g_strdup_printf ("%u", n_warnings)
                                         : g_strdup ("");
  g_autofree char *right = smear_report_right_text (report, entry);

  if (smear_sheets_need (sheets, 16))
    head (sheets);
  cell (sheets, SMEAR_TEXT_LABEL, 0, no);
  cell (sheets, SMEAR_TEXT_BODY, 1, finding->source);
  cell (sheets, SMEAR_TEXT_BODY, 2, title);
  cell (sheets, SMEAR_TEXT_BODY, 3, right);
  cell (sheets, SMEAR_TEXT_BODY, 4, finding->klass == SMEAR_CLASS_NONE ? "–" : malignant);
  cell (sheets, SMEAR_TEXT_BODY, 5, cells);
  cell (sheets, SMEAR_TEXT_BODY, 6, warnings);
  sheets->y += 16;

  if (number % 5 == 0)
    smear_sheets_rule (sheets, sheets->left, sheets->y - 3,
                       smear_sheets_text_width (sheets), 0.25);
}

static void
counts (SmearSheets *sheets, const SmearReport *report)
{
  g_autoptr (GPtrArray) pairs = smear_report_count_pairs (report);
  gdouble width = smear_sheets_text_width (sheets) / pairs->len;

  for (guint i = 0; i < pairs->len; i++)
    {
      const SmearPair *pair = pairs->pdata[i];
      gdouble x = sheets->left + i * width;
      smear_sheets_text (sheets, SMEAR_TEXT_TITLE, x, sheets->y, width, PANGO_ALIGN_LEFT,
                         pair->value);
      smear_sheets_text (sheets, SMEAR_TEXT_LABEL, x, sheets->y + 23, width - 4,
                         PANGO_ALIGN_LEFT, pair->label);
    }
  sheets->y += 52;
}

void
smear_report_list (SmearSheets *sheets, const SmearReport *report)
{
  g_autofree char *time = smear_report_time (g_get_real_time ());
  g_autofree char *line = g_strdup_printf ("%u findings · report of %s",
                                           report->entries->len, time);

  smear_sheets_line (sheets, SMEAR_TEXT_TITLE, sheets->left, sheets->y,
                     smear_sheets_text_width (sheets), PANGO_ALIGN_LEFT, report->title);
  sheets->y += 25;
  smear_sheets_paragraph (sheets, SMEAR_TEXT_LABEL, line);
  sheets->y += 10;
  counts (sheets, report);
  head (sheets);
  for (guint i = 0; i < report->entries->len; i++)
    row (sheets, report, report->entries->pdata[i], i + 1);
  sheets->y += 4;
  smear_sheets_paragraph (sheets, SMEAR_TEXT_SMALL,
                          "Such answers right: of answers as probable as this one, on "
                          "smears kept back from training, with the 95 % interval "
                          "(Wilson). ▲: warnings.");
}
