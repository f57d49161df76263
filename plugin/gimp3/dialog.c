/* The dialog of a procedure: the preview on the left, its arguments on the right. */
#include "gimp3/dialog.h"

#include <libgimp/gimpui.h>

#include "core/document.h"
#include "core/labels.h"
#include "core/pixels.h"
#include "core/texts.h"
#include "gimp3/arguments.h"
#include "gtk/both.h"
#include "gtk/file-dialog.h"
#include "gtk/help.h"
#include "gtk/preview-box.h"
#include "gtk/records-dialog.h"
#include "gtk/region-dialog.h"

/* One value of opacity or threshold a pixel. */
#define SLIDER_WIDTH 100

typedef struct
{
  const SmearProcedure *procedure;
  GimpProcedureConfig *config;
  SmearPreview *preview;
  GtkWidget *dialog, *box;
  GHashTable *rows;
  guint pending;
} Dialog;

static gboolean
update (gpointer user_data)
{
  Dialog *self = user_data;
  g_autoptr (GVariantDict) arguments = smear_gimp3_pack (self->procedure, self->config);

  self->pending = 0;
  smear_rows_update (self->rows, arguments);
  smear_preview_update (self->preview, arguments);
  smear_preview_box_refresh (self->box);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (self->dialog), GTK_RESPONSE_OK,
                                     smear_preview_can_run (self->preview));
  return G_SOURCE_REMOVE;
}

/* A dragged slider changes many times before there is time to draw once. */
static void
on_change (GObject *config, GParamSpec *spec, gpointer user_data)
{
  Dialog *self = user_data;

  if (self->pending == 0)
    self->pending = g_idle_add (update, self);
}

/* The default, the shipped models, and whatever file was asked for before. */
static void
add_models (GtkListStore *store, const char *chosen)
{
  g_auto (GStrv) names = smear_model_list ();

  gtk_list_store_insert_with_values (store, NULL, -1, 0, "", 1, _ ("Default"), -1);
  for (char **name = names; *name != NULL; name++)
    gtk_list_store_insert_with_values (store, NULL, -1, 0, *name, 1, *name, -1);
  if (*chosen != '\0' && !g_strv_contains ((const char *const *)names, chosen))
    gtk_list_store_insert_with_values (store, NULL, -1, 0, chosen, 1, chosen, -1);
}

static GtkWidget *
new_combo (Dialog *self, const SmearArg *arg)
{
  g_autoptr (GtkListStore) store = gtk_list_store_new (2, G_TYPE_STRING, G_TYPE_STRING);
  g_autofree char *chosen = NULL;
  GtkWidget *combo;

  g_object_get (self->config, arg->name, &chosen, NULL);
  if (arg->kind == SMEAR_ARG_CHOICE)
    for (const char *const *name = arg->choices; *name != NULL; name++)
      gtk_list_store_insert_with_values (store, NULL, -1, 0, *name, 1,
                                         smear_choice_label (*name), -1);
  else
    add_models (store, chosen != NULL ? chosen : "");
  combo = gimp_string_combo_box_new (GTK_TREE_MODEL (store), 0, 1);
  gtk_widget_set_hexpand (combo, TRUE); /* all as wide, not each as its text */
  g_object_bind_property (self->config, arg->name, combo, "value",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  return gimp_label_string_widget_new (smear_arg_label (arg), combo);
}

static GtkWidget *
new_widget (Dialog *self, const SmearArg *arg)
{
  GimpProcedureDialog *dialog = GIMP_PROCEDURE_DIALOG (self->dialog);

  if (arg->kind == SMEAR_ARG_CHOICE || g_str_equal (arg->name, "model"))
    return new_combo (self, arg);
  if (arg->kind == SMEAR_ARG_DOUBLE)
    {
      GtkWidget *entry = gimp_procedure_dialog_get_scale_entry (dialog, arg->name, 1);

      gtk_widget_set_size_request (gimp_scale_entry_get_range (GIMP_SCALE_ENTRY (entry)),
                                   SLIDER_WIDTH, -1);
      return entry;
    }
  return gimp_procedure_dialog_get_widget (dialog, arg->name, G_TYPE_NONE);
}

static void
add_arguments (Dialog *self, const SmearScene *scene, GtkWidget *box,
               GtkSizeGroup *labels)
{
  g_autoptr (GPtrArray) shown = smear_shown_args (self->procedure, scene);

  for (guint i = 0; i < shown->len; i++)
    {
      const SmearArg *arg = shown->pdata[i];
      GtkWidget *widget = new_widget (self, arg);

      if (GIMP_IS_LABELED (widget))
        gtk_size_group_add_widget (labels,
                                   gimp_labeled_get_label (GIMP_LABELED (widget)));
      g_hash_table_insert (self->rows, (gpointer)arg->name, widget);
      gtk_widget_show_all (widget);
      gtk_box_pack_start (GTK_BOX (box), widget, FALSE, FALSE, 0);
    }
}

static void
on_toggled (const char *leave_out, gpointer config)
{
  g_object_set (config, "leave-out", leave_out, NULL);
}

static GtkWidget *
new_columns (Dialog *self, const SmearScene *scene)
{
  g_autoptr (GtkSizeGroup) labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  GtkWidget *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  add_arguments (self, scene, box, labels);
  self->box = smear_preview_box_new (self->preview);
  if (smear_procedure_takes (self->procedure, "leave-out"))
    smear_preview_box_on_click (self->box, on_toggled, self->config);
  gtk_container_set_border_width (GTK_CONTAINER (columns), 12);
  gtk_box_pack_start (GTK_BOX (columns), self->box, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (columns), box, FALSE, FALSE, 0);
  gtk_widget_show_all (columns);
  return columns;
}

static gboolean
ask_arguments (GimpProcedure *target, const SmearProcedure *procedure, SmearHost *host,
               const SmearScene *scene, GimpProcedureConfig *config, const char *title)
{
  g_autoptr (SmearPreview) preview = smear_preview_new (host, procedure);
  g_autoptr (GHashTable) rows = g_hash_table_new (g_str_hash, g_str_equal);
  Dialog self
      = { .procedure = procedure, .config = config, .preview = preview, .rows = rows };
  gulong handler;
  gboolean ok;

  /* As gimp_procedure_dialog_new() does, which would have GIMP look us up in its manual.
   */
  self.dialog = g_object_new (GIMP_TYPE_PROCEDURE_DIALOG, "procedure", target, "config",
                              config, "title", title, "help-func", smear_help, "help-id",
                              procedure->name, NULL);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (self.dialog))),
                      new_columns (&self, scene), TRUE, TRUE, 0);
  handler = g_signal_connect (config, "notify", G_CALLBACK (on_change), &self);
  update (&self);
  ok = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (self.dialog));
  g_signal_handler_disconnect (config, handler);
  if (self.pending != 0)
    g_source_remove (self.pending);
  gtk_widget_destroy (self.dialog);
  return ok;
}

static gboolean
ask_file (SmearHost *host, const SmearScene *scene, GimpProcedureConfig *config,
          const char *title)
{
  g_autofree char *findings = host->get_findings (host);
  g_autoptr (GPtrArray) lines = smear_document_lines (findings);
  g_autofree char *before = NULL, *path = NULL;

  if (lines->len == 0)
    return TRUE; /* the run says why there is nothing to write */
  g_object_get (config, "file", &before, NULL);
  path = smear_file_dialog (title, scene->name, before);
  if (path != NULL)
    g_object_set (config, "file", path, "format", "by-name", NULL);
  return path != NULL;
}

static gboolean
ask_records (const SmearProcedure *procedure, SmearHost *host,
             GimpProcedureConfig *config)
{
  g_autoptr (GVariantDict) arguments = smear_gimp3_pack (procedure, config);

  if (!smear_records_dialog (procedure, host, arguments))
    return FALSE;
  smear_gimp3_repack (procedure, arguments, config);
  return TRUE;
}

static gboolean
ask_region (const SmearProcedure *procedure, GimpProcedureConfig *config,
            const char *title)
{
  g_autoptr (GVariantDict) arguments = smear_gimp3_pack (procedure, config);

  if (!smear_region_dialog (title, arguments))
    return FALSE;
  smear_gimp3_repack (procedure, arguments, config);
  return TRUE;
}

gboolean
smear_gimp3_dialog (GimpProcedure *target, const SmearProcedure *procedure,
                    SmearHost *host, GimpProcedureConfig *config)
{
  g_autofree char *title = smear_procedure_title (procedure);
  g_auto (SmearScene) scene = { 0 };

  gimp_ui_init ("smearscope");
  if (smear_records_dialog_has (procedure))
    return ask_records (procedure, host, config);
  host->describe (host, &scene, NULL);
  if (smear_procedure_takes (procedure, "level"))
    return ask_region (procedure, config, title);
  if (smear_procedure_takes (procedure, "file"))
    return ask_file (host, &scene, config, title);
  return ask_arguments (target, procedure, host, &scene, config, title);
}
