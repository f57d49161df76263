/* How every Check program here begins and ends. */
#pragma once

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <smearscope/error.h>

/* Runs @suite, which this consumes. Returns: the program's exit status */
static inline int
run_suite (Suite *suite)
{
  SRunner *runner = srunner_create (suite);
  srunner_run_all (runner, CK_ENV);
  int failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define ck_assert_no_error(error)                                                        \
  ck_assert_msg ((error) == NULL, "unexpected error: %s", (error) ? (error)->message : "")

/* The error is of the engine's domain, has this code, and its message holds these words.
 */
static inline void
ck_assert_smear_error (const GError *error, SmearError code, const char *words)
{
  ck_assert_msg (error != NULL, "no error where one was due");
  ck_assert_msg (error->domain == SMEAR_ERROR && error->code == (gint)code,
                 "error %d: %s", error->code, error->message);
  ck_assert_msg (strstr (error->message, words) != NULL, "“%s” is not in: %s", words,
                 error->message);
}
