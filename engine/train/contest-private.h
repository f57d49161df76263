/* What the parts of a comparison share. */
#pragma once

#include "train/audit.h"
#include "train/contest.h"
#include "train/dataset.h"

typedef enum
{
  SMEAR_RIVAL_FIELD,      /* network, the whole field */
  SMEAR_RIVAL_CELL,       /* network, leukocytes */
  SMEAR_RIVAL_FEATURES,   /* scikit-learn on hand-made features of the field */
  SMEAR_RIVAL_BACKGROUND, /* the same of what is no leukocyte */
} SmearRivalKind;

/**
 * SmearRival:
 * @name: in options and names of files; of a network its architecture
 * @method: for scikit-learn: "svm" or "forest"
 */
typedef struct
{
  const char *name, *title, *method;
  SmearRivalKind kind;
} SmearRival;

/**
 * SmearContestProtocol:
 * @name: as for smear_protocol_title()
 * @fold: by sample; -1 for what is never kept back
 * @held: (element-type gint): folds that are kept back, one after the other
 */
typedef struct
{
  const char *name;
  gint *fold;
  GArray *held;
} SmearContestProtocol;

#define SMEAR_MAX_PROTOCOLS 3
/** SMEAR_CONTEST_TIMED: images on which an answer is timed. */
#define SMEAR_CONTEST_TIMED 16

typedef struct
{
  const SmearContestPlan *plan;
  const SmearContestWatch *watch;
  SmearPool *pool;
  GPtrArray *rivals; /* (element-type SmearRival) */
  SmearContestProtocol protocols[SMEAR_MAX_PROTOCOLS];
  gint n_protocols;
  SmearDataset *listed;         /* without pictures */
  SmearDataset *fields, *cells; /* read when first needed */
  const SmearLabelled *labelled;
} SmearContest;

/** smear_contest_file: FOLDER/cells/FORMAT…. Returns: (transfer full) */
char *smear_contest_file (const SmearContest *comparison, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

/** smear_contest_answers: where a rival's answers to a fold are, or will be. */
char *smear_contest_answers (const SmearContest *comparison, const SmearRival *rival,
                             const SmearContestProtocol *protocol, gint seed, gint fold);
/** smear_contest_facts: what else is known of the training behind these answers: a key
 * file with [facts] train_seconds, predict_ms, parameters, multiply_adds. */
char *smear_contest_facts (const char *answers);

/* Each makes one fold's answers, and with @audited what the audit needs. */
gboolean smear_contest_train (SmearContest *comparison, const SmearRival *rival,
                              const SmearContestProtocol *protocol, gint seed, gint fold,
                              gboolean audited, GError **error);
gboolean smear_contest_learn (SmearContest *comparison, const SmearRival *rival,
                              const SmearContestProtocol *protocol, gint seed, gint fold,
                              gboolean audited, GError **error);

/* Each writes FOLDER/cells/NAME-audit.ini. */
gboolean smear_contest_audit_network (SmearContest *comparison, const SmearRival *rival,
                                      GError **error);
gboolean smear_contest_audit_features (SmearContest *comparison, const SmearRival *rival,
                                       GError **error);

/** smear_contest_features: tables of features of all images, and of the probes put to
 * those of the audit, if they are not there yet. */
gboolean smear_contest_features (SmearContest *comparison, GError **error);

/** smear_contest_audited: samples of the audit. Returns: (transfer full) */
SmearDataset *smear_contest_audited (const SmearContest *comparison);

/** smear_contest_save_audit: figures of the probes as a key file. */
gboolean smear_contest_save_audit (const SmearContest *comparison,
                                   const SmearRival *rival, const SmearProbeScore *scores,
                                   const SmearAudit *audit, gdouble inference_ms,
                                   GError **error);

/** smear_contest_write: comparison.csv and comparison.md. */
gboolean smear_contest_write (const SmearContest *comparison, GError **error);
