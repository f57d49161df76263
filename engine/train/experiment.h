/* What stands round a training: which samples, and how good on those kept back. */
#pragma once

#include "train/metrics.h"
#include "train/trainer.h"

/** smear_experiment_folds: numbers of the folds, rising. Returns: (transfer full)
 * (element-type gint) */
GArray *smear_experiment_folds (const SmearDataset *dataset);

/**
 * smear_experiment_split:
 * @fold: kept back; -1 for none
 * @share: without @fold: share of each class, drawn from @seed, kept back
 * @train: (out) (transfer full) (element-type gint)
 * @validation: (out) (transfer full) (element-type gint)
 */
void smear_experiment_split (const SmearDataset *dataset, gint fold, gdouble share,
                             guint64 seed, GArray **train, GArray **validation);

/** SmearKept: answer to a sample that was kept back. */
typedef struct
{
  gboolean kept;
  gfloat logits[SMEAR_N_CLASSES], probabilities[SMEAR_N_CLASSES];
} SmearKept;

/** smear_experiment_predictions_new: Returns: (transfer full) (element-type SmearKept):
 * one a sample */
GArray *smear_experiment_predictions_new (const SmearDataset *dataset);
void smear_experiment_predict (const SmearNetwork *net, const SmearDataset *dataset,
                               GArray *validation, SmearPool *pool, GArray *predicted);
gboolean smear_experiment_write_predictions (const SmearDataset *dataset,
                                             GArray *predicted, const char *path,
                                             GError **error);
/** smear_experiment_answers: Returns: (transfer full) (element-type SmearAnswer): of the
 * samples kept back. */
GArray *smear_experiment_answers (const SmearDataset *dataset, GArray *predicted);

/**
 * smear_experiment_metadata:
 * @train: (element-type gint): the samples that were learnt from
 *
 * What a weights file says of its making.
 *
 * Returns: (transfer full) (element-type utf8 utf8)
 */
GHashTable *smear_experiment_metadata (const SmearDataset *dataset, GArray *train,
                                       const SmearTraining *how);
