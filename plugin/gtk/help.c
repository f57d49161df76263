#include "gtk/help.h"

#include "core/help.h"
#include "core/texts.h"

/* Where no browser is set up the page can still be found. */
static void
say_where (const char *path)
{
  GtkWidget *message = gtk_message_dialog_new (
      NULL, GTK_DIALOG_MODAL, GTK_MESSAGE_INFO, GTK_BUTTONS_CLOSE, "%s\n\n%s",
      path != NULL ? _ ("No program to show this page was found:")
                   : _ ("The help page is not installed beside the plug-in."),
      path != NULL ? path : "");

  gtk_dialog_run (GTK_DIALOG (message));
  gtk_widget_destroy (message);
}

void
smear_help (const char *help_id, gpointer help_data)
{
  g_autofree char *path = smear_help_path ();
  g_autofree char *uri = path != NULL ? g_filename_to_uri (path, NULL, NULL) : NULL;

  if (uri == NULL || !g_app_info_launch_default_for_uri (uri, NULL, NULL))
    say_where (path);
}
