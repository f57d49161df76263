/* Areas of an image that people outlined. */
#pragma once

#include <smearscope/image.h>

G_BEGIN_DECLS

/**
 * SmearPoint:
 * @x: pixels from the left edge; whole numbers lie between pixels
 * @y: from the top
 */
typedef struct
{
  gdouble x, y;
} SmearPoint;

/**
 * SmearArea:
 * @name: (nullable): UTF-8
 * @bounds: the least rectangle that holds all its pixels
 * @rings: (element-type GArray): each of SmearPoint, the last joined to the first. A
 *   point lies inside where it is enclosed an odd number of times, so that a ring within
 *   another is a hole, and one beside it a second piece.
 * @geometry: (nullable): GeoJSON that it was made from
 *
 * A pixel belongs to the area if its centre lies inside.
 */
typedef struct
{
  char *name;
  SmearRegion bounds;
  GPtrArray *rings;
  char *geometry;
} SmearArea;

void smear_area_free (SmearArea *area);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearArea, smear_area_free)

/**
 * smear_area_contains:
 *
 * Left and upper edges belong to an area, right and lower ones do not: of areas that
 * share an edge a point is in one.
 */
gboolean smear_area_contains (const SmearArea *area, gdouble x, gdouble y);

/**
 * smear_area_cut_out:
 * @image: shows the area's bounds
 *
 * Paints white what does not belong to the area.
 */
void smear_area_cut_out (const SmearArea *area, SmearImage *image);

/**
 * smear_areas_load:
 * @path: GeoJSON in pixels, as QuPath exports it: a feature, a list or a collection of
 *   them, or bare geometries; of type Polygon or MultiPolygon
 * @width: of the image; what reaches over its edges is cut off
 * @height: of the image
 *
 * Errors: %SMEAR_ERROR_IO; %SMEAR_ERROR_FORMAT, naming the feature, for what is no
 * polygon, lies outside of the image or encloses no pixel.
 *
 * Returns: (transfer full) (nullable) (element-type SmearArea): in the order of the file,
 * at least one
 */
GPtrArray *smear_areas_load (const char *path, gint width, gint height, GError **error);

G_END_DECLS
