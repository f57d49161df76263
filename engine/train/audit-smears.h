/* How far the shares of an audit may be luck: its images are of few smears. */
#pragma once

#include "train/dataset.h"
#include "train/metrics.h"

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
 * smear_outcomes_over_smears:
 * @outcomes: flags, an image each
 * @chosen: (element-type gint): the samples that the images are of
 * @which: what to take the share of, among those with %SMEAR_OUTCOME_PUT
 * @n_smears: (out) (optional): how many smears those are of
 *
 * Returns: 95 % bootstrap interval of the share; NaN with fewer than two smears
 */
SmearInterval smear_outcomes_over_smears (const guint8 *outcomes,
                                          const SmearDataset *dataset,
                                          const GArray *chosen, SmearOutcome which,
                                          guint *n_smears);
