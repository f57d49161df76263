#include "core/texts.h"

#include <gio/gio.h>
#include <libintl.h>

/* The catalogues stand beside the program, wherever that was installed. */
const char *
smear_text_folder (void)
{
  static char *folder;

  if (g_once_init_enter (&folder))
    {
      g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
      g_autofree char *home = g_path_get_dirname (program ? program : ".");
      char *beside = g_build_filename (home, "locale", NULL);

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

const char *
smear_text_n (const char *one, const char *many, gulong n)
{
  smear_text_folder ();
  return g_dngettext (SMEAR_DOMAIN, one, many, n);
}
