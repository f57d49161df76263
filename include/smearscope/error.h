/* Errors that users can cause. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SMEAR_ERROR:
 *
 * Domain of every error that the engine reports. Messages name the file or the value
 * at fault and, where there is one, the remedy.
 */
#define SMEAR_ERROR (smear_error_quark ())
GQuark smear_error_quark (void);

/**
 * SmearError:
 * @SMEAR_ERROR_IO: a file or directory could not be opened, read or written
 * @SMEAR_ERROR_FORMAT: the bytes are not what they claim to be, or are truncated
 * @SMEAR_ERROR_UNSUPPORTED: well formed, but outside what the engine handles
 * @SMEAR_ERROR_TOO_LARGE: dimensions or sizes beyond the stated limits
 * @SMEAR_ERROR_ARGUMENT: an option or a region that makes no sense
 * @SMEAR_ERROR_MODEL: a weights file that does not fit the network it describes
 * @SMEAR_ERROR_RECORD: the history database refused
 */
typedef enum
{
  SMEAR_ERROR_IO,
  SMEAR_ERROR_FORMAT,
  SMEAR_ERROR_UNSUPPORTED,
  SMEAR_ERROR_TOO_LARGE,
  SMEAR_ERROR_ARGUMENT,
  SMEAR_ERROR_MODEL,
  SMEAR_ERROR_RECORD
} SmearError;

/**
 * SmearProgressFunc:
 * @stage: what is being done, in a word or two; static
 * @fraction: 0 to 1 within the whole job
 * @user_data: as given
 *
 * Called on the caller's thread from anything that may take over 200 ms.
 */
typedef void (*SmearProgressFunc) (const char *stage, gdouble fraction,
                                   gpointer user_data);

G_END_DECLS
