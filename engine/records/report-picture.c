/* The pictures of a report. */
#include "records/report-private.h"

#include <math.h>

/* Black on white, so that it shows on any stain and on grey paper. */
static void
stroke_twice (cairo_t *cr, gdouble width)
{
  cairo_set_line_width (cr, 2.4 * width);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.9);
  cairo_stroke_preserve (cr);
  cairo_set_line_width (cr, width);
  cairo_set_source_rgb (cr, 0.05, 0.05, 0.1);
  cairo_stroke (cr);
}

static void
draw_number (cairo_t *cr, guint number, gdouble x, gdouble y, gdouble size)
{
  g_autofree char *text = g_strdup_printf ("%u", number);
  cairo_text_extents_t extents;

  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                          CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, size);
  cairo_text_extents (cr, text, &extents);
  cairo_rectangle (cr, x, y, extents.x_advance + 0.5 * size, 1.2 * size);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.85);
  cairo_fill (cr);
  cairo_move_to (cr, x + 0.25 * size, y + 0.95 * size);
  cairo_set_source_rgb (cr, 0.05, 0.05, 0.1);
  cairo_show_text (cr, text);
}

void
smear_report_draw_cells (cairo_t *cr, const SmearFinding *finding, gdouble width)
{
  gdouble scale = width / finding->region.width;
  gdouble line = width / 400, size = width / 34;

  for (guint i = 0; finding->cells && i < finding->cells->len; i++)
    {
      const SmearRegion *box = &g_array_index (finding->cells, SmearCell, i).box;
      gdouble x = (box->x - finding->region.x) * scale,
              y = (box->y - finding->region.y) * scale;
      gdouble w = box->width * scale, h = box->height * scale;

      if (w <= 0 || h <= 0)
        continue;
      cairo_save (cr);
      cairo_translate (cr, x + w / 2, y + h / 2);
      cairo_scale (cr, w / 2, h / 2);
      cairo_new_path (cr);
      cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
      cairo_restore (cr);
      stroke_twice (cr, line);
      draw_number (cr, i + 1, CLAMP (x, 0, width - 3 * size), MAX (y, 0), size);
    }
}

SmearImage *
smear_report_heat (const SmearReport *report, const SmearReportEntry *entry)
{
  if (entry->heat_map)
    return smear_image_ref (entry->heat_map);
  if (!entry->picture || !entry->finding->map)
    return NULL;
  return smear_heat_map_overlay (entry->finding->map, entry->picture, report->colours,
                                 report->opacity);
}

void
smear_report_draw_scale (cairo_t *cr, SmearColourMap colours, gdouble x, gdouble y,
                         gdouble width, gdouble height)
{
  cairo_pattern_t *ramp = cairo_pattern_create_linear (x, 0, x + width, 0);

  for (guint i = 0; i <= 16; i++)
    {
      guint8 rgb[3];
      smear_colour_map_lookup (colours, i / 16.0f, rgb);
      cairo_pattern_add_color_stop_rgb (ramp, i / 16.0, rgb[0] / 255.0, rgb[1] / 255.0,
                                        rgb[2] / 255.0);
    }
  cairo_rectangle (cr, x, y, width, height);
  cairo_set_source (cr, ramp);
  cairo_fill (cr);
  cairo_pattern_destroy (ramp);
}
