/* How good answers are, with intervals. Everything here is plain arithmetic on a list. */
#pragma once

#include <smearscope/class.h>

/** SMEAR_ECE_BINS: equally wide bins of confidence for the calibration error. */
#define SMEAR_ECE_BINS 15
/** SMEAR_RELIABILITY_BINS: equally wide bins of confidence for people to read. */
#define SMEAR_RELIABILITY_BINS 10

/**
 * SmearPrediction:
 * @truth: the right class
 * @predicted: the most probable class; %SMEAR_CLASS_NONE if the image was refused or
 * failed
 * @probabilities: by class; all 0 without @predicted
 * @group: (nullable): smear or patient the image belongs to
 */
typedef struct
{
  SmearClass truth, predicted;
  gfloat probabilities[SMEAR_N_CLASSES];
  const char *group;
} SmearPrediction;

typedef struct
{
  gdouble low, high;
} SmearInterval;

/**
 * SmearReliability:
 * @answers: how many had a confidence in this bin
 * @right: how many of them were right
 * @confidence: sum of their confidences
 */
typedef struct
{
  guint answers, right;
  gdouble confidence;
} SmearReliability;

/**
 * SmearMetrics:
 * @n: images
 * @n_correct: right ones
 * @n_judged: images with a predicted class
 * @confusion: truth by predicted class
 * @unjudged: by truth: images without a predicted class; they count as wrong
 * @accuracy: n_correct / n
 * @wilson: its 95 % interval, taking images as independent
 * @precision: by class; 0 if nothing was given that class
 * @recall: by class; 0 if there is no such image
 * @f1: by class
 * @macro_f1: mean of @f1 over the classes that occur, as truth or as answer
 * @ece: expected calibration error over the judged images
 * @brier: mean over the judged images of the summed squared error of the probabilities
 * @auc: area under the ROC curve, benign against malignant, over the judged images
 * @sensitivity_at_95: of malignant, at the largest threshold-free specificity of at least
 *   95 %
 * @accuracy_confident: accuracy of the 80 % of all images the model is most sure of;
 *   unjudged ones are the least sure
 * @reliability: of the judged images, by confidence; bins are open below, closed above
 *
 * A figure that the data do not define is NaN.
 */
typedef struct
{
  guint n, n_correct, n_judged;
  guint confusion[SMEAR_N_CLASSES][SMEAR_N_CLASSES], unjudged[SMEAR_N_CLASSES];
  gdouble accuracy;
  SmearInterval wilson;
  gdouble precision[SMEAR_N_CLASSES], recall[SMEAR_N_CLASSES], f1[SMEAR_N_CLASSES];
  gdouble macro_f1, ece, brier, auc, sensitivity_at_95, accuracy_confident;
  SmearReliability reliability[SMEAR_RELIABILITY_BINS];
} SmearMetrics;

void smear_metrics (const SmearPrediction *predictions, guint n, SmearMetrics *metrics);

/** smear_wilson: 95 % score interval of @k successes in @n (Wilson 1927). NaN for @n = 0.
 */
SmearInterval smear_wilson (guint k, guint n);

/**
 * smear_bootstrap:
 * @n_rounds: resamples
 * @seed: the same seed gives the same intervals
 * @accuracy: (out): 95 % percentile interval
 * @macro_f1: (out): 95 % percentile interval
 *
 * Groups are drawn with replacement, each with all its images: images of one smear are
 * not independent, and intervals that take them so are too narrow. An image without a
 * group is its own.
 *
 * Returns: how many groups there are; the intervals are NaN with fewer than two
 */
guint smear_bootstrap (const SmearPrediction *predictions, guint n, guint n_rounds,
                       guint32 seed, SmearInterval *accuracy, SmearInterval *macro_f1);
