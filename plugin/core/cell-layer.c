#include "core/cell-layer.h"

#include <pango/pangocairo.h>

#include "core/surface.h"

/* Line and letters as shares of the region's height, with what can still be read. */
#define LINES_PER_REGION 300
#define LETTERS_PER_REGION 40
#define LETTER_MIN 9
#define LETTER_MAX 40

void
smear_class_colour (SmearClass klass, gdouble rgb[3])
{
  guint8 bytes[3];

  smear_class_rgb (klass, bytes);
  for (gint c = 0; c < 3; c++)
    rgb[c] = bytes[c] / 255.0;
}

static void
draw_outline (cairo_t *cr, const GArray *outline, const gdouble colour[3], gdouble line)
{
  cairo_new_path (cr); /* text leaves a point behind */
  for (guint i = 0; i + 1 < outline->len; i += 2)
    cairo_line_to (cr, g_array_index (outline, gdouble, i),
                   g_array_index (outline, gdouble, i + 1));
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_set_line_width (cr, line * 2);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, colour[0], colour[1], colour[2]);
  cairo_set_line_width (cr, line);
  cairo_stroke (cr);
}

/* Beside the cell where there is room, so that it does not hide what it names. */
static void
draw_label (cairo_t *cr, const SmearCell *cell, gint number, const SmearRegion *region,
            const gdouble colour[3], gint letter)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (
      "sans bold");
  g_autofree char *text = NULL;
  gint width, height, x, y;

  if (cell->klass == SMEAR_CLASS_NONE)
    text = g_strdup_printf ("%d", number);
  else
    text = g_strdup_printf ("%d %s %.0f %%", number, smear_class_title (cell->klass),
                            100 * cell->probabilities[cell->klass]);
  pango_font_description_set_absolute_size (font, letter * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  x = CLAMP (cell->box.x, region->x, MAX (region->x, region->x + region->width - width));
  y = cell->box.y - height >= region->y ? cell->box.y - height
                                        : cell->box.y + cell->box.height;
  y = MIN (y, region->y + region->height - height);
  /* Black is legible on every one of the colours; the green would not be on grey. */
  cairo_set_source_rgba (cr, colour[0], colour[1], colour[2], 0.9);
  cairo_rectangle (cr, x - 2, y, width + 4, height);
  cairo_fill (cr);
  cairo_move_to (cr, x, y);
  cairo_set_source_rgb (cr, 0, 0, 0);
  pango_cairo_show_layout (cr, layout);
}

void
smear_cell_layer_rows (gint first_row, gint n_rows, guint8 *rgba, gpointer user_data)
{
  const SmearCellLayer *layer = user_data;
  const SmearRegion *region = &layer->finding->region;
  gdouble line = MAX (1.5, (gdouble)region->height / LINES_PER_REGION);
  gint letter = CLAMP (region->height / LETTERS_PER_REGION, LETTER_MIN, LETTER_MAX);
  cairo_surface_t *strip = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, region->width,
                                                       n_rows);
  cairo_t *cr = cairo_create (strip);

  cairo_translate (cr, -region->x, -region->y - first_row);
  for (guint i = 0; i < layer->outlines->len; i++)
    {
      const SmearCell *cell = &g_array_index (layer->finding->cells, SmearCell, i);
      gint above = cell->box.y - 3 * letter - region->y;
      gint below = cell->box.y + cell->box.height + 3 * letter - region->y;
      gdouble colour[3];

      if (below < first_row || above > first_row + n_rows)
        continue;
      smear_class_colour (cell->klass, colour);
      draw_outline (cr, layer->outlines->pdata[i], colour, line);
      draw_label (cr, cell, g_array_index (layer->numbers, gint, i), region, colour,
                  letter);
    }
  cairo_destroy (cr);
  smear_surface_rows (strip, 0, n_rows, rgba);
  cairo_surface_destroy (strip);
}
