/* A synthetic scan: tiles drawn and compressed side by side, written in order. */
#include "image-private.h"
#include "synthesise-private.h"

#include "base/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <gio/gio.h>
#include <tiffio.h>

#define TILE 512
#define JPEG_QUALITY 90
/* Classic TIFF counts bytes in 32 bits; deflate may even grow what it cannot shrink. */
#define CLASSIC_LIMIT G_GINT64_CONSTANT (4000000000)

typedef struct
{
  guint8 *data; /* compressed; from malloc */
  gsize size;
  GArray *cells;
} Tile;

typedef struct
{
  const SmearSlide *slide;
  gboolean jpeg;
  GArray *cells;
  gint64 first; /* tile of the batch under way */
  gint columns, rows;
  Tile *tiles;
  gboolean complained;
} Scan;

/* As TIFF's predictor 2 has it: each sample less its left neighbour's. */
static void
difference (guint8 *rgb)
{
  for (gint y = 0; y < TILE; y++, rgb += TILE * 3)
    for (gint i = TILE * 3 - 1; i >= 3; i--)
      rgb[i] = (guint8)(rgb[i] - rgb[i - 3]);
}

static guint8 *
deflate_tile (guint8 *rgb, gsize *size)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (
      G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 3);
  const gsize n = TILE * TILE * 3, room = n + n / 100 + 1024;
  guint8 *out = malloc (room);
  gsize n_read = 0, n_written = 0;

  difference (rgb);
  if (out
      && g_converter_convert (G_CONVERTER (compressor), rgb, n, out, room,
                              G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL)
             == G_CONVERTER_FINISHED)
    {
      *size = n_written;
      return out;
    }
  free (out);
  return NULL;
}

/* Tiles at the right and lower edge show the slide beyond it, as TIFF leaves open. */
static void
make_tile (gpointer data, gint task, gint thread)
{
  Scan *scan = data;
  Tile *tile = &scan->tiles[task];
  gint64 index = scan->first + task;
  SmearRegion region = { (gint)(index % scan->columns) * TILE,
                         (gint)(index / scan->columns) * TILE, TILE, TILE };
  g_autofree guint8 *rgb = g_malloc (TILE * TILE * 3);

  g_array_set_size (tile->cells, 0);
  smear_slide_render (scan->slide, &region, rgb, tile->cells);
  tile->data = scan->jpeg
                   ? smear_jpeg_encode (rgb, TILE, TILE, JPEG_QUALITY, 0, &tile->size)
                   : deflate_tile (rgb, &tile->size);
}

static int
on_error (TIFF *tiff, void *user_data, const char *module, const char *format,
          va_list args)
{
  ((Scan *)user_data)->complained = TRUE;
  return 1;
}

static void
describe (TIFF *tiff, const Scan *scan)
{
  const SmearSynthesis *what = &scan->slide->what;

  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, what->width);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, what->height);
  TIFFSetField (tiff, TIFFTAG_TILEWIDTH, TILE);
  TIFFSetField (tiff, TIFFTAG_TILELENGTH, TILE);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField (tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  TIFFSetField (tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
  TIFFSetField (tiff, TIFFTAG_XRESOLUTION, 10000 / what->um_per_pixel);
  TIFFSetField (tiff, TIFFTAG_YRESOLUTION, 10000 / what->um_per_pixel);
  TIFFSetField (tiff, TIFFTAG_SOFTWARE, "smearscope synthesise");
  if (scan->jpeg)
    {
      TIFFSetField (tiff, TIFFTAG_COMPRESSION, COMPRESSION_JPEG);
      TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_YCBCR);
      TIFFSetField (tiff, TIFFTAG_YCBCRSUBSAMPLING, 2, 2);
    }
  else
    {
      TIFFSetField (tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
      TIFFSetField (tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
      TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    }
}

/* Writes what a batch has made. Returns: 0 or an errno */
static gint
put_batch (Scan *scan, TIFF *tiff, gint n)
{
  gint code = 0;
  for (gint i = 0; i < n; i++)
    {
      Tile *tile = &scan->tiles[i];
      errno = 0;
      if (!tile->data)
        code = ENOMEM;
      else if (code == 0
               && TIFFWriteRawTile (tiff, (guint32)(scan->first + i), tile->data,
                                    (tmsize_t)tile->size)
                      < 0)
        code = errno ? errno : EIO;
      g_array_append_vals (scan->cells, tile->cells->data, tile->cells->len);
      g_clear_pointer (&tile->data, free);
    }
  return code;
}

static gint
write_tiles (Scan *scan, TIFF *tiff)
{
  g_autoptr (SmearPool) pool = smear_pool_new (0);
  gint most = 8 * smear_pool_n_threads (pool), code = 0;
  gint64 n_tiles = (gint64)scan->columns * scan->rows;

  scan->tiles = g_new0 (Tile, most);
  for (gint i = 0; i < most; i++)
    scan->tiles[i].cells = g_array_new (FALSE, FALSE, sizeof (SmearSyntheticCell));
  for (scan->first = 0; scan->first < n_tiles && code == 0; scan->first += most)
    {
      gint n = (gint)MIN (most, n_tiles - scan->first);
      smear_pool_run (pool, make_tile, scan, n);
      code = put_batch (scan, tiff, n);
    }
  for (gint i = 0; i < most; i++)
    g_array_unref (scan->tiles[i].cells);
  g_free (scan->tiles);
  return code;
}

static gint
write_scan (gint fd, gpointer data)
{
  Scan *scan = data;
  gint64 bytes = (gint64)scan->columns * scan->rows * TILE * TILE * 3;
  gint own = dup (fd);
  if (own < 0)
    return errno;

  TIFFOpenOptions *options = TIFFOpenOptionsAlloc ();
  TIFFOpenOptionsSetErrorHandlerExtR (options, on_error, scan);
  TIFFOpenOptionsSetWarningHandlerExtR (options, on_error, scan);
  TIFF *tiff = TIFFFdOpenExt (own, "scan", bytes > CLASSIC_LIMIT ? "w8" : "w", options);
  TIFFOpenOptionsFree (options);
  if (!tiff)
    {
      close (own);
      return EIO;
    }
  describe (tiff, scan);
  gint code = write_tiles (scan, tiff);
  errno = 0;
  if (code == 0 && !TIFFFlush (tiff))
    code = errno ? errno : EIO;
  TIFFClose (tiff);
  return code == 0 && scan->complained ? EIO : code;
}

gboolean
smear_synthesise_scan (const SmearSynthesis *what, const char *path,
                       const char *compression, GArray **cells, GError **error)
{
  g_return_val_if_fail (what != NULL && path != NULL && compression != NULL, FALSE);
  Scan scan = { .jpeg = g_str_equal (compression, "jpeg") };

  if (!scan.jpeg && !g_str_equal (compression, "deflate"))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "%s: tiles cannot be compressed by “%s”; choose deflate or jpeg", path,
                   compression);
      return FALSE;
    }
  if (what->width > 2000000 || what->height > 2000000)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "%s: %d x %d pixels; a scan has at most 2,000,000 on a side", path,
                   what->width, what->height);
      return FALSE;
    }
  g_autoptr (SmearSlide) slide = smear_slide_new (what, FALSE, error);
  if (!slide)
    return FALSE;

  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (SmearSyntheticCell));
  scan.slide = slide;
  scan.cells = found;
  scan.columns = (what->width + TILE - 1) / TILE;
  scan.rows = (what->height + TILE - 1) / TILE;
  if (!smear_save (path, write_scan, &scan, error))
    return FALSE;
  if (cells)
    *cells = g_steal_pointer (&found);
  return TRUE;
}
