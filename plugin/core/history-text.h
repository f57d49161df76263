/* Entries of the history as people read them. */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

/** smear_history_time: local. Returns: (transfer full) */
char *smear_history_time (gint64 time);

/**
 * smear_history_details:
 * @record: a finding
 *
 * All that is known of it, and what was said of it since. Returns: (transfer full)
 */
char *smear_history_details (SmearHistory *history, const SmearRecord *record);

G_END_DECLS
