/* Maps over whole scans: tiled pyramidal BigTIFF, drawn tile by tile. */
#pragma once

#include <smearscope/image.h>

/** SMEAR_MAP_TILE: pixels a side. */
#define SMEAR_MAP_TILE 256

/**
 * SmearMapDrawFunc:
 * @factor: pixels of the scan to one of the level, across and down
 * @x: of the tile, in pixels of the level; likewise @y
 * @rgb: (out caller-allocates): SMEAR_MAP_TILE² pixels
 */
typedef void (*SmearMapDrawFunc) (gpointer data, gint factor, gint x, gint y,
                                  guint8 *rgb);

/**
 * smear_map_pyramid_write:
 * @width: of the scan, likewise @height
 * @um: micrometres a pixel of the scan
 * @finest: micrometres a pixel of the finest level, at least; less than twice as many
 * @description: goes into the file
 */
gboolean smear_map_pyramid_write (const char *path, gint width, gint height, gdouble um,
                                  gdouble finest, const char *description,
                                  SmearMapDrawFunc draw, gpointer data, GError **error);
