/* What each procedure does; all have the signature of SmearProcedure.run. */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

gboolean smear_run_classify (SmearHost *host, GVariantDict *arguments,
                             GVariantDict *results, GError **error);
gboolean smear_run_find_cells (SmearHost *host, GVariantDict *arguments,
                               GVariantDict *results, GError **error);
gboolean smear_run_export (SmearHost *host, GVariantDict *arguments,
                           GVariantDict *results, GError **error);
gboolean smear_run_batch (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                          GError **error);
gboolean smear_run_open_region (SmearHost *host, GVariantDict *arguments,
                                GVariantDict *results, GError **error);
gboolean smear_run_self_test (SmearHost *host, GVariantDict *arguments,
                              GVariantDict *results, GError **error);

G_END_DECLS
