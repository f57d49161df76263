/* Synthetic smears with known cells: for the demo, the tests and the pictures we may
 * show. */
#pragma once

#include <smearscope/class.h>
#include <smearscope/image.h>

G_BEGIN_DECLS

/**
 * SmearSyntheticCell:
 * @x: centre, pixels
 * @y: centre, pixels
 * @radius: of the nucleus, pixels
 * @klass: class whose look it imitates
 */
typedef struct
{
  gdouble x, y, radius;
  SmearClass klass;
} SmearSyntheticCell;

/**
 * SmearSynthesis:
 * @width: pixels
 * @height: pixels
 * @um_per_pixel: scale; 0.1 gives red cells of 75 pixels
 * @klass: class to imitate, or %SMEAR_CLASS_NONE for red cells only
 * @seed: the same seed gives the same bytes
 * @scale_bar: burn one in at the lower right
 */
typedef struct
{
  gint width, height;
  gdouble um_per_pixel;
  SmearClass klass;
  guint64 seed;
  gboolean scale_bar;
} SmearSynthesis;

/**
 * smear_synthesise:
 * @cells: (out) (optional) (transfer full) (element-type SmearSyntheticCell): where they
 * are
 *
 * Returns: (transfer full) (nullable)
 */
SmearImage *smear_synthesise (const SmearSynthesis *what, GArray **cells, GError **error);

/**
 * smear_synthesise_scan:
 * @path: a tiled (Big)TIFF, written tile by tile; memory does not grow with the scan
 * @compression: "deflate" or "jpeg"
 * @cells: (out) (optional) (transfer full) (element-type SmearSyntheticCell)
 */
gboolean smear_synthesise_scan (const SmearSynthesis *what, const char *path,
                                const char *compression, GArray **cells, GError **error);

G_END_DECLS
