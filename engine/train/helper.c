#include "train/helper.h"

#include <smearscope/error.h>

char *
smear_helper_find (const char *name, GError **error)
{
  g_autofree char *exe = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *own = exe != NULL ? g_path_get_dirname (exe) : g_strdup (".");
  const char *set = g_getenv ("SMEARSCOPE_SCRIPTS");
  char *const folders[] = {
    g_strdup (set != NULL ? set : own), g_build_filename (own, "..", "scripts", NULL),
    g_build_filename (own, "..", "..", "scripts", NULL),
    g_build_filename (own, "..", "share", "smearscope", "scripts", NULL)
  };
  char *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (folders[i], name, NULL);
      if (found == NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR))
        found = g_canonicalize_filename (path, NULL);
      g_free (folders[i]);
    }
  if (found == NULL)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO,
                 "the script %s was not found; set SMEARSCOPE_SCRIPTS to its folder",
                 name);
  return found;
}

const char *
smear_helper_python (void)
{
  const char *system = "/usr/bin/python3";

  return g_file_test (system, G_FILE_TEST_IS_EXECUTABLE) ? system : "python3";
}
