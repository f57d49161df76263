/* Files appear whole or not at all: written beside their place, then moved into it. */
#include "image-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <glib/gstdio.h>

gboolean
smear_save (const char *path, SmearSaveFunc save, gpointer what, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO,
                   "%s: cannot be written: %s; choose another folder", path,
                   g_strerror (errno));
      return FALSE;
    }

  gint code = save (fd, what);
  if (close (fd) != 0 && code == 0)
    code = errno;
  if (code == 0 && g_rename (temporary, path) != 0)
    code = errno;
  if (code == 0)
    return TRUE;
  g_unlink (temporary);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot be written: %s", path,
               g_strerror (code));
  return FALSE;
}

gint
smear_write_fully (gint fd, const guint8 *data, gsize size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return n < 0 ? errno : EIO;
      data += n;
      size -= (gsize)n;
    }
  return 0;
}
