/* Outlines of what a mask shows, as polygons on the canvas. */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

/**
 * smear_outline_trace:
 * @inside: TRUE for the pixels of the thing; it is connected and inside @bounds
 * @data: for @inside
 *
 * Follows the outer edge of the thing's first pixel in reading order, along pixel
 * borders.
 *
 * Returns: (transfer full) (element-type gdouble): x, y pairs; empty if nothing is inside
 */
GArray *smear_outline_trace (gboolean (*inside) (gint x, gint y, gpointer data),
                             gpointer data, const SmearRegion *bounds);

/** smear_outline_rectangle: Returns: (transfer full) (element-type gdouble) */
GArray *smear_outline_rectangle (const SmearRegion *region);

/** smear_outline_smooth: drop points closer than @tolerance to the line of their
 * neighbours. */
GArray *smear_outline_smooth (GArray *outline, gdouble tolerance);

G_END_DECLS
