/* Sheets of paper: text that wraps, rules, and what stands at the head and foot of each.
 */
#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>

G_BEGIN_DECLS

/** SMEAR_SHEETS_LABEL: width of the column of labels. */
#define SMEAR_SHEETS_LABEL 112.0

typedef enum
{
  SMEAR_TEXT_BODY,
  SMEAR_TEXT_BOLD,
  SMEAR_TEXT_SMALL,
  SMEAR_TEXT_LABEL,
  SMEAR_TEXT_SECTION,
  SMEAR_TEXT_TITLE,
  SMEAR_TEXT_ANSWER,
  SMEAR_TEXT_HASH
} SmearTextStyle;

/**
 * SmearSheets:
 * @left: edge of the text
 * @right: edge of the text
 * @top: edge of the text
 * @bottom: edge of the text
 * @y: where the next line goes
 * @zoom: of letters, where only a wide family is there
 * @cr: draws on the current sheet
 */
typedef struct
{
  gdouble width, height, left, right, top, bottom, y, zoom;
  cairo_t *cr;
  GPtrArray *pages;
} SmearSheets;

void smear_sheets_init (SmearSheets *sheets, gdouble width, gdouble height);
void smear_sheets_clear (SmearSheets *sheets);
void smear_sheets_new_page (SmearSheets *sheets);
/** smear_sheets_need: a new page unless @height is left on this one. TRUE if it is new */
gboolean smear_sheets_need (SmearSheets *sheets, gdouble height);
gdouble smear_sheets_text_width (const SmearSheets *sheets);

/** smear_sheets_text: at any place; does not move @y. Returns: its height */
gdouble smear_sheets_text (SmearSheets *sheets, SmearTextStyle style, gdouble x,
                           gdouble y, gdouble width, PangoAlignment alignment,
                           const char *text);
gdouble smear_sheets_measure (SmearSheets *sheets, SmearTextStyle style, gdouble width,
                              const char *text);
/** smear_sheets_line: one line only, cut with an ellipsis in the middle. */
void smear_sheets_line (SmearSheets *sheets, SmearTextStyle style, gdouble x, gdouble y,
                        gdouble width, PangoAlignment alignment, const char *text);
void smear_sheets_rule (SmearSheets *sheets, gdouble x, gdouble y, gdouble width,
                        gdouble thickness);

/* Each starts at @y and moves it below. */
void smear_sheets_paragraph (SmearSheets *sheets, SmearTextStyle style, const char *text);
void smear_sheets_section (SmearSheets *sheets, const char *title);
void smear_sheets_pair (SmearSheets *sheets, const char *label, const char *value);

G_END_DECLS
