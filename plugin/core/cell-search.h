/* Leukocytes of a region: found once, judged as often as the user leaves one out. */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

/**
 * SmearCellSearch:
 * @place: what was searched, on the canvas
 * @image: its pixels
 * @found: in pixels of @image
 */
typedef struct
{
  SmearRegion place;
  SmearImage *image;
  SmearLeukocytes *found;
} SmearCellSearch;

/** smear_cell_search_new: the drawable, or the selection's bounds in it. Returns:
 * (transfer full) (nullable) */
SmearCellSearch *smear_cell_search_new (SmearHost *host, const SmearScene *scene,
                                        GError **error);
void smear_cell_search_free (SmearCellSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearCellSearch, smear_cell_search_free)

/**
 * smear_cell_search_leave_out:
 * @text: numbers from 1, separated by commas or blanks
 *
 * Returns: (transfer full) (nullable): of all found cells, by index, whether it is left
 * out
 */
gboolean *smear_cell_search_leave_out (const SmearCellSearch *search, const char *text,
                                       GError **error);

/**
 * SmearCellsJudged:
 * @image: (owned): without the cells left out, as it was judged
 * @cells: (owned): those that the engine judged; others were found by a scale of its own
 */
typedef struct
{
  SmearImage *image;
  GArray *cells;
} SmearCellsJudged;

void smear_cells_judged_clear (SmearCellsJudged *judged);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmearCellsJudged, smear_cells_judged_clear)

/**
 * smear_cell_search_judge:
 * @out: as smear_cell_search_leave_out() has it; such cells are painted over
 * @judged: (out) (optional)
 *
 * Returns: (transfer full) (nullable): with the cells kept, in pixels of @search->image
 */
SmearFinding *smear_cell_search_judge (const SmearCellSearch *search, SmearModel *model,
                                       const gboolean *out, SmearCellsJudged *judged,
                                       GError **error);

G_END_DECLS
