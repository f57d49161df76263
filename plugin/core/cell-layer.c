#include "core/cell-layer.h"

#include <pango/pangocairo.h>

#include "core/pixels.h"
#include "core/surface.h"

/* Line and letters as shares of the region's height, with what can still be read. */
#define LINES_PER_REGION 300
#define LETTERS_PER_REGION 40
#define LETTER_MIN 9
#define LETTER_MAX 40
#define LABEL_MARGIN 2

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

static gint
letter_of (const SmearRegion *region)
{
  return CLAMP (region->height / LETTERS_PER_REGION, LETTER_MIN, LETTER_MAX);
}

static PangoLayout *
label_layout (cairo_t *cr, const SmearCell *cell, gint number, gint letter)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (
      "sans bold");
  g_autofree char *text = NULL;

  if (cell->klass == SMEAR_CLASS_NONE)
    text = g_strdup_printf ("%d", number);
  else
    text = g_strdup_printf ("%d %s %.0f %%", number, smear_class_title (cell->klass),
                            100 * cell->probabilities[cell->klass]);
  pango_font_description_set_absolute_size (font, letter * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static gboolean
hides_one (const GArray *labels, const SmearRegion *place)
{
  SmearRegion common;

  for (guint i = 0; i < labels->len; i++)
    if (smear_region_intersect (&g_array_index (labels, SmearRegion, i), place, &common))
      return TRUE;
  return FALSE;
}

/* Beside the cell, so that it does not hide what it names, and not over another's label;
 * in a crowd, wherever that holds. */
static SmearRegion
label_place (const SmearRegion *cell, gint width, gint height, const SmearRegion *region,
             const GArray *labels)
{
  const gint right = MAX (region->x, region->x + region->width - width);
  const gint bottom = MAX (region->y, region->y + region->height - height);
  const gint x[]
      = { cell->x, cell->x, cell->x + cell->width - width, cell->x + cell->width - width,
          cell->x, cell->x };
  const gint y[] = { cell->y - height, cell->y + cell->height,
                     cell->y - height, cell->y + cell->height,
                     cell->y,          cell->y + cell->height - height };
  SmearRegion first = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (x); i++)
    {
      const SmearRegion place = { CLAMP (x[i], region->x, right), y[i], width, height };

      if (y[i] < region->y || y[i] > bottom)
        continue;
      if (!hides_one (labels, &place))
        return place;
      if (first.width == 0)
        first = place;
    }
  if (first.width > 0)
    return first;
  return (SmearRegion){ CLAMP (cell->x, region->x, right),
                        CLAMP (cell->y, region->y, bottom), width, height };
}

void
smear_cell_layer_init (SmearCellLayer *layer, const SmearFinding *finding,
                       GArray *numbers, GPtrArray *outlines)
{
  cairo_surface_t *probe = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1, 1);
  cairo_t *cr = cairo_create (probe);

  *layer = (SmearCellLayer){ finding, numbers, outlines,
                             g_array_new (FALSE, FALSE, sizeof (SmearRegion)) };
  for (guint i = 0; i < outlines->len; i++)
    {
      const SmearCell *cell = &g_array_index (finding->cells, SmearCell, i);
      g_autoptr (PangoLayout) text = label_layout (
          cr, cell, g_array_index (numbers, gint, i), letter_of (&finding->region));
      SmearRegion place;
      gint width, height;

      pango_layout_get_pixel_size (text, &width, &height);
      place = label_place (&cell->box, width + 2 * LABEL_MARGIN, height, &finding->region,
                           layer->labels);
      g_array_append_val (layer->labels, place);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (probe);
}

void
smear_cell_layer_clear (SmearCellLayer *layer)
{
  g_clear_pointer (&layer->labels, g_array_unref);
}

static void
draw_label (cairo_t *cr, const SmearCell *cell, gint number, const SmearRegion *place,
            const gdouble colour[3], gint letter)
{
  g_autoptr (PangoLayout) layout = label_layout (cr, cell, number, letter);

  /* Black is legible on every one of the colours; the green would not be on grey. */
  cairo_set_source_rgba (cr, colour[0], colour[1], colour[2], 0.9);
  cairo_rectangle (cr, place->x, place->y, place->width, place->height);
  cairo_fill (cr);
  cairo_move_to (cr, place->x + LABEL_MARGIN, place->y);
  cairo_set_source_rgb (cr, 0, 0, 0);
  pango_cairo_show_layout (cr, layout);
}

void
smear_cell_layer_rows (gint first_row, gint n_rows, guint8 *rgba, gpointer user_data)
{
  const SmearCellLayer *layer = user_data;
  const SmearRegion *region = &layer->finding->region;
  gdouble line = MAX (1.5, (gdouble)region->height / LINES_PER_REGION);
  gint letter = letter_of (region);
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
      draw_label (cr, cell, g_array_index (layer->numbers, gint, i),
                  &g_array_index (layer->labels, SmearRegion, i), colour, letter);
    }
  cairo_destroy (cr);
  smear_surface_rows (strip, 0, n_rows, rgba);
  cairo_surface_destroy (strip);
}
