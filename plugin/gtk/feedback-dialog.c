#include "gtk/feedback-dialog.h"

#include "core/finding-text.h"
#include "core/records.h"
#include "core/texts.h"
#include "gtk/both.h"
#include "gtk/form.h"

#define SPACING 6
#define BORDER 12

typedef struct
{
  GPtrArray *list;
  GVariantDict *arguments;
  GtkListStore *cells;
  GtkWidget *cell;
} Dialog;

static const SmearArg no_more[] = { { .name = NULL } };

static char *
describe_cell (const SmearCell *cell, gint number)
{
  return g_strdup_printf (
      _ ("Cell %d: %s, at %d, %d"), number,
      cell->klass != SMEAR_CLASS_NONE ? smear_class_title (cell->klass) : _ ("no class"),
      (gint)cell->x, (gint)cell->y);
}

static void
fill_cells (Dialog *self, guint finding)
{
  const SmearKept *kept = self->list->pdata[finding];

  gtk_list_store_clear (self->cells);
  gtk_list_store_insert_with_values (self->cells, NULL, -1, 0, 0, 1,
                                     _ ("The region as a whole"), -1);
  for (guint i = 0; kept->finding->cells != NULL && i < kept->finding->cells->len; i++)
    {
      gint number = kept->numbers != NULL && i < kept->numbers->len
                        ? g_array_index (kept->numbers, gint, i)
                        : (gint)i + 1;
      g_autofree char *text = describe_cell (
          &g_array_index (kept->finding->cells, SmearCell, i), number);

      gtk_list_store_insert_with_values (self->cells, NULL, -1, 0, number, 1, text, -1);
    }
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->cell), 0);
}

static void
on_finding (GtkComboBox *combo, gpointer user_data)
{
  Dialog *self = user_data;
  gint i = gtk_combo_box_get_active (combo);

  g_variant_dict_insert (self->arguments, "finding", "i", i + 1);
  fill_cells (self, (guint)i);
}

static void
on_cell (GtkComboBox *combo, gpointer user_data)
{
  Dialog *self = user_data;
  GtkTreeIter iter;
  gint number = 0;

  if (gtk_combo_box_get_active_iter (combo, &iter))
    gtk_tree_model_get (GTK_TREE_MODEL (self->cells), &iter, 0, &number, -1);
  g_variant_dict_insert (self->arguments, "cell", "i", number);
}

static GtkWidget *
cell_combo_new (Dialog *self)
{
  GtkCellRenderer *renderer = gtk_cell_renderer_text_new ();

  self->cells = gtk_list_store_new (2, G_TYPE_INT, G_TYPE_STRING);
  self->cell = gtk_combo_box_new_with_model (GTK_TREE_MODEL (self->cells));
  g_object_unref (self->cells);
  gtk_cell_layout_pack_start (GTK_CELL_LAYOUT (self->cell), renderer, TRUE);
  gtk_cell_layout_set_attributes (GTK_CELL_LAYOUT (self->cell), renderer, "text", 1,
                                  NULL);
  g_signal_connect (self->cell, "changed", G_CALLBACK (on_cell), self);
  return self->cell;
}

static GtkWidget *
finding_combo_new (Dialog *self)
{
  GtkWidget *combo = gtk_combo_box_text_new ();

  for (guint i = 0; i < self->list->len; i++)
    {
      const SmearKept *kept = self->list->pdata[i];
      const SmearRegion *region = &kept->finding->region;
      g_autofree char *title = smear_finding_text (kept->finding);
      g_autofree char *text = g_strdup_printf (_ ("%u: %s, %d × %d at %d, %d"), i + 1,
                                               title, region->width, region->height,
                                               region->x, region->y);

      gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (combo), text);
    }
  return combo;
}

static void
add_row (GtkWidget *box, GtkSizeGroup *labels, const char *text, GtkWidget *field)
{
  gtk_box_pack_start (GTK_BOX (box), smear_row_new (labels, text, field), FALSE, FALSE,
                      0);
}

/* Only what the history holds can be spoken of. */
static gboolean
any_is_recorded (GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    if (((const SmearKept *)list->pdata[i])->id > 0)
      return TRUE;
  return FALSE;
}

gboolean
smear_feedback_dialog (SmearHost *host, const char *title, const SmearArg *from,
                       GVariantDict *arguments)
{
  g_autoptr (GPtrArray) list = smear_kept_list (host, NULL);
  const SmearProcedure said = { .arguments = from, .more = no_more };
  Dialog self = { .list = list, .arguments = arguments };
  GtkWidget *dialog, *box, *form, *combo;
  GtkSizeGroup *labels;
  gboolean ok;

  if (list == NULL || !any_is_recorded (list))
    return TRUE; /* the run says what to do */
  g_variant_dict_insert (arguments, "note", "s", "");
  dialog = gtk_dialog_new_with_buttons (title, NULL, 0, _ ("_Cancel"),
                                        GTK_RESPONSE_CANCEL, _ ("_OK"), GTK_RESPONSE_OK,
                                        NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  box = smear_box_new (GTK_ORIENTATION_VERTICAL, SPACING);
  gtk_container_set_border_width (GTK_CONTAINER (box), BORDER);
  form = smear_form_new (&said, NULL, arguments, NULL, NULL);
  labels = smear_form_get_labels (form);
  combo = finding_combo_new (&self);
  add_row (box, labels, _ ("_Finding"), combo);
  add_row (box, labels, _ ("Ce_ll"), cell_combo_new (&self));
  g_signal_connect (combo, "changed", G_CALLBACK (on_finding), &self);
  gtk_combo_box_set_active (GTK_COMBO_BOX (combo), (gint)list->len - 1);
  gtk_box_pack_start (GTK_BOX (box), form, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog))), box,
                      TRUE, TRUE, 0);
  smear_add_disclaimer (dialog);
  gtk_widget_show_all (dialog);
  gtk_widget_grab_focus (
      gtk_dialog_get_widget_for_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK));
  ok = gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_OK;
  gtk_widget_destroy (dialog);
  return ok;
}
