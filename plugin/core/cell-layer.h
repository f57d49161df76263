/* The layer that shows found cells: outlines, numbers, classes. */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

/** SMEAR_CELL_LAYER_MAX: the widest that can be drawn, cairo's limit. */
#define SMEAR_CELL_LAYER_MAX 32767

/**
 * SmearCellLayer:
 * @labels: (element-type SmearRegion): where smear_cell_layer_init() found room for them
 * @finding: with its cells, on the canvas
 * @numbers: (element-type gint): of the cells
 * @outlines: (element-type GArray of gdouble): of the cells, on the canvas
 */
typedef struct
{
  const SmearFinding *finding;
  GArray *numbers;
  GPtrArray *outlines;
  GArray *labels;
} SmearCellLayer;

/** smear_cell_layer_init: the arguments have to outlive @layer. */
void smear_cell_layer_init (SmearCellLayer *layer, const SmearFinding *finding,
                            GArray *numbers, GPtrArray *outlines);
void smear_cell_layer_clear (SmearCellLayer *layer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmearCellLayer, smear_cell_layer_clear)

/** smear_cell_layer_rows: a SmearRowsFunc over @finding->region. */
void smear_cell_layer_rows (gint first_row, gint n_rows, guint8 *rgba,
                            gpointer user_data);

/** smear_class_colour: smear_class_rgb() as cairo wants it, 0 to 1. */
void smear_class_colour (SmearClass klass, gdouble rgb[3]);

G_END_DECLS
