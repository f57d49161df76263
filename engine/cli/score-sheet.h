/* Answers beside the truth, and what they amount to. */
#pragma once

#include "train/answers.h"
#include "train/labelled.h"

typedef struct _SmearScoreSheet SmearScoreSheet;

/** smear_score_sheet_new: keeps a reference to nothing: @labelled has to outlive it. */
SmearScoreSheet *smear_score_sheet_new (const SmearLabelled *labelled);
void smear_score_sheet_free (SmearScoreSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearScoreSheet, smear_score_sheet_free)

/** smear_score_sheet_add: @row is @model's answer to image @index of the list, in any
 * order. */
void smear_score_sheet_add (SmearScoreSheet *sheet, guint index, const SmearBatchRow *row,
                            const SmearModel *model);

/** smear_score_sheet_answers: with the outputs as they were before the model's own
 * calibration, but for a summand. Returns: (transfer full) (element-type SmearAnswer) */
GArray *smear_score_sheet_answers (const SmearScoreSheet *sheet);

/** smear_score_sheet_print: a table for people on standard output. */
void smear_score_sheet_print (const SmearScoreSheet *sheet);

/** smear_score_sheet_print_json: one line; @sha256 is null of several models, the last
 * three say what was evaluated. */
void smear_score_sheet_print_json (const SmearScoreSheet *sheet, const char *model,
                                   const char *sha256, const char *data,
                                   const char *folds, const char *fold);
