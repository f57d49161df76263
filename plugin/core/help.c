#include "core/help.h"

char *
smear_help_path (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *home = g_path_get_dirname (program ? program : ".");

  /* The last language is always "C": the page without one in its name. */
  for (const char *const *language = g_get_language_names (); *language; language++)
    {
      g_autofree char *name = g_str_equal (*language, "C")
                                  ? g_strdup ("smearscope.html")
                                  : g_strdup_printf ("smearscope.%s.html", *language);
      char *path = g_build_filename (home, "help", name, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return path;
      g_free (path);
    }
  return NULL;
}
