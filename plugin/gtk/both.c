/* Widgets and colours, which GTK 2 and GTK 3 give differently. */
#include "gtk/both.h"

#include "core/labels.h"
#include "core/texts.h"

typedef struct
{
  SmearDrawFunc draw;
  gpointer user_data;
} Area;

#if GTK_CHECK_VERSION(3, 0, 0)
static gboolean
on_draw (GtkWidget *widget, cairo_t *cr, gpointer user_data)
{
  const Area *area = user_data;

  area->draw (widget, cr, gtk_widget_get_allocated_width (widget),
              gtk_widget_get_allocated_height (widget), area->user_data);
  return TRUE;
}
#define DRAW_SIGNAL "draw"
#else
static gboolean
on_draw (GtkWidget *widget, GdkEventExpose *event, gpointer user_data)
{
  const Area *area = user_data;
  cairo_t *cr = gdk_cairo_create (gtk_widget_get_window (widget));
  GtkAllocation size;

  gtk_widget_get_allocation (widget, &size);
  gdk_cairo_region (cr, event->region);
  cairo_clip (cr);
  area->draw (widget, cr, size.width, size.height, area->user_data);
  cairo_destroy (cr);
  return TRUE;
}
#define DRAW_SIGNAL "expose-event"
#endif

static void
area_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

GtkWidget *
smear_area_new (gint width, gint height, SmearDrawFunc draw, gpointer user_data)
{
  GtkWidget *widget = gtk_drawing_area_new ();
  Area *area = g_new (Area, 1);

  *area = (Area){ draw, user_data };
  gtk_widget_set_size_request (widget, width, height);
  g_signal_connect_data (widget, DRAW_SIGNAL, G_CALLBACK (on_draw), area, area_free, 0);
  return widget;
}

void
smear_ink (GtkWidget *widget, gdouble ink[3])
{
#if GTK_CHECK_VERSION(3, 0, 0)
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget),
                               gtk_widget_get_state_flags (widget), &colour);
  ink[0] = colour.red;
  ink[1] = colour.green;
  ink[2] = colour.blue;
#else
  const GdkColor *colour
      = &gtk_widget_get_style (widget)->fg[gtk_widget_get_state (widget)];

  ink[0] = colour->red / 65535.0;
  ink[1] = colour->green / 65535.0;
  ink[2] = colour->blue / 65535.0;
#endif
}

#if !GTK_CHECK_VERSION(3, 0, 0)
#define CHECK_NAME "smear-check"

/* GTK 2 draws the box as small on a dense screen as on any other. */
static void
fit_to_letters (GtkWidget *button)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (button, "Ág");
  g_autofree char *style = NULL;
  gint width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  style = g_strdup_printf ("style \"" CHECK_NAME
                           "\" { GtkCheckButton::indicator-size = %d }"
                           "widget \"*." CHECK_NAME "\" style \"" CHECK_NAME "\"",
                           height * 3 / 4);
  gtk_rc_parse_string (style);
  gtk_widget_set_name (button, CHECK_NAME);
}

/* GIMP's dark theme dims what is checked as if it were out of use. */
static void
on_realize (GtkWidget *button, gpointer user_data)
{
  gtk_widget_modify_fg (gtk_bin_get_child (GTK_BIN (button)), GTK_STATE_ACTIVE,
                        &gtk_widget_get_style (button)->fg[GTK_STATE_NORMAL]);
}
#endif

void
smear_add_disclaimer (GtkWidget *dialog)
{
  GtkWidget *area = gtk_dialog_get_content_area (GTK_DIALOG (dialog));
  GtkWidget *label = gtk_label_new (_ (SMEAR_DISCLAIMER));

  gtk_box_pack_start (GTK_BOX (area), label, FALSE, FALSE, 0);
  gtk_widget_show (label);
}

GtkWidget *
smear_check_new (const char *label)
{
  GtkWidget *button = gtk_check_button_new_with_mnemonic (label);

#if !GTK_CHECK_VERSION(3, 0, 0)
  fit_to_letters (button);
  g_signal_connect (button, "realize", G_CALLBACK (on_realize), NULL);
#endif
  return button;
}

void
smear_rows_update (GHashTable *rows, GVariantDict *arguments)
{
  GHashTableIter iter;
  gpointer name, row;

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, &name, &row))
    {
      gboolean effective = smear_arg_suits (name, arguments), on;

      for (const char *need = smear_arg_needs (name); need; need = smear_arg_needs (need))
        if (g_variant_dict_lookup (arguments, need, "b", &on) && !on)
          effective = FALSE;
      gtk_widget_set_sensitive (row, effective);
    }
}

#define ROW_SPACING 12

GtkWidget *
smear_row_new (GtkSizeGroup *labels, const char *name, GtkWidget *field)
{
  GtkWidget *row = smear_box_new (GTK_ORIENTATION_HORIZONTAL, ROW_SPACING);
  GtkWidget *label = gtk_label_new_with_mnemonic (name);

  smear_align_left (label);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), field);
  gtk_size_group_add_widget (labels, label);
  gtk_box_pack_start (GTK_BOX (row), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), field, TRUE, TRUE, 0);
  return row;
}

#if !GTK_CHECK_VERSION(3, 0, 0)
/* GIMP's dark theme draws the chosen row with a picture. Where GTK's engine for pictures
 * is not installed, its letters would be of the colour they stand on. */
static void
on_list_realize (GtkWidget *list, gpointer user_data)
{
  gtk_widget_modify_base (list, GTK_STATE_SELECTED,
                          &gtk_widget_get_style (list)->bg[GTK_STATE_SELECTED]);
}
#endif

GtkWidget *
smear_list_new (GtkTreeModel *rows)
{
  GtkWidget *list = gtk_tree_view_new_with_model (rows);

#if !GTK_CHECK_VERSION(3, 0, 0)
  g_signal_connect (list, "realize", G_CALLBACK (on_list_realize), NULL);
#endif
  return list;
}
