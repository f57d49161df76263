#include "gimp2/dialog.h"

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "core/pixels.h"
#include "core/texts.h"
#include "gtk/form.h"

static char *
title_of (const SmearProcedure *procedure)
{
  g_autofree char *label = gimp_strip_uline (_ (procedure->menu_label));
  char *dots = g_strrstr (label, "…");

  if (dots)
    *dots = '\0';
  return g_strdup_printf ("Smearscope: %s", label);
}

gboolean
smear_gimp2_dialog (const SmearProcedure *procedure, SmearHost *host,
                    GVariantDict *arguments)
{
  g_autofree char *title = title_of (procedure);
  g_auto (SmearScene) scene = { 0 };
  GtkWidget *dialog, *form;
  gboolean ok;

  gimp_ui_init ("smearscope", TRUE);
  host->describe (host, &scene, NULL);
  dialog = gimp_dialog_new (title, procedure->name, NULL, 0, gimp_standard_help_func,
                            procedure->name, _ ("_Cancel"), GTK_RESPONSE_CANCEL,
                            _ ("_OK"), GTK_RESPONSE_OK, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  gimp_window_set_transient (GTK_WINDOW (dialog));
  form = smear_form_new (procedure, &scene, arguments, NULL, NULL);
  gtk_container_set_border_width (GTK_CONTAINER (form), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog))), form,
                      TRUE, TRUE, 0);
  gtk_widget_show_all (form);
  ok = gimp_dialog_run (GIMP_DIALOG (dialog)) == GTK_RESPONSE_OK;
  gtk_widget_destroy (dialog);
  return ok;
}
