/* The panel beside a region that says what was found there. */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

/** SmearCaption: a drawn panel; rows of RGBA by smear_caption_rows(). */
typedef struct _SmearCaption SmearCaption;

/**
 * smear_caption_new:
 * @finding: what to say
 * @colours: colour map of the bar under the text; %SMEAR_N_COLOUR_MAPS for no bar
 * @canvas_width: the panel is at most so wide
 * @canvas_height: sets the size of the letters
 */
SmearCaption *smear_caption_new (const SmearFinding *finding, SmearColourMap colours,
                                 gint canvas_width, gint canvas_height);
void smear_caption_free (SmearCaption *caption);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearCaption, smear_caption_free)

/**
 * smear_caption_place: under @region where the canvas has room, else above it, else
 * inside at its lower edge.
 */
SmearRegion smear_caption_place (const SmearCaption *caption, const SmearRegion *region,
                                 gint canvas_width, gint canvas_height);

/** smear_caption_rows: a SmearRowsFunc; @user_data is the caption. */
void smear_caption_rows (gint first_row, gint n_rows, guint8 *rgba, gpointer user_data);

/** smear_caption_title: the name of a group of layers; without the panel it has to say
 * what that would. Returns: (transfer full) */
char *smear_caption_title (const char *name, gboolean has_caption);

/** smear_caption_add: the panel as a layer in the run's group, beside @finding's region.
 */
void smear_caption_add (SmearHost *host, const SmearScene *scene,
                        const SmearFinding *finding, SmearColourMap colours);

G_END_DECLS
