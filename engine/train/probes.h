/* Changes to an image that must, or must not, change the answer. */
#pragma once

#include "base/random.h"
#include <smearscope/leukocytes.h>

/**
 * SmearProbe:
 *
 * What audits do to an image. The last two need an image of another class.
 */
typedef enum
{
  SMEAR_PROBE_UNTOUCHED,
  SMEAR_PROBE_SCALE_BAR_ERASED,
  SMEAR_PROBE_REDDER,     /* red times 1.1, blue times 0.9 */
  SMEAR_PROBE_BLUER,      /* the other way round */
  SMEAR_PROBE_GREENER,    /* green times 1.1, others 0.95 */
  SMEAR_PROBE_LESS_GREEN, /* green times 0.9, others 1.05 */
  SMEAR_PROBE_SATURATION_06,
  SMEAR_PROBE_SATURATION_14,
  SMEAR_PROBE_GAMMA_08,
  SMEAR_PROBE_GAMMA_125,
  SMEAR_PROBE_GREY,
  SMEAR_PROBE_BLUR, /* 5x5 binomial */
  SMEAR_PROBE_JPEG_50,
  SMEAR_PROBE_SMOOTH_COLOUR, /* light with all its detail, colour without */
  SMEAR_PROBE_NOISE,         /* deviation 8 of 255 */
  SMEAR_PROBE_MIDDLE,        /* no leukocytes but those of the middle */
  SMEAR_PROBE_HALF_SIZE,     /* half the magnification of the whole field */
  SMEAR_PROBE_DOUBLE_SIZE,   /* the middle at twice the magnification */
  SMEAR_PROBE_MIRRORED,
  SMEAR_PROBE_UPSIDE_DOWN,
  SMEAR_PROBE_QUARTER_TURN,
  SMEAR_PROBE_HALF_TURN,
  SMEAR_PROBE_LEUKOCYTES_REMOVED,
  SMEAR_PROBE_BACKGROUND_SWAPPED,
  SMEAR_PROBE_STAIN_SWAPPED, /* leukocytes absorb as much as the other's, in each channel
                              */
  SMEAR_N_PROBES
} SmearProbe;

const char *smear_probe_name (SmearProbe probe);

/**
 * smear_probe_apply:
 * @found: leukocytes of @image
 * @other: (nullable): an image of another class, of any size; @other_found its
 *   leukocytes
 *
 * Returns: (transfer full) (nullable)
 */
SmearImage *smear_probe_apply (SmearProbe probe, SmearImage *image,
                               const SmearLeukocytes *found, SmearImage *other,
                               const SmearLeukocytes *other_found, guint64 seed,
                               GError **error);

/** smear_probe_swaps: whether a probe takes something from an image of another class. */
gboolean smear_probe_swaps (SmearProbe probe);

/** smear_probe_scale_bar: the corner in which the public set's bars are burned in. */
SmearRegion smear_probe_scale_bar (gint width, gint height);
