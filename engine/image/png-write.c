/* Writing PNG. */
#include "image-private.h"

#include <errno.h>
#include <setjmp.h>
#include <string.h>
#include <png.h>

typedef struct
{
  const guint8 *pixels;
  gint width, height, channels;
  gdouble um_per_pixel;
  gint fd;
  gint code; /* errno of the write that failed */
  gsize waiting;
  guint8 buffer[1 << 16];
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
flush (png_structp png)
{
  Writer *writer = png_get_io_ptr (png);
  writer->code = smear_write_fully (writer->fd, writer->buffer, writer->waiting);
  writer->waiting = 0;
  if (writer->code)
    png_longjmp (png, 1);
}

static void
put (png_structp png, png_bytep data, size_t size)
{
  Writer *writer = png_get_io_ptr (png);
  while (size > 0)
    {
      gsize n = MIN (size, sizeof writer->buffer - writer->waiting);
      memcpy (writer->buffer + writer->waiting, data, n);
      writer->waiting += n;
      data += n;
      size -= n;
      if (writer->waiting == sizeof writer->buffer)
        flush (png);
    }
}

static void
write_all (Writer *writer, png_structp png, png_infop info)
{
  if (setjmp (png_jmpbuf (png)))
    {
      /* Without a system error only memory can have run out. */
      writer->code = writer->code ? writer->code : ENOMEM;
      return;
    }
  png_set_write_fn (png, writer, put, flush);
  png_set_user_limits (png, G_MAXINT32, G_MAXINT32);
  /* A photograph gains little beyond this level, and a batch writes thousands. */
  png_set_compression_level (png, 4);
  png_set_IHDR (png, info, (png_uint_32)writer->width, (png_uint_32)writer->height, 8,
                writer->channels == 1   ? PNG_COLOR_TYPE_GRAY
                : writer->channels == 3 ? PNG_COLOR_TYPE_RGB
                                        : PNG_COLOR_TYPE_RGBA,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB (png, info, PNG_sRGB_INTENT_PERCEPTUAL);
  if (writer->um_per_pixel > 0)
    {
      png_uint_32 per_metre = (png_uint_32)CLAMP (1e6 / writer->um_per_pixel + 0.5, 1,
                                                  G_MAXINT32);
      png_set_pHYs (png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
    }
  png_write_info (png, info);
  for (gint y = 0; y < writer->height; y++)
    png_write_row (png, writer->pixels + (gsize)y * writer->width * writer->channels);
  png_write_end (png, NULL);
  flush (png);
}

static gint
write_png (gint fd, gpointer what)
{
  Writer *writer = what;
  png_infop info = NULL;
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, fail, ignore);

  writer->fd = fd;
  writer->code = ENOMEM;
  if (png)
    info = png_create_info_struct (png);
  if (info)
    {
      writer->code = 0;
      write_all (writer, png, info);
    }
  png_destroy_write_struct (&png, &info);
  return writer->code;
}

static gboolean
save (const char *path, const guint8 *pixels, gint width, gint height, gint channels,
      gdouble um_per_pixel, GError **error)
{
  g_autofree Writer *writer = g_new (Writer, 1);
  *writer = (Writer){ .pixels = pixels,
                      .width = width,
                      .height = height,
                      .channels = channels,
                      .um_per_pixel = um_per_pixel };
  return smear_save (path, write_png, writer, error);
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
