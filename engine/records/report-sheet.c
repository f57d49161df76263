#include "records/report-sheet.h"

#include <string.h>

#define MM (72 / 25.4)
#define LINE_GAP 2.4
#define PAIR_GAP 3.5
#define SAMPLE_WIDTH 160.0

/* Families are tried in order; the last is on every system. */
#define SANS "Source Sans 3, Lato, Noto Sans, DejaVu Sans, sans-serif"
#define MONO "Source Code Pro, Noto Sans Mono, DejaVu Sans Mono, monospace"

static const struct
{
  const char *font;
  gdouble grey; /* 0 black, so that all of it stays legible in grey print */
  gdouble leading;
} styles[] = {
  [SMEAR_TEXT_BODY] = { SANS " 10", 0.1, 1.12 },
  [SMEAR_TEXT_BOLD] = { SANS " Bold 10", 0, 1.12 },
  [SMEAR_TEXT_SMALL] = { SANS " 8.5", 0.25, 1.1 },
  [SMEAR_TEXT_LABEL] = { SANS " 9", 0.35, 1.1 },
  [SMEAR_TEXT_SECTION] = { SANS " Bold 8", 0.15, 1.1 },
  [SMEAR_TEXT_TITLE] = { SANS " Bold 18", 0, 1.1 },
  [SMEAR_TEXT_ANSWER] = { SANS " Bold 26", 0, 1.05 },
  [SMEAR_TEXT_HASH] = { MONO " 8", 0.1, 1.2 },
};

void
smear_sheets_new_page (SmearSheets *sheets)
{
  cairo_rectangle_t extents = { 0, 0, sheets->width, sheets->height };
  cairo_surface_t *page = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA,
                                                          &extents);

  g_clear_pointer (&sheets->cr, cairo_destroy);
  sheets->cr = cairo_create (page);
  g_ptr_array_add (sheets->pages, page);
  sheets->y = sheets->top;
}

void
smear_sheets_clear (SmearSheets *sheets)
{
  g_clear_pointer (&sheets->cr, cairo_destroy);
  g_clear_pointer (&sheets->pages, g_ptr_array_unref);
}

gboolean
smear_sheets_need (SmearSheets *sheets, gdouble height)
{
  if (sheets->y + height <= sheets->bottom)
    return FALSE;
  smear_sheets_new_page (sheets);
  return TRUE;
}

gdouble
smear_sheets_text_width (const SmearSheets *sheets)
{
  return sheets->right - sheets->left;
}

static PangoLayout *
layout_new (SmearSheets *sheets, SmearTextStyle style, gdouble width, const char *text)
{
  PangoLayout *layout = pango_cairo_create_layout (sheets->cr);
  PangoFontDescription *font = pango_font_description_from_string (styles[style].font);
  cairo_font_options_t *options = cairo_font_options_create ();

  /* Letters where the design has them, not where a screen's pixels are. */
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (pango_layout_get_context (layout), options);
  cairo_font_options_destroy (options);
  pango_cairo_context_set_resolution (pango_layout_get_context (layout), 72); /* points */
  pango_font_description_set_size (
      font, (gint)(pango_font_description_get_size (font) * sheets->zoom + 0.5));
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_width (layout, (gint)(width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_line_spacing (layout, styles[style].leading);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

/* The sheets are laid out for letters as wide as Lato's. DejaVu's, which every system
 * has, would run over them. */
static gdouble
zoom_for_family (SmearSheets *sheets)
{
  g_autoptr (PangoLayout) layout = layout_new (sheets, SMEAR_TEXT_BODY, sheets->width,
                                               "leukocytes were given Pre-B: 97.3 %");
  gint width;

  pango_layout_get_size (layout, &width, NULL);
  return CLAMP (SAMPLE_WIDTH / (width / (gdouble)PANGO_SCALE), 0.84, 1);
}

void
smear_sheets_init (SmearSheets *sheets, gdouble width, gdouble height)
{
  *sheets = (SmearSheets){ .width = width,
                           .height = height,
                           .left = 22 * MM,
                           .right = width - 18 * MM,
                           .top = 26 * MM,
                           .bottom = height - 60 };
  sheets->pages = g_ptr_array_new_with_free_func ((GDestroyNotify)cairo_surface_destroy);
  smear_sheets_new_page (sheets);
  sheets->zoom = 1;
  sheets->zoom = zoom_for_family (sheets);
}

static gdouble
layout_height (PangoLayout *layout)
{
  gint height;

  pango_layout_get_size (layout, NULL, &height);
  return height / (gdouble)PANGO_SCALE;
}

static void
show (SmearSheets *sheets, PangoLayout *layout, SmearTextStyle style, gdouble x,
      gdouble y)
{
  gdouble grey = styles[style].grey;

  cairo_set_source_rgb (sheets->cr, grey, grey, grey);
  cairo_move_to (sheets->cr, x, y);
  pango_cairo_show_layout (sheets->cr, layout);
}

gdouble
smear_sheets_text (SmearSheets *sheets, SmearTextStyle style, gdouble x, gdouble y,
                   gdouble width, PangoAlignment alignment, const char *text)
{
  g_autoptr (PangoLayout) layout = layout_new (sheets, style, width, text);

  pango_layout_set_alignment (layout, alignment);
  show (sheets, layout, style, x, y);
  return layout_height (layout);
}

gdouble
smear_sheets_measure (SmearSheets *sheets, SmearTextStyle style, gdouble width,
                      const char *text)
{
  g_autoptr (PangoLayout) layout = layout_new (sheets, style, width, text);

  return layout_height (layout);
}

void
smear_sheets_line (SmearSheets *sheets, SmearTextStyle style, gdouble x, gdouble y,
                   gdouble width, PangoAlignment alignment, const char *text)
{
  g_autoptr (PangoLayout) layout = layout_new (sheets, style, width, text);

  pango_layout_set_alignment (layout, alignment);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_MIDDLE);
  show (sheets, layout, style, x, y);
}

void
smear_sheets_rule (SmearSheets *sheets, gdouble x, gdouble y, gdouble width,
                   gdouble thickness)
{
  gdouble grey = thickness < 0.3 ? 0.7 : 0.35; /* hairlines only guide the eye */

  cairo_set_source_rgb (sheets->cr, grey, grey, grey);
  cairo_set_line_width (sheets->cr, thickness);
  cairo_move_to (sheets->cr, x, y);
  cairo_line_to (sheets->cr, x + width, y);
  cairo_stroke (sheets->cr);
}

void
smear_sheets_paragraph (SmearSheets *sheets, SmearTextStyle style, const char *text)
{
  gdouble width = smear_sheets_text_width (sheets);

  smear_sheets_need (sheets, smear_sheets_measure (sheets, style, width, text));
  sheets->y += smear_sheets_text (sheets, style, sheets->left, sheets->y, width,
                                  PANGO_ALIGN_LEFT, text)
               + 2;
}

/* A heading stays with at least the first lines below it. */
void
smear_sheets_section (SmearSheets *sheets, const char *title)
{
  g_autofree char *capitals = g_utf8_strup (title, -1);

  if (!smear_sheets_need (sheets, 60) && sheets->y > sheets->top)
    sheets->y += 14;
  sheets->y += smear_sheets_text (sheets, SMEAR_TEXT_SECTION, sheets->left, sheets->y,
                                  smear_sheets_text_width (sheets), PANGO_ALIGN_LEFT,
                                  capitals);
  smear_sheets_rule (sheets, sheets->left, sheets->y + 1.5,
                     smear_sheets_text_width (sheets), 0.5);
  sheets->y += 6;
}

static gboolean
is_hash (const char *text)
{
  gsize length = strspn (text, "0123456789abcdef");

  return length == 64 && text[length] == '\0';
}

/* One line of a value, which may wrap. */
static void
pair_line (SmearSheets *sheets, const char *label, const char *value)
{
  gdouble width = smear_sheets_text_width (sheets) - SMEAR_SHEETS_LABEL;
  SmearTextStyle style = is_hash (value)                 ? SMEAR_TEXT_HASH
                         : g_str_has_suffix (value, ":") ? SMEAR_TEXT_BOLD
                                                         : SMEAR_TEXT_BODY;
  gdouble height = MAX (
      smear_sheets_measure (sheets, style, width, value),
      smear_sheets_measure (sheets, SMEAR_TEXT_LABEL, SMEAR_SHEETS_LABEL - 8, label));

  smear_sheets_need (sheets, MIN (height, sheets->bottom - sheets->top));
  smear_sheets_text (sheets, SMEAR_TEXT_LABEL, sheets->left, sheets->y + 0.7,
                     SMEAR_SHEETS_LABEL - 8, PANGO_ALIGN_LEFT, label);
  smear_sheets_text (sheets, style, sheets->left + SMEAR_SHEETS_LABEL, sheets->y, width,
                     PANGO_ALIGN_LEFT, value);
  sheets->y += height + LINE_GAP;
}

void
smear_sheets_pair (SmearSheets *sheets, const char *label, const char *value)
{
  g_auto (GStrv) lines = g_strsplit (value, "\n", -1);

  for (char **line = lines; *line; line++)
    pair_line (sheets, line == lines ? label : "", *line);
  sheets->y += PAIR_GAP - LINE_GAP;
}
