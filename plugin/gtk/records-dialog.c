#include "gtk/records-dialog.h"

#include <string.h>

#include "core/labels.h"
#include "core/pixels.h"
#include "core/records.h"
#include "core/texts.h"
#include "gtk/both.h"
#include "gtk/feedback-dialog.h"
#include "gtk/file-dialog.h"
#include "gtk/form.h"
#include "gtk/history-window.h"

#define SPACING 12
#define MOST_ARGUMENTS 12

static const char *const endings[] = { "pdf", "html", NULL };

static const SmearArg no_more[] = { { .name = NULL } };

/* A form wants a procedure: one that has these arguments and nothing else. */
static GtkWidget *
form_of (const SmearArg *from, GVariantDict *arguments)
{
  SmearProcedure asked = { .arguments = from, .more = no_more };

  return smear_form_new (&asked, NULL, arguments, NULL, NULL);
}

static const SmearArg *
find_arg (const SmearProcedure *procedure, const char *name)
{
  const SmearArg *arg = procedure->arguments;

  while (arg->name != NULL && !g_str_equal (arg->name, name))
    arg++;
  return arg;
}

gboolean
smear_records_ask (GtkWindow *parent, const char *title, const SmearArg *from,
                   GVariantDict *arguments)
{
  GtkWidget *dialog = gtk_dialog_new_with_buttons (title, parent, GTK_DIALOG_MODAL,
                                                   _ ("_Cancel"), GTK_RESPONSE_CANCEL,
                                                   _ ("_OK"), GTK_RESPONSE_OK, NULL);
  GtkWidget *form = form_of (from, arguments);
  gboolean ok;

  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  gtk_container_set_border_width (GTK_CONTAINER (form), SPACING);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog))), form,
                      TRUE, TRUE, 0);
  gtk_widget_show_all (dialog);
  ok = gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_OK;
  gtk_widget_destroy (dialog);
  return ok;
}

static void
add_filters (GtkFileChooser *chooser)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Reports (PDF, HTML)"));
  for (guint i = 0; endings[i] != NULL; i++)
    {
      g_autofree char *pattern = g_strconcat ("*.", endings[i], NULL);
      gtk_file_filter_add_pattern (filter, pattern);
    }
  gtk_file_chooser_add_filter (chooser, filter);
}

/* Where @file lies, else the user's own folder. */
static void
set_folder (GtkFileChooser *chooser, const char *file)
{
  g_autofree char *folder = g_path_is_absolute (file) ? g_path_get_dirname (file)
                                                      : g_strdup (g_get_home_dir ());

  gtk_file_chooser_set_current_folder (chooser, folder);
}

static char *
suggested (const char *image)
{
  g_autofree char *base = g_path_get_basename (image);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  return g_strconcat (base, ".pdf", NULL);
}

gboolean
smear_records_ask_report (GtkWindow *parent, const char *title, const char *image,
                          const SmearArg *file, GVariantDict *arguments)
{
  GtkWidget *dialog = gtk_file_chooser_dialog_new (
      title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Cancel"), GTK_RESPONSE_CANCEL,
      _ ("_Save"), GTK_RESPONSE_ACCEPT, NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autofree char *name = suggested (image);
  g_autofree char *path = NULL;
  const char *before = "";

  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  gtk_file_chooser_set_do_overwrite_confirmation (chooser, TRUE);
  g_variant_dict_lookup (arguments, "file", "&s", &before);
  set_folder (chooser, g_path_is_absolute (before) ? before : image);
  gtk_file_chooser_set_current_name (chooser, name);
  add_filters (chooser);
  GtkWidget *form = form_of (file + 1, arguments);
  gtk_widget_show_all (form);
  gtk_file_chooser_set_extra_widget (chooser, form);
  path = smear_file_chooser_run (dialog, endings);
  gtk_widget_destroy (dialog);
  if (path == NULL)
    return FALSE;
  g_variant_dict_insert (arguments, "file", "s", path);
  return TRUE;
}

static gboolean
ask_report (const SmearProcedure *procedure, SmearHost *host, GVariantDict *arguments,
            const char *title)
{
  g_autoptr (GPtrArray) list = smear_kept_list (host, NULL);
  g_autofree char *path = host->image_path (host);
  g_auto (SmearScene) scene = { 0 };

  if (list == NULL || !host->describe (host, &scene, NULL)
      || !smear_scene_check (&scene, NULL))
    return TRUE;
  return smear_records_ask_report (NULL, title, path != NULL ? path : scene.name,
                                   find_arg (procedure, "file"), arguments);
}

/* As the settings are now, and without the choice to leave them so. */
static gboolean
ask_settings (const SmearProcedure *procedure, GVariantDict *arguments, const char *title)
{
  SmearArg shown[MOST_ARGUMENTS] = { { .name = NULL } };
  gint n = 0;

  for (const SmearArg *arg = procedure->arguments; arg->name && n < MOST_ARGUMENTS - 1;
       arg++, n++)
    {
      shown[n] = *arg;
      if (arg->kind == SMEAR_ARG_CHOICE)
        shown[n].choices++;
      if (arg->kind == SMEAR_ARG_INT)
        {
          shown[n].minimum = 0;
          shown[n].title = N_ ("Erase what is personal after so many days; 0 never");
        }
    }
  smear_history_settings_to_arguments (arguments);
  return smear_records_ask (NULL, title, shown, arguments);
}

gboolean
smear_records_dialog_has (const SmearProcedure *procedure)
{
  return procedure == &smear_procedure_report || procedure == &smear_procedure_feedback
         || procedure == &smear_procedure_history
         || procedure == &smear_procedure_history_settings;
}

gboolean
smear_records_dialog (const SmearProcedure *procedure, SmearHost *host,
                      GVariantDict *arguments)
{
  g_autofree char *title = smear_procedure_title (procedure);

  if (procedure == &smear_procedure_report)
    return ask_report (procedure, host, arguments, title);
  if (procedure == &smear_procedure_feedback)
    return smear_feedback_dialog (host, title, find_arg (procedure, "opinion"),
                                  arguments);
  if (procedure == &smear_procedure_history)
    {
      smear_history_window_run (host, title, arguments);
      return TRUE;
    }
  return ask_settings (procedure, arguments, title);
}
