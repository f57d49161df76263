#include "gtk/help.h"

#include "core/help.h"
#include "core/texts.h"

/* Where no browser is set up the page can still be found. */
static void
say_where (GtkWindow *parent, const char *path)
{
  GtkWidget *message = gtk_message_dialog_new (
      parent, GTK_DIALOG_MODAL, GTK_MESSAGE_INFO, GTK_BUTTONS_CLOSE, "%s\n\n%s",
      path != NULL ? _ ("No program to show this page was found:")
                   : _ ("The help page is not installed beside the plug-in."),
      path != NULL ? path : "");

  gtk_dialog_run (GTK_DIALOG (message));
  gtk_widget_destroy (message);
}

void
smear_help_show (GtkWindow *parent)
{
  g_autofree char *path = smear_help_path ();
  g_autofree char *uri = path != NULL ? g_filename_to_uri (path, NULL, NULL) : NULL;

  if (uri == NULL || !g_app_info_launch_default_for_uri (uri, NULL, NULL))
    say_where (parent, path);
}

/* GIMP's own answer would be to look for us in its manual: it is not asked any more. */
static void
on_response (GtkDialog *dialog, gint response, gpointer user_data)
{
  if (response != GTK_RESPONSE_HELP)
    return;
  g_signal_stop_emission_by_name (dialog, "response");
  smear_help_show (GTK_WINDOW (dialog));
}

void
smear_help_connect (GtkWidget *dialog)
{
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), NULL);
}
