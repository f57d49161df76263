/* Answers to images that were kept back, as tables: what a training, an evaluation or
 * another program wrote, read again. */
#pragma once

#include "pipeline/calibration.h"
#include "train/metrics.h"
#include <smearscope/error.h>

/**
 * SmearAnswer:
 * @file: name of the image, for people
 * @smear: (nullable): group it belongs to
 * @fold: (nullable): fold it was kept back with
 * @truth: the right class
 * @predicted: the most probable class; %SMEAR_CLASS_NONE if nothing was said
 * @n_cells: how many cells it rests on; 0 for the whole field
 * @logits: before softmax and calibration; logarithms of the probabilities where a table
 * has none
 * @probabilities: by class; all 0 without @predicted
 */
typedef struct
{
  char *file, *smear, *fold;
  SmearClass truth, predicted;
  guint n_cells;
  gfloat logits[SMEAR_N_CLASSES], probabilities[SMEAR_N_CLASSES];
} SmearAnswer;

/** smear_answers_new: Returns: (transfer full) (element-type SmearAnswer): empty; owns
 * the strings of what is added */
GArray *smear_answers_new (void);

/**
 * smear_answers_read:
 * @csv: with the columns class (the truth), Benign, Early, Pre and Pro (probabilities),
 * and perhaps file, smear, fold, logit_Benign, … and cells
 *
 * Returns: (transfer full) (nullable) (element-type SmearAnswer)
 */
GArray *smear_answers_read (const char *csv, GError **error);
gboolean smear_answers_write (GArray *answers, const char *csv, GError **error);

/** smear_answers_winner: the largest probability; %SMEAR_CLASS_NONE if all are 0. */
SmearClass smear_answers_winner (const gfloat *probabilities);

/** smear_answers_calibration: the one under which the answers' log loss is least. */
SmearCalibration smear_answers_calibration (GArray *answers);

/** smear_answers_calibrate: probabilities anew, from logits. */
void smear_answers_calibrate (GArray *answers, const SmearCalibration *calibration);

/**
 * smear_answers_cross_calibrate:
 *
 * Each fold by the calibration that fits all other folds, so that no answer is calibrated
 * by itself. Of a single fold, each half (every other image) by the other half's.
 */
void smear_answers_cross_calibrate (GArray *answers);

/** smear_answers_predictions: Returns: (transfer full) (element-type SmearPrediction):
 * groups belong to @answers */
GArray *smear_answers_predictions (GArray *answers);
