#include "core/texts.h"

#include <gio/gio.h>
#include <libintl.h>

#ifndef SMEAR_LOCALE_DIR
#define SMEAR_LOCALE_DIR "/usr/share/locale"
#endif

/* A plug-in in the user's folder carries its catalogues with it; a system one shares
 * them. */
const char *
smear_text_folder (void)
{
  static char *folder;

  if (g_once_init_enter (&folder))
    {
      g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
      g_autofree char *home = g_path_get_dirname (program ? program : ".");
      char *beside = g_build_filename (home, "locale", NULL);

      if (!g_file_test (beside, G_FILE_TEST_IS_DIR))
        {
          g_free (beside);
          beside = g_strdup (SMEAR_LOCALE_DIR);
        }
      bindtextdomain (SMEAR_DOMAIN, beside);
      bind_textdomain_codeset (SMEAR_DOMAIN, "UTF-8");
      g_once_init_leave (&folder, beside);
    }
  return folder;
}

const char *
smear_text (const char *text)
{
  smear_text_folder ();
  return g_dgettext (SMEAR_DOMAIN, text);
}
