/* Options of the commands that work on the history. */
#pragma once

#include <smearscope/smearscope.h>

/** SMEAR_CLI_HISTORY_ENTRIES: which history, and where its key lies. */
#define SMEAR_CLI_HISTORY_ENTRIES                                                        \
  { "history",                                                                           \
    0,                                                                                   \
    0,                                                                                   \
    G_OPTION_ARG_FILENAME,                                                               \
    &smear_cli_history_path,                                                             \
    "History to use (default: $SMEARSCOPE_HISTORY or the user's own)",                   \
    "FILE" },                                                                            \
  {                                                                                      \
    "key-file", 0, 0, G_OPTION_ARG_FILENAME, &smear_cli_key_file,                        \
        "File with the key of an encrypted history", "FILE"                              \
  }
extern char *smear_cli_history_path, *smear_cli_key_file;

/** SMEAR_CLI_QUERY_ENTRIES: which findings. */
#define SMEAR_CLI_QUERY_ENTRIES                                                            \
  { "name", 0, 0, G_OPTION_ARG_STRING, &smear_cli_query_name, "Part of the image's name",  \
    "TEXT" },                                                                              \
      { "class",                                                                           \
        0,                                                                                 \
        0,                                                                                 \
        G_OPTION_ARG_STRING,                                                               \
        &smear_cli_query_class,                                                            \
        "Benign, Early, Pre or Pro",                                                       \
        "NAME" },                                                                          \
      { "verdict",                                                                         \
        0,                                                                                 \
        0,                                                                                 \
        G_OPTION_ARG_STRING,                                                               \
        &smear_cli_query_verdict,                                                          \
        "answered, uncertain, “no leukocytes” or “not a smear”",                           \
        "NAME" },                                                                          \
      { "model", 'm', 0, G_OPTION_ARG_STRING, &smear_cli_query_model, "Name of the model", \
        "NAME" },                                                                          \
      { "since",                                                                           \
        0,                                                                                 \
        0,                                                                                 \
        G_OPTION_ARG_STRING,                                                               \
        &smear_cli_query_since,                                                            \
        "Not before (local time)",                                                         \
        "YYYY-MM-DD[THH:MM:SS]" },                                                         \
  {                                                                                        \
    "until", 0, 0, G_OPTION_ARG_STRING, &smear_cli_query_until, "Before (local time)",     \
        "YYYY-MM-DD[THH:MM:SS]"                                                            \
  }
extern char *smear_cli_query_name, *smear_cli_query_class, *smear_cli_query_verdict,
    *smear_cli_query_model, *smear_cli_query_since, *smear_cli_query_until;

/** smear_cli_query: from the options; reports what is wrong. */
gboolean smear_cli_query (SmearHistoryQuery *query);
/** smear_cli_query_is_empty: no option narrowed it down. */
gboolean smear_cli_query_is_empty (void);

/** smear_cli_settings: the user's, with the options over them. Returns: (transfer full)
 */
SmearHistorySettings *smear_cli_settings (void);
/** smear_cli_history: reports why not. Returns: (transfer full) (nullable) */
SmearHistory *smear_cli_history (gboolean writable);

/** smear_cli_id: a number from 1; reports what is wrong. */
gboolean smear_cli_id (const char *text, gint64 *id);
/** smear_cli_time: microseconds since 1970 of a local date or time; reports what is
 * wrong. */
gboolean smear_cli_time (const char *text, gint64 *time);
/** smear_cli_local_time: for people. Returns: (transfer full) */
char *smear_cli_local_time (gint64 time);

/** smear_cli_history_set: the action “settings” of smearscope history. */
int smear_cli_history_set (int argc, char **argv);
