/* A coarse map drawn over the region it explains. */
#include <smearscope/heat-map.h>

#include <string.h>

SmearHeatMap *
smear_heat_map_new (gint width, gint height)
{
  g_return_val_if_fail (width > 0 && height > 0, NULL);
  SmearHeatMap *map = g_new (SmearHeatMap, 1);
  map->width = width;
  map->height = height;
  map->values = g_new0 (gfloat, (gsize)width * height);
  return map;
}

SmearHeatMap *
smear_heat_map_copy (const SmearHeatMap *map)
{
  g_return_val_if_fail (map != NULL, NULL);
  SmearHeatMap *copy = smear_heat_map_new (map->width, map->height);
  memcpy (copy->values, map->values, (gsize)map->width * map->height * sizeof (gfloat));
  return copy;
}

void
smear_heat_map_free (SmearHeatMap *map)
{
  if (!map)
    return;
  g_free (map->values);
  g_free (map);
}

/* Between which two cells' centres a pixel's centre lies, and how far along. */
typedef struct
{
  gint before, after;
  gfloat part;
} Place;

static Place
place_of (gint pixel, gint n_pixels, gint n_cells)
{
  gdouble at = (pixel + 0.5) * n_cells / n_pixels - 0.5;
  at = CLAMP (at, 0, n_cells - 1);
  Place place = { (gint)at, MIN ((gint)at + 1, n_cells - 1), 0 };
  place.part = (gfloat)(at - place.before);
  return place;
}

static inline gfloat
between (gfloat before, gfloat after, gfloat part)
{
  return before + (after - before) * part;
}

void
smear_heat_map_render (const SmearHeatMap *map, SmearColourMap colours, gfloat threshold,
                       gint region_width, gint region_height, gint first_row, gint n_rows,
                       guint8 *rgba)
{
  g_return_if_fail (map != NULL && rgba != NULL && colours < SMEAR_N_COLOUR_MAPS);
  g_return_if_fail (region_width > 0 && region_height > 0 && first_row >= 0 && n_rows >= 0
                    && n_rows <= region_height && first_row <= region_height - n_rows);

  guint8 palette[256][4];
  for (gint i = 0; i < 256; i++)
    {
      smear_colour_map_lookup (colours, (gfloat)i / 255, palette[i]);
      palette[i][3] = (guint8)i;
    }
  g_autofree Place *columns = g_new (Place, region_width);
  for (gint x = 0; x < region_width; x++)
    columns[x] = place_of (x, region_width, map->width);
  g_autofree gfloat *line = g_new (gfloat, map->width);

  for (gint y = first_row; y < first_row + n_rows; y++)
    {
      Place row = place_of (y, region_height, map->height);
      const gfloat *above = map->values + (gsize)row.before * map->width;
      const gfloat *below = map->values + (gsize)row.after * map->width;
      for (gint i = 0; i < map->width; i++)
        line[i] = between (above[i], below[i], row.part);
      for (gint x = 0; x < region_width; x++, rgba += 4)
        {
          const Place *p = &columns[x];
          gfloat value = between (line[p->before], line[p->after], p->part);
          gint step = value > 0 ? (gint)(MIN (value, 1) * 255 + 0.5f) : 0;
          memcpy (rgba, palette[step], 4);
          if (value < threshold)
            rgba[3] = 0;
        }
    }
}

SmearImage *
smear_heat_map_overlay (const SmearHeatMap *map, SmearImage *image,
                        SmearColourMap colours, gfloat opacity)
{
  g_return_val_if_fail (map != NULL && image != NULL, NULL);
  g_return_val_if_fail (opacity >= 0 && opacity <= 1, NULL);

  gint width = smear_image_get_width (image), height = smear_image_get_height (image);
  SmearRegion whole = { 0, 0, width, height };
  SmearImage *out = smear_image_crop (image, &whole);
  guint8 *p = smear_image_get_pixels (out);
  gint strip = MIN (height, 64); /* few enough rows to stay in the cache */
  g_autofree guint8 *rgba = g_malloc ((gsize)strip * width * 4);
  for (gint y = 0; y < height; y += strip)
    {
      gint rows = MIN (strip, height - y);
      smear_heat_map_render (map, colours, 0, width, height, y, rows, rgba);
      for (const guint8 *q = rgba; q < rgba + (gsize)rows * width * 4; p += 3, q += 4)
        {
          gfloat alpha = opacity * q[3] / 255;
          for (gint c = 0; c < 3; c++)
            p[c] = (guint8)(p[c] + (q[c] - p[c]) * alpha + 0.5f);
        }
    }
  return out;
}
