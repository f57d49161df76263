/* Writing PNG: whole or not at all. */
#include "image-private.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>
#include <glib/gstdio.h>
#include <png.h>

typedef struct
{
  const char *path;
  FILE *file;
  png_structp png;
  png_infop info;
  int code; /* errno of the write that failed */
} Writer;

static void
fail (png_structp png, png_const_charp text)
{
  png_longjmp (png, 1);
}

static void
ignore (png_structp png, png_const_charp text)
{
}

static void
put (png_structp png, png_bytep data, size_t size)
{
  Writer *writer = png_get_io_ptr (png);
  if (fwrite (data, 1, size, writer->file) == size)
    return;
  writer->code = errno;
  png_longjmp (png, 1);
}

static void
flush (png_structp png)
{
}

static gboolean
write_all (Writer *writer, const guint8 *pixels, gint width, gint height, gint channels,
           gdouble um_per_pixel)
{
  if (setjmp (png_jmpbuf (writer->png)))
    return FALSE;
  png_set_write_fn (writer->png, writer, put, flush);
  png_set_user_limits (writer->png, G_MAXINT32, G_MAXINT32);
  /* A photograph gains little beyond this level, and a batch writes thousands. */
  png_set_compression_level (writer->png, 4);
  png_set_IHDR (writer->png, writer->info, (png_uint_32)width, (png_uint_32)height, 8,
                channels == 1   ? PNG_COLOR_TYPE_GRAY
                : channels == 3 ? PNG_COLOR_TYPE_RGB
                                : PNG_COLOR_TYPE_RGBA,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB (writer->png, writer->info, PNG_sRGB_INTENT_PERCEPTUAL);
  if (um_per_pixel > 0)
    {
      png_uint_32 per_metre = (png_uint_32)CLAMP (1e6 / um_per_pixel + 0.5, 1,
                                                  G_MAXINT32);
      png_set_pHYs (writer->png, writer->info, per_metre, per_metre,
                    PNG_RESOLUTION_METER);
    }
  png_write_info (writer->png, writer->info);
  for (gint y = 0; y < height; y++)
    png_write_row (writer->png, pixels + (gsize)y * width * channels);
  png_write_end (writer->png, NULL);
  return TRUE;
}

/* Sets @writer->code where the system, not libpng, was at fault. */
static gboolean
write_file (Writer *writer, const guint8 *pixels, gint width, gint height, gint channels,
            gdouble um_per_pixel)
{
  writer->png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, fail, ignore);
  if (writer->png)
    writer->info = png_create_info_struct (writer->png);
  gboolean ok = writer->info
                && write_all (writer, pixels, width, height, channels, um_per_pixel);
  png_destroy_write_struct (&writer->png, &writer->info);
  if (fclose (writer->file) != 0 && ok)
    {
      writer->code = errno;
      ok = FALSE;
    }
  return ok;
}

static gboolean
save (const char *path, const guint8 *pixels, gint width, gint height, gint channels,
      gdouble um_per_pixel, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  Writer writer = { .path = path };

  int fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO,
                   "%s: cannot be written: %s; choose another folder", path,
                   g_strerror (errno));
      return FALSE;
    }
  writer.file = fdopen (fd, "wb");
  if (!writer.file)
    {
      writer.code = errno;
      close (fd);
    }
  else if (write_file (&writer, pixels, width, height, channels, um_per_pixel))
    {
      if (g_rename (temporary, path) == 0)
        return TRUE;
      writer.code = errno;
    }
  g_unlink (temporary);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot be written: %s", path,
               writer.code ? g_strerror (writer.code) : "libpng refused");
  return FALSE;
}

gboolean
smear_png_write (const char *path, const guint8 *pixels, gint width, gint height,
                 gint channels, GError **error)
{
  g_return_val_if_fail (path != NULL && pixels != NULL && width > 0 && height > 0, FALSE);
  g_return_val_if_fail (channels == 1 || channels == 3 || channels == 4, FALSE);
  return save (path, pixels, width, height, channels, 0, error);
}

gboolean
smear_image_save_png (SmearImage *image, const char *path, GError **error)
{
  g_return_val_if_fail (image != NULL && path != NULL, FALSE);
  return save (path, image->pixels, image->width, image->height, 3, image->um_per_pixel,
               error);
}
