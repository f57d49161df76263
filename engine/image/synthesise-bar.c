/* The scale bar that microscope cameras burn into the lower right corner. */
#include "synthesise-private.h"

#include <string.h>

/* Five columns a letter, the lowest bit on top, for what a caption can hold. */
static const struct
{
  gunichar letter;
  guint8 columns[5];
} font[] = {
  { '0', { 0x3e, 0x41, 0x41, 0x41, 0x3e } },  { '1', { 0x00, 0x42, 0x7f, 0x40, 0x00 } },
  { '2', { 0x62, 0x51, 0x49, 0x49, 0x46 } },  { '5', { 0x27, 0x45, 0x45, 0x45, 0x39 } },
  { 0xb5, { 0x7c, 0x10, 0x10, 0x0c, 0x1c } }, { 'm', { 0x7c, 0x04, 0x78, 0x04, 0x78 } },
};

/* The caption's length in micrometres: 1, 2 or 5 times a power of ten, near a tenth of
 * the width. */
static gint
nice_length (const SmearSynthesis *what)
{
  gdouble wanted = what->width * what->um_per_pixel / 9;
  gint length = 1, power = 1;
  while (power * 10 <= wanted && power < 100000)
    power *= 10;
  length = power;
  if (power * 5 <= wanted)
    length = power * 5;
  else if (power * 2 <= wanted)
    length = power * 2;
  return length;
}

/* How many pixels one dot of the font takes. */
static gint
dot_size (const SmearSynthesis *what)
{
  return MAX (1, MIN (what->width, what->height) / 380);
}

static gchar *
caption_of (const SmearSynthesis *what)
{
  return g_strdup_printf ("%d µm", nice_length (what));
}

SmearRegion
smear_scale_bar_place (const SmearSynthesis *what)
{
  g_autofree gchar *caption = caption_of (what);
  gint dot = dot_size (what);
  gint text = (gint)g_utf8_strlen (caption, -1) * 6 * dot;
  gint line = (gint)(nice_length (what) / what->um_per_pixel + 0.5);
  SmearRegion bar = { 0, 0, MAX (text, line) + 6 * dot, 20 * dot };
  gint margin = 8 * dot;

  bar.x = what->width - bar.width - margin;
  bar.y = what->height - bar.height - margin;
  if (bar.x < 0 || bar.y < 0)
    bar.width = bar.height = 0;
  return bar;
}

/* Whether the caption is black at this dot, counted from its upper left corner. */
static gboolean
ink (const gchar *caption, gint column, gint row)
{
  glong letter = column / 6;
  if (column < 0 || row < 0 || row > 7 || column % 6 == 5
      || letter >= g_utf8_strlen (caption, -1))
    return FALSE;
  gunichar c = g_utf8_get_char (g_utf8_offset_to_pointer (caption, letter));
  for (guint i = 0; i < G_N_ELEMENTS (font); i++)
    if (font[i].letter == c)
      return font[i].columns[column % 6] >> row & 1;
  return FALSE;
}

void
smear_scale_bar_draw (const SmearSynthesis *what, const SmearRegion *bar,
                      const SmearRegion *tile, guint8 *rgb)
{
  g_autofree gchar *caption = caption_of (what);
  gint dot = dot_size (what), text = (gint)g_utf8_strlen (caption, -1) * 6 * dot;
  gint line = (gint)(nice_length (what) / what->um_per_pixel + 0.5);
  gint line_x = (bar->width - line) / 2, text_x = (bar->width - text) / 2;

  for (gint y = MAX (bar->y, tile->y);
       y < MIN (bar->y + bar->height, tile->y + tile->height); y++)
    for (gint x = MAX (bar->x, tile->x);
         x < MIN (bar->x + bar->width, tile->x + tile->width); x++)
      {
        gint bx = x - bar->x, by = y - bar->y;
        gint from_middle = ABS (by - 15 * dot);
        gboolean on_line = bx >= line_x && bx < line_x + line;
        gboolean at_end = on_line && (bx < line_x + dot || bx >= line_x + line - dot);
        gboolean black = (on_line && from_middle * 2 < dot + 1)
                         || (at_end && from_middle <= 3 * dot)
                         || (bx >= text_x && by >= 2 * dot
                             && ink (caption, (bx - text_x) / dot, (by - 2 * dot) / dot));
        guint8 *p = rgb + ((gsize)(y - tile->y) * tile->width + (x - tile->x)) * 3;
        memset (p, black ? 20 : 255, 3);
      }
}
