/* The cells in a preview: a frame and a number for each, crossed out if left out. */
#include "core/cell-layer.h"
#include "core/preview-private.h"

#define LINE 2.0
#define LETTER 11

static void
draw_number (cairo_t *cr, guint number, gdouble x, gdouble y, const gdouble colour[3])
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (
      "sans bold");
  g_autofree char *text = g_strdup_printf ("%u", number);
  gint width, height;

  pango_font_description_set_absolute_size (font, LETTER * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_set_source_rgba (cr, 0.08, 0.08, 0.1, 0.75);
  cairo_rectangle (cr, x, y, width + 4, height);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, colour[0], colour[1], colour[2]);
  cairo_move_to (cr, x + 2, y);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_frame (cairo_t *cr, gdouble x, gdouble y, gdouble width, gdouble height,
            const gdouble colour[3], gboolean out)
{
  cairo_rectangle (cr, x, y, width, height);
  if (out)
    {
      cairo_move_to (cr, x, y);
      cairo_line_to (cr, x + width, y + height);
      cairo_move_to (cr, x + width, y);
      cairo_line_to (cr, x, y + height);
    }
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_set_line_width (cr, 2 * LINE);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, colour[0], colour[1], colour[2]);
  cairo_set_line_width (cr, LINE);
  cairo_stroke (cr);
}

void
smear_preview_draw_cells (const SmearPreview *preview, cairo_t *cr, gdouble scale)
{
  const GArray *found = preview->search->found->cells;
  const GArray *kept = preview->finding != NULL ? preview->finding->cells : NULL;
  const gdouble white[] = { 1, 1, 1 };
  guint next = 0;

  for (guint i = 0; i < found->len; i++)
    {
      const SmearRegion *box = &g_array_index (found, SmearCell, i).box;
      const gboolean out = preview->out != NULL && preview->out[i];
      gdouble colour[3];

      smear_class_colour (SMEAR_CLASS_NONE, colour);
      if (!out && kept != NULL && next < kept->len)
        smear_class_colour (g_array_index (kept, SmearCell, next++).klass, colour);
      draw_frame (cr, scale * box->x, scale * box->y, scale * box->width,
                  scale * box->height, out ? white : colour, out);
      draw_number (cr, i + 1, scale * box->x, scale * box->y, out ? white : colour);
    }
}
