#include "gtk/history-window.h"

#include "core/finding-text.h"
#include "core/history-text.h"
#include "core/records.h"
#include "core/texts.h"
#include "gtk/both.h"
#include "gtk/form.h"
#include "gtk/history-private.h"

#define SPACING 8
#define BORDER 12
#define WIDTH 1060
#define HEIGHT 640
#define LIST_HEIGHT 240
#define DETAILS_HEIGHT 170
#define NAME_WIDTH 150

static void
add_row (SmearHistoryWindow *self, const SmearRecord *record)
{
  const SmearFinding *finding = record->finding;
  g_autofree char *time = smear_history_time (record->time);
  g_autofree char *title = smear_finding_text (finding);
  g_autofree char *malignant = finding->klass != SMEAR_CLASS_NONE
                                   ? g_strdup_printf ("%.1f %%", 100 * finding->malignant)
                                   : g_strdup ("–");

  gtk_list_store_insert_with_values (
      self->rows, NULL, -1, SMEAR_COLUMN_ID, (gint)record->id, SMEAR_COLUMN_TIME, time,
      SMEAR_COLUMN_IMAGE, record->erased ? _ ("(erased)") : finding->source,
      SMEAR_COLUMN_FINDING, title, SMEAR_COLUMN_MALIGNANT, malignant, SMEAR_COLUMN_CELLS,
      finding->cells != NULL ? (gint)finding->cells->len : 0, SMEAR_COLUMN_MODEL,
      finding->model_name, -1);
}

static void
choose_first (SmearHistoryWindow *self)
{
  GtkTreePath *first = gtk_tree_path_new_first ();

  gtk_tree_view_set_cursor (GTK_TREE_VIEW (self->list), first, NULL, FALSE);
  gtk_tree_path_free (first);
}

void
smear_history_window_search (SmearHistoryWindow *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autofree char *status = NULL;
  SmearHistoryQuery query;
  gint64 n = -1;

  gtk_list_store_clear (self->rows);
  gtk_text_buffer_set_text (self->details, "", -1);
  if (smear_query_from_arguments (&query, self->arguments, &error))
    history = smear_history_open_existing (NULL, NULL, &error);
  if (history != NULL)
    found = smear_history_search (history, &query, &error);
  if (found != NULL)
    n = smear_history_count (history, &query, &error);
  if (n < 0)
    {
      gtk_label_set_text (GTK_LABEL (self->status), error->message);
      return;
    }
  for (guint i = 0; i < found->len; i++)
    add_row (self, found->pdata[i]);
  status = g_strdup_printf (_ ("%u of %d findings, the newest first."), found->len,
                            (gint)n);
  gtk_label_set_text (GTK_LABEL (self->status), status);
  if (found->len > 0)
    choose_first (self);
}

static void
note_chosen (GtkTreeModel *model, GtkTreePath *path, GtkTreeIter *iter,
             gpointer user_data)
{
  gint id;

  gtk_tree_model_get (model, iter, SMEAR_COLUMN_ID, &id, -1);
  g_array_append_val ((GArray *)user_data, id);
}

GArray *
smear_history_window_chosen (SmearHistoryWindow *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint));

  gtk_tree_selection_selected_foreach (
      gtk_tree_view_get_selection (GTK_TREE_VIEW (self->list)), note_chosen, ids);
  return ids;
}

static void
on_chosen (GtkTreeSelection *selection, gpointer user_data)
{
  SmearHistoryWindow *self = user_data;
  g_autoptr (GArray) ids = smear_history_window_chosen (self);
  g_autoptr (SmearHistory) history = NULL;
  g_autoptr (SmearRecord) record = NULL;
  g_autofree char *text = NULL;

  if (ids->len > 0)
    history = smear_history_open_existing (NULL, NULL, NULL);
  if (history != NULL)
    record = smear_history_get (history, g_array_index (ids, gint, 0), NULL);
  if (record != NULL && record->finding != NULL)
    text = smear_history_details (history, record);
  gtk_text_buffer_set_text (self->details, text != NULL ? text : "", -1);
}

static void
add_column (GtkWidget *list, const char *title, gint column, gboolean to_the_right)
{
  GtkCellRenderer *renderer = gtk_cell_renderer_text_new ();
  GtkTreeViewColumn *shown = gtk_tree_view_column_new_with_attributes (
      title, renderer, "text", column, NULL);

  if (to_the_right)
    g_object_set (renderer, "xalign", 1.0f, NULL);
  if (column == SMEAR_COLUMN_IMAGE)
    {
      g_object_set (renderer, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, NULL);
      gtk_tree_view_column_set_sizing (shown, GTK_TREE_VIEW_COLUMN_FIXED);
      gtk_tree_view_column_set_fixed_width (shown, NAME_WIDTH);
    }
  gtk_tree_view_column_set_resizable (shown, TRUE);
  gtk_tree_view_column_set_sort_column_id (shown, column);
  gtk_tree_view_append_column (GTK_TREE_VIEW (list), shown);
}

static GtkWidget *
scrolled (GtkWidget *child, gint height)
{
  GtkWidget *window = gtk_scrolled_window_new (NULL, NULL);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (window), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (window), GTK_SHADOW_IN);
  gtk_widget_set_size_request (window, -1, height);
  gtk_container_add (GTK_CONTAINER (window), child);
  return window;
}

static GtkWidget *
list_new (SmearHistoryWindow *self)
{
  GtkTreeSelection *selection;

  self->rows = gtk_list_store_new (SMEAR_N_COLUMNS, G_TYPE_INT, G_TYPE_STRING,
                                   G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING,
                                   G_TYPE_INT, G_TYPE_STRING);
  self->list = smear_list_new (GTK_TREE_MODEL (self->rows));
  g_object_unref (self->rows);
  add_column (self->list, _ ("No."), SMEAR_COLUMN_ID, TRUE);
  add_column (self->list, _ ("Time"), SMEAR_COLUMN_TIME, FALSE);
  add_column (self->list, _ ("Image"), SMEAR_COLUMN_IMAGE, FALSE);
  add_column (self->list, _ ("Finding"), SMEAR_COLUMN_FINDING, FALSE);
  add_column (self->list, _ ("Malignant"), SMEAR_COLUMN_MALIGNANT, TRUE);
  add_column (self->list, _ ("Cells"), SMEAR_COLUMN_CELLS, TRUE);
  add_column (self->list, _ ("Model"), SMEAR_COLUMN_MODEL, FALSE);
  selection = gtk_tree_view_get_selection (GTK_TREE_VIEW (self->list));
  gtk_tree_selection_set_mode (selection, GTK_SELECTION_MULTIPLE);
  g_signal_connect (selection, "changed", G_CALLBACK (on_chosen), self);
  return scrolled (self->list, LIST_HEIGHT);
}

static GtkWidget *
details_new (SmearHistoryWindow *self)
{
  GtkWidget *view = gtk_text_view_new ();

  self->details = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), SPACING);
  return scrolled (view, DETAILS_HEIGHT);
}

static void
on_search (GtkWidget *button, gpointer user_data)
{
  smear_history_window_search (user_data);
}

/* The limit is for scripts: a window shows what a person looks through. */
static GtkWidget *
search_new (SmearHistoryWindow *self)
{
  static const SmearArg no_more[] = { { .name = NULL } };
  SmearArg asked[8] = { { .name = NULL } };
  SmearProcedure search = { .arguments = asked, .more = no_more };
  GtkWidget *box = smear_box_new (GTK_ORIENTATION_VERTICAL, SPACING);
  gint n = 0;

  self->search = gtk_button_new_with_mnemonic (_ ("Searc_h"));
  for (const SmearArg *arg = smear_procedure_history.arguments; arg->name != NULL; arg++)
    if (!g_str_equal (arg->name, "limit"))
      asked[n++] = *arg;
  gtk_box_pack_start (GTK_BOX (box),
                      smear_form_new (&search, NULL, self->arguments, NULL, NULL), FALSE,
                      FALSE, 0);
  g_signal_connect (self->search, "clicked", G_CALLBACK (on_search), self);
  gtk_box_pack_start (GTK_BOX (box), self->search, FALSE, FALSE, 0);
  gtk_widget_set_can_default (self->search, TRUE);
  gtk_box_pack_start (GTK_BOX (box), smear_history_window_buttons (self), FALSE, FALSE,
                      SPACING);
  return box;
}

void
smear_history_window_run (SmearHost *host, const char *title, GVariantDict *arguments)
{
  SmearHistoryWindow self = { .host = host, .arguments = arguments };
  GtkWidget *columns = smear_box_new (GTK_ORIENTATION_HORIZONTAL, BORDER);
  GtkWidget *right = smear_box_new (GTK_ORIENTATION_VERTICAL, SPACING);

  self.window = gtk_dialog_new_with_buttons (title, NULL, 0, _ ("Close"),
                                             GTK_RESPONSE_CLOSE, NULL);
  gtk_window_set_default_size (GTK_WINDOW (self.window), WIDTH, HEIGHT);
  self.status = gtk_label_new (NULL);
  smear_align_left (self.status);
  gtk_label_set_line_wrap (GTK_LABEL (self.status), TRUE);
  gtk_box_pack_start (GTK_BOX (right), list_new (&self), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (right), self.status, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (right), details_new (&self), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (columns), search_new (&self), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (columns), right, TRUE, TRUE, 0);
  gtk_container_set_border_width (GTK_CONTAINER (columns), BORDER);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (self.window))),
                      columns, TRUE, TRUE, 0);
  smear_add_disclaimer (self.window);
  smear_history_window_search (&self);
  gtk_widget_show_all (columns);
  gtk_widget_grab_default (self.search);
  gtk_widget_grab_focus (self.list);
  gtk_dialog_run (GTK_DIALOG (self.window));
  gtk_widget_destroy (self.window);
}
