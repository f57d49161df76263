/* What can be done with findings in the history's window: each is a procedure that
 * scripts can call as well. */
#include "gtk/history-private.h"

#include <string.h>

#include "core/records.h"
#include "core/texts.h"
#include "gtk/both.h"
#include "gtk/records-dialog.h"

#define SPACING 4
#define VALUE_CHARS 36

typedef struct _Action Action;

/**
 * Action:
 * @n_findings: how many have to be chosen; -1 for one or more
 * @ask: (nullable): fills in more arguments; FALSE if cancelled
 * @changes: the list has to be filled anew afterwards
 */
struct _Action
{
  const char *label;
  const SmearProcedure *procedure;
  gint n_findings;
  gboolean (*ask) (SmearHistoryWindow *self, const Action *action,
                   GVariantDict *arguments);
  gboolean changes;
};

static void
say (SmearHistoryWindow *self, GtkMessageType type, const char *text)
{
  GtkWidget *message = gtk_message_dialog_new (
      GTK_WINDOW (self->window), GTK_DIALOG_MODAL, type, GTK_BUTTONS_CLOSE, "%s", text);

  gtk_window_set_title (GTK_WINDOW (message), "Smearscope");
  gtk_dialog_run (GTK_DIALOG (message));
  gtk_widget_destroy (message);
}

static char *
label_of (const Action *action)
{
  g_auto (GStrv) words = g_strsplit (_ (action->label), "_", -1);

  return g_strjoinv ("", words);
}

static gboolean
ask_rest (SmearHistoryWindow *self, const Action *action, GVariantDict *arguments)
{
  g_autofree char *title = label_of (action);
  const SmearArg *arg = action->procedure->arguments;

  while (arg->name != NULL
         && (g_str_equal (arg->name, "id") || g_str_equal (arg->name, "file")))
    arg++;
  return smear_records_ask (GTK_WINDOW (self->window), title, arg, arguments);
}

static gboolean
ask_report (SmearHistoryWindow *self, const Action *action, GVariantDict *arguments)
{
  g_autofree char *title = label_of (action);
  g_autoptr (GArray) ids = smear_history_window_chosen (self);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (list, "%s%d", i ? "," : "", g_array_index (ids, gint, i));
  g_variant_dict_insert (arguments, "ids", "s", list->str);
  return smear_records_ask_report (GTK_WINDOW (self->window), title, "findings",
                                   action->procedure->arguments + 1, arguments);
}

static gboolean
ask_table (SmearHistoryWindow *self, const Action *action, GVariantDict *arguments)
{
  g_autofree char *title = label_of (action);
  g_autofree char *path = NULL;
  GtkWidget *dialog = gtk_file_chooser_dialog_new (
      title, GTK_WINDOW (self->window), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Cancel"),
      GTK_RESPONSE_CANCEL, _ ("_Save"), GTK_RESPONSE_ACCEPT, NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);

  gtk_file_chooser_set_do_overwrite_confirmation (chooser, TRUE);
  gtk_file_chooser_set_current_name (
      chooser, action->procedure == &smear_procedure_feedback_export ? "training.csv"
                                                                     : "findings.csv");
  if (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_ACCEPT)
    path = gtk_file_chooser_get_filename (chooser);
  gtk_widget_destroy (dialog);
  if (path != NULL)
    g_variant_dict_insert (arguments, "file", "s", path);
  return path != NULL;
}

static gboolean
ask_settings (SmearHistoryWindow *self, const Action *action, GVariantDict *arguments)
{
  return smear_records_dialog (action->procedure, self->host, arguments);
}

static const Action actions[] = {
  { N_ ("_Open Image"), &smear_procedure_history_open, 1, NULL, FALSE },
  { N_ ("_Compare Two"), &smear_procedure_history_compare, 2, NULL, FALSE },
  { N_ ("_Feedback…"), &smear_procedure_history_feedback, 1, ask_rest, TRUE },
  { N_ ("Re_port…"), &smear_procedure_history_report, -1, ask_report, FALSE },
  { N_ ("Run A_gain"), &smear_procedure_history_reproduce, 1, NULL, FALSE },
  { N_ ("_Erase…"), &smear_procedure_history_erase, 1, ask_rest, TRUE },
  { N_ ("Prove _Whole"), &smear_procedure_history_verify, 0, NULL, FALSE },
  { N_ ("Ag_reement"), &smear_procedure_feedback_agreement, 0, NULL, FALSE },
  { N_ ("Ta_ble…"), &smear_procedure_history_export, 0, ask_table, FALSE },
  { N_ ("_Training List…"), &smear_procedure_feedback_export, 0, ask_table, FALSE },
  { N_ ("_Settings…"), &smear_procedure_history_settings, 0, ask_settings, TRUE },
};

static void
add_value_column (GtkWidget *list, const char *title, gint column)
{
  GtkCellRenderer *renderer = gtk_cell_renderer_text_new ();

  if (column > 0)
    g_object_set (renderer, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, "width-chars",
                  VALUE_CHARS, NULL);
  gtk_tree_view_append_column (GTK_TREE_VIEW (list),
                               gtk_tree_view_column_new_with_attributes (
                                   title, renderer, "text", column, "weight", 3, NULL));
}

static GtkTreeModel *
comparison_new (const char *text)
{
  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);
  GtkListStore *store = gtk_list_store_new (4, G_TYPE_STRING, G_TYPE_STRING,
                                            G_TYPE_STRING, G_TYPE_INT);

  for (guint i = 0; rows[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (rows[i], "\t", 3);

      if (g_strv_length (cells) == 3)
        gtk_list_store_insert_with_values (
            store, NULL, -1, 0, cells[0], 1, cells[1], 2, cells[2], 3,
            g_str_equal (cells[1], cells[2]) ? PANGO_WEIGHT_NORMAL : PANGO_WEIGHT_BOLD,
            -1);
    }
  return GTK_TREE_MODEL (store);
}

/* Both values beside each other; what differs in bold. */
static void
show_comparison (SmearHistoryWindow *self, const char *text)
{
  GtkWidget *dialog = gtk_dialog_new_with_buttons (
      _ ("Smearscope: Comparison"), GTK_WINDOW (self->window), GTK_DIALOG_MODAL,
      _ ("_Close"), GTK_RESPONSE_CLOSE, NULL);
  GtkTreeModel *rows = comparison_new (text);
  GtkWidget *list = smear_list_new (rows);

  g_object_unref (rows);
  add_value_column (list, "", 0);
  add_value_column (list, _ ("First"), 1);
  add_value_column (list, _ ("Second"), 2);
  gtk_container_set_border_width (GTK_CONTAINER (dialog), 6);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog))), list,
                      TRUE, TRUE, 0);
  smear_add_disclaimer (dialog);
  gtk_widget_show_all (dialog);
  gtk_dialog_run (GTK_DIALOG (dialog));
  gtk_widget_destroy (dialog);
}

static void
show_results (SmearHistoryWindow *self, const Action *action, GVariantDict *results)
{
  /* Whichever of them a procedure answers. */
  static const char *const good[] = { "unchanged", "intact", "same" };
  const char *text = "";
  gboolean fine = TRUE;

  g_variant_dict_lookup (results, "text", "&s", &text);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_variant_dict_lookup (results, good[i], "b", &fine);
  if (action->procedure == &smear_procedure_history_compare)
    show_comparison (self, text);
  else if (action->procedure == &smear_procedure_history_settings)
    return; /* they were shown when they were asked for */
  else if (*text != '\0')
    say (self, fine ? GTK_MESSAGE_INFO : GTK_MESSAGE_WARNING, text);
}

static gboolean
take_findings (SmearHistoryWindow *self, const Action *action, GVariantDict *arguments)
{
  g_autoptr (GArray) ids = smear_history_window_chosen (self);

  if (action->n_findings < 0
          ? ids->len == 0
          : ids->len != (guint)action->n_findings && action->n_findings > 0)
    {
      say (self, GTK_MESSAGE_INFO,
           action->n_findings == 2
               ? _ ("Choose two findings first, the second with Ctrl.")
               : _ ("Choose a finding first."));
      return FALSE;
    }
  if (action->n_findings > 0)
    g_variant_dict_insert (arguments, "id", "i", g_array_index (ids, gint, 0));
  if (action->n_findings == 2)
    g_variant_dict_insert (arguments, "other", "i", g_array_index (ids, gint, 1));
  return TRUE;
}

static void
on_clicked (GtkWidget *button, gpointer user_data)
{
  SmearHistoryWindow *self = user_data;
  const Action *action = g_object_get_data (G_OBJECT (button), "smear-action");
  g_autoptr (GVariantDict) arguments = g_variant_dict_new (NULL);
  g_autoptr (GVariantDict) results = g_variant_dict_new (NULL);
  g_autoptr (GError) error = NULL;

  smear_procedure_complete (action->procedure, arguments);
  if (!take_findings (self, action, arguments)
      || (action->ask != NULL && !action->ask (self, action, arguments)))
    return;
  if (!smear_procedure_run (action->procedure, self->host, arguments, results, &error))
    say (self, GTK_MESSAGE_ERROR, error->message);
  else
    show_results (self, action, results);
  if (action->changes)
    smear_history_window_search (self);
}

GtkWidget *
smear_history_window_buttons (SmearHistoryWindow *self)
{
  GtkWidget *box = smear_box_new (GTK_ORIENTATION_VERTICAL, SPACING), *row = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (_ (actions[i].label));

      if (i % 2 == 0)
        {
          row = smear_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
          gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
          gtk_box_pack_start (GTK_BOX (box), row, FALSE, FALSE, 0);
        }
      gtk_widget_set_tooltip_text (button, _ (actions[i].procedure->blurb));
      g_object_set_data (G_OBJECT (button), "smear-action", (gpointer)&actions[i]);
      g_signal_connect (button, "clicked", G_CALLBACK (on_clicked), self);
      gtk_box_pack_start (GTK_BOX (row), button, TRUE, TRUE, 0);
    }
  return box;
}
