/* The state of a training between two epochs. */
#pragma once

#include "train/training-state.h"

gboolean smear_checkpoint_write (const char *path, const SmearNetwork *net,
                                 const SmearTrainingState *state, GError **error);
/** smear_checkpoint_read: FALSE without error if there is no such file. */
gboolean smear_checkpoint_read (const char *path, SmearNetwork *net,
                                SmearTrainingState *state, GError **error);
