/* Files appear whole or not at all: written beside their place, then moved into it. */
#include "image-private.h"

#include "base/put-file.h"
#include "base/remedy.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <glib/gstdio.h>

/* A file without a name, where the file system has such: if the program dies there is
 * nothing to clear away. Otherwise one with a name of its own, in @temporary. */
static int
open_unnamed (const char *path, char **temporary)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);

  if (fd >= 0)
    return fd;
  *temporary = g_strconcat (path, ".XXXXXX", NULL);
  return g_mkstemp_full (*temporary, O_RDWR | O_CLOEXEC, 0666);
}

/* Gives the unnamed file a name, and leaves it in @temporary where @path is taken. */
static gint
name_file (int fd, const char *path, char **temporary)
{
  g_autofree char *self = g_strdup_printf ("/proc/self/fd/%d", fd);

  if (linkat (AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0)
    return 0;
  while (errno == EEXIST)
    {
      g_free (*temporary);
      *temporary = g_strdup_printf ("%s.%08x", path, g_random_int ());
      if (linkat (AT_FDCWD, self, AT_FDCWD, *temporary, AT_SYMLINK_FOLLOW) == 0)
        return 0;
    }
  return errno;
}

gboolean
smear_save (const char *path, SmearSaveFunc save, gpointer what, GError **error)
{
  g_autofree char *temporary = NULL;
  gboolean special = smear_is_special (path);
  int fd = special ? open (path, O_WRONLY | O_CLOEXEC) : open_unnamed (path, &temporary);
  if (fd < 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot be written: %s%s",
                   path, g_strerror (errno), smear_io_remedy (errno, FALSE));
      return FALSE;
    }

  gint code = save (fd, what);
  if (code == 0 && temporary == NULL && !special)
    code = name_file (fd, path, &temporary);
  if (close (fd) != 0 && code == 0)
    code = errno;
  if (code == 0 && temporary != NULL && g_rename (temporary, path) != 0)
    code = errno;
  if (code == 0)
    return TRUE;
  if (temporary != NULL)
    g_unlink (temporary);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot be written: %s%s", path,
               g_strerror (code), smear_io_remedy (code, FALSE));
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
