#include "gtk/file-dialog.h"

#include <string.h>

#include "core/labels.h"
#include "core/texts.h"

static const char *const formats[] = { "geojson", "csv", "jsonl", NULL };

static void
add_formats (GtkFileChooser *chooser)
{
  for (guint i = 0; formats[i] != NULL; i++)
    {
      g_autofree char *pattern = g_strconcat ("*.", formats[i], NULL);
      GtkFileFilter *filter = gtk_file_filter_new ();

      gtk_file_filter_set_name (filter, smear_choice_label (formats[i]));
      gtk_file_filter_add_pattern (filter, pattern);
      g_object_set_data (G_OBJECT (filter), "smear-format", (gpointer)formats[i]);
      gtk_file_chooser_add_filter (chooser, filter);
    }
}

static const char *
ending_of (const char *path, const char *const *endings)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (; *endings != NULL; endings++)
    {
      g_autofree char *ending = g_strconcat (".", *endings, NULL);
      if (g_str_has_suffix (lower, ending))
        return *endings;
    }
  return NULL;
}

static char *
without_ending (const char *name)
{
  g_autofree char *base = g_path_get_basename (name);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  return g_steal_pointer (&base);
}

static void
suggest (GtkFileChooser *chooser, const char *image_name, const char *before)
{
  const char *format = before != NULL ? ending_of (before, formats) : NULL;
  g_autofree char *base = without_ending (image_name != NULL ? image_name : "smear");
  g_autofree char *name = g_strdup_printf ("%s.%s", base, format ? format : formats[0]);

  gtk_file_chooser_set_current_name (chooser, name);
  if (before != NULL && g_path_is_absolute (before))
    {
      g_autofree char *folder = g_path_get_dirname (before);
      gtk_file_chooser_set_current_folder (chooser, folder);
    }
}

/* The name says which format is meant: another filter means another ending. */
static void
on_format (GObject *object, GParamSpec *spec, gpointer user_data)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (object);
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);
  g_autofree char *path = gtk_file_chooser_get_filename (chooser);
  g_autofree char *base = NULL, *name = NULL;

  if (filter == NULL || path == NULL)
    return;
  base = without_ending (path);
  name = g_strdup_printf ("%s.%s", base,
                          (char *)g_object_get_data (G_OBJECT (filter), "smear-format"));
  gtk_file_chooser_set_current_name (chooser, name);
}

/* The chooser has asked about the name as it was typed: with its ending it may be that of
 * another file, which the chooser then has to ask about. */
char *
smear_file_chooser_run (GtkWidget *dialog, const char *const *endings)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);

  while (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_ACCEPT)
    {
      g_autofree char *typed = gtk_file_chooser_get_filename (chooser);
      g_autofree char *path = NULL, *folder = NULL, *name = NULL;

      if (typed == NULL || ending_of (typed, endings) != NULL)
        return g_steal_pointer (&typed);
      path = g_strdup_printf ("%s.%s", typed, endings[0]);
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
      folder = g_path_get_dirname (path);
      name = g_filename_display_basename (path);
      gtk_file_chooser_set_current_folder (chooser, folder);
      gtk_file_chooser_set_current_name (chooser, name);
    }
  return NULL;
}

char *
smear_file_dialog (const char *title, const char *image_name, const char *before)
{
  GtkWidget *dialog = gtk_file_chooser_dialog_new (
      title, NULL, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Cancel"), GTK_RESPONSE_CANCEL,
      _ ("_Save"), GTK_RESPONSE_ACCEPT, NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  char *path;

  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  gtk_file_chooser_set_do_overwrite_confirmation (chooser, TRUE);
  add_formats (chooser);
  suggest (chooser, image_name, before);
  g_signal_connect (chooser, "notify::filter", G_CALLBACK (on_format), NULL);
  path = smear_file_chooser_run (dialog, formats);
  gtk_widget_destroy (dialog);
  return path;
}
