/* Shared by the preview's judging and its drawing. */
#pragma once

#include "core/cell-search.h"
#include "core/options.h"
#include "core/parts.h"
#include "core/pixels.h"
#include "core/preview.h"

G_BEGIN_DECLS

/**
 * SmearPreview:
 * @part: what is shown: the largest of @n_parts
 * @image: its pixels, %NULL if they cannot be judged
 * @search: the cells in it, for a procedure that finds cells
 * @out: (nullable): which of the cells are left out
 * @mask: (nullable): which of the pixels belong to @part
 * @picture: @image in small
 * @heat: the map in small, made for @options
 * @model: that @finding is of
 * @problem: (nullable): why there is no answer
 */
struct _SmearPreview
{
  SmearHost *host;
  SmearScene scene;
  SmearPart part;
  guint n_parts, n_dropped;
  SmearImage *image;
  guint8 *mask;
  SmearCellSearch *search;
  gboolean *out;
  char *left_out;
  cairo_surface_t *picture, *heat;
  SmearOptions options;
  SmearModel *model;
  SmearFinding *finding;
  char *problem;
};

/** smear_preview_shrink: makes @picture of @image. */
gboolean smear_preview_shrink (SmearPreview *preview, GError **error);
/** smear_preview_colour: makes @heat of the finding's map; drops it where there is none.
 */
void smear_preview_colour (SmearPreview *preview);

/** smear_preview_draw_cells: over the picture, @scale of the dialog's pixels for one of
 * the image's. */
void smear_preview_draw_cells (const SmearPreview *preview, cairo_t *cr, gdouble scale);

G_END_DECLS
