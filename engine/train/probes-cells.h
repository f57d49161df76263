/* Probes that need to know where the leukocytes are. */
#pragma once

#include "train/probes.h"

/** smear_probe_covered: 1 in leukocytes and in a rim round them, where stain still shows,
 * else 0. Returns: (transfer full): a byte a pixel */
guint8 *smear_probe_covered (const SmearLeukocytes *found);

/** smear_probe_remove_cells: fills the leukocytes of @image with clear glass, in place.
 */
gboolean smear_probe_remove_cells (SmearImage *image, const SmearLeukocytes *found,
                                   GError **error);

/** smear_probe_middle: half of a field each way. */
SmearRegion smear_probe_middle (gint width, gint height);

/** smear_probe_keep_middle: of the leukocytes of @image leaves those whose nucleus has
 * its centre in the middle, in place: what a picture of twice the magnification has left.
 */
void smear_probe_keep_middle (SmearImage *image, const SmearLeukocytes *found);

/** smear_probe_swap_background: leukocytes of @image laid on @other, of which the own are
 * taken away. Returns: (transfer full) (nullable): as large as @image */
SmearImage *smear_probe_swap_background (SmearImage *image, const SmearLeukocytes *found,
                                         SmearImage *other,
                                         const SmearLeukocytes *other_found,
                                         GError **error);

/** smear_probe_swap_stain: all of @image stained so that its leukocytes absorb as much,
 * in each channel, as those of @other; in place. */
void smear_probe_swap_stain (SmearImage *image, const SmearLeukocytes *found,
                             SmearImage *other, const SmearLeukocytes *other_found);
