#include "gtk/preview-box.h"

#include "core/texts.h"
#include "gtk/both.h"

/* With letters as high as LETTERS; with larger ones it grows with them. */
#define PICTURE_WIDTH 360
#define PICTURE_HEIGHT 270
#define LETTERS 17.0
#define SPACING 6
#define CHARS_A_LINE 44

typedef struct
{
  SmearPreview *preview;
  GtkWidget *picture, *title, *bars, *notes;
  void (*toggled) (const char *leave_out, gpointer user_data);
  gpointer user_data;
} PreviewBox;

static void
draw_picture (GtkWidget *area, cairo_t *cr, gint width, gint height, gpointer user_data)
{
  const PreviewBox *self = user_data;

  smear_preview_draw (self->preview, cr, width, height);
}

static void
draw_bars (GtkWidget *area, cairo_t *cr, gint width, gint height, gpointer user_data)
{
  const PreviewBox *self = user_data;
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (area, NULL);
  gdouble ink[3];

  smear_ink (area, ink);
  smear_preview_draw_bars (self->preview, cr, layout, width, ink);
}

static GtkWidget *
text_new (gboolean bold)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), CHARS_A_LINE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), CHARS_A_LINE);
  smear_align_left (label);
  if (bold)
    {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
      gtk_label_set_attributes (GTK_LABEL (label), attributes);
    }
  return label;
}

/* GTK 2 knows no other measure of how dense a screen is. */
static gdouble
scale_of (PangoLayout *layout)
{
  gint width, height;

  pango_layout_set_text (layout, "Ág", -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  return MAX (1, height / LETTERS);
}

GtkWidget *
smear_preview_box_new (SmearPreview *preview)
{
  GtkWidget *box = smear_box_new (GTK_ORIENTATION_VERTICAL, SPACING);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (box, NULL);
  PreviewBox *self = g_new0 (PreviewBox, 1);
  const gdouble scale = scale_of (layout);

  self->preview = preview;
  self->picture = smear_area_new (scale * PICTURE_WIDTH, scale * PICTURE_HEIGHT,
                                  draw_picture, self);
  self->title = text_new (TRUE);
  self->bars = smear_area_new (-1, smear_preview_bars_height (layout), draw_bars, self);
  self->notes = text_new (FALSE);
  atk_object_set_name (gtk_widget_get_accessible (self->picture),
                       _ ("The region under its heat map"));
  atk_object_set_name (gtk_widget_get_accessible (self->bars),
                       _ ("Probability of each class"));
  gtk_box_pack_start (GTK_BOX (box), self->picture, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->title, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->bars, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->notes, FALSE, FALSE, 0);
  g_object_set_data_full (G_OBJECT (box), "smear-preview-box", self, g_free);
  return box;
}

void
smear_preview_box_refresh (GtkWidget *box)
{
  const PreviewBox *self = g_object_get_data (G_OBJECT (box), "smear-preview-box");
  g_autofree char *title = smear_preview_title (self->preview);
  g_autofree char *notes = smear_preview_notes (self->preview);

  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_label_set_text (GTK_LABEL (self->notes), notes);
  gtk_widget_queue_draw (self->picture);
  gtk_widget_queue_draw (self->bars);
}

static gboolean
on_press (GtkWidget *area, GdkEventButton *event, gpointer user_data)
{
  const PreviewBox *self = user_data;
  g_autofree char *leave_out = NULL;
  GtkAllocation size;

  /* A double click is two presses and tells of itself besides. */
  if (event->type != GDK_BUTTON_PRESS || event->button != 1)
    return FALSE;
  gtk_widget_get_allocation (area, &size);
  leave_out = smear_preview_toggle_cell (self->preview, event->x, event->y, size.width,
                                         size.height);
  if (leave_out != NULL)
    self->toggled (leave_out, self->user_data);
  return leave_out != NULL;
}

void
smear_preview_box_on_click (GtkWidget *box,
                            void (*toggled) (const char *leave_out, gpointer user_data),
                            gpointer user_data)
{
  PreviewBox *self = g_object_get_data (G_OBJECT (box), "smear-preview-box");

  self->toggled = toggled;
  self->user_data = user_data;
  atk_object_set_name (gtk_widget_get_accessible (self->picture),
                       _ ("The region with the cells found in it"));
  gtk_widget_add_events (self->picture, GDK_BUTTON_PRESS_MASK);
  g_signal_connect (self->picture, "button-press-event", G_CALLBACK (on_press), self);
}
