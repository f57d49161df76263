/* What is to be judged, and judging it: for the run and for the preview alike. */
#pragma once

#include "core/parts.h"

G_BEGIN_DECLS

/** SMEAR_JUDGE_SMALLEST: as small as smear_classify() takes. */
#define SMEAR_JUDGE_SMALLEST 16

/**
 * smear_judge_regions:
 * @n_dropped: (out): parts of the selection too small to be judged
 *
 * Returns: (transfer full) (nullable) (element-type SmearPart): the parts of the
 * selection, or the drawable where nothing is selected; never empty
 */
GArray *smear_judge_regions (SmearHost *host, const SmearScene *scene, guint *n_dropped,
                             GError **error);

/**
 * smear_judge_read:
 * @mask: (out) (transfer full): one byte a pixel where the part is no rectangle, else
 * %NULL
 *
 * Returns: (transfer full) (nullable): the part's pixels, white outside of it
 */
SmearImage *smear_judge_read (SmearHost *host, const SmearScene *scene,
                              const SmearPart *part, guint8 **mask, GError **error);

/** smear_judge: @image, read from @part. Returns: (transfer full) (nullable): in places
 * of the canvas */
SmearFinding *smear_judge (SmearModel *model, SmearImage *image, const SmearScene *scene,
                           const SmearPart *part, const SmearClassifyOptions *how,
                           SmearProgressFunc progress, gpointer user_data,
                           GError **error);

G_END_DECLS
