#include "gimp3/dialog.h"

#include <libgimp/gimpui.h>

#include "core/texts.h"

gboolean
smear_gimp3_dialog (GimpProcedure *target, const SmearProcedure *procedure,
                    SmearHost *host, GimpProcedureConfig *config)
{
  GtkWidget *dialog;
  gboolean ok;

  gimp_ui_init ("smearscope");
  dialog = gimp_procedure_dialog_new (target, config, "Smearscope");
  gimp_procedure_dialog_fill (GIMP_PROCEDURE_DIALOG (dialog), NULL);
  ok = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog));
  gtk_widget_destroy (dialog);
  return ok;
}
