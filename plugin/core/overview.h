/* A scan seen from afar: what a region is chosen on. */
#pragma once

#include <cairo.h>

#include "core/host.h"

G_BEGIN_DECLS

typedef struct _SmearOverview SmearOverview;

/** smear_overview_new: of the scan in @path. Returns: (transfer full) (nullable) */
SmearOverview *smear_overview_new (const char *path, GError **error);
void smear_overview_free (SmearOverview *overview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearOverview, smear_overview_free)

/** smear_overview_scan: Returns: (transfer none) */
SmearScan *smear_overview_scan (SmearOverview *overview);

/**
 * smear_overview_refine:
 *
 * Reads a little more. A scan with a pyramid is seen at once; of one without, samples all
 * over it are read, ever closer together, as reading all of it would take minutes.
 *
 * Returns: %FALSE when there is nothing left to do
 */
gboolean smear_overview_refine (SmearOverview *overview);

/** smear_overview_place: where the scan is shown in a picture of this size: x, y, width
 * and height. */
void smear_overview_place (const SmearOverview *overview, gint width, gint height,
                           gdouble place[4]);

/** smear_overview_draw: the scan, and @region (of level 0) framed on it. */
void smear_overview_draw (const SmearOverview *overview, cairo_t *cr, gint width,
                          gint height, const SmearRegion *region);

G_END_DECLS
