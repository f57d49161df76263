/* Every probe put to every image, by whoever judges them. */
#pragma once

#include "train/dataset.h"
#include "train/probes.h"

/**
 * SmearProbed:
 * @index: which of the chosen images
 * @sample: where it comes from
 * @probe: what was done to it
 * @image: the outcome
 * @found: leukocytes of the untouched image
 * @donor: class of the image that the background or the stain is from; else
 * %SMEAR_CLASS_NONE
 */
typedef struct
{
  guint index;
  const SmearSample *sample;
  SmearProbe probe;
  SmearImage *image;
  const SmearLeukocytes *found;
  SmearClass donor;
} SmearProbed;

/** SmearProbedFunc: called on any thread; all probes of one image on the same, in their
 * order, beginning with the untouched one. */
typedef gboolean (*SmearProbedFunc) (const SmearProbed *probed, gpointer judge,
                                     GError **error);

/** smear_probe_choose: at most about @limit samples, evenly through each class; 0 for
 * all. Returns: (transfer full) (element-type gint) */
GArray *smear_probe_choose (const SmearDataset *dataset, guint limit);

/**
 * smear_probe_run:
 * @dataset: listed, not read
 * @chosen: (element-type gint): samples
 * @seed: of partners and noise
 *
 * What takes something from an image of another class is left out where there is none, or
 * one of the two has no leukocytes.
 */
gboolean smear_probe_run (const SmearDataset *dataset, GArray *chosen, guint64 seed,
                          SmearPool *pool, SmearProgressFunc progress, gpointer user_data,
                          SmearProbedFunc judge, gpointer judge_data, GError **error);
