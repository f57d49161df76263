/* The state of a training between two epochs. */
#pragma once

#include "nn/network.h"

/**
 * SmearTrainingState:
 * @epoch: epochs done
 * @step: steps done, for Adam's correction
 * @first: by parameter, Adam's moments
 * @second: by parameter
 * @recipe: what must be alike for a resumed training to be the same one
 */
typedef struct
{
  gint epoch;
  gint64 step;
  gfloat **first, **second;
  char *recipe;
} SmearTrainingState;

void smear_training_state_init (SmearTrainingState *state, const SmearNetwork *net,
                                char *recipe);
void smear_training_state_clear (SmearTrainingState *state, const SmearNetwork *net);
gboolean smear_checkpoint_write (const char *path, const SmearNetwork *net,
                                 const SmearTrainingState *state, GError **error);
/** smear_checkpoint_read: FALSE without error if there is no such file. */
gboolean smear_checkpoint_read (const char *path, SmearNetwork *net,
                                SmearTrainingState *state, GError **error);
