#include "gimp2/dialog.h"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "core/document.h"
#include "core/labels.h"
#include "core/pixels.h"
#include "core/texts.h"
#include "gtk/both.h"
#include "gtk/file-dialog.h"
#include "gtk/form.h"
#include "gtk/help.h"
#include "gtk/preview-box.h"
#include "gtk/records-dialog.h"
#include "gtk/region-dialog.h"

typedef struct
{
  SmearPreview *preview;
  GVariantDict *arguments;
  GtkWidget *dialog, *box;
} Shown;

static void
refresh (gpointer user_data)
{
  const Shown *shown = user_data;

  smear_preview_update (shown->preview, shown->arguments);
  smear_preview_box_refresh (shown->box);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (shown->dialog), GTK_RESPONSE_OK,
                                     smear_preview_can_run (shown->preview));
}

static void
on_toggled (const char *leave_out, gpointer form)
{
  smear_form_set_text (form, "leave-out", leave_out);
}

static gboolean
ask_file (SmearHost *host, const SmearScene *scene, GVariantDict *arguments,
          const char *title)
{
  const char *before = "";
  g_autofree char *findings = host->get_findings (host);
  g_autoptr (GPtrArray) lines = smear_document_lines (findings);
  g_autofree char *path = NULL;

  if (lines->len == 0)
    return TRUE; /* the run says why there is nothing to write */
  g_variant_dict_lookup (arguments, "file", "&s", &before);
  path = smear_file_dialog (title, scene->name, before);
  if (path == NULL)
    return FALSE;
  g_variant_dict_insert (arguments, "file", "s", path);
  g_variant_dict_insert (arguments, "format", "s", "by-name");
  return TRUE;
}

gboolean
smear_gimp2_dialog (const SmearProcedure *procedure, SmearHost *host,
                    GVariantDict *arguments)
{
  g_autofree char *title = smear_procedure_title (procedure);
  g_auto (SmearScene) scene = { 0 };
  g_autoptr (SmearPreview) preview = NULL;
  GtkWidget *dialog, *form, *columns;
  Shown shown;
  gboolean ok;

  gimp_ui_init ("smearscope", TRUE);
  if (smear_records_dialog_has (procedure))
    return smear_records_dialog (procedure, host, arguments);
  host->describe (host, &scene, NULL);
  if (smear_procedure_takes (procedure, "level"))
    return smear_region_dialog (title, arguments);
  if (smear_procedure_takes (procedure, "file"))
    return ask_file (host, &scene, arguments, title);
  dialog = gimp_dialog_new (title, procedure->name, NULL, 0, smear_help, procedure->name,
                            _ ("_Cancel"), GTK_RESPONSE_CANCEL, _ ("_OK"),
                            GTK_RESPONSE_OK, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  gimp_window_set_transient (GTK_WINDOW (dialog));
  columns = smear_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  gtk_container_set_border_width (GTK_CONTAINER (columns), 12);
  if (procedure->on == SMEAR_ON_DRAWABLE)
    {
      preview = smear_preview_new (host, procedure);
      shown = (Shown){ preview, arguments, dialog, smear_preview_box_new (preview) };
      gtk_box_pack_start (GTK_BOX (columns), shown.box, TRUE, TRUE, 0);
      refresh (&shown);
    }
  form = smear_form_new (procedure, &scene, arguments, preview ? refresh : NULL, &shown);
  if (preview && smear_procedure_takes (procedure, "leave-out"))
    smear_preview_box_on_click (shown.box, on_toggled, form);
  gtk_box_pack_start (GTK_BOX (columns), form, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog))),
                      columns, TRUE, TRUE, 0);
  gtk_widget_show_all (columns);
  /* Return means OK from the start, not whatever field comes first. */
  gtk_widget_grab_focus (
      gtk_dialog_get_widget_for_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK));
  ok = gimp_dialog_run (GIMP_DIALOG (dialog)) == GTK_RESPONSE_OK;
  gtk_widget_destroy (dialog);
  return ok;
}
