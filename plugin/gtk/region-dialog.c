#include "gtk/region-dialog.h"

#include "core/overview.h"
#include "core/texts.h"
#include "gtk/both.h"

#define PICTURE_WIDTH 480
#define PICTURE_HEIGHT 360
#define SPACING 6

/* What the numbers say, in pixels of the level. */
enum
{
  X,
  Y,
  WIDTH,
  HEIGHT,
  N_NUMBERS
};

static const char *const names[] = { "x", "y", "width", "height" };
static const char *const labels[] = { N_ ("_X"), N_ ("_Y"), N_ ("_Width"),
                                      N_ ("Hei_ght") };

typedef struct
{
  SmearOverview *overview; /* NULL until a scan is chosen */
  GtkWidget *dialog, *picture, *level, *numbers[N_NUMBERS], *notes;
  guint refining;
  gdouble shrunk; /* of the level that the numbers are of */
  gboolean dragging, filling;
  gdouble from_x, from_y; /* where the drag began, in pixels of the scan */
} Dialog;

static gint
level_of (const Dialog *self)
{
  return MAX (gtk_combo_box_get_active (GTK_COMBO_BOX (self->level)), 0);
}

/* The region in pixels of its level. */
static SmearRegion
region_of (const Dialog *self)
{
  gint n[N_NUMBERS];

  for (gint i = 0; i < N_NUMBERS; i++)
    n[i] = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->numbers[i]));
  return (SmearRegion){ n[X], n[Y], n[WIDTH], n[HEIGHT] };
}

static void
level_size (const Dialog *self, gint *width, gint *height)
{
  smear_scan_get_level_size (smear_overview_scan (self->overview), level_of (self), width,
                             height);
}

/* Times that the level is smaller than the scan. */
static gdouble
shrink (const Dialog *self)
{
  gint width, height;

  level_size (self, &width, &height);
  return smear_scan_get_width (smear_overview_scan (self->overview)) / (gdouble)width;
}

static void
show_state (Dialog *self)
{
  g_autofree char *text = NULL;
  gboolean ready = FALSE;

  if (self->overview != NULL)
    {
      SmearRegion region = region_of (self);
      gdouble um = smear_scan_get_um_per_pixel (smear_overview_scan (self->overview))
                   * shrink (self);
      gint64 n = (gint64)region.width * region.height;

      ready = n <= SMEAR_IMAGE_MAX_PIXELS;
      if (!ready)
        text = g_strdup (_ ("Too large to be opened: choose a smaller region, or another "
                            "level."));
      else if (um > 0)
        text = g_strdup_printf (_ ("%.1f megapixels, %.0f × %.0f µm"), n * 1e-6,
                                region.width * um, region.height * um);
      else
        text = g_strdup_printf (_ ("%.1f megapixels"), n * 1e-6);
      gtk_label_set_text (GTK_LABEL (self->notes), text);
    }
  gtk_dialog_set_response_sensitive (GTK_DIALOG (self->dialog), GTK_RESPONSE_OK, ready);
  gtk_widget_queue_draw (self->picture);
}

/* Puts @region into the numbers, moved and cut so that it lies inside the level. */
static void
set_region (Dialog *self, SmearRegion region)
{
  gint width, height;

  level_size (self, &width, &height);
  region.width = CLAMP (region.width, 1, width);
  region.height = CLAMP (region.height, 1, height);
  region.x = CLAMP (region.x, 0, width - region.width);
  region.y = CLAMP (region.y, 0, height - region.height);
  const gint n[] = { region.x, region.y, region.width, region.height };
  const gint least[] = { 0, 0, 1, 1 }, most[] = { width - 1, height - 1, width, height };
  self->filling = TRUE;
  for (gint i = 0; i < N_NUMBERS; i++)
    {
      gtk_spin_button_set_range (GTK_SPIN_BUTTON (self->numbers[i]), least[i], most[i]);
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->numbers[i]), n[i]);
    }
  self->filling = FALSE;
  self->shrunk = shrink (self);
  show_state (self);
}

static void
on_number (GtkSpinButton *button, gpointer user_data)
{
  Dialog *self = user_data;

  if (!self->filling && self->overview != NULL)
    set_region (self, region_of (self));
}

/* The same place of the scan, in pixels of the level chosen now. */
static void
on_level (GtkComboBox *combo, gpointer user_data)
{
  Dialog *self = user_data;
  SmearRegion region = region_of (self);
  gdouble factor;

  if (self->filling || self->overview == NULL)
    return;
  factor = self->shrunk / shrink (self);
  region.x = (gint)(region.x * factor + 0.5);
  region.y = (gint)(region.y * factor + 0.5);
  region.width = (gint)(region.width * factor + 0.5);
  region.height = (gint)(region.height * factor + 0.5);
  set_region (self, region);
}

static void
draw (GtkWidget *area, cairo_t *cr, gint width, gint height, gpointer user_data)
{
  const Dialog *self = user_data;

  if (self->overview == NULL)
    return;
  SmearRegion region = region_of (self);
  gdouble factor = shrink (self);
  region.x = (gint)(region.x * factor);
  region.y = (gint)(region.y * factor);
  region.width = (gint)(region.width * factor);
  region.height = (gint)(region.height * factor);
  smear_overview_draw (self->overview, cr, width, height, &region);
}

/* The place in the scan under the pointer. */
static void
scan_place (const Dialog *self, gdouble x, gdouble y, gdouble *scan_x, gdouble *scan_y)
{
  SmearScan *scan = smear_overview_scan (self->overview);
  GtkAllocation size;
  gdouble place[4];

  gtk_widget_get_allocation (self->picture, &size);
  smear_overview_place (self->overview, size.width, size.height, place);
  *scan_x = CLAMP ((x - place[0]) / place[2], 0, 1) * smear_scan_get_width (scan);
  *scan_y = CLAMP ((y - place[1]) / place[3], 0, 1) * smear_scan_get_height (scan);
}

static gboolean
on_press (GtkWidget *area, GdkEventButton *event, gpointer user_data)
{
  Dialog *self = user_data;

  if (self->overview == NULL || event->button != 1)
    return FALSE;
  scan_place (self, event->x, event->y, &self->from_x, &self->from_y);
  self->dragging = TRUE;
  return TRUE;
}

/* A drag frames a region; a click moves the one there is. */
static void
take_pointer (Dialog *self, gdouble x, gdouble y, gboolean clicked)
{
  gdouble to_x, to_y, factor = shrink (self);
  SmearRegion region = region_of (self);

  scan_place (self, x, y, &to_x, &to_y);
  if (clicked)
    {
      region.x = (gint)(to_x / factor) - region.width / 2;
      region.y = (gint)(to_y / factor) - region.height / 2;
    }
  else
    region = (SmearRegion){ (gint)(MIN (to_x, self->from_x) / factor),
                            (gint)(MIN (to_y, self->from_y) / factor),
                            (gint)(ABS (to_x - self->from_x) / factor),
                            (gint)(ABS (to_y - self->from_y) / factor) };
  set_region (self, region);
}

static gboolean
on_move (GtkWidget *area, GdkEventMotion *event, gpointer user_data)
{
  Dialog *self = user_data;

  if (self->dragging)
    take_pointer (self, event->x, event->y, FALSE);
  return self->dragging;
}

static gboolean
on_release (GtkWidget *area, GdkEventButton *event, gpointer user_data)
{
  Dialog *self = user_data;
  gdouble x, y;

  if (!self->dragging)
    return FALSE;
  self->dragging = FALSE;
  scan_place (self, event->x, event->y, &x, &y);
  take_pointer (self, event->x, event->y,
                ABS (x - self->from_x) < 1 && ABS (y - self->from_y) < 1);
  return TRUE;
}

static gboolean
refine (gpointer user_data)
{
  Dialog *self = user_data;
  gboolean more = smear_overview_refine (self->overview);

  gtk_widget_queue_draw (self->picture);
  if (!more)
    self->refining = 0;
  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
forget_scan (Dialog *self)
{
  if (self->refining != 0)
    g_source_remove (self->refining);
  self->refining = 0;
  g_clear_pointer (&self->overview, smear_overview_free);
}

static void
fill_levels (Dialog *self, gint chosen)
{
  SmearScan *scan = smear_overview_scan (self->overview);
  GtkListStore *store = GTK_LIST_STORE (
      gtk_combo_box_get_model (GTK_COMBO_BOX (self->level)));

  self->filling = TRUE;
  gtk_list_store_clear (store);
  for (gint level = 0; level < smear_scan_get_n_levels (scan); level++)
    {
      gint width, height;
      smear_scan_get_level_size (scan, level, &width, &height);
      g_autofree char *text = g_strdup_printf ("%d: %d × %d", level, width, height);
      gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (self->level), text);
    }
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->level),
                            CLAMP (chosen, 0, smear_scan_get_n_levels (scan) - 1));
  self->filling = FALSE;
}

static void
take_scan (Dialog *self, const char *path, gint level, SmearRegion region)
{
  g_autoptr (GError) error = NULL;

  forget_scan (self);
  self->overview = smear_overview_new (path, &error);
  if (self->overview == NULL)
    {
      gtk_label_set_text (GTK_LABEL (self->notes), error->message);
      show_state (self);
      return;
    }
  fill_levels (self, level);
  set_region (self, region);
  self->refining = g_idle_add (refine, self);
}

static void
on_file (GtkFileChooserButton *button, gpointer user_data)
{
  g_autofree char *path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (button));

  if (path != NULL)
    take_scan (user_data, path, level_of (user_data), region_of (user_data));
}

static void
add_row (GtkWidget *box, GtkSizeGroup *group, const char *text, GtkWidget *field)
{
  gtk_box_pack_start (GTK_BOX (box), smear_row_new (group, text, field), FALSE, FALSE, 0);
}

static GtkWidget *
new_fields (Dialog *self, GtkWidget *chooser)
{
  GtkSizeGroup *group = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  GtkWidget *box = smear_box_new (GTK_ORIENTATION_VERTICAL, SPACING);

  add_row (box, group, _ ("_Scan"), chooser);
  self->level = gtk_combo_box_text_new ();
  g_signal_connect (self->level, "changed", G_CALLBACK (on_level), self);
  add_row (box, group, _ ("_Level"), self->level);
  for (gint i = 0; i < N_NUMBERS; i++)
    {
      self->numbers[i] = gtk_spin_button_new_with_range (0, G_MAXINT32, 1);
      gtk_entry_set_activates_default (GTK_ENTRY (self->numbers[i]), TRUE);
      g_signal_connect (self->numbers[i], "value-changed", G_CALLBACK (on_number), self);
      add_row (box, group, _ (labels[i]), self->numbers[i]);
    }
  g_object_unref (group);
  self->notes = gtk_label_new (_ ("Choose a scan, then drag over the region to open."));
  gtk_label_set_line_wrap (GTK_LABEL (self->notes), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (self->notes), 32);
  gtk_label_set_max_width_chars (GTK_LABEL (self->notes), 32);
  smear_align_left (self->notes);
  gtk_box_pack_start (GTK_BOX (box), self->notes, FALSE, FALSE, SPACING);
  return box;
}

static GtkWidget *
new_columns (Dialog *self, GtkWidget *chooser)
{
  GtkWidget *columns = smear_box_new (GTK_ORIENTATION_HORIZONTAL, 3 * SPACING);

  self->picture = smear_area_new (PICTURE_WIDTH, PICTURE_HEIGHT, draw, self);
  atk_object_set_name (gtk_widget_get_accessible (self->picture),
                       _ ("The scan, with the region framed"));
  gtk_widget_add_events (self->picture, GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK
                                            | GDK_BUTTON_MOTION_MASK);
  g_signal_connect (self->picture, "button-press-event", G_CALLBACK (on_press), self);
  g_signal_connect (self->picture, "motion-notify-event", G_CALLBACK (on_move), self);
  g_signal_connect (self->picture, "button-release-event", G_CALLBACK (on_release), self);
  gtk_container_set_border_width (GTK_CONTAINER (columns), 2 * SPACING);
  gtk_box_pack_start (GTK_BOX (columns), self->picture, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (columns), new_fields (self, chooser), FALSE, FALSE, 0);
  return columns;
}

static void
recall (Dialog *self, GVariantDict *arguments, GtkWidget *chooser)
{
  const char *file = "";
  gint n[N_NUMBERS] = { 0, 0, 1024, 768 }, level = 0;

  g_variant_dict_lookup (arguments, "file", "&s", &file);
  g_variant_dict_lookup (arguments, "level", "i", &level);
  for (gint i = 0; i < N_NUMBERS; i++)
    {
      g_variant_dict_lookup (arguments, names[i], "i", &n[i]);
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->numbers[i]), n[i]);
    }
  if (!g_file_test (file, G_FILE_TEST_IS_REGULAR))
    return;
  gtk_file_chooser_set_filename (GTK_FILE_CHOOSER (chooser), file);
  take_scan (self, file, level, (SmearRegion){ n[X], n[Y], n[WIDTH], n[HEIGHT] });
}

/* Returns: whether there is something to open */
static gboolean
keep (const Dialog *self, GVariantDict *arguments, GtkWidget *chooser, const char *before)
{
  g_autofree char *path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (chooser));
  SmearRegion region = region_of (self);
  const gint n[] = { region.x, region.y, region.width, region.height };

  if (self->overview == NULL)
    return FALSE;
  g_variant_dict_insert (arguments, "file", "s", path != NULL ? path : before);
  g_variant_dict_insert (arguments, "level", "i", level_of (self));
  for (gint i = 0; i < N_NUMBERS; i++)
    g_variant_dict_insert (arguments, names[i], "i", n[i]);
  return TRUE;
}

gboolean
smear_region_dialog (const char *title, GVariantDict *arguments)
{
  Dialog self = { 0 };
  GtkWidget *chooser = gtk_file_chooser_button_new (_ ("Choose a scan"),
                                                    GTK_FILE_CHOOSER_ACTION_OPEN);
  g_autofree char *before = NULL;
  gboolean chosen = FALSE;

  g_variant_dict_lookup (arguments, "file", "s", &before);
  self.dialog = gtk_dialog_new_with_buttons (title, NULL, 0, _ ("_Cancel"),
                                             GTK_RESPONSE_CANCEL, _ ("_OK"),
                                             GTK_RESPONSE_OK, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (self.dialog), GTK_RESPONSE_OK);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (self.dialog))),
                      new_columns (&self, chooser), TRUE, TRUE, 0);
  show_state (&self);
  recall (&self, arguments, chooser);
  g_signal_connect (chooser, "file-set", G_CALLBACK (on_file), &self);
  gtk_widget_show_all (self.dialog);
  gtk_widget_grab_focus (
      gtk_dialog_get_widget_for_response (GTK_DIALOG (self.dialog), GTK_RESPONSE_OK));
  if (gtk_dialog_run (GTK_DIALOG (self.dialog)) == GTK_RESPONSE_OK)
    chosen = keep (&self, arguments, chooser, before != NULL ? before : "");
  forget_scan (&self);
  gtk_widget_destroy (self.dialog);
  return chosen;
}
