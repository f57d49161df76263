/* What a run leaves in the image: a layer group with heat maps, captions and a path. */
#pragma once

#include "core/options.h"

G_BEGIN_DECLS

/**
 * SmearJudged:
 * @finding: (owned): what was found
 * @place: where, on the canvas
 * @area: how many of its pixels were selected
 * @mask: (nullable) (owned): one byte a pixel of @place where the region is no rectangle
 * @line: (owned): of the parasite
 */
typedef struct
{
  SmearFinding *finding;
  SmearRegion place;
  gint64 area;
  guint8 *mask;
  char *line;
} SmearJudged;

void smear_judged_free (SmearJudged *judged);

/**
 * smear_overlay_add:
 * @judged: (element-type SmearJudged)
 *
 * To be called within an undo step. A region without heat map (refused) gets its caption
 * alone.
 */
gboolean smear_overlay_add (SmearHost *host, const SmearScene *scene,
                            const SmearOptions *options, GPtrArray *judged,
                            GError **error);

G_END_DECLS
