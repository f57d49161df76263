/* Where an answer comes from: a map over a region, and the colours to show it in. */
#pragma once

#include <smearscope/image.h>

G_BEGIN_DECLS

/**
 * SmearColourMap:
 *
 * Perceptual colour maps: viridis, magma, inferno (Smith and van der Walt, BIDS 2015),
 * turbo (Mikhailov, Google 2019), and plain grey.
 */
typedef enum
{
  SMEAR_COLOUR_MAP_VIRIDIS,
  SMEAR_COLOUR_MAP_MAGMA,
  SMEAR_COLOUR_MAP_INFERNO,
  SMEAR_COLOUR_MAP_TURBO,
  SMEAR_COLOUR_MAP_GREY,
  SMEAR_N_COLOUR_MAPS
} SmearColourMap;

const char *smear_colour_map_name (SmearColourMap map); /* "viridis", … */
/** smear_colour_map_from_name: FALSE if there is none of this name. */
gboolean smear_colour_map_from_name (const char *name, SmearColourMap *map);
/** smear_colour_map_lookup: @value is clamped to 0..1. */
void smear_colour_map_lookup (SmearColourMap map, gfloat value, guint8 rgb[3]);

/**
 * SmearHeatMap:
 * @width: columns of @values
 * @height: rows of @values
 * @values: row-major, 0..1, each the mean over its cell of the grid
 *
 * The grid is stretched over the whole region it explains, whatever the region's size.
 */
typedef struct
{
  gint width, height;
  gfloat *values;
} SmearHeatMap;

SmearHeatMap *smear_heat_map_new (gint width, gint height);
SmearHeatMap *smear_heat_map_copy (const SmearHeatMap *map);
void smear_heat_map_free (SmearHeatMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearHeatMap, smear_heat_map_free)

/**
 * smear_heat_map_render:
 * @map: a map
 * @colours: colour map
 * @threshold: values below it become transparent; 0 keeps all
 * @region_width: size of the whole region in pixels
 * @region_height: size of the whole region in pixels
 * @first_row: first row of the region to render
 * @n_rows: how many rows
 * @rgba: (out caller-allocates): 4 * region_width * n_rows bytes, alpha rises with value
 *
 * Bilinear between the centres of the grid's cells. Rendering by strips gives the same
 * bytes as rendering at once.
 */
void smear_heat_map_render (const SmearHeatMap *map, SmearColourMap colours,
                            gfloat threshold, gint region_width, gint region_height,
                            gint first_row, gint n_rows, guint8 *rgba);

/** smear_heat_map_overlay: @image with the map blended over it. Returns: (transfer full)
 */
SmearImage *smear_heat_map_overlay (const SmearHeatMap *map, SmearImage *image,
                                    SmearColourMap colours, gfloat opacity);

G_END_DECLS
