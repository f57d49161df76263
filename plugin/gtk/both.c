/* Drawing areas and colours, which GTK 2 and GTK 3 give differently. */
#include "gtk/both.h"

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
