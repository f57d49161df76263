#include "core/caption.h"

#include <pango/pangocairo.h>

#include "core/finding-text.h"
#include "core/surface.h"
#include "core/texts.h"

#define FONT "sans"
/* Letters as a share of the canvas's height, within what can be read and what is enough.
 */
#define LETTERS_PER_CANVAS 40
#define LETTER_MIN 9
#define LETTER_MAX 60

struct _SmearCaption
{
  cairo_surface_t *surface;
  gint width, height;
};

static char *
caption_markup (const SmearFinding *finding)
{
  g_autofree char *title = smear_finding_text (finding);
  g_auto (GStrv) warnings = smear_warnings_text (finding);
  g_autofree char *head = g_markup_printf_escaped ("<b>%s</b>", title);
  GString *text = g_string_new (head);

  if (finding->klass != SMEAR_CLASS_NONE)
    {
      g_string_append (text, "\n<small>");
      for (gint i = 0; i < SMEAR_N_CLASSES; i++)
        g_string_append_printf (text, "%s%s %.1f %%", i ? " · " : "",
                                smear_class_title (i), 100.0 * finding->probabilities[i]);
      g_string_append (text, "</small>");
    }
  for (char **warning = warnings; *warning; warning++)
    {
      g_autofree char *line = g_markup_printf_escaped ("\n<small>%s</small>", *warning);
      g_string_append (text, line);
    }
  {
    g_autofree char *model = g_markup_printf_escaped (
        _ ("Model %s"), finding->model_name ? finding->model_name : "?");
    g_string_append_printf (text, "\n<small>%s · %s</small>", model,
                            _ (SMEAR_DISCLAIMER));
  }
  return g_string_free (text, FALSE);
}

static void
paint_bar (cairo_t *cr, SmearColourMap colours, gdouble x, gdouble y, gdouble width,
           gdouble height)
{
  cairo_pattern_t *pattern = cairo_pattern_create_linear (x, 0, x + width, 0);
  guint8 rgb[3];

  for (gint i = 0; i <= 32; i++)
    {
      smear_colour_map_lookup (colours, i / 32.0f, rgb);
      cairo_pattern_add_color_stop_rgb (pattern, i / 32.0, rgb[0] / 255.0, rgb[1] / 255.0,
                                        rgb[2] / 255.0);
    }
  cairo_set_source (cr, pattern);
  cairo_pattern_destroy (pattern);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
}

static PangoLayout *
text_layout (cairo_t *cr, const SmearFinding *finding, gint letter, gint width)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (FONT);
  g_autofree char *markup = caption_markup (finding);

  pango_font_description_set_absolute_size (font, letter * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, MAX (width, letter) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_markup (layout, markup, -1);
  return layout;
}

/* The text's size is known only once laid out: a one-pixel surface serves to measure it.
 */
SmearCaption *
smear_caption_new (const SmearFinding *finding, SmearColourMap colours, gint canvas_width,
                   gint canvas_height)
{
  SmearCaption *caption = g_new0 (SmearCaption, 1);
  gint letter = CLAMP (canvas_height / LETTERS_PER_CANVAS, LETTER_MIN, LETTER_MAX);
  gint margin = letter / 2, bar = colours < SMEAR_N_COLOUR_MAPS ? letter / 2 : 0;
  cairo_surface_t *probe = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1, 1);
  cairo_t *cr = cairo_create (probe);
  PangoLayout *layout = text_layout (cr, finding, letter, canvas_width - 2 * margin);
  gint width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  caption->width = MIN (width + 2 * margin, canvas_width);
  caption->height = height + 2 * margin + (bar ? bar + margin / 2 : 0);
  cairo_destroy (cr);
  cairo_surface_destroy (probe);
  g_object_unref (layout);

  caption->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, caption->width,
                                                 caption->height);
  cr = cairo_create (caption->surface);
  cairo_set_source_rgba (cr, 0.08, 0.08, 0.1, 0.82);
  cairo_paint (cr);
  layout = text_layout (cr, finding, letter, canvas_width - 2 * margin);
  cairo_move_to (cr, margin, margin);
  cairo_set_source_rgb (cr, 1, 1, 1);
  pango_cairo_show_layout (cr, layout);
  if (bar)
    paint_bar (cr, colours, margin, caption->height - margin - bar,
               caption->width - 2 * margin, bar);
  g_object_unref (layout);
  cairo_destroy (cr);
  return caption;
}

void
smear_caption_free (SmearCaption *caption)
{
  if (caption == NULL)
    return;
  cairo_surface_destroy (caption->surface);
  g_free (caption);
}

SmearRegion
smear_caption_place (const SmearCaption *caption, const SmearRegion *region,
                     gint canvas_width, gint canvas_height)
{
  SmearRegion place = { region->x, region->y + region->height, caption->width,
                        caption->height };

  if (place.y + place.height > canvas_height)
    place.y = region->y - place.height;
  if (place.y < 0)
    place.y = MIN (region->y + region->height, canvas_height) - place.height;
  place.x = MAX (0, MIN (place.x, canvas_width - place.width));
  place.y = MAX (0, place.y);
  return place;
}

void
smear_caption_rows (gint first_row, gint n_rows, guint8 *rgba, gpointer user_data)
{
  const SmearCaption *caption = user_data;
  smear_surface_rows (caption->surface, first_row, n_rows, rgba);
}

char *
smear_caption_title (const char *name, gboolean has_caption)
{
  return has_caption ? g_strdup (name)
                     : g_strdup_printf (_ ("%s (for research use only)"), name);
}

void
smear_caption_add (SmearHost *host, const SmearScene *scene, const SmearFinding *finding,
                   SmearColourMap colours)
{
  g_autoptr (SmearCaption) caption = smear_caption_new (finding, colours, scene->width,
                                                        scene->height);
  SmearRegion place = smear_caption_place (caption, &finding->region, scene->width,
                                           scene->height);

  host->layer_new (host, _ ("Caption"), &place, 100, smear_caption_rows, caption);
}
