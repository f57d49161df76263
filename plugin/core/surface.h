/* Pixels of a cairo surface as layers hold them. */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/** smear_surface_rows: rows of an ARGB32 surface as R G B A, not premultiplied. */
void smear_surface_rows (cairo_surface_t *surface, gint first_row, gint n_rows,
                         guint8 *rgba);

G_END_DECLS
