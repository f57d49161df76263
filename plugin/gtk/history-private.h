/* Shared by the files of the history's window. */
#pragma once

#include <gtk/gtk.h>

#include "core/procedures.h"

G_BEGIN_DECLS

enum
{
  SMEAR_COLUMN_ID,
  SMEAR_COLUMN_TIME,
  SMEAR_COLUMN_IMAGE,
  SMEAR_COLUMN_FINDING,
  SMEAR_COLUMN_MALIGNANT,
  SMEAR_COLUMN_CELLS,
  SMEAR_COLUMN_MODEL,
  SMEAR_N_COLUMNS
};

/**
 * SmearHistoryWindow:
 * @arguments: what is searched for
 * @search: searches, as Enter in a field does
 * @rows: what was found
 * @status: a line on it
 * @details: of the chosen finding
 */
typedef struct
{
  SmearHost *host;
  GVariantDict *arguments;
  GtkWidget *window, *search, *status, *list;
  GtkListStore *rows;
  GtkTextBuffer *details;
} SmearHistoryWindow;

/** smear_history_window_search: fill the list anew. */
void smear_history_window_search (SmearHistoryWindow *self);
/** smear_history_window_chosen: Returns: (transfer full) (element-type gint): numbers of
 * the chosen findings, as they stand in the list */
GArray *smear_history_window_chosen (SmearHistoryWindow *self);
/** smear_history_window_buttons: all that can be done. Returns: (transfer floating) */
GtkWidget *smear_history_window_buttons (SmearHistoryWindow *self);

G_END_DECLS
