/* TIFF and BigTIFF, chunk by chunk. */
#include "image-private.h"
#include "scan-private.h"
#include "tiff-plain.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include <tiffio.h>

/* A file may hold a picture of the label and more besides the pyramid. */
#define MOST_PAGES 64
#define MOST_BYTES_AT_ONCE ((tmsize_t)1 << 30)

/* One page, opened to be read by one thread. */
typedef struct
{
  const SmearScan *scan;
  guint64 at; /* the threads share the descriptor, not the place in the file */
  TIFF *tiff;
  SmearTiffPlain *plain; /* NULL for the rarer kinds */
  guint32 *raster;       /* for those */
  char *complaint;
} Page;

typedef struct
{
  Page **pages; /* by level */
  guint n_pages;
} Reader;

static int
on_error (TIFF *tiff, void *user_data, const char *module, const char *format,
          va_list args)
{
  Page *page = user_data;
  if (!page->complaint)
    page->complaint = g_strdup_vprintf (format, args);
  return 1;
}

/* A JPEG tile cut short is but a warning to libtiff. */
static int
on_warning (TIFF *tiff, void *user_data, const char *module, const char *format,
            va_list args)
{
  return g_strcmp0 (module, "JPEGLib") == 0
             ? on_error (tiff, user_data, module, format, args)
             : 1;
}

static tmsize_t
read_bytes (thandle_t handle, void *out, tmsize_t wanted)
{
  Page *page = handle;
  tmsize_t done = 0;

  while (done < wanted)
    {
      gssize n = pread (page->scan->fd, (guint8 *)out + done, (gsize)(wanted - done),
                        (off_t)page->at);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += n;
      page->at += (guint64)n;
    }
  return done;
}

static tmsize_t
write_nothing (thandle_t handle, void *data, tmsize_t size)
{
  return 0;
}

static toff_t
size_of (thandle_t handle)
{
  struct stat status;
  return fstat (((Page *)handle)->scan->fd, &status) == 0 ? (toff_t)status.st_size : 0;
}

static toff_t
seek_to (thandle_t handle, toff_t offset, int whence)
{
  Page *page = handle;
  page->at = (whence == SEEK_CUR   ? page->at
              : whence == SEEK_END ? size_of (handle)
                                   : 0)
             + offset;
  return page->at;
}

static int
close_nothing (thandle_t handle)
{
  return 0;
}

static void
page_free (Page *page)
{
  if (!page)
    return;
  smear_tiff_plain_free (page->plain);
  if (page->tiff)
    TIFFClose (page->tiff);
  g_free (page->raster);
  g_free (page->complaint);
  g_free (page);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)

static gboolean
blame (const SmearScan *scan, Page *page, SmearError code, GError **error)
{
  g_set_error (error, SMEAR_ERROR, code, "%s: the TIFF is damaged or truncated%s%s%s",
               scan->path, page->complaint ? " (" : "",
               page->complaint ? page->complaint : "", page->complaint ? ")" : "");
  return FALSE;
}

static Page *
page_new (const SmearScan *scan, GError **error)
{
  g_autoptr (Page) page = g_new0 (Page, 1);
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc ();

  page->scan = scan;
  TIFFOpenOptionsSetErrorHandlerExtR (options, on_error, page);
  TIFFOpenOptionsSetWarningHandlerExtR (options, on_warning, page);
  TIFFOpenOptionsSetMaxSingleMemAlloc (options, MOST_BYTES_AT_ONCE);
  page->tiff = TIFFClientOpenExt (scan->path, "rm", page, read_bytes, write_nothing,
                                  seek_to, close_nothing, size_of, NULL, NULL, options);
  TIFFOpenOptionsFree (options);
  if (!page->tiff)
    {
      blame (scan, page, SMEAR_ERROR_FORMAT, error);
      return NULL;
    }
  return g_steal_pointer (&page);
}

static void
chunk_size (TIFF *tiff, guint32 *width, guint32 *height)
{
  if (TIFFIsTiled (tiff))
    {
      TIFFGetField (tiff, TIFFTAG_TILEWIDTH, width);
      TIFFGetField (tiff, TIFFTAG_TILELENGTH, height);
      return;
    }
  guint32 page_height = 0;
  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &page_height);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_ROWSPERSTRIP, height);
  *height = MIN (*height, page_height);
}

static gboolean
add_page (SmearScan *scan, TIFF *tiff, GError **error)
{
  guint32 width = 0, height = 0, chunk_width = 0, chunk_height = 0;

  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height);
  chunk_size (tiff, &chunk_width, &chunk_height);
  return smear_scan_add_level (scan, width, height, chunk_width, chunk_height,
                               TIFFCurrentDirOffset (tiff), error);
}

/* A smaller picture of the same shape, up to rounding, is a level of the pyramid. */
static gboolean
is_level (const SmearScan *scan, TIFF *tiff)
{
  const SmearScanLevel *base = &g_array_index (scan->levels, SmearScanLevel, 0);
  const SmearScanLevel *last = base + scan->levels->len - 1;
  guint32 width = 0, height = 0;

  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &height);
  gint64 skew = (gint64)width * base->height - (gint64)height * base->width;
  return width > 0 && height > 0 && width < (guint32)last->width
         && height < (guint32)last->height
         && ABS (skew) <= (gint64)base->width + base->height;
}

static gboolean
check_kind (const SmearScan *scan, TIFF *tiff, GError **error)
{
  guint16 orientation = ORIENTATION_TOPLEFT, format = SAMPLEFORMAT_UINT;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_ORIENTATION, &orientation);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLEFORMAT, &format);
  if (orientation > ORIENTATION_TOPLEFT)
    g_set_error (
        error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED,
        "%s: its tags ask for the scan to be turned or mirrored; save it upright",
        scan->path);
  else if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID)
    g_set_error (
        error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED,
        "%s: samples that are not whole positive numbers are not read; convert it "
        "to 8-bit RGB",
        scan->path);
  else
    return TRUE;
  return FALSE;
}

static gdouble
scale_of (TIFF *tiff)
{
  guint16 unit = RESUNIT_INCH;
  float x = 0, y = 0;

  TIFFGetFieldDefaulted (tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  TIFFGetField (tiff, TIFFTAG_XRESOLUTION, &x);
  TIFFGetField (tiff, TIFFTAG_YRESOLUTION, &y);
  gdouble um_x = smear_resolution_to_um (x, unit),
          um_y = smear_resolution_to_um (y, unit);
  gboolean plausible = um_x >= 0.01 && um_x <= 10 && fabs (um_x - um_y) < 0.02 * um_x;
  return plausible ? um_x : 0;
}

static gboolean
open_tiff (SmearScan *scan, GError **error)
{
  g_autoptr (Page) page = page_new (scan, error);
  if (!page || !check_kind (scan, page->tiff, error)
      || !add_page (scan, page->tiff, error))
    return FALSE;

  char why[1024] = "";
  g_autoptr (SmearTiffPlain) plain = smear_tiff_plain_new (page->tiff);
  if (!plain && !TIFFRGBAImageOK (page->tiff, why))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED,
                   "%s: this kind of TIFF is not read (%s); convert it to 8-bit RGB",
                   scan->path, why);
      return FALSE;
    }
  scan->um_per_pixel = scale_of (page->tiff);

  /* Levels hang below the first page, or follow it. */
  guint16 n_below = 0;
  guint64 *below = NULL;
  if (TIFFGetField (page->tiff, TIFFTAG_SUBIFD, &n_below, &below))
    {
      n_below = MIN (n_below, MOST_PAGES);
      g_autofree guint64 *offsets = g_memdup2 (below, n_below * sizeof *below);
      for (guint16 i = 0; i < n_below; i++)
        if (TIFFSetSubDirectory (page->tiff, offsets[i]) && is_level (scan, page->tiff))
          add_page (scan, page->tiff, NULL);
      TIFFSetDirectory (page->tiff, 0);
    }
  for (gint i = 1; i < MOST_PAGES && TIFFReadDirectory (page->tiff); i++)
    if (is_level (scan, page->tiff))
      add_page (scan, page->tiff, NULL);
  return TRUE;
}

static gpointer
reader_new (SmearScan *scan, GError **error)
{
  Reader *reader = g_new (Reader, 1);
  reader->n_pages = scan->levels->len;
  reader->pages = g_new0 (Page *, reader->n_pages);
  return reader;
}

static void
reader_free (gpointer data)
{
  Reader *reader = data;
  for (guint i = 0; i < reader->n_pages; i++)
    page_free (reader->pages[i]);
  g_free (reader->pages);
  g_free (reader);
}

/* Opens the page of a level, which has to be what it was when the scan was opened. */
static Page *
page_of (SmearScan *scan, Reader *reader, gint level, GError **error)
{
  if (reader->pages[level])
    return reader->pages[level];

  const SmearScanLevel *what = &g_array_index (scan->levels, SmearScanLevel, level);
  g_autoptr (Page) page = page_new (scan, error);
  guint32 width = 0, height = 0, chunk_width = 0, chunk_height = 0;
  if (!page)
    return NULL;
  if (TIFFSetSubDirectory (page->tiff, what->page))
    {
      TIFFGetField (page->tiff, TIFFTAG_IMAGEWIDTH, &width);
      TIFFGetField (page->tiff, TIFFTAG_IMAGELENGTH, &height);
      chunk_size (page->tiff, &chunk_width, &chunk_height);
    }
  if (width != (guint32)what->width || height != (guint32)what->height
      || chunk_width != (guint32)what->chunk_width
      || chunk_height != (guint32)what->chunk_height)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   "%s: the file was changed while it was read", scan->path);
      return NULL;
    }
  page->plain = smear_tiff_plain_new (page->tiff);
  g_clear_pointer (&page->complaint, g_free);
  return reader->pages[level] = g_steal_pointer (&page);
}

/* libtiff's words are R G B A, multiplied by alpha, the lowest row first. */
static gboolean
read_raster (const SmearScanLevel *level, Page *page, gint x, gint y, guint8 *rgb,
             gsize stride)
{
  gint width = MIN (level->chunk_width, level->width - x);
  gint height = MIN (level->chunk_height, level->height - y);
  gboolean tiled = TIFFIsTiled (page->tiff);
  gint raster_height = tiled ? level->chunk_height : height;

  if (!page->raster)
    page->raster = g_try_malloc_n ((gsize)level->chunk_width * level->chunk_height, 4);
  if (!page->raster
      || !(tiled
               ? TIFFReadRGBATileExt (page->tiff, (guint32)x, (guint32)y, page->raster, 1)
               : TIFFReadRGBAStripExt (page->tiff, (guint32)y, page->raster, 1)))
    return FALSE;
  for (gint i = 0; i < height; i++)
    {
      const guint32 *row = page->raster
                           + (gsize)(raster_height - 1 - i) * level->chunk_width;
      guint8 *out = rgb + i * stride;
      for (gint j = 0; j < width; j++, out += 3)
        {
          guint paper = 255 - TIFFGetA (row[j]);
          out[0] = (guint8)MIN (255, TIFFGetR (row[j]) + paper);
          out[1] = (guint8)MIN (255, TIFFGetG (row[j]) + paper);
          out[2] = (guint8)MIN (255, TIFFGetB (row[j]) + paper);
        }
    }
  return TRUE;
}

static gboolean
read_chunk (SmearScan *scan, gpointer data, gint index, gint x, gint y, guint8 *rgb,
            gsize stride, GError **error)
{
  const SmearScanLevel *level = &g_array_index (scan->levels, SmearScanLevel, index);
  Page *page = page_of (scan, data, index, error);
  if (!page)
    return FALSE;

  gboolean ok = page->plain ? smear_tiff_plain_read (page->plain, x, y, rgb, stride)
                            : read_raster (level, page, x, y, rgb, stride);
  if (!ok || page->complaint)
    ok = blame (scan, page, SMEAR_ERROR_FORMAT, error);
  g_clear_pointer (&page->complaint, g_free);
  return ok;
}

static void
expect_chunk (SmearScan *scan, gpointer data, gint index, gint x, gint y)
{
  Page *page = page_of (scan, data, index, NULL);
  guint16 planar = PLANARCONFIG_CONTIG, planes = 1;

  if (!page)
    return;
  TIFFGetFieldDefaulted (page->tiff, TIFFTAG_PLANARCONFIG, &planar);
  if (planar == PLANARCONFIG_SEPARATE)
    TIFFGetFieldDefaulted (page->tiff, TIFFTAG_SAMPLESPERPIXEL, &planes);
  for (guint16 plane = 0; plane < planes; plane++)
    {
      guint32 chunk = TIFFIsTiled (page->tiff)
                          ? TIFFComputeTile (page->tiff, (guint32)x, (guint32)y, 0, plane)
                          : TIFFComputeStrip (page->tiff, (guint32)y, plane);
      posix_fadvise (scan->fd, (off_t)TIFFGetStrileOffset (page->tiff, chunk),
                     (off_t)TIFFGetStrileByteCount (page->tiff, chunk),
                     POSIX_FADV_WILLNEED);
    }
  g_clear_pointer (&page->complaint, g_free);
}

const SmearScanFormat smear_scan_tiff = {
  "TIFF", open_tiff, NULL, reader_new, reader_free, read_chunk, expect_chunk,
};
