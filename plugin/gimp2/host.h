/* GIMP 2.10 behind SmearHost. */
#pragma once

#include <libgimp/gimp.h>

#include "core/host.h"

G_BEGIN_DECLS

typedef struct
{
  SmearHost host;
  gint32 image, drawable, opened;
  gint32 group;
  GArray *layers, *paths; /* gint32, until undo_end puts them into the image */
  char *findings;
  gboolean removing, changing;
  const char *stage;
  gdouble fraction;
} SmearGimp2Host;

/** smear_gimp2_host_init: @image and @drawable are -1 where there is none. */
void smear_gimp2_host_init (SmearGimp2Host *self, gint32 image, gint32 drawable,
                            gboolean interactive);

/** smear_gimp2_fill_layers: the functions of layers.c. */
void smear_gimp2_fill_layers (SmearHost *host);
/** smear_gimp2_fill_records: what records.c knows. */
void smear_gimp2_fill_records (SmearHost *host);

/** smear_gimp2_is_ours: made by a run of ours, or inside a group that was. */
gboolean smear_gimp2_is_ours (gint32 item);

/** smear_gimp2_remove_earlier: every layer, group and path of ours. */
void smear_gimp2_remove_earlier (gint32 image);

/** smear_gimp2_space_of: @encoding in the colour space of the image's effective profile.
 */
const Babl *smear_gimp2_space_of (gint32 image, const char *encoding);

G_END_DECLS
