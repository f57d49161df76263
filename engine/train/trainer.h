/* Training from labelled pictures, to the same bits on any number of threads, resumable
 * after any epoch. */
#pragma once

#include "nn/network.h"
#include "train/augment.h"
#include "train/dataset.h"

/**
 * SmearTraining:
 * @epochs: times through all samples
 * @batch: samples a step
 * @pictures: at most this many pictures of each sample, drawn anew in each epoch; half of
 * them shrunk, where the sample has such
 * @together: a sample's pictures answer together by the mean of their outputs, as they do
 * in use; else each for itself
 * @rate: of Adam at the start
 * @cosine: let it fall to nothing along half a cosine
 * @decay: weight decay
 * @smoothing: share of each target given to all classes alike
 * @balanced: draw each class equally often
 * @restain: how often a field's cells are stained as strongly as those of another field
 * of any class, channel by channel: classes of one laboratory differ in stain, and stain
 * is not to be what tells them apart
 * @seed: of weights, order, augmentation and dropout
 */
typedef struct
{
  gint epochs, batch, pictures;
  gboolean together;
  gdouble rate;
  gboolean cosine;
  gdouble decay, smoothing, restain;
  gboolean balanced;
  guint64 seed;
  SmearAugmentation augmentation;
} SmearTraining;

#define SMEAR_TRAINING_PUBLISHED                                                         \
  {                                                                                      \
    .epochs = 50, .batch = 32, .pictures = 1, .rate = 0.001, .seed = 1,                  \
    .augmentation = SMEAR_AUGMENTATION_PUBLISHED                                         \
  }
#define SMEAR_TRAINING_CELL                                                              \
  {                                                                                      \
    .epochs = 50, .batch = 32, .pictures = 4, .together = TRUE, .rate = 0.002,           \
    .cosine = TRUE, .decay = 0.01, .smoothing = 0.05, .restain = 2.0 / 3,                \
    .balanced = TRUE, .seed = 1, .augmentation = SMEAR_AUGMENTATION_CELL                 \
  }

/** SmearEpoch: one line of the curves; validation is NaN without validation samples. */
typedef struct
{
  gint epoch;
  gdouble loss, accuracy, validation_loss, validation_accuracy, seconds;
} SmearEpoch;

typedef void (*SmearEpochFunc) (const SmearEpoch *epoch, gint epochs, gpointer user_data);

/**
 * smear_train:
 * @net: without values; trained on return
 * @dataset: read
 * @train: (element-type gint): samples to learn from
 * @validation: (element-type gint) (nullable): samples to watch
 * @checkpoint: (nullable): file written after each epoch, and continued from if it exists
 * and fits
 * @progress: (nullable): within the epoch
 * @epoch_done: (nullable): after it
 */
gboolean smear_train (SmearNetwork *net, const SmearDataset *dataset, GArray *train,
                      GArray *validation, const SmearTraining *how, SmearPool *pool,
                      const char *checkpoint, GCancellable *cancellable,
                      SmearProgressFunc progress, SmearEpochFunc epoch_done,
                      gpointer user_data, GError **error);

/**
 * smear_predict_samples:
 * @net: prepared
 * @most_pictures: of a sample, evenly spread over all it has
 * @probabilities: (out caller-allocates): [samples][classes]; all 0 for a sample without
 *   pictures
 * @logits: (out caller-allocates) (optional): mean outputs before softmax, for
 * calibration
 */
void smear_predict_samples (const SmearNetwork *net, const SmearDataset *dataset,
                            GArray *samples, gint most_pictures, gint n_threads,
                            gfloat *probabilities, gfloat *logits);
