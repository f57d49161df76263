#include "base/folder.h"

#include <string.h>

static gint
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
smear_folder_names (const char *folder, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (GDir) handle = g_dir_open (folder, 0, &failed);
  if (handle == NULL)
    {
      g_set_error_literal (error, SMEAR_ERROR, SMEAR_ERROR_IO, failed->message);
      return NULL;
    }
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name; (name = g_dir_read_name (handle));)
    if (name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare);
  return names;
}
