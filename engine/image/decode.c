/* Which decoder: told by the first bytes, never by the name. */
#include "image-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The largest compressed file worth reading whole: pixels at the limit, 16-bit, with
 * alpha. */
#define MAX_FILE_BYTES (SMEAR_IMAGE_MAX_PIXELS * 8)

typedef enum
{
  KIND_UNKNOWN,
  KIND_JPEG,
  KIND_PNG,
  KIND_TIFF
} Kind;

static Kind
kind_of (const guint8 *head, gsize size)
{
  if (size >= 3 && memcmp (head, "\xff\xd8\xff", 3) == 0)
    return KIND_JPEG;
  if (size >= 8 && memcmp (head, "\x89PNG\r\n\x1a\n", 8) == 0)
    return KIND_PNG;
  if (size >= 4
      && (memcmp (head, "II*\0", 4) == 0 || memcmp (head, "MM\0*", 4) == 0
          || memcmp (head, "II+\0", 4) == 0 || memcmp (head, "MM\0+", 4) == 0))
    return KIND_TIFF;
  return KIND_UNKNOWN;
}

static SmearImage *
decode (Kind kind, const guint8 *data, gsize size, const char *name, GError **error)
{
  switch (kind)
    {
    case KIND_JPEG:
      return smear_decode_jpeg (data, size, name, error);
    case KIND_PNG:
      return smear_decode_png (data, size, name, error);
    case KIND_TIFF:
      return smear_decode_tiff (data, size, name, error);
    case KIND_UNKNOWN:
      break;
    }
  if (size == 0)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT, "%s: the file is empty", name);
  else
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED,
                 "%s: neither JPEG, PNG nor TIFF; convert it to one of these", name);
  return NULL;
}

SmearImage *
smear_image_load_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  return decode (kind_of (data, size), data, size, name, error);
}

static void
set_errno (GError **error, const char *path, const char *what, int code)
{
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s: %s", path, what,
               g_strerror (code));
}

/* Reads up to @size bytes at the file's position. Returns: how many, or -1 with @error
 * set. */
static gssize
read_fully (int fd, guint8 *data, gsize size, const char *path, GError **error)
{
  gsize done = 0;
  while (done < size)
    {
      gssize n = read (fd, data + done, size - done);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_errno (error, path, "cannot be read", errno);
          return -1;
        }
      if (n == 0)
        break;
      done += (gsize)n;
    }
  return (gssize)done;
}

/*
 * JPEG and PNG are read whole rather than mapped: a file that shrinks meanwhile is then a
 * truncated file, not a bus error. A TIFF may be a scan of gigabytes, so it is read by
 * need.
 */
static SmearImage *
load_fd (int fd, const char *path, GError **error)
{
  struct stat st;
  if (fstat (fd, &st) != 0)
    {
      set_errno (error, path, "cannot be read", errno);
      return NULL;
    }
  if (!S_ISREG (st.st_mode))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: not a regular file", path);
      return NULL;
    }

  guint8 head[8];
  gssize n = read_fully (fd, head, sizeof head, path, error);
  if (n < 0)
    return NULL;
  Kind kind = kind_of (head, (gsize)n);
  if (kind == KIND_TIFF)
    return smear_decode_tiff_fd (fd, path, error);
  if (kind == KIND_UNKNOWN)
    return decode (kind, head, (gsize)n, path, error);
  if (st.st_size > MAX_FILE_BYTES)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "%s: %" G_GINT64_FORMAT " bytes are too many for one JPEG or PNG; "
                   "convert it to a tiled TIFF",
                   path, (gint64)st.st_size);
      return NULL;
    }

  g_autofree guint8 *data = g_try_malloc ((gsize)st.st_size);
  if (!data)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "%s: not enough memory for its %" G_GINT64_FORMAT " bytes", path,
                   (gint64)st.st_size);
      return NULL;
    }
  gsize head_size = MIN ((gsize)n, (gsize)st.st_size);
  memcpy (data, head, head_size);
  gssize rest = read_fully (fd, data + head_size, (gsize)st.st_size - head_size, path,
                            error);
  if (rest < 0)
    return NULL;
  return decode (kind, data, head_size + (gsize)rest, path, error);
}

SmearImage *
smear_image_load (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  /* O_NONBLOCK: a fifo in a folder of images must not hold the whole batch up. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    {
      set_errno (error, path, "cannot be opened", errno);
      return NULL;
    }
  SmearImage *image = load_fd (fd, path, error);
  close (fd);
  return image;
}
