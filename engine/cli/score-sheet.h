/* Answers beside the truth, and what they amount to. */
#pragma once

#include "train/labelled.h"

typedef struct _SmearScoreSheet SmearScoreSheet;

/** smear_score_sheet_new: keeps a reference to nothing: @labelled has to outlive it. */
SmearScoreSheet *smear_score_sheet_new (const SmearLabelled *labelled);
void smear_score_sheet_free (SmearScoreSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearScoreSheet, smear_score_sheet_free)

/** smear_score_sheet_add: rows in the order of the files. */
void smear_score_sheet_add (SmearScoreSheet *sheet, const SmearBatchRow *row);

/** smear_score_sheet_print: a table for people on standard output. */
void smear_score_sheet_print (const SmearScoreSheet *sheet);

/** smear_score_sheet_print_json: one line; the last three say what was evaluated. */
void smear_score_sheet_print_json (const SmearScoreSheet *sheet, SmearModel *model,
                                   const char *data, const char *folds, const char *fold);
