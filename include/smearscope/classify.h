/* Image in, finding out. */
#pragma once

#include <gio/gio.h>
#include <smearscope/finding.h>

G_BEGIN_DECLS

/**
 * SmearClassifyOptions:
 * @explain: class the heat map explains; %SMEAR_CLASS_NONE for the winner
 * @want_map: compute the heat map
 * @n_threads: at most this many; 0 for one a core. The result is the same to the bit.
 */
typedef struct
{
  SmearClass explain;
  gboolean want_map;
  gint n_threads;
} SmearClassifyOptions;

#define SMEAR_CLASSIFY_OPTIONS_DEFAULT                                                   \
  {                                                                                      \
    SMEAR_CLASS_NONE, TRUE, 0                                                            \
  }

/**
 * smear_classify:
 * @model: a loaded model
 * @image: pixels
 * @region: (nullable): part of @image to judge by itself; %NULL for all. Must lie inside.
 * @options: (nullable): %NULL for the defaults
 * @cancellable: (nullable)
 * @progress: (nullable) (scope call)
 *
 * The region is judged as if it were cut out and saved: nothing outside it is looked at.
 * The image's µm a pixel are taken for its scale where a microscope can have them and red
 * cells do not speak against it; else the scale is estimated.
 * Errors: %SMEAR_ERROR_ARGUMENT for a region outside the image or under 16 pixels a side;
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable)
 */
SmearFinding *smear_classify (SmearModel *model, SmearImage *image,
                              const SmearRegion *region,
                              const SmearClassifyOptions *options,
                              GCancellable *cancellable, SmearProgressFunc progress,
                              gpointer user_data, GError **error);

G_END_DECLS
