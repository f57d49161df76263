/* How far the shares of an audit may be luck: its images are of few smears. */
#pragma once

#include "train/metrics.h"
#include "train/probes.h"

/**
 * SmearOutcome: of one probe put to one image.
 * @SMEAR_OUTCOME_PUT: it was put
 * @SMEAR_OUTCOME_RIGHT: the answer was right
 * @SMEAR_OUTCOME_SAME: it was that to the untouched image
 */
typedef enum
{
  SMEAR_OUTCOME_PUT = 1,
  SMEAR_OUTCOME_RIGHT = 2,
  SMEAR_OUTCOME_SAME = 4
} SmearOutcome;

/**
 * SmearAudited: an image.
 * @smear: (nullable): group it belongs to; not owned
 * @outcomes: flags by probe
 */
typedef struct
{
  const char *smear;
  guint8 outcomes[SMEAR_N_PROBES];
} SmearAudited;

/**
 * smear_audited_share:
 * @images: (element-type SmearAudited)
 * @which: what to take the share of, among those that @probe was put to
 * @n_smears: (out) (optional): how many smears those are of
 *
 * Returns: 95 % bootstrap interval of the share, over smears; NaN with fewer than two
 */
SmearInterval smear_audited_share (const GArray *images, SmearProbe probe,
                                   SmearOutcome which, guint *n_smears);
