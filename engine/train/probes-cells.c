/* Probes that take leukocytes, or what lies round them, for something else. */
#include "train/probes-cells.h"
#include "train/density.h"

#include <math.h>
#include <string.h>

guint8 *
smear_probe_covered (const SmearLeukocytes *found)
{
  gint w = found->width, h = found->height, rim = MAX (2, w / 75);
  guint8 *mask = g_new0 (guint8, (gsize)w * h);

  for (gint y = 0; y < h; y++)
    for (gint x = 0; x < w; x++)
      if (found->labels[(gsize)y * w + x] != 0)
        for (gint v = MAX (0, y - rim); v <= MIN (h - 1, y + rim); v++)
          memset (mask + (gsize)v * w + MAX (0, x - rim), 1,
                  MIN (w - 1, x + rim) - MAX (0, x - rim) + 1);
  return mask;
}

/* What counts as clear glass: nearly as light as the lightest fifth of what is uncovered.
 */
static gint
clear_level (const guint8 *p, const guint8 *mask, gsize n)
{
  guint32 histogram[766] = { 0 };
  guint64 total = 0, seen = 0;

  for (gsize i = 0; i < n; i++, p += 3)
    if (!mask[i])
      {
        histogram[p[0] + p[1] + p[2]]++;
        total++;
      }
  for (gint level = 765; level > 0; level--)
    if ((seen += histogram[level]) * 5 > total)
      return level * 94 / 100;
  return 0;
}

/* Each covered pixel becomes clear glass of the same image, taken from the nearest place
 * in eight directions, so that light and grain are those of the surroundings. */
static void
fill_with_glass (SmearImage *image, const guint8 *mask)
{
  static const gint dx[] = { 1, -1, 0, 0, 1, 1, -1, -1 },
                    dy[] = { 0, 0, 1, -1, 1, -1, 1, -1 };
  gint w = smear_image_get_width (image), h = smear_image_get_height (image);
  guint8 *p = smear_image_get_pixels (image);
  g_autofree guint8 *from = g_memdup2 (p, (gsize)w * h * 3);
  gint clear = clear_level (from, mask, (gsize)w * h);

  for (gint y = 0; y < h; y++)
    for (gint x = 0; x < w; x++)
      {
        gboolean done = !mask[(gsize)y * w + x];
        for (gint r = 1; !done && r < MAX (w, h); r++)
          for (gint k = 0; !done && k < 8; k++)
            {
              gint u = x + dx[k] * r, v = y + dy[k] * r;
              if (u < 0 || v < 0 || u >= w || v >= h || mask[(gsize)v * w + u])
                continue;
              const guint8 *glass = from + 3 * ((gsize)v * w + u);
              if (glass[0] + glass[1] + glass[2] < clear)
                continue;
              memcpy (p + 3 * ((gsize)y * w + x), glass, 3);
              done = TRUE;
            }
      }
}

/* Paler leukocytes are found only once the darker ones are gone, so there is a second
 * look; what is left after it was none, or stays unseen. */
gboolean
smear_probe_remove_cells (SmearImage *image, const SmearLeukocytes *found, GError **error)
{
  g_autofree guint8 *mask = smear_probe_covered (found);

  fill_with_glass (image, mask);
  g_autoptr (SmearLeukocytes) left = smear_leukocytes_find (image, 0, 0, error);
  if (left == NULL)
    return FALSE;
  g_autofree guint8 *rest = smear_probe_covered (left);
  fill_with_glass (image, rest);
  return TRUE;
}

SmearRegion
smear_probe_middle (gint width, gint height)
{
  return (SmearRegion){ lrint (width / 4.0), lrint (height / 4.0), lrint (width / 2.0),
                        lrint (height / 2.0) };
}

static gboolean
is_in (const SmearRegion *region, const SmearCell *cell)
{
  return cell->x >= region->x && cell->x < region->x + region->width
         && cell->y >= region->y && cell->y < region->y + region->height;
}

void
smear_probe_keep_middle (SmearImage *image, const SmearLeukocytes *found)
{
  SmearRegion middle = smear_probe_middle (found->width, found->height);
  gsize n = (gsize)found->width * found->height;
  g_autofree gboolean *kept = g_new0 (gboolean, found->cells->len + 1);
  g_autofree guint16 *outer = g_new0 (guint16, n);
  SmearLeukocytes others = { found->width, found->height, outer };

  for (guint i = 0; i < found->cells->len; i++)
    kept[i + 1] = is_in (&middle, &g_array_index (found->cells, SmearCell, i));
  for (gsize i = 0; i < n; i++)
    outer[i] = kept[found->labels[i]] ? 0 : found->labels[i];
  g_autofree guint8 *mask = smear_probe_covered (&others);
  /* The rim of what goes does not reach into what stays. */
  for (gsize i = 0; i < n; i++)
    mask[i] = mask[i] && !kept[found->labels[i]];
  fill_with_glass (image, mask);
}

/* The other image without its leukocytes, and this one's cells laid on it with a soft
 * rim. */
SmearImage *
smear_probe_swap_background (SmearImage *image, const SmearLeukocytes *found,
                             SmearImage *other, const SmearLeukocytes *other_found,
                             GError **error)
{
  gint w = found->width, h = found->height;
  SmearRegion whole = { 0, 0, other_found->width, other_found->height };
  g_autoptr (SmearImage) clean = smear_image_crop (other, &whole);
  g_autofree guint8 *other_mask = smear_probe_covered (other_found);

  fill_with_glass (clean, other_mask);
  g_autoptr (SmearImage) under = smear_image_resize (clean, w, h, error);
  if (under == NULL)
    return NULL;
  guint8 *to = smear_image_get_pixels (under);
  const guint8 *from = smear_image_get_pixels (image);
  for (gint y = 0; y < h; y++)
    for (gint x = 0; x < w; x++)
      {
        gint inside = 0, n = 0;
        for (gint v = MAX (0, y - 1); v <= MIN (h - 1, y + 1); v++)
          for (gint u = MAX (0, x - 1); u <= MIN (w - 1, x + 1); u++, n++)
            inside += found->labels[(gsize)v * w + u] != 0;
        gsize at = 3 * ((gsize)y * w + x);
        for (gint c = 0; inside > 0 && c < 3; c++)
          to[at + c] = (from[at + c] * inside + to[at + c] * (n - inside)) / n;
      }
  return g_steal_pointer (&under);
}

/* As if it had been stained like the other: a power of the light that is let through is a
 * multiple of what is absorbed. Glass stays as it is. */
void
smear_probe_swap_stain (SmearImage *image, const SmearLeukocytes *found,
                        SmearImage *other, const SmearLeukocytes *other_found)
{
  SmearDensity own = smear_density_measure (image, found);
  SmearDensity wanted = smear_density_measure (other, other_found);
  guint8 *p = smear_image_get_pixels (image), table[3][256];
  gsize n = (gsize)found->width * found->height * 3;

  for (gint c = 0; c < 3; c++)
    for (gint v = 0; v < 256; v++)
      table[c][v] = lrint (MIN (
          own.glass[c] * pow (v / own.glass[c], wanted.cells[c] / own.cells[c]), 255));
  for (gsize i = 0; i < n; i++)
    p[i] = table[i % 3][p[i]];
}
