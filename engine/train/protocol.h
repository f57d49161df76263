/* One way of keeping images back, and how good the answers to them were. */
#pragma once

#include "train/answers.h"

/**
 * SmearProtocol:
 * @name: "random", "smears", "looks" or another
 * @n_runs: trainings of the whole protocol, one a seed
 * @metrics: counts are summed over the runs, figures are their means; @wilson is that of
 *   the mean over the images of one run
 * @n_smears: groups, 0 if none are named; the bootstrap's intervals are NaN with fewer
 *   than two
 * @accuracy_smears: 95 % interval over smears
 * @macro_f1_smears: 95 % interval over smears
 * @accuracy_deviation: standard deviation between runs; NaN of a single one
 * @macro_f1_deviation: standard deviation between runs; NaN of a single one
 */
typedef struct
{
  const char *name;
  guint n_runs;
  SmearMetrics metrics;
  guint n_smears;
  SmearInterval accuracy_smears, macro_f1_smears;
  gdouble accuracy_deviation, macro_f1_deviation;
} SmearProtocol;

/**
 * smear_protocol_rate:
 * @runs: (element-type GArray): tables of smear_answers_read(), one a seed
 */
void smear_protocol_rate (const char *name, GPtrArray *runs, SmearProtocol *protocol);

/** smear_protocol_title: "random 80:20", "smear-wise folds", "look-out folds", or @name
 * itself. */
const char *smear_protocol_title (const char *name);
