#include "records/output-lock.h"

#include "base/remedy.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

struct _SmearOutputLock
{
  char *path;
  gint fd;
};

/* The holder removes the file when it ends, so the one just locked may be an orphan. */
static gboolean
still_there (gint fd, const char *path)
{
  struct stat held, named;
  return fstat (fd, &held) == 0 && stat (path, &named) == 0 && held.st_dev == named.st_dev
         && held.st_ino == named.st_ino;
}

SmearOutputLock *
smear_output_lock_new (const char *path, const char *output, GError **error)
{
  g_autofree char *name = g_filename_display_name (output);
  for (;;)
    {
      gint fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0666);
      if (fd < 0)
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s%s", name,
                       g_strerror (errno), smear_io_remedy (errno, FALSE));
          return NULL;
        }
      /* File systems without locks get none, rather than no output. */
      if (flock (fd, LOCK_EX | LOCK_NB) == 0 || (errno != EWOULDBLOCK && errno != EINTR))
        {
          if (still_there (fd, path))
            {
              SmearOutputLock *lock = g_new (SmearOutputLock, 1);
              *lock = (SmearOutputLock){ g_strdup (path), fd };
              return lock;
            }
          close (fd);
          continue;
        }
      close (fd);
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO,
                   "%s: another run is writing to it; wait for its end or choose another "
                   "name",
                   name);
      return NULL;
    }
}

void
smear_output_lock_free (SmearOutputLock *lock)
{
  if (lock == NULL)
    return;
  g_unlink (lock->path);
  close (lock->fd);
  g_free (lock->path);
  g_free (lock);
}
