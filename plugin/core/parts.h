/* The selection as separate parts: each connected piece of it is judged by itself. */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

/** SMEAR_PARTS_MAX: more parts than this are refused: a speckled selection is a mistake.
 */
#define SMEAR_PARTS_MAX 200
/** SMEAR_PART_SELECTED: coverage from which a pixel counts as selected, as GIMP's
 * marching ants show it. */
#define SMEAR_PART_SELECTED 128

/**
 * SmearPart:
 * @bounds: on the canvas
 * @area: selected pixels, connected over edges or corners
 * @x: one of its pixels
 * @y: one of its pixels
 */
typedef struct
{
  SmearRegion bounds;
  gint64 area;
  gint x, y;
} SmearPart;

/**
 * smear_parts_find:
 * @within: part of the canvas to look at
 * @smallest: parts narrower or lower than this are dropped
 * @n_dropped: (out): how many were
 *
 * Reads the selection by strips, so that a small one on a huge canvas costs little.
 * Returns: (transfer full) (nullable) (element-type SmearPart): in reading order
 */
GArray *smear_parts_find (SmearHost *host, const SmearRegion *within, gint smallest,
                          guint *n_dropped, GError **error);

/** smear_part_is_rectangle: nothing inside its bounds is left out. */
gboolean smear_part_is_rectangle (const SmearPart *part);

/**
 * smear_part_mask:
 *
 * Returns: (transfer full): one byte a pixel of the bounds, 255 inside the part, else 0
 */
guint8 *smear_part_mask (SmearHost *host, const SmearPart *part);

G_END_DECLS
