/* Pictures made for tests, and encoders that write them every way a decoder must read. */
#pragma once

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <jpeglib.h>
#include <png.h>
#include <tiffio.h>
#include <unistd.h>

#include <smearscope/image.h>

/* A value that differs from pixel to pixel and channel to channel, but smoothly. */
static inline guint8
picture_at (gint x, gint y, gint channel)
{
  return (guint8)(40
                  + (channel == 0   ? 3 * x + y
                     : channel == 1 ? x + 4 * y
                     : channel == 2 ? 2 * x + 2 * y
                                    : 5 * x + y)
                        % 200);
}

/* The bytes of a file, which is then removed. */
static inline GBytes *
picture_take (const char *path)
{
  char *data;
  gsize size;
  ck_assert (g_file_get_contents (path, &data, &size, NULL));
  g_unlink (path);
  return g_bytes_new_take (data, size);
}

/* The name of a new, empty file. */
static inline char *
picture_temporary (void)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("smearscope-picture-XXXXXX", &path, NULL);
  ck_assert_int_ge (fd, 0);
  close (fd);
  return path;
}

/* @samples: @components a pixel. @exif: a whole APP1 payload or NULL. */
static inline GBytes *
picture_jpeg (const guint8 *samples, gint width, gint height, gint components,
              J_COLOR_SPACE space, gboolean progressive, GBytes *exif)
{
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  unsigned char *data = NULL;
  unsigned long size = 0;

  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &data, &size);
  jpeg.image_width = (JDIMENSION)width;
  jpeg.image_height = (JDIMENSION)height;
  jpeg.input_components = components;
  jpeg.in_color_space = components == 1   ? JCS_GRAYSCALE
                        : components == 3 ? JCS_RGB
                                          : JCS_CMYK;
  jpeg_set_defaults (&jpeg);
  jpeg_set_colorspace (&jpeg, space);
  jpeg_set_quality (&jpeg, 98, TRUE);
  for (int i = 0; i < components; i++)
    jpeg.comp_info[i].h_samp_factor = jpeg.comp_info[i].v_samp_factor = 1;
  if (progressive)
    jpeg_simple_progression (&jpeg);
  jpeg_start_compress (&jpeg, TRUE);
  if (exif)
    jpeg_write_marker (&jpeg, JPEG_APP0 + 1, g_bytes_get_data (exif, NULL),
                       (unsigned)g_bytes_get_size (exif));
  for (gint y = 0; y < height; y++)
    {
      JSAMPROW row = (JSAMPROW)samples + (gsize)y * width * components;
      jpeg_write_scanlines (&jpeg, &row, 1);
    }
  jpeg_finish_compress (&jpeg);
  jpeg_destroy_compress (&jpeg);
  GBytes *bytes = g_bytes_new (data, size);
  free (data);
  return bytes;
}

/* A picture of picture_at(), as a plain JPEG. */
static inline GBytes *
picture_jpeg_rgb (gint width, gint height, gboolean progressive, GBytes *exif)
{
  g_autofree guint8 *samples = g_malloc ((gsize)width * height * 3);
  for (gint i = 0; i < width * height * 3; i++)
    samples[i] = picture_at (i / 3 % width, i / 3 / width, i % 3);
  return picture_jpeg (samples, width, height, 3, JCS_YCbCr, progressive, exif);
}

/* @rows: packed as PNG packs them, 16-bit samples with the high byte first. */
typedef struct
{
  gint width, height, depth, type;
  gboolean interlaced;
  const guint8 *rows;
  gsize stride;
  png_color *palette;
  gint n_palette;
  guint8 *transparency; /* of the palette */
  gint n_transparency;
  png_color_16 *transparent; /* the colour that is, of other types */
  GBytes *exif;
  guint32 pixels_per_metre;
} PicturePng;

static inline GBytes *
picture_png (const PicturePng *what)
{
  g_autofree char *path = picture_temporary ();
  FILE *file = fopen (path, "wb");
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);

  png_init_io (png, file);
  png_set_IHDR (png, info, (png_uint_32)what->width, (png_uint_32)what->height,
                what->depth, what->type,
                what->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (what->palette)
    png_set_PLTE (png, info, what->palette, what->n_palette);
  if (what->transparency || what->transparent)
    png_set_tRNS (png, info, what->transparency, what->n_transparency, what->transparent);
  if (what->exif)
    png_set_eXIf_1 (png, info, (png_uint_32)g_bytes_get_size (what->exif),
                    (png_bytep)g_bytes_get_data (what->exif, NULL));
  if (what->pixels_per_metre)
    png_set_pHYs (png, info, what->pixels_per_metre, what->pixels_per_metre,
                  PNG_RESOLUTION_METER);
  png_write_info (png, info);
  for (int pass = png_set_interlace_handling (png); pass > 0; pass--)
    for (gint y = 0; y < what->height; y++)
      png_write_row (png, what->rows + y * what->stride);
  png_write_end (png, info);
  png_destroy_write_struct (&png, &info);
  fclose (file);
  return picture_take (path);
}

/* @samples: host order, as wide as @depth says. */
typedef struct
{
  gint width, height, depth, channels;
  gint photometric, compression, predictor, planar, orientation;
  gint tile, rows_per_strip; /* one of the two, 0 for the other */
  gint extra;                /* EXTRASAMPLE_… of the last channel, -1 for none */
  gboolean big, other_endian;
  const void *samples;
  guint16 *palette; /* red, green, blue, 256 each */
  gdouble um_per_pixel;
} PictureTiff;

static inline void
picture_tiff_describe (TIFF *tiff, const PictureTiff *what)
{
  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, what->width);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, what->height);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, what->depth);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, what->channels);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, what->photometric);
  TIFFSetField (tiff, TIFFTAG_COMPRESSION, what->compression);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, what->planar ? what->planar : 1);
  TIFFSetField (tiff, TIFFTAG_ORIENTATION, what->orientation ? what->orientation : 1);
  if (what->predictor)
    TIFFSetField (tiff, TIFFTAG_PREDICTOR, what->predictor);
  if (what->compression == COMPRESSION_JPEG)
    {
      TIFFSetField (tiff, TIFFTAG_JPEGQUALITY, 98);
      if (what->photometric == PHOTOMETRIC_YCBCR)
        {
          TIFFSetField (tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
          TIFFSetField (tiff, TIFFTAG_YCBCRSUBSAMPLING, 1, 1);
        }
    }
  if (what->extra >= 0)
    {
      guint16 kind = (guint16)what->extra;
      TIFFSetField (tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
    }
  if (what->palette)
    TIFFSetField (tiff, TIFFTAG_COLORMAP, what->palette, what->palette + 256,
                  what->palette + 512);
  if (what->um_per_pixel > 0)
    {
      TIFFSetField (tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
      TIFFSetField (tiff, TIFFTAG_XRESOLUTION, 10000 / what->um_per_pixel);
      TIFFSetField (tiff, TIFFTAG_YRESOLUTION, 10000 / what->um_per_pixel);
    }
  if (what->tile)
    {
      TIFFSetField (tiff, TIFFTAG_TILEWIDTH, what->tile);
      TIFFSetField (tiff, TIFFTAG_TILELENGTH, what->tile);
    }
  else
    TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP, what->rows_per_strip);
}

/* The part of the samples that belongs to one strip or tile of one plane. */
static inline void
picture_tiff_chunk (const PictureTiff *what, gint x0, gint y0, gint width, gint height,
                    gint plane, guint8 *out)
{
  gint bytes = what->depth / 8, channels = what->planar == 2 ? 1 : what->channels;
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      for (gint c = 0; c < channels; c++, out += bytes)
        {
          gint from_x = MIN (x0 + x, what->width - 1),
               from_y = MIN (y0 + y, what->height - 1);
          gsize at = ((gsize)from_y * what->width + from_x) * what->channels + plane + c;
          memcpy (out, (const guint8 *)what->samples + at * bytes, bytes);
        }
}

static inline GBytes *
picture_tiff (const PictureTiff *what)
{
  g_autofree char *path = picture_temporary ();
  char mode[4] = { 'w', what->other_endian ? 'b' : 'l', what->big ? '8' : '\0', '\0' };
  TIFF *tiff = TIFFOpen (path, mode);
  ck_assert_ptr_nonnull (tiff);
  picture_tiff_describe (tiff, what);

  gint width = what->tile ? what->tile : what->width;
  gint height = what->tile ? what->tile : what->rows_per_strip;
  gint planes = what->planar == 2 ? what->channels : 1;
  gsize size = (gsize)width * height * (what->planar == 2 ? 1 : what->channels)
               * (what->depth / 8);
  g_autofree guint8 *chunk = g_malloc (size);
  guint32 index = 0;
  for (gint plane = 0; plane < planes; plane++)
    for (gint y = 0; y < what->height; y += height)
      for (gint x = 0; x < what->width; x += width, index++)
        {
          gint rows = what->tile ? height : MIN (height, what->height - y);
          picture_tiff_chunk (what, x, y, width, rows, plane, chunk);
          tmsize_t n = (tmsize_t)(size / height * rows);
          ck_assert_int_ge (what->tile ? TIFFWriteEncodedTile (tiff, index, chunk, n)
                                       : TIFFWriteEncodedStrip (tiff, index, chunk, n),
                            0);
        }
  TIFFClose (tiff);
  return picture_take (path);
}

/* A minimal EXIF block: an orientation and a resolution, in either byte order. */
static inline GBytes *
picture_exif (gboolean big_endian, gint orientation, guint32 per_unit, gint unit,
              gboolean with_header)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  if (with_header)
    g_byte_array_append (out, (const guint8 *)"Exif\0", 6);
#define PUT16(v)                                                                         \
  do                                                                                     \
    {                                                                                    \
      guint16 put = big_endian ? GUINT16_TO_BE ((guint16)(v))                            \
                               : GUINT16_TO_LE ((guint16)(v));                           \
      g_byte_array_append (out, (guint8 *)&put, 2);                                      \
    }                                                                                    \
  while (0)
#define PUT32(v)                                                                         \
  do                                                                                     \
    {                                                                                    \
      guint32 put = big_endian ? GUINT32_TO_BE ((guint32)(v))                            \
                               : GUINT32_TO_LE ((guint32)(v));                           \
      g_byte_array_append (out, (guint8 *)&put, 4);                                      \
    }                                                                                    \
  while (0)
  g_byte_array_append (out, (const guint8 *)(big_endian ? "MM\0*" : "II*"), 4);
  PUT32 (8);
  PUT16 (4);
  PUT16 (0x0112);
  PUT16 (3);
  PUT32 (1);
  PUT16 (orientation);
  PUT16 (0);
  PUT16 (0x011a);
  PUT16 (5);
  PUT32 (1);
  PUT32 (62);
  PUT16 (0x011b);
  PUT16 (5);
  PUT32 (1);
  PUT32 (62);
  PUT16 (0x0128);
  PUT16 (3);
  PUT32 (1);
  PUT16 (unit);
  PUT16 (0);
  PUT32 (0);
  PUT32 (per_unit);
  PUT32 (1);
#undef PUT16
#undef PUT32
  return g_bytes_new (out->data, out->len);
}
