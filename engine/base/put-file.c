#include "base/put-file.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

gboolean
smear_is_special (const char *path)
{
  struct stat there;

  return stat (path, &there) == 0 && !S_ISREG (there.st_mode) && !S_ISDIR (there.st_mode);
}

gboolean
smear_put_file (const char *path, const char *data, gsize length, gint mode,
                GError **error)
{
  if (!smear_is_special (path))
    return g_file_set_contents_full (
        path, data, (gssize)length,
        G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode, error);

  FILE *file = fopen (path, "we");
  gboolean ok = file != NULL && fwrite (data, 1, length, file) == length;
  gint code = errno;
  if (file != NULL && fclose (file) != 0 && ok)
    {
      ok = FALSE;
      code = errno;
    }
  if (!ok)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", path,
                 g_strerror (code));
  return ok;
}
