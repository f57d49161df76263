/* The subcommands. Each takes its own arguments, argv[0] being the command, and returns
 * the exit status: 0 all succeeded, 1 some failed, 2 could not run. */
#pragma once

enum
{
  SMEAR_EXIT_OK,
  SMEAR_EXIT_SOME_FAILED,
  SMEAR_EXIT_COULD_NOT_RUN
};

int smear_cmd_train (int argc, char **argv);
int smear_cmd_evaluate (int argc, char **argv);
int smear_cmd_audit (int argc, char **argv);
int smear_cmd_compare (int argc, char **argv);
int smear_cmd_classify (int argc, char **argv);
int smear_cmd_merge (int argc, char **argv);
int smear_cmd_scan (int argc, char **argv);
int smear_cmd_explain (int argc, char **argv);
int smear_cmd_info (int argc, char **argv);
int smear_cmd_export (int argc, char **argv);
int smear_cmd_synthesise (int argc, char **argv);
int smear_cmd_report (int argc, char **argv);
int smear_cmd_history (int argc, char **argv);
int smear_cmd_feedback (int argc, char **argv);
int smear_cmd_reproduce (int argc, char **argv);
