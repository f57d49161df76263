/*
 * The common kinds of TIFF: whole samples of 8 or 16 bits, grey or RGB, interleaved or in
 * planes, strips or tiles. libtiff's own RGBA reader does the rest; it cuts 16 bits
 * instead of rounding and loses its place in 16-bit grey tiles that hang over the edge.
 */
#include "image-private.h"
#include "tiff-plain.h"

#include <string.h>
#include <tiffio.h>

struct _SmearTiffPlain
{
  TIFF *tiff;
  gint width, height;
  gint chunk_width, chunk_height; /* of a strip or a tile */
  gint depth, channels;
  gint used;  /* channels read: grey or RGB, then alpha */
  gint alpha; /* EXTRASAMPLE_… or 0 */
  gboolean tiled, planes, grey, negative;
  gsize chunk_size; /* bytes of one plane's chunk, or of all where there are no planes */
  guint8 *chunk;
};

typedef SmearTiffPlain Plain;

/* Where channel @c of the first pixel lies, and how many samples on the next pixel. */
typedef struct
{
  const guint8 *first[4];
  gint step;
} Row;

static gboolean
describe (Plain *plain, TIFF *tiff)
{
  guint16 depth = 1, channels = 1, photometric = 0, planar = 1, n_extra = 0,
          *extra = NULL;
  guint16 compression = COMPRESSION_NONE;
  guint32 width = 0, height = 0, chunk_width = 0, chunk_height = 0;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_BITSPERSAMPLE, &depth);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLESPERPIXEL, &channels);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_PLANARCONFIG, &planar);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_EXTRASAMPLES, &n_extra, &extra);
  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height);
  if (!TIFFGetField (tiff, TIFFTAG_PHOTOMETRIC, &photometric))
    return FALSE;
  if (photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG
      && planar == PLANARCONFIG_CONTIG && channels == 3)
    {
      TIFFSetField (tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
      photometric = PHOTOMETRIC_RGB;
    }

  gint colours = photometric == PHOTOMETRIC_RGB ? 3 : 1;
  gboolean known = photometric == PHOTOMETRIC_RGB || photometric == PHOTOMETRIC_MINISBLACK
                   || photometric == PHOTOMETRIC_MINISWHITE;
  if (!known || (depth != 8 && depth != 16) || channels < colours || channels > 64)
    return FALSE;

  *plain = (Plain){ .tiff = tiff,
                    .width = (gint)width,
                    .height = (gint)height,
                    .depth = depth,
                    .channels = channels,
                    .used = colours,
                    .tiled = TIFFIsTiled (tiff) != 0,
                    .planes = planar == PLANARCONFIG_SEPARATE,
                    .grey = colours == 1,
                    .negative = photometric == PHOTOMETRIC_MINISWHITE };
  if (channels > colours && n_extra > 0
      && (extra[0] == EXTRASAMPLE_ASSOCALPHA || extra[0] == EXTRASAMPLE_UNASSALPHA))
    {
      plain->alpha = extra[0];
      plain->used++;
    }

  if (plain->tiled)
    {
      TIFFGetField (tiff, TIFFTAG_TILEWIDTH, &chunk_width);
      TIFFGetField (tiff, TIFFTAG_TILELENGTH, &chunk_height);
    }
  else
    {
      TIFFGetFieldDefaulted (tiff, TIFFTAG_ROWSPERSTRIP, &chunk_height);
      chunk_width = width;
      chunk_height = MIN (chunk_height, height);
    }
  plain->chunk_width = (gint)MIN (chunk_width, G_MAXINT32);
  plain->chunk_height = (gint)MIN (chunk_height, G_MAXINT32);
  return TRUE;
}

/* What libtiff will hand over has to be what is expected here, whatever the tags say. */
static gboolean
allocate (Plain *plain)
{
  tmsize_t size = plain->tiled ? TIFFTileSize (plain->tiff) : TIFFStripSize (plain->tiff);
  gdouble wanted = (gdouble)plain->chunk_width * plain->chunk_height
                   * (plain->planes ? 1 : plain->channels) * (plain->depth / 8);

  if (size <= 0 || size > G_MAXINT32 || (gdouble)size != wanted)
    return FALSE;
  plain->chunk_size = (gsize)size;
  plain->chunk = g_try_malloc_n (plain->planes ? plain->used : 1, plain->chunk_size);
  return plain->chunk != NULL;
}

static gboolean
read_chunk (Plain *plain, gint x, gint y)
{
  gint rows = plain->tiled ? plain->chunk_height
                           : MIN (plain->chunk_height, plain->height - y);
  tmsize_t wanted = (tmsize_t)(plain->chunk_size / plain->chunk_height * rows);

  for (gint plane = 0; plane < (plain->planes ? plain->used : 1); plane++)
    {
      guint8 *out = plain->chunk + plane * plain->chunk_size;
      guint16 sample = (guint16)plane;
      tmsize_t n = plain->tiled ? TIFFReadEncodedTile (
                       plain->tiff,
                       TIFFComputeTile (plain->tiff, (guint32)x, (guint32)y, 0, sample),
                       out, wanted)
                                : TIFFReadEncodedStrip (
                                    plain->tiff,
                                    TIFFComputeStrip (plain->tiff, (guint32)y, sample),
                                    out, wanted);
      if (n != wanted)
        return FALSE;
    }
  return TRUE;
}

static inline gint
sample (const Plain *plain, const Row *row, gint channel, gint x)
{
  const guint8 *first = row->first[channel];
  if (plain->depth == 8)
    return first[x * row->step];
  return (((const guint16 *)first)[x * row->step] + 128) / 257;
}

static void
unpack_row (const Plain *plain, const Row *row, gint n, guint8 *rgb)
{
  gint colours = plain->grey ? 1 : 3;
  for (gint x = 0; x < n; x++, rgb += 3)
    {
      gint alpha = plain->alpha ? sample (plain, row, colours, x) : 255;
      for (gint c = 0; c < 3; c++)
        {
          gint value = sample (plain, row, plain->grey ? 0 : c, x);
          if (plain->negative)
            value = 255 - value;
          if (plain->alpha == EXTRASAMPLE_ASSOCALPHA)
            value = MIN (255, value + 255 - alpha);
          else if (plain->alpha)
            value = (value * alpha + 255 * (255 - alpha) + 127) / 255;
          rgb[c] = (guint8)value;
        }
    }
}

static void
unpack_chunk (const Plain *plain, gint x, gint y, guint8 *rgb, gsize stride)
{
  gint n = MIN (plain->chunk_width, plain->width - x);
  gint rows = MIN (plain->chunk_height, plain->height - y), bytes = plain->depth / 8;
  gint step = plain->planes ? 1 : plain->channels;
  gboolean as_it_is = plain->depth == 8 && plain->channels == 3 && plain->used == 3
                      && !plain->planes;

  for (gint i = 0; i < rows; i++)
    {
      if (as_it_is)
        {
          memcpy (rgb + i * stride, plain->chunk + (gsize)i * plain->chunk_width * 3,
                  (gsize)n * 3);
          continue;
        }
      Row row = { .step = step };
      for (gint c = 0; c < plain->used; c++)
        row.first[c] = plain->chunk + (gsize)i * plain->chunk_width * step * bytes
                       + (plain->planes ? c * plain->chunk_size : (gsize)c * bytes);
      unpack_row (plain, &row, n, rgb + i * stride);
    }
}

SmearTiffPlain *
smear_tiff_plain_new (TIFF *tiff)
{
  Plain plain;
  return describe (&plain, tiff) && allocate (&plain) ? g_memdup2 (&plain, sizeof plain)
                                                      : NULL;
}

void
smear_tiff_plain_free (SmearTiffPlain *plain)
{
  if (!plain)
    return;
  g_free (plain->chunk);
  g_free (plain);
}

gboolean
smear_tiff_plain_read (SmearTiffPlain *plain, gint x, gint y, guint8 *rgb, gsize stride)
{
  if (!read_chunk (plain, x, y))
    return FALSE;
  unpack_chunk (plain, x, y, rgb, stride);
  return TRUE;
}

gint
smear_decode_tiff_plain (TIFF *tiff, SmearImage *image)
{
  g_autoptr (SmearTiffPlain) plain = smear_tiff_plain_new (tiff);
  if (!plain)
    return -1;

  gsize stride = (gsize)plain->width * 3;
  for (gint y = 0; y < plain->height; y += plain->chunk_height)
    for (gint x = 0; x < plain->width; x += plain->chunk_width)
      if (!smear_tiff_plain_read (
              plain, x, y, image->pixels + (gsize)y * stride + (gsize)x * 3, stride))
        return FALSE;
  return TRUE;
}
