/* The tables of the procedures that prove, export, erase and set up the history. */
#include "core/records.h"
#include "core/records-table.h"

static const char *const recordings[] = { "leave", "off", "on", "ask", NULL };
static const char *const switches[] = { "leave", "yes", "no", NULL };
static const char *const encryptions[] = { "leave", "none", "key-file", "secret-service",
                                           NULL };

static const SmearArg text_results[]
    = { RESULT (SMEAR_ARG_STRING, "text", N_ ("What came of it, for people")), END };

static const SmearArg verify_arguments[] = {
  TEXT ("head", N_ ("Hash of an entry noted earlier, which has to be there, or empty")),
  END
};
static const SmearArg verify_results[]
    = { RESULT (SMEAR_ARG_BOOLEAN, "intact", N_ ("Whether nothing was changed")),
        RESULT (SMEAR_ARG_INT, "broken", N_ ("The first broken entry, or 0")),
        RESULT (SMEAR_ARG_STRING, "head", N_ ("Hash of the last entry, to be noted")),
        RESULT (SMEAR_ARG_STRING, "text", N_ ("What came of it, for people")), END };

const SmearProcedure smear_procedure_history_verify = {
  .name = "plug-in-smearscope-history-verify",
  .blurb = N_ ("Prove that no entry of the history was changed"),
  .help = N_ (
      "Follows the chain of hashes from the first entry to the last and names the "
      "first broken one. For research use only. Not a diagnostic device."),
  ON_HISTORY (verify_arguments, verify_results, smear_run_history_verify),
};

static const SmearArg export_arguments[]
    = { TEXT ("file", N_ ("Table to write (.csv or .jsonl)")), END };

const SmearProcedure smear_procedure_history_export = {
  .name = "plug-in-smearscope-history-export",
  .blurb = N_ ("Write all findings of the history as a table"),
  .help = N_ (
      "Without paths, pictures and users. For research use only. Not a diagnostic "
      "device."),
  ON_HISTORY (export_arguments, text_results, smear_run_history_export),
};

static const SmearArg erase_arguments[]
    = { ARG_ID, TEXT ("reason", N_ ("Kept with the erasure; no names in it")), END };

const SmearProcedure smear_procedure_history_erase = {
  .name = "plug-in-smearscope-history-erase",
  .blurb = N_ ("Erase what is personal from a finding of the history"),
  .help = N_ (
      "Name, path, user, notes and picture go; the anonymous rest and the chain of "
      "hashes stay whole. For research use only. Not a diagnostic device."),
  ON_HISTORY (erase_arguments, text_results, smear_run_history_erase),
};

static const SmearArg reproduce_arguments[] = { ARG_ID, END };
static const SmearArg reproduce_results[]
    = { RESULT (SMEAR_ARG_BOOLEAN, "same", N_ ("Whether every bit agrees")),
        RESULT (SMEAR_ARG_STRING, "text", N_ ("What differs, a line each")), END };

const SmearProcedure smear_procedure_history_reproduce = {
  .name = "plug-in-smearscope-history-reproduce",
  .blurb = N_ ("Judge the image of a finding again and compare to the bit"),
  .help = N_ (
      "With the file, the model and the settings of the finding. For research use "
      "only. Not a diagnostic device."),
  ON_HISTORY (reproduce_arguments, reproduce_results, smear_run_history_reproduce),
};

static const SmearArg history_report_arguments[] = {
  TEXT ("ids", N_ ("Findings of the history, such as 3,7,12-19")), REPORT_ARGUMENTS, END
};
static const SmearArg history_report_results[] = {
  RESULT (SMEAR_ARG_INT, "findings", N_ ("How many findings are in it")),
  RESULT (SMEAR_ARG_STRING, "text", N_ ("Which go without pictures, and why")), END
};

const SmearProcedure smear_procedure_history_report = {
  .name = "plug-in-smearscope-history-report",
  .blurb = N_ ("Put findings of the history on paper, as PDF or HTML"),
  .help = N_ (
      "Pictures come from judging the image again, where that gives the same bits. "
      "For research use only. Not a diagnostic device."),
  ON_HISTORY (history_report_arguments, history_report_results, smear_run_history_report),
};

static const SmearArg agreement_arguments[]
    = { TEXT ("who", N_ ("One reviewer, or empty for all")),
        TEXT ("since", N_ ("Not before this day (YYYY-MM-DD), or empty")),
        TEXT ("until", N_ ("Before this day (YYYY-MM-DD), or empty")), END };
static const SmearArg agreement_results[]
    = { RESULT (SMEAR_ARG_INT, "opinions", N_ ("How many were compared")),
        RESULT (SMEAR_ARG_DOUBLE, "kappa", N_ ("Cohen's kappa; -2 where not defined")),
        RESULT (SMEAR_ARG_STRING, "text", N_ ("What came of it, for people")), END };

const SmearProcedure smear_procedure_feedback_agreement = {
  .name = "plug-in-smearscope-feedback-agreement",
  .blurb = N_ ("How far reviewers and model agree"),
  .help = N_ ("Cohen's kappa with its interval and the table of reviewer against model, "
              "from the last word of each reviewer on each region or cell. For research "
              "use only. Not a diagnostic device."),
  ON_HISTORY (agreement_arguments, agreement_results, smear_run_feedback_agreement),
};

static const SmearArg training_arguments[] = {
  TEXT ("file", N_ ("List to write (.csv)")),
  TEXT ("crops", N_ ("Folder for cut-out regions and cells, or empty for none")), END
};
static const SmearArg training_results[]
    = { RESULT (SMEAR_ARG_INT, "images", N_ ("Whole images in the list")),
        RESULT (SMEAR_ARG_INT, "cut-out", N_ ("Regions and cells in the list")),
        RESULT (SMEAR_ARG_STRING, "text", N_ ("What came of it, for people")), END };

const SmearProcedure smear_procedure_feedback_export = {
  .name = "plug-in-smearscope-feedback-export",
  .blurb = N_ ("Write what reviewers agree on as a list to train from"),
  .help = N_ ("For smearscope train --from. The list names files, so it is not "
              "pseudonymous. For research use only. Not a diagnostic device."),
  ON_HISTORY (training_arguments, training_results, smear_run_feedback_export),
};

static const SmearArg settings_arguments[] = {
  CHOICE ("recording", N_ ("Keep findings: never, always, or asked each time"),
          recordings),
  CHOICE ("pseudonyms", N_ ("Keyed hashes in place of names, and no paths"), switches),
  CHOICE ("pixels", N_ ("Keep a small picture with each finding"), switches),
  INTEGER ("retention-days",
           N_ ("Erase what is personal after so many days; 0 never, -1 as it is"), -1,
           G_MAXINT, -1),
  CHOICE ("encryption", N_ ("Where the key of the encrypted history lies"), encryptions),
  TEXT ("key-file", N_ ("File of the key; made where there is none")),
  END
};
static const SmearArg settings_results[]
    = { RESULT (SMEAR_ARG_STRING, "text", N_ ("The settings as they are now")), END };

const SmearProcedure smear_procedure_history_settings = {
  .name = "plug-in-smearscope-history-settings",
  .menu_label = N_ ("History _Settings…"),
  .blurb = N_ ("Choose whether findings are kept, and what of them"),
  .help = N_ ("The same settings as the command line's: smearscope history settings. For "
              "research use only. Not a diagnostic device."),
  .has_dialog = TRUE,
  .asks_anew = TRUE,
  ON_HISTORY (settings_arguments, settings_results, smear_run_history_settings),
};
