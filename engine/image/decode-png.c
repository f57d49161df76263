/* PNG through libpng: every depth and colour type becomes 8-bit RGB, alpha lies on white.
 */
#include "image-private.h"

#include <setjmp.h>
#include <string.h>
#include <png.h>

typedef struct
{
  png_structp png;
  png_infop info;
  const guint8 *data;
  gsize size, at;
  const char *name;
  GError **error;
  SmearImage *image;
  guint8 *rgba; /* only with alpha */
} Reader;

static void
fail (png_structp png, png_const_charp text)
{
  Reader *reader = png_get_error_ptr (png);
  if (reader->error && !*reader->error)
    g_set_error (reader->error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                 "%s: the PNG is damaged (%s)", reader->name, text);
  png_longjmp (png, 1);
}

static void
ignore (png_structp png, png_const_charp text)
{
}

static void
feed (png_structp png, png_bytep out, size_t wanted)
{
  Reader *reader = png_get_io_ptr (png);
  if (wanted > reader->size - reader->at)
    {
      g_set_error (reader->error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   "%s: the PNG is truncated; copy it again from its source",
                   reader->name);
      png_longjmp (png, 1);
    }
  memcpy (out, reader->data + reader->at, wanted);
  reader->at += wanted;
}

static void
read_tags (Reader *reader, SmearTags *tags)
{
  png_uint_32 x, y, n;
  png_bytep exif;
  int unit;

  if (png_get_eXIf_1 (reader->png, reader->info, &n, &exif))
    smear_exif_read (exif, n, tags);
  if (png_get_pHYs (reader->png, reader->info, &x, &y, &unit)
      && unit == PNG_RESOLUTION_METER)
    {
      tags->um_x = smear_resolution_to_um (x / 100.0, 3);
      tags->um_y = smear_resolution_to_um (y / 100.0, 3);
    }
}

static void
lay_on_white (const guint8 *rgba, gsize n, guint8 *rgb)
{
  for (gsize i = 0; i < n; i++, rgba += 4, rgb += 3)
    for (gint c = 0; c < 3; c++)
      rgb[c] = (guint8)((rgba[c] * rgba[3] + 255 * (255 - rgba[3]) + 127) / 255);
}

static void
ask_for_rgb8 (Reader *reader)
{
  png_set_expand (reader->png);
  png_set_scale_16 (reader->png);
  png_set_gray_to_rgb (reader->png);
}

static gboolean
read_all (Reader *reader, SmearTags *tags)
{
  if (setjmp (png_jmpbuf (reader->png)))
    return FALSE;

  png_set_read_fn (reader->png, reader, feed);
  png_set_user_limits (reader->png, G_MAXINT32, G_MAXINT32); /* ours comes below */
  png_set_chunk_malloc_max (reader->png, 16 << 20);
  png_read_info (reader->png, reader->info);

  png_uint_32 width = png_get_image_width (reader->png, reader->info);
  png_uint_32 height = png_get_image_height (reader->png, reader->info);
  gboolean alpha = (png_get_color_type (reader->png, reader->info) & PNG_COLOR_MASK_ALPHA)
                   || png_get_valid (reader->png, reader->info, PNG_INFO_tRNS);
  reader->image = smear_image_new_named (reader->name, width, height, reader->error);
  if (!reader->image)
    return FALSE;

  ask_for_rgb8 (reader);
  int passes = png_set_interlace_handling (reader->png);
  png_read_update_info (reader->png, reader->info);
  guint8 *pixels = reader->image->pixels;
  gsize stride = (gsize)width * (alpha ? 4 : 3);
  if (png_get_rowbytes (reader->png, reader->info) != stride)
    png_error (reader->png, "unexpected layout");
  if (alpha)
    {
      /* One row is enough unless the passes of an interlaced file have to be gathered. */
      reader->rgba = g_try_malloc0_n (passes > 1 ? height : 1, stride);
      if (!reader->rgba)
        png_error (reader->png, "not enough memory");
    }

  for (int pass = 0; pass < passes; pass++)
    for (png_uint_32 y = 0; y < height; y++)
      {
        guint8 *row = !alpha       ? pixels + y * stride
                      : passes > 1 ? reader->rgba + y * stride
                                   : reader->rgba;
        png_read_row (reader->png, row, NULL);
        if (alpha && pass == passes - 1)
          lay_on_white (row, width, pixels + (gsize)y * width * 3);
      }
  png_read_end (reader->png, reader->info);
  read_tags (reader, tags); /* eXIf may follow the pixels */
  return TRUE;
}

SmearImage *
smear_decode_png (const guint8 *data, gsize size, const char *name, GError **error)
{
  GError *failure = NULL;
  Reader reader = { .data = data, .size = size, .name = name, .error = &failure };
  SmearTags tags = { 0 };
  SmearImage *image = NULL;

  reader.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &reader, fail, ignore);
  if (reader.png)
    reader.info = png_create_info_struct (reader.png);
  if (reader.info && read_all (&reader, &tags))
    image = smear_image_finish (g_steal_pointer (&reader.image), &tags, &failure);
  else if (!failure)
    g_set_error (&failure, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: libpng cannot be used",
                 name);

  png_destroy_read_struct (&reader.png, &reader.info, NULL);
  smear_image_unref (reader.image);
  g_free (reader.rgba);
  if (failure)
    g_propagate_error (error, failure);
  return image;
}
