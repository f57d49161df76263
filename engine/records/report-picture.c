/* The pictures of a report. */
#include "records/report-private.h"

#include <math.h>
#include <string.h>

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

/* Whether any pixel next to this one is on the other side. */
static gboolean
is_at_border (const guint8 *inside, gint width, gint height, gint x, gint y)
{
  for (gint v = MAX (0, y - 1); v <= MIN (height - 1, y + 1); v++)
    for (gint u = MAX (0, x - 1); u <= MIN (width - 1, x + 1); u++)
      if (inside[v * width + u] != inside[y * width + x])
        return TRUE;
  return FALSE;
}

/* Around what has at least half of the most: in grey print the colours alone would not
 * tell much from little. */
static void
outline_half (const SmearHeatMap *map, SmearColourMap colours, SmearImage *picture)
{
  gint width = smear_image_get_width (picture), height = smear_image_get_height (picture);
  guint8 *pixel = smear_image_get_pixels (picture);
  g_autofree guint8 *rgba = g_malloc ((gsize)width * height * 4);
  g_autofree guint8 *inside = g_malloc ((gsize)width * height);

  smear_heat_map_render (map, colours, 0.5f, width, height, 0, height, rgba);
  for (gint i = 0; i < width * height; i++)
    inside[i] = rgba[4 * i + 3] > 0;
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++, pixel += 3)
      if (is_at_border (inside, width, height, x, y))
        memset (pixel, inside[y * width + x] ? 0x0d : 0xff, 3);
}

SmearImage *
smear_report_heat (const SmearReport *report, const SmearReportEntry *entry)
{
  SmearImage *heat;

  if (entry->heat_map)
    return smear_image_ref (entry->heat_map);
  if (!entry->picture || !entry->finding->map)
    return NULL;
  heat = smear_heat_map_overlay (entry->finding->map, entry->picture, report->colours,
                                 report->opacity);
  if (heat)
    outline_half (entry->finding->map, report->colours, heat);
  return heat;
}

/* How far a pixel takes from white what the class's colour does, however pale: 1 where it
 * is the same tint. */
static gfloat
likeness (const gfloat dark[3], gfloat depth, SmearClass klass)
{
  guint8 rgb[3];
  gfloat product = 0, length = 0;

  smear_class_rgb (klass, rgb);
  for (guint c = 0; c < 3; c++)
    {
      gfloat ink = 255.0f - rgb[c];

      product += ink * dark[c];
      length += ink * ink;
    }
  return product / (depth * sqrtf (length));
}

/* The class whose colour comes nearest. Grey, and what was not given a class, has none.
 */
static SmearClass
class_of_pixel (const guint8 *rgb)
{
  const gfloat dark[3] = { 255.0f - rgb[0], 255.0f - rgb[1], 255.0f - rgb[2] };
  gfloat depth = sqrtf (dark[0] * dark[0] + dark[1] * dark[1] + dark[2] * dark[2]);
  SmearClass nearest = SMEAR_CLASS_NONE;
  gfloat most = 0.96f;

  for (gint klass = 0; depth >= 40 && klass < SMEAR_N_CLASSES; klass++)
    {
      gfloat like = likeness (dark, depth, klass);

      if (like > most)
        {
          most = like;
          nearest = klass;
        }
    }
  return nearest;
}

SmearImage *
smear_report_class_panel (const SmearReportEntry *entry, SmearClass klass)
{
  static const guint8 ink[3] = { 0x1a, 0x33, 0x5c };
  gint width, height;
  SmearRegion all;
  SmearImage *panel;
  guint8 *pixel;

  if (!entry->class_map)
    return NULL;
  width = smear_image_get_width (entry->class_map);
  height = smear_image_get_height (entry->class_map);
  all = (SmearRegion){ 0, 0, width, height };
  panel = smear_image_crop (entry->class_map, &all);
  pixel = smear_image_get_pixels (panel);
  for (gint i = 0; i < width * height; i++, pixel += 3)
    {
      SmearClass found = class_of_pixel (pixel);

      if (found == klass)
        memcpy (pixel, ink, 3);
      else if (found != SMEAR_CLASS_NONE)
        memset (pixel, 0xd4, 3);
    }
  return panel;
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
