/* The tables of the procedures around the history. */
#include "core/procedure-table.h"
#include "core/records.h"
#include "core/records-table.h"
#include "core/texts.h"

static const char *const kinds[] = { "agree", "correct", "flag", NULL };
static const char *const classes[] = { "Benign", "Early", "Pre", "Pro", NULL };
static const char *const any_class[] = { "any", "Benign", "Early", "Pre", "Pro", NULL };
static const char *const any_verdict[] = { "any",           "answered",    "uncertain",
                                           "no leukocytes", "not a smear", NULL };

#define FEEDBACK_ARGUMENTS                                                               \
  INTEGER ("cell", N_ ("Number of the cell, 0 for the region"), 0, G_MAXINT, 0),         \
      CHOICE ("opinion", N_ ("What the reviewer says of the model's class"), kinds),     \
      CHOICE ("correct-class", N_ ("The reviewer's class, where it is another"),         \
              classes),                                                                  \
      TEXT ("who", N_ ("Name of the reviewer; empty for the login name")),               \
      TEXT ("note", N_ ("What else there is to say")), END

static const SmearArg report_arguments[] = { REPORT_ARGUMENTS, END };
static const SmearArg report_results[]
    = { RESULT (SMEAR_ARG_INT, "findings", N_ ("How many findings are in it")), END };

const SmearProcedure smear_procedure_report = {
  .name = "plug-in-smearscope-report",
  .menu_label = N_ ("_Report…"),
  .blurb = N_ ("Put the findings kept in this image on paper, as PDF or HTML"),
  .help = N_ (
      "Each finding with its region, heat map and cells, probabilities, what is known of "
      "the model, what is needed to reproduce it, and lines to sign. Regions are judged "
      "again for their heat map, which is left out where the answer is not the same "
      "any more. The layer that was judged has to be the chosen one. For research use "
      "only. Not a diagnostic device."),
  .on = SMEAR_ON_DRAWABLE,
  .has_dialog = TRUE,
  .asks_anew = TRUE,
  .arguments = report_arguments,
  .more = nothing,
  .results = report_results,
  .run = smear_run_report,
};

static const SmearArg feedback_arguments[]
    = { INTEGER ("finding", N_ ("Number of the finding in this image, 0 for the last"), 0,
                 G_MAXINT, 0),
        FEEDBACK_ARGUMENTS };
static const SmearArg feedback_results[]
    = { RESULT (SMEAR_ARG_INT, "entry", N_ ("Its number in the history")), END };

const SmearProcedure smear_procedure_feedback = {
  .name = "plug-in-smearscope-feedback",
  .menu_label = N_ ("Feed_back…"),
  .blurb = N_ ("Agree with a finding of this image, correct it, or flag it"),
  .help = N_ (
      "What the reviewer says of a region or of one of its cells becomes a new entry of "
      "the history; the finding stays as it was. It has to be in the history. For "
      "research use only. Not a diagnostic device."),
  .on = SMEAR_ON_IMAGE,
  .has_dialog = TRUE,
  .asks_anew = TRUE,
  .arguments = feedback_arguments,
  .more = nothing,
  .results = feedback_results,
  .run = smear_run_feedback,
};

static const SmearArg history_feedback_arguments[] = { ARG_ID, FEEDBACK_ARGUMENTS };

const SmearProcedure smear_procedure_history_feedback = {
  .name = "plug-in-smearscope-history-feedback",
  .blurb = N_ ("Agree with a finding of the history, correct it, or flag it"),
  .help = N_ ("Cells are numbered from 1 as the history has them. For research use only. "
              "Not a diagnostic device."),
  ON_HISTORY (history_feedback_arguments, feedback_results, smear_run_history_feedback),
};

static const SmearArg history_arguments[] = {
  TEXT ("name", N_ ("Part of the image's name, or empty")),
  CHOICE ("found-class", N_ ("Most probable class"), any_class),
  CHOICE ("verdict", N_ ("Whether there is an answer"), any_verdict),
  TEXT ("model-name", N_ ("Name of the model, or empty")),
  TEXT ("since", N_ ("Not before this day (YYYY-MM-DD), or empty")),
  TEXT ("until", N_ ("Before this day (YYYY-MM-DD), or empty")),
  INTEGER ("limit", N_ ("At most so many, the newest; 0 for all"), 0, G_MAXINT, 500),
  END
};
static const SmearArg history_results[] = {
  RESULT (SMEAR_ARG_INT, "found", N_ ("How many there are, whatever the limit")),
  RESULT (SMEAR_ARG_STRING, "json", N_ ("The findings, one JSON object a line")), END
};

const SmearProcedure smear_procedure_history = {
  .name = "plug-in-smearscope-history",
  .menu_label = N_ ("_History…"),
  .blurb = N_ ("Search what was found earlier"),
  .help = N_ (
      "In a window: search and filter, open the image of a finding again, compare two, "
      "give feedback, write a report, prove the history whole, erase from it. Called by "
      "a script: the findings as JSON. For research use only. Not a diagnostic device."),
  .has_dialog = TRUE,
  .asks_anew = TRUE,
  ON_HISTORY (history_arguments, history_results, smear_run_history),
};

static const SmearArg compare_arguments[] = {
  ARG_ID, INTEGER ("other", N_ ("Number of the other finding"), 1, G_MAXINT, 1), END
};
static const SmearArg compare_results[]
    = { RESULT (SMEAR_ARG_INT, "differences", N_ ("How many lines differ")),
        RESULT (SMEAR_ARG_STRING, "text",
                N_ ("What is compared and both values, parted by tabs, a line each")),
        END };

const SmearProcedure smear_procedure_history_compare = {
  .name = "plug-in-smearscope-history-compare",
  .blurb = N_ ("Compare two findings of the history"),
  .help = N_ ("Member by member, to the bit. For research use only. Not a diagnostic "
              "device."),
  ON_HISTORY (compare_arguments, compare_results, smear_run_history_compare),
};

static const SmearArg open_arguments[] = { ARG_ID, END };
static const SmearArg open_results[] = {
  RESULT (SMEAR_ARG_IMAGE, "image", N_ ("The image")),
  RESULT (SMEAR_ARG_BOOLEAN, "unchanged",
          N_ ("Whether its pixels are known to be those that were judged")),
  RESULT (SMEAR_ARG_STRING, "text", N_ ("What speaks against it, for people")), END
};

const SmearProcedure smear_procedure_history_open = {
  .name = "plug-in-smearscope-history-open",
  .blurb = N_ ("Open the image of a finding of the history again"),
  .help = N_ ("Says whether the file is still the one that was judged. For research use "
              "only. Not a diagnostic device."),
  ON_HISTORY (open_arguments, open_results, smear_run_history_open),
};
