/* Our model and its rivals on the same images, under one budget. */
#pragma once

#include "base/pool.h"
#include "train/labelled.h"
#include "train/trainer.h"

/**
 * SmearContestPlan:
 * @folder: where every training and audit is kept; what is there already is not done
 *   again
 * @size: side of the pictures that networks of whole fields get
 * @epochs: of every network
 * @n_seeds: trainings of each, seeds 1 and up; what is drawn at random is drawn once
 * @audit_limit: images of the audit, from the first smear-wise fold
 * @models: (nullable): %NULL-ended names, see smear_contest_names(); %NULL for all
 */
typedef struct
{
  const char *folder;
  gint size, epochs, n_seeds, audit_limit;
  char **models;
} SmearContestPlan;

/**
 * SmearContestWatch:
 * @work: called before each piece of work: “VGG16, look-out folds, fold 1”; of how many
 * @progress: (nullable): within it
 * @epoch: (nullable): after each epoch of a network
 */
typedef struct
{
  void (*work) (const char *what, guint done, guint all, gpointer user_data);
  SmearProgressFunc progress;
  SmearEpochFunc epoch;
  gpointer user_data;
} SmearContestWatch;

/** smear_contest_names: %NULL-ended, static. */
const char *const *smear_contest_names (void);

/**
 * smear_contest_run:
 * @smears: table with smears and smear-wise folds
 * @looks: (nullable): the same images with look-out folds
 *
 * Trains and audits what is not in the folder yet, then writes comparison.csv and
 * comparison.md there. Killed and begun again, it goes on after the last epoch. Errors:
 * %SMEAR_ERROR_ARGUMENT if the folder holds a comparison under another budget, or of
 * other images.
 */
gboolean smear_contest_run (const SmearContestPlan *plan, const SmearLabelled *smears,
                            const SmearLabelled *looks, SmearPool *pool,
                            const SmearContestWatch *watch, GError **error);
