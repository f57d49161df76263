/* Pixels of the drawable as the engine wants them. */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

/**
 * smear_pixels_read:
 * @region: inside the drawable
 * @keep: (nullable): one byte a pixel of @region; where it is 0 the pixel becomes white
 *
 * Layer masks are applied, what they hide becomes white, like everything transparent. The
 * scale is taken from the image's resolution where that is plausible for a microscope.
 *
 * Returns: (transfer full) (nullable)
 */
SmearImage *smear_pixels_read (SmearHost *host, const SmearScene *scene,
                               const SmearRegion *region, const guint8 *keep,
                               GError **error);

/** smear_scene_check: an error with its remedy if the drawable is none to be judged. */
gboolean smear_scene_check (const SmearScene *scene, GError **error);

void smear_scene_clear (SmearScene *scene);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmearScene, smear_scene_clear)

/** smear_region_intersect: FALSE if nothing is common; @result may be one of the others.
 */
gboolean smear_region_intersect (const SmearRegion *a, const SmearRegion *b,
                                 SmearRegion *result);

G_END_DECLS
