/* The GIMP 3 side of core/host.h. */
#pragma once

#include <libgimp/gimp.h>

#include "core/host.h"

G_BEGIN_DECLS

/**
 * SmearGimp3Host:
 * @host: what plugin/core sees; first, so that the one pointer is the other
 * @image: (nullable): the image worked on
 * @drawable: (nullable): what the user pointed at; of a layer mask its layer
 *
 * Cancel kills this process. So everything that changes the image is made ready first and
 * put into it at once, by undo_end; only a conversion to RGB comes before.
 */
typedef struct
{
  SmearHost host;
  GimpImage *image;
  GimpDrawable *drawable;

  gboolean changing;     /* the undo step is open */
  gboolean removing;     /* earlier runs' layers and paths go */
  GimpGroupLayer *group; /* to be inserted, with */
  GList *layers;         /* the lowest first, and */
  GList *paths;
  char *findings; /* to be attached */

  GimpImage *opened; /* batch: the image of open_file */
  const char *stage; /* shown last */
  gdouble fraction;  /* shown last */
} SmearGimp3Host;

/** smear_gimp3_host_init: @image and @drawable may be %NULL where no image is needed. */
void smear_gimp3_host_init (SmearGimp3Host *self, GimpImage *image,
                            GimpDrawable *drawable, gboolean interactive);

/** smear_gimp3_host_fill_layers: the functions that change the image; see layers.c. */
void smear_gimp3_host_fill_layers (SmearHost *host);
/** smear_gimp3_fill_records: what records.c knows. */
void smear_gimp3_fill_records (SmearHost *host);

/** smear_gimp3_is_ours: whether an earlier run made @item or a group around it. */
gboolean smear_gimp3_is_ours (GimpItem *item);
/** smear_gimp3_remove_earlier: every layer, group and path that earlier runs made. */
void smear_gimp3_remove_earlier (GimpImage *image);

G_END_DECLS
