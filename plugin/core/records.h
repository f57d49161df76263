/* The procedures around the history: what was found, what people say of it, on paper. */
#pragma once

#include "core/procedures.h"

G_BEGIN_DECLS

extern const SmearProcedure smear_procedure_report, smear_procedure_feedback,
    smear_procedure_history, smear_procedure_history_feedback,
    smear_procedure_history_compare, smear_procedure_history_open,
    smear_procedure_history_verify, smear_procedure_history_export,
    smear_procedure_history_erase, smear_procedure_history_reproduce,
    smear_procedure_history_report, smear_procedure_feedback_agreement,
    smear_procedure_feedback_export, smear_procedure_history_settings;

/**
 * SmearKept:
 * @finding: as the image's parasite holds it
 * @numbers: (nullable) (element-type gint): of its cells as they are drawn
 * @id: in the history, 0 if it is not there
 * @hash: (nullable): of that entry
 */
typedef struct
{
  SmearFinding *finding;
  GArray *numbers;
  gint64 id;
  char *hash;
} SmearKept;

void smear_kept_free (SmearKept *kept);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearKept, smear_kept_free)

/** smear_kept_list: Returns: (transfer full) (nullable) (element-type SmearKept): the
 * image's findings, oldest first; %NULL with an error where there are none */
GPtrArray *smear_kept_list (SmearHost *host, GError **error);

/** smear_kept_record: its entry in the user's history. Returns: (transfer full)
 * (nullable): %NULL with an error that says what to do */
SmearRecord *smear_kept_record (const SmearKept *kept, SmearHistory *history,
                                GError **error);

/** smear_kept_cell: index in @record of the cell drawn with @number; -1 for 0, the
 * region; -2 with @error where the history has no such cell. */
gint smear_kept_cell (const SmearKept *kept, const SmearRecord *record, gint number,
                      GError **error);

/** smear_feedback_from_arguments: the arguments "opinion", "correct-class", "who" and
 * "note". Strings belong to @arguments. */
void smear_feedback_from_arguments (SmearFeedback *feedback, GVariantDict *arguments);

/** smear_history_settings_to_arguments: the user's settings, as the arguments of
 * plug-in-smearscope-history-settings. */
void smear_history_settings_to_arguments (GVariantDict *arguments);

/** smear_report_options_from_arguments: "paper", "title", "laboratory", "colour-map".
 * Strings belong to @arguments. */
void smear_report_options_from_arguments (SmearReportOptions *options,
                                          GVariantDict *arguments);

/** smear_day_from_arguments: local midnight, microseconds since 1970; @time is left alone
 * where the argument @name is empty. */
gboolean smear_day_from_arguments (GVariantDict *arguments, const char *name,
                                   gint64 *time, GError **error);

/** smear_query_from_arguments: "name", "found-class", "verdict", "model-name", "since",
 * "until", "limit". Strings belong to @arguments. */
gboolean smear_query_from_arguments (SmearHistoryQuery *query, GVariantDict *arguments,
                                     GError **error);

/* What the procedures do; all have the signature of SmearProcedure.run. */
gboolean smear_run_report (SmearHost *host, GVariantDict *arguments,
                           GVariantDict *results, GError **error);
gboolean smear_run_feedback (SmearHost *host, GVariantDict *arguments,
                             GVariantDict *results, GError **error);
gboolean smear_run_history (SmearHost *host, GVariantDict *arguments,
                            GVariantDict *results, GError **error);
gboolean smear_run_history_feedback (SmearHost *host, GVariantDict *arguments,
                                     GVariantDict *results, GError **error);
gboolean smear_run_history_compare (SmearHost *host, GVariantDict *arguments,
                                    GVariantDict *results, GError **error);
gboolean smear_run_history_open (SmearHost *host, GVariantDict *arguments,
                                 GVariantDict *results, GError **error);
gboolean smear_run_history_verify (SmearHost *host, GVariantDict *arguments,
                                   GVariantDict *results, GError **error);
gboolean smear_run_history_export (SmearHost *host, GVariantDict *arguments,
                                   GVariantDict *results, GError **error);
gboolean smear_run_history_erase (SmearHost *host, GVariantDict *arguments,
                                  GVariantDict *results, GError **error);
gboolean smear_run_history_reproduce (SmearHost *host, GVariantDict *arguments,
                                      GVariantDict *results, GError **error);
gboolean smear_run_history_report (SmearHost *host, GVariantDict *arguments,
                                   GVariantDict *results, GError **error);
gboolean smear_run_feedback_agreement (SmearHost *host, GVariantDict *arguments,
                                       GVariantDict *results, GError **error);
gboolean smear_run_feedback_export (SmearHost *host, GVariantDict *arguments,
                                    GVariantDict *results, GError **error);
gboolean smear_run_history_settings (SmearHost *host, GVariantDict *arguments,
                                     GVariantDict *results, GError **error);

G_END_DECLS
