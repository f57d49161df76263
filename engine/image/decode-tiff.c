/* TIFF and BigTIFF: opening, tags, and the rarer kinds through libtiff's RGBA reader. */
#include "image-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <tiffio.h>

typedef struct
{
  const guint8 *data;
  gsize size;
  guint64 at;
  const char *name;
  GError *failure; /* the first complaint says the most */
} Reader;

static int
on_error (TIFF *tiff, void *user_data, const char *module, const char *format,
          va_list args)
{
  Reader *reader = user_data;
  if (!reader->failure)
    {
      g_autofree char *text = g_strdup_vprintf (format, args);
      g_set_error (&reader->failure, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   "%s: the TIFF is damaged or truncated (%s)", reader->name, text);
    }
  return 1;
}

/* A short JPEG strip is but a warning to libtiff; unknown private tags are none of our
 * business. */
static int
on_warning (TIFF *tiff, void *user_data, const char *module, const char *format,
            va_list args)
{
  if (g_strcmp0 (module, "JPEGLib") == 0)
    on_error (tiff, user_data, module, format, args);
  return 1;
}

static tmsize_t
memory_read (thandle_t handle, void *out, tmsize_t wanted)
{
  Reader *reader = handle;
  if (wanted <= 0 || reader->at >= reader->size)
    return 0;
  gsize n = MIN ((gsize)wanted, reader->size - (gsize)reader->at);
  memcpy (out, reader->data + reader->at, n);
  reader->at += n;
  return (tmsize_t)n;
}

static tmsize_t
memory_write (thandle_t handle, void *data, tmsize_t size)
{
  return 0;
}

static toff_t
memory_seek (thandle_t handle, toff_t offset, int whence)
{
  Reader *reader = handle;
  switch (whence)
    {
    case SEEK_SET:
      reader->at = offset;
      break;
    case SEEK_CUR:
      reader->at += offset;
      break;
    default:
      reader->at = reader->size + offset;
      break;
    }
  return reader->at;
}

static toff_t
memory_size (thandle_t handle)
{
  return ((Reader *)handle)->size;
}

static int
nothing_to_close (thandle_t handle)
{
  return 0;
}

static TIFFOpenOptions *
options_new (Reader *reader)
{
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc ();
  TIFFOpenOptionsSetErrorHandlerExtR (options, on_error, reader);
  TIFFOpenOptionsSetWarningHandlerExtR (options, on_warning, reader);
  TIFFOpenOptionsSetMaxSingleMemAlloc (options, (tmsize_t)1 << 31);
  return options;
}

static void
read_tags (TIFF *tiff, SmearTags *tags)
{
  guint16 orientation = 1, unit = RESUNIT_INCH;
  float x = 0, y = 0;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_ORIENTATION, &orientation);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  TIFFGetField (tiff, TIFFTAG_XRESOLUTION, &x);
  TIFFGetField (tiff, TIFFTAG_YRESOLUTION, &y);
  tags->orientation = orientation;
  tags->um_x = smear_resolution_to_um (x, unit);
  tags->um_y = smear_resolution_to_um (y, unit);
}

/* How many rows belong together, so that no strip or tile is decoded twice. */
static guint32
band_rows (TIFF *tiff, guint32 height)
{
  guint32 rows = height;
  if (TIFFIsTiled (tiff))
    TIFFGetField (tiff, TIFFTAG_TILELENGTH, &rows);
  else
    TIFFGetFieldDefaulted (tiff, TIFFTAG_ROWSPERSTRIP, &rows);
  if (rows == 0 || rows >= height)
    return height;
  return rows * MAX (1, MIN (height, 64) / rows);
}

/* libtiff's words are little-endian R G B A, already multiplied by alpha: white shines
 * through. */
static void
lay_on_white (const guint32 *raster, gsize n, guint8 *rgb)
{
  for (gsize i = 0; i < n; i++, rgb += 3)
    {
      guint paper = 255 - TIFFGetA (raster[i]);
      rgb[0] = (guint8)MIN (255, TIFFGetR (raster[i]) + paper);
      rgb[1] = (guint8)MIN (255, TIFFGetG (raster[i]) + paper);
      rgb[2] = (guint8)MIN (255, TIFFGetB (raster[i]) + paper);
    }
}

static gboolean
read_bands (TIFF *tiff, TIFFRGBAImage *rgba, Reader *reader, SmearImage *image)
{
  guint32 band = band_rows (tiff, rgba->height);
  g_autofree guint32 *raster = g_try_malloc_n ((gsize)band * rgba->width, 4);

  if (!raster)
    {
      g_set_error (&reader->failure, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "%s: not enough memory for a strip of %u rows", reader->name, band);
      return FALSE;
    }
  /* As stored: turning it is our own business, the same for every format. */
  rgba->req_orientation = rgba->orientation;
  for (guint32 y = 0; y < rgba->height; y += band)
    {
      guint32 rows = MIN (band, rgba->height - y);
      rgba->row_offset = (int)y;
      rgba->col_offset = 0;
      if (!TIFFRGBAImageGet (rgba, raster, rgba->width, rows) || reader->failure)
        return FALSE;
      lay_on_white (raster, (gsize)rows * rgba->width,
                    image->pixels + (gsize)y * rgba->width * 3);
    }
  return TRUE;
}

/*
 * libtiff compares the bytes of an uncompressed tile with the size of its own buffer,
 * which it rounds up, and refuses tiles that are no multiple of it. A buffer that fits
 * helps.
 */
static guint8 *
fitting_buffer (TIFF *tiff)
{
  guint16 compression = COMPRESSION_NONE;
  TIFFGetFieldDefaulted (tiff, TIFFTAG_COMPRESSION, &compression);
  if (compression != COMPRESSION_NONE || !TIFFIsTiled (tiff))
    return NULL;
  tmsize_t size = TIFFTileSize (tiff);
  guint8 *buffer = size > 0 && size <= G_MAXINT32 ? g_try_malloc ((gsize)size) : NULL;
  if (buffer)
    TIFFReadBufferSetup (tiff, buffer, size);
  return buffer;
}

static SmearImage *
refuse_kind (Reader *reader, const char *why)
{
  g_clear_error (&reader->failure);
  g_set_error (&reader->failure, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED,
               "%s: a kind of TIFF that cannot be read (%s); save it as 8-bit RGB",
               reader->name, why);
  return NULL;
}

static SmearImage *
read_page (TIFF *tiff, Reader *reader, SmearTags *tags)
{
  guint32 width = 0, height = 0;

  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height);
  read_tags (tiff, tags);
  g_clear_error (&reader->failure); /* complaints about tags do not touch the pixels */
  g_autoptr (SmearImage) image = smear_image_new_named (reader->name, width, height,
                                                        &reader->failure);
  if (!image)
    return NULL;
  guint16 format = SAMPLEFORMAT_UINT;
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLEFORMAT, &format);
  if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID)
    return refuse_kind (reader, "samples are not whole positive numbers");
  gint ok = smear_decode_tiff_plain (tiff, image);
  if (ok < 0)
    {
      TIFFRGBAImage rgba;
      char why[1024] = "";
      if (!TIFFRGBAImageOK (tiff, why) || !TIFFRGBAImageBegin (&rgba, tiff, 1, why))
        return refuse_kind (reader, why);
      guint8 *buffer = fitting_buffer (tiff);
      ok = read_bands (tiff, &rgba, reader, image);
      TIFFRGBAImageEnd (&rgba);
      g_free (buffer);
    }
  if (!ok || reader->failure)
    return NULL;
  return g_steal_pointer (&image);
}

/* Takes @tiff, which may be NULL, and the complaints gathered in @reader. */
static SmearImage *
finish (TIFF *tiff, Reader *reader, GError **error)
{
  SmearTags tags = { 0 };
  SmearImage *image = tiff ? read_page (tiff, reader, &tags) : NULL;

  if (tiff)
    TIFFClose (tiff);
  if (image)
    image = smear_image_finish (image, &tags, error);
  else if (reader->failure)
    g_propagate_error (error, g_steal_pointer (&reader->failure));
  else
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT, "%s: the TIFF is damaged",
                 reader->name);
  g_clear_error (&reader->failure);
  return image;
}

SmearImage *
smear_decode_tiff (const guint8 *data, gsize size, const char *name, GError **error)
{
  Reader reader = { .data = data, .size = size, .name = name };
  TIFFOpenOptions *options = options_new (&reader);
  TIFF *tiff = TIFFClientOpenExt (name, "rm", &reader, memory_read, memory_write,
                                  memory_seek, nothing_to_close, memory_size, NULL, NULL,
                                  options);
  TIFFOpenOptionsFree (options);
  return finish (tiff, &reader, error);
}

SmearImage *
smear_decode_tiff_fd (int fd, const char *name, GError **error)
{
  Reader reader = { .name = name };
  int own = dup (fd);
  /* libtiff takes the header from wherever the file stands. */
  if (own < 0 || lseek (own, 0, SEEK_SET) != 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot be read: %s", name,
                   g_strerror (errno));
      if (own >= 0)
        close (own);
      return NULL;
    }
  TIFFOpenOptions *options = options_new (&reader);
  /* "m": not mapped, since a file that shrinks meanwhile would be a bus error. */
  TIFF *tiff = TIFFFdOpenExt (own, name, "rm", options);
  TIFFOpenOptionsFree (options);
  if (!tiff)
    close (own);
  return finish (tiff, &reader, error);
}
