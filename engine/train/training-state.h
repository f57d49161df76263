/* What a training carries from step to step beside the network itself. */
#pragma once

#include "nn/network.h"

/**
 * SmearTrainingState:
 * @epoch: epochs done
 * @step: steps done, for Adam's correction
 * @n_mean: steps that the means are taken over
 * @first: by parameter, Adam's moments
 * @second: by parameter
 * @mean: by parameter, the mean of its values after late steps
 * @recipe: what must be alike for a resumed training to be the same one
 */
typedef struct
{
  gint epoch;
  gint64 step, n_mean;
  gfloat **first, **second, **mean;
  char *recipe;
} SmearTrainingState;

/** smear_training_state_init: @recipe: (transfer full) */
void smear_training_state_init (SmearTrainingState *state, const SmearNetwork *net,
                                char *recipe);
void smear_training_state_clear (SmearTrainingState *state, const SmearNetwork *net);

/**
 * smear_training_state_average:
 *
 * Takes the weights of now into their mean. The mean lies in flatter ground than where a
 * training happens to end, and does better on pictures unlike those learnt from (Izmailov
 * et al., UAI 2018; Cha et al., NeurIPS 2021).
 */
void smear_training_state_average (SmearTrainingState *state, const SmearNetwork *net);

/** smear_training_state_swap: exchanges the weights for their means, or back. */
void smear_training_state_swap (SmearTrainingState *state, SmearNetwork *net);
