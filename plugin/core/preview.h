/* What a dialog shows before the image is touched: the region under its heat map, a bar
 * for each class, and what the answer rests on. Drawn with cairo and pango, so that any
 * toolkit can show it.
 */
#pragma once

#include <pango/pangocairo.h>

#include "core/procedures.h"

G_BEGIN_DECLS

typedef struct _SmearPreview SmearPreview;

/**
 * smear_preview_new:
 * @host: has to outlive the preview
 * @procedure: that is asked for: one that judges parts, or one that finds cells
 *
 * Reads the largest of the parts that would be judged, or finds the cells. What cannot be
 * judged is no error here: the preview then says why.
 */
SmearPreview *smear_preview_new (SmearHost *host, const SmearProcedure *procedure);
void smear_preview_free (SmearPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearPreview, smear_preview_free)

/**
 * smear_preview_update:
 * @arguments: of plug-in-smearscope-classify
 *
 * Judges again if the model or the class to explain is another; else only the colours
 * change.
 */
void smear_preview_update (SmearPreview *preview, GVariantDict *arguments);

/** smear_preview_can_run: whether there is an answer, so that OK makes sense. */
gboolean smear_preview_can_run (const SmearPreview *preview);

/** smear_preview_draw: the picture, as large as fits, in the middle of @width x @height.
 */
void smear_preview_draw (SmearPreview *preview, cairo_t *cr, gint width, gint height);

/**
 * smear_preview_toggle_cell:
 * @x: a point in what smear_preview_draw() drew with this @width and @height
 *
 * Returns: (transfer full) (nullable): the argument "leave-out" with the cell there left
 * out, or not left out any more; %NULL if there is no cell
 */
char *smear_preview_toggle_cell (const SmearPreview *preview, gdouble x, gdouble y,
                                 gint width, gint height);

/**
 * smear_preview_bars_height: what smear_preview_draw_bars() needs in the letters of
 * @layout.
 */
gint smear_preview_bars_height (PangoLayout *layout);

/**
 * smear_preview_draw_bars:
 * @layout: of the widget, so that letters have the size the user chose; changed
 * @ink: colour of text: red, green, blue, 0 to 1
 *
 * A name, a bar and a percentage for each class; the explained one in bold.
 */
void smear_preview_draw_bars (SmearPreview *preview, cairo_t *cr, PangoLayout *layout,
                              gint width, const gdouble ink[3]);

/** smear_preview_title: Returns: (transfer full): the answer in a line, or what hinders
 * it */
char *smear_preview_title (const SmearPreview *preview);

/**
 * smear_preview_notes: Returns: (transfer full): warnings, cells found, parts of the
 * selection, the model and the disclaimer, a line each
 */
char *smear_preview_notes (const SmearPreview *preview);

G_END_DECLS
