#include "core/preview-private.h"

/* As large as a dialog shows it on a screen of twice the usual density. */
#define LONGEST_SIDE 720
/* A colour for bars that is told from white and from black alike. */
#define BAR_RED 0.30
#define BAR_GREEN 0.56
#define BAR_BLUE 0.78

gboolean
smear_preview_shrink (SmearPreview *preview, GError **error)
{
  const gint width = smear_image_get_width (preview->image);
  const gint height = smear_image_get_height (preview->image);
  const gdouble scale = MIN (1.0, (gdouble)LONGEST_SIDE / MAX (width, height));
  g_autoptr (SmearImage) small = smear_image_resize (
      preview->image, MAX (1, width * scale), MAX (1, height * scale), error);
  const guint8 *rgb;
  guint8 *rows;
  gint stride;

  if (small == NULL)
    return FALSE;
  rgb = smear_image_get_pixels (small);
  preview->picture = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, smear_image_get_width (small), smear_image_get_height (small));
  rows = cairo_image_surface_get_data (preview->picture);
  stride = cairo_image_surface_get_stride (preview->picture);
  for (gint y = 0; y < smear_image_get_height (small); y++)
    {
      guint32 *row = (guint32 *)(gpointer)(rows + (gsize)y * stride);
      for (gint x = 0; x < smear_image_get_width (small); x++, rgb += 3)
        row[x] = (guint32)rgb[0] << 16 | (guint32)rgb[1] << 8 | rgb[2];
    }
  cairo_surface_mark_dirty (preview->picture);
  return TRUE;
}

/* Outside of a part that is no rectangle nothing was judged. */
static gboolean
belongs (const SmearPreview *preview, gint x, gint y, gint width, gint height)
{
  const SmearRegion *bounds = &preview->part.bounds;
  const gint64 column = (gint64)x * bounds->width / width;
  const gint64 row = (gint64)y * bounds->height / height;

  return preview->mask == NULL || preview->mask[row * bounds->width + column] != 0;
}

static guint32
premultiplied (const guint8 *rgba)
{
  const guint32 alpha = rgba[3];

  return alpha << 24 | (rgba[0] * alpha + 127) / 255 << 16
         | (rgba[1] * alpha + 127) / 255 << 8 | (rgba[2] * alpha + 127) / 255;
}

void
smear_preview_colour (SmearPreview *preview)
{
  const SmearOptions *options = &preview->options;
  const gboolean grey = preview->scene.base != SMEAR_BASE_RGB && !options->convert;
  g_autofree guint8 *rgba = NULL;
  guint8 *rows;
  gint width, height, stride;

  g_clear_pointer (&preview->heat, cairo_surface_destroy);
  if (preview->finding == NULL || preview->finding->map == NULL || !options->heat_map)
    return;
  width = cairo_image_surface_get_width (preview->picture);
  height = cairo_image_surface_get_height (preview->picture);
  rgba = g_malloc ((gsize)width * height * 4);
  smear_heat_map_render (preview->finding->map,
                         grey ? SMEAR_COLOUR_MAP_GREY : options->colours,
                         options->threshold, width, height, 0, height, rgba);
  preview->heat = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  rows = cairo_image_surface_get_data (preview->heat);
  stride = cairo_image_surface_get_stride (preview->heat);
  for (gint y = 0; y < height; y++)
    {
      guint32 *row = (guint32 *)(gpointer)(rows + (gsize)y * stride);
      for (gint x = 0; x < width; x++)
        row[x] = belongs (preview, x, y, width, height)
                     ? premultiplied (rgba + 4 * ((gsize)y * width + x))
                     : 0;
    }
  cairo_surface_mark_dirty (preview->heat);
}

/* As large as fits, in the middle. */
static gdouble
fit (const SmearPreview *preview, gint width, gint height, gdouble *left, gdouble *top)
{
  const gdouble picture_width = cairo_image_surface_get_width (preview->picture);
  const gdouble picture_height = cairo_image_surface_get_height (preview->picture);
  const gdouble scale = MIN (width / picture_width, height / picture_height);

  *left = (width - scale * picture_width) / 2;
  *top = (height - scale * picture_height) / 2;
  return scale;
}

static gdouble
of_image (const SmearPreview *preview, gdouble scale)
{
  return scale * cairo_image_surface_get_width (preview->picture)
         / smear_image_get_width (preview->image);
}

/* The smallest box wins: a cell may lie in the corner of a large one's. */
static gint
cell_at (const SmearPreview *preview, gdouble x, gdouble y)
{
  const GArray *cells = preview->search->found->cells;
  gint best = -1;
  gint64 best_area = G_MAXINT64;

  for (guint i = 0; i < cells->len; i++)
    {
      const SmearRegion *box = &g_array_index (cells, SmearCell, i).box;
      const gint64 area = (gint64)box->width * box->height;

      if (x >= box->x && y >= box->y && x < box->x + box->width
          && y < box->y + box->height && area < best_area)
        {
          best = i;
          best_area = area;
        }
    }
  return best;
}

char *
smear_preview_toggle_cell (const SmearPreview *preview, gdouble x, gdouble y, gint width,
                           gint height)
{
  gdouble left, top, scale;
  GString *text;
  gint cell;

  if (preview->search == NULL || preview->out == NULL || preview->picture == NULL)
    return NULL;
  scale = of_image (preview, fit (preview, width, height, &left, &top));
  cell = cell_at (preview, (x - left) / scale, (y - top) / scale);
  if (cell < 0)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < preview->search->found->cells->len; i++)
    if (preview->out[i] != (i == (guint)cell))
      g_string_append_printf (text, "%s%u", text->len > 0 ? ", " : "", i + 1);
  return g_string_free (text, FALSE);
}

void
smear_preview_draw (SmearPreview *preview, cairo_t *cr, gint width, gint height)
{
  gdouble left, top, scale;

  if (preview->picture == NULL)
    return;
  scale = fit (preview, width, height, &left, &top);
  cairo_save (cr);
  cairo_translate (cr, left, top);
  cairo_save (cr);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, preview->picture, 0, 0);
  cairo_paint (cr);
  if (preview->heat != NULL)
    {
      cairo_set_source_surface (cr, preview->heat, 0, 0);
      cairo_paint_with_alpha (cr, preview->options.opacity / 100);
    }
  cairo_restore (cr);
  if (preview->search != NULL)
    smear_preview_draw_cells (preview, cr, of_image (preview, scale));
  cairo_restore (cr);
}

/* In bold, which is the wider. */
static void
text_size (PangoLayout *layout, const char *text, gint *width, gint *height)
{
  g_autofree char *markup = g_markup_printf_escaped ("<b>%s</b>", text);

  pango_layout_set_markup (layout, markup, -1);
  pango_layout_get_pixel_size (layout, width, height);
}

static gint
line_height (PangoLayout *layout)
{
  gint width, height;

  text_size (layout, "Ág", &width, &height);
  return height + height / 3;
}

gint
smear_preview_bars_height (PangoLayout *layout)
{
  return SMEAR_N_CLASSES * line_height (layout);
}

static void
draw_text (cairo_t *cr, PangoLayout *layout, const char *text, gboolean bold,
           gdouble right, gdouble left, gdouble y)
{
  g_autofree char *markup = g_markup_printf_escaped (bold ? "<b>%s</b>" : "%s", text);
  gint width, height;

  pango_layout_set_markup (layout, markup, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, right > 0 ? right - width : left, y);
  pango_cairo_show_layout (cr, layout);
}

void
smear_preview_draw_bars (SmearPreview *preview, cairo_t *cr, PangoLayout *layout,
                         gint width, const gdouble ink[3])
{
  const SmearFinding *finding = preview->finding;
  const gint line = line_height (layout);
  gint names = 0, numbers, text_width, text_height;

  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      text_size (layout, smear_class_title (i), &text_width, &text_height);
      names = MAX (names, text_width + text_height / 2);
    }
  text_size (layout, " 100.0 %", &numbers, &text_height);

  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      const gdouble share = finding != NULL ? finding->probabilities[i] : 0;
      const gdouble top = (gdouble)i * line, room = width - names - numbers - text_height;
      const gboolean bold = finding != NULL && finding->explained == (SmearClass)i;
      g_autofree char *number = finding != NULL && finding->klass != SMEAR_CLASS_NONE
                                    ? g_strdup_printf ("%.1f %%", 100 * share)
                                    : g_strdup ("–");

      cairo_set_source_rgb (cr, ink[0], ink[1], ink[2]);
      draw_text (cr, layout, smear_class_title (i), bold, 0, 0, top);
      draw_text (cr, layout, number, bold, width, 0, top);
      cairo_set_source_rgba (cr, ink[0], ink[1], ink[2], 0.15);
      cairo_rectangle (cr, names, top + text_height * 0.2, MAX (room, 0),
                       text_height * 0.6);
      cairo_fill (cr);
      cairo_set_source_rgb (cr, BAR_RED, BAR_GREEN, BAR_BLUE);
      cairo_rectangle (cr, names, top + text_height * 0.2, MAX (room, 0) * share,
                       text_height * 0.6);
      cairo_fill (cr);
    }
}
