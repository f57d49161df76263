/* The few names that GTK 2 and GTK 3 do not share. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

static inline GtkWidget *
smear_box_new (GtkOrientation orientation, gint spacing)
{
#if GTK_CHECK_VERSION(3, 0, 0)
  return gtk_box_new (orientation, spacing);
#else
  return orientation == GTK_ORIENTATION_VERTICAL ? gtk_vbox_new (FALSE, spacing)
                                                 : gtk_hbox_new (FALSE, spacing);
#endif
}

static inline GtkWidget *
smear_scale_new (gdouble minimum, gdouble maximum, gdouble step)
{
#if GTK_CHECK_VERSION(3, 0, 0)
  return gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, minimum, maximum, step);
#else
  return gtk_hscale_new_with_range (minimum, maximum, step);
#endif
}

static inline void
smear_align_left (GtkWidget *label)
{
#if GTK_CHECK_VERSION(3, 16, 0)
  gtk_label_set_xalign (GTK_LABEL (label), 0);
#else
  gtk_misc_set_alignment (GTK_MISC (label), 0, 0.5);
#endif
}

/** smear_row_new: a field behind its name, which has an underlined letter and takes as
 * much room as the others of @labels. */
GtkWidget *smear_row_new (GtkSizeGroup *labels, const char *name, GtkWidget *field);

/** smear_add_disclaimer: a line at the foot of a dialog that shows classes. */
void smear_add_disclaimer (GtkWidget *dialog);

/** smear_check_new: a check button whose text is as legible when it is checked. */
GtkWidget *smear_check_new (const char *label);

/** smear_list_new: a tree view whose chosen rows stay legible. */
GtkWidget *smear_list_new (GtkTreeModel *rows);

/**
 * smear_rows_update:
 * @rows: (element-type utf8 GtkWidget): by names of arguments
 *
 * Those that are without effect with these @arguments turn grey.
 */
void smear_rows_update (GHashTable *rows, GVariantDict *arguments);

typedef void (*SmearDrawFunc) (GtkWidget *area, cairo_t *cr, gint width, gint height,
                               gpointer user_data);

/** smear_area_new: a widget of at least this size that @draw fills. */
GtkWidget *smear_area_new (gint width, gint height, SmearDrawFunc draw,
                           gpointer user_data);

/** smear_ink: the theme's colour of text, 0 to 1: readable on dark and on light. */
void smear_ink (GtkWidget *widget, gdouble ink[3]);

G_END_DECLS
