/* The last word of each reviewer on each region or cell. */
#pragma once

#include "records/history-private.h"

/**
 * SmearOpinion:
 * @about: the finding
 * @cell: index, -1 for the region
 * @klass: the reviewer's class; %SMEAR_CLASS_NONE for flags
 * @model_class: what the model had said
 * @answered: the model gave an answer and did not leave it open
 */
typedef struct
{
  gint64 about;
  gint cell;
  SmearFeedbackKind kind;
  SmearClass klass, model_class;
  gboolean answered;
} SmearOpinion;

/** smear_feedback_latest: Returns: (transfer full) (nullable): opinions by reviewer and
 * place */
GHashTable *smear_feedback_latest (SmearHistory *history, const char *who,
                                   const SmearHistoryQuery *query, GError **error);

typedef void (*SmearOpinionFunc) (const SmearOpinion *opinion, gpointer user_data);
/** smear_feedback_each_latest: in the order of findings and cells */
void smear_feedback_each_latest (GHashTable *latest, SmearOpinionFunc func,
                                 gpointer user_data);
