#include "pipeline/weights-path.h"

#include <gio/gio.h>
#include <smearscope/error.h>
#include <smearscope/model.h>
#include <dlfcn.h>
#include <string.h>

#define ENDING ".safetensors"

/* The folder of the program or plug-in this code was linked into. */
static char *
own_folder (void)
{
  Dl_info info = { 0 };
  g_autofree char *exe = g_file_read_link ("/proc/self/exe", NULL);
  gboolean known = dladdr (own_folder, &info) != 0 && info.dli_fname != NULL;

  if (exe != NULL && (!known || !g_path_is_absolute (info.dli_fname)))
    return g_path_get_dirname (exe);
  return known ? g_path_get_dirname (info.dli_fname) : g_strdup (".");
}

char **
smear_weights_folders (void)
{
  GPtrArray *folders = g_ptr_array_new ();
  g_autofree char *own = own_folder ();
  const char *set = g_getenv ("SMEARSCOPE_WEIGHTS");
  const char *const *system = g_get_system_data_dirs ();

  if (set != NULL)
    g_ptr_array_add (folders, g_strdup (set));
  g_ptr_array_add (folders, g_build_filename (own, "weights", NULL));
  g_ptr_array_add (folders, g_build_filename (own, "..", "weights", NULL));
  g_ptr_array_add (folders, g_build_filename (own, "..", "..", "weights", NULL));
  g_ptr_array_add (folders,
                   g_build_filename (own, "..", "share", "smearscope", "weights", NULL));
  g_ptr_array_add (
      folders, g_build_filename (g_get_user_data_dir (), "smearscope", "weights", NULL));
  for (gint i = 0; system[i] != NULL; i++)
    g_ptr_array_add (folders,
                     g_build_filename (system[i], "smearscope", "weights", NULL));
  g_ptr_array_add (folders, NULL);
  return (char **)g_ptr_array_free (folders, FALSE);
}

char *
smear_weights_find (const char *name, GError **error)
{
  g_auto (GStrv) folders = smear_weights_folders ();
  const char *wanted = name != NULL && name[0] != '\0' ? name : SMEAR_DEFAULT_MODEL;
  g_autofree char *file = g_strconcat (wanted, ENDING, NULL);

  if (strchr (wanted, '/') != NULL || g_str_has_suffix (wanted, ENDING))
    return g_strdup (wanted); /* opening it will say what is wrong */
  for (gint i = 0; folders[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folders[i], file, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_canonicalize_filename (path, NULL);
    }
  g_autofree char *looked = g_strjoinv (", ", folders);
  g_set_error (
      error, SMEAR_ERROR, SMEAR_ERROR_IO,
      "no model named “%s”; looked for %s in %s. Set SMEARSCOPE_WEIGHTS or give a path",
      wanted, file, looked);
  return NULL;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

char **
smear_model_list (void)
{
  g_auto (GStrv) folders = smear_weights_folders ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *names = g_ptr_array_new ();

  for (gint i = 0; folders[i] != NULL; i++)
    {
      g_autoptr (GDir) dir = g_dir_open (folders[i], 0, NULL);
      const char *file;
      while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
        if (g_str_has_suffix (file, ENDING))
          {
            char *name = g_strndup (file, strlen (file) - strlen (ENDING));
            if (g_hash_table_contains (seen, name))
              {
                g_free (name);
                continue;
              }
            g_hash_table_add (seen, name);
            g_ptr_array_add (names, name);
          }
    }
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (names, FALSE);
}
