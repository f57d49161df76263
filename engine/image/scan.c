/* A scan, whatever its format: opened, asked, read by region through the cache. */
#include "scan-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define N_SAMPLES 64
#define SAMPLE_BYTES 65536

gboolean
smear_scan_add_level (SmearScan *scan, gint64 width, gint64 height, gint64 chunk_width,
                      gint64 chunk_height, guint64 page, GError **error)
{
  if (width < 1 || height < 1 || chunk_width < 1 || chunk_height < 1)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                 "%s: the file is damaged: it says that it has no pixels", scan->path);
  else if (width > SMEAR_SCAN_MAX_SIDE || height > SMEAR_SCAN_MAX_SIDE)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                 "%s: %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                 " pixels; a scan has at most %d on a side: cut it into parts",
                 scan->path, width, height, SMEAR_SCAN_MAX_SIDE);
  else
    {
      SmearScanLevel level = { (gint)width, (gint)height,
                               (gint)MIN (chunk_width, G_MAXINT / 4),
                               (gint)MIN (chunk_height, G_MAXINT / 4), page };
      if (MIN (level.chunk_width, width) * MIN (level.chunk_height, height) * 3
          <= SMEAR_SCAN_MAX_CHUNK)
        {
          g_array_append_val (scan->levels, level);
          return TRUE;
        }
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
          "%s: its strips or tiles of %d x %d pixels are too large to be held in "
          "memory; convert it to a tiled TIFF",
          scan->path, level.chunk_width, level.chunk_height);
    }
  return FALSE;
}

static const SmearScanFormat *
format_of (SmearScan *scan)
{
  char head[4] = "";

#ifdef SMEAR_OPENSLIDE
  if (smear_scan_openslide_takes (scan->path))
    return &smear_scan_openslide;
#endif
  if (pread (scan->fd, head, sizeof head, 0) == sizeof head
      && (memcmp (head, "II", 2) == 0 || memcmp (head, "MM", 2) == 0))
    return &smear_scan_tiff;
  return &smear_scan_image;
}

SmearScan *
smear_scan_open (const char *path, gsize cache_bytes, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  g_autoptr (SmearScan) scan = g_new0 (SmearScan, 1);
  scan->path = g_strdup (path);
  scan->levels = g_array_new (FALSE, FALSE, sizeof (SmearScanLevel));
  scan->cache = smear_scan_cache_new (cache_bytes ? cache_bytes : SMEAR_SCAN_CACHE_BYTES);
  g_mutex_init (&scan->lock);
  /* O_NONBLOCK: a fifo must not hold the program up. */
  scan->fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (scan->fd < 0 || fstat (scan->fd, &scan->opened) != 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot be opened: %s", path,
                   g_strerror (errno));
      return NULL;
    }
  if (!S_ISREG (scan->opened.st_mode))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: not a regular file", path);
      return NULL;
    }
  scan->format = format_of (scan);
  scan->readers = g_ptr_array_new_with_free_func (scan->format->reader_free);
  if (!scan->format->open (scan, error))
    return NULL;
  return g_steal_pointer (&scan);
}

void
smear_scan_free (SmearScan *scan)
{
  if (!scan)
    return;
  g_clear_pointer (&scan->readers, g_ptr_array_unref);
  if (scan->format_data)
    scan->format->close (scan);
  smear_scan_cache_free (scan->cache);
  g_array_unref (scan->levels);
  if (scan->fd >= 0)
    close (scan->fd);
  g_mutex_clear (&scan->lock);
  g_free (scan->format_name);
  g_free (scan->path);
  g_free (scan);
}

const char *
smear_scan_get_format (const SmearScan *scan)
{
  g_return_val_if_fail (scan != NULL, NULL);
  return scan->format_name ? scan->format_name : scan->format->name;
}

gdouble
smear_scan_get_um_per_pixel (const SmearScan *scan)
{
  g_return_val_if_fail (scan != NULL, 0);
  return scan->um_per_pixel;
}

gint
smear_scan_get_n_levels (const SmearScan *scan)
{
  g_return_val_if_fail (scan != NULL, 0);
  return (gint)scan->levels->len;
}

void
smear_scan_get_level_size (const SmearScan *scan, gint level, gint *width, gint *height)
{
  g_return_if_fail (scan != NULL && level >= 0 && level < (gint)scan->levels->len);
  *width = g_array_index (scan->levels, SmearScanLevel, level).width;
  *height = g_array_index (scan->levels, SmearScanLevel, level).height;
}

gint
smear_scan_get_width (const SmearScan *scan)
{
  gint width = 0, height;
  smear_scan_get_level_size (scan, 0, &width, &height);
  return width;
}

gint
smear_scan_get_height (const SmearScan *scan)
{
  gint width, height = 0;
  smear_scan_get_level_size (scan, 0, &width, &height);
  return height;
}

static gpointer
borrow_reader (SmearScan *scan, GError **error)
{
  gpointer reader = NULL;

  g_mutex_lock (&scan->lock);
  if (scan->readers->len > 0)
    reader = g_ptr_array_steal_index_fast (scan->readers, scan->readers->len - 1);
  g_mutex_unlock (&scan->lock);
  return reader ? reader : scan->format->reader_new (scan, error);
}

static void
return_reader (SmearScan *scan, gpointer reader)
{
  if (!reader)
    return;
  g_mutex_lock (&scan->lock);
  g_ptr_array_add (scan->readers, reader);
  g_mutex_unlock (&scan->lock);
}

static guint64
chunk_key (gint level, gint column, gint row)
{
  return (guint64)level << 56 | (guint64)row << 28 | (guint64)column;
}

/* What one call reads with: borrowed when the first chunk is not in the cache. */
typedef struct
{
  SmearScan *scan;
  gint level;
  gpointer reader;
} Reading;

static GBytes *
chunk_at (Reading *reading, gint column, gint row, gint width, gint height,
          GError **error)
{
  SmearScan *scan = reading->scan;
  const SmearScanLevel *level = &g_array_index (scan->levels, SmearScanLevel,
                                                reading->level);
  guint64 key = chunk_key (reading->level, column, row);
  GBytes *chunk = smear_scan_cache_get (scan->cache, key);
  if (chunk)
    return chunk;

  gsize size = (gsize)width * height * 3;
  g_autofree guint8 *rgb = g_try_malloc (size);
  if (!rgb)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "%s: not enough memory for a part of %d x %d pixels", scan->path,
                   width, height);
      return NULL;
    }
  if (!reading->reader && !(reading->reader = borrow_reader (scan, error)))
    return NULL;
  if (!scan->format->read (scan, reading->reader, reading->level,
                           column * level->chunk_width, row * level->chunk_height, rgb,
                           (gsize)width * 3, error))
    return NULL;
  chunk = g_bytes_new_take (g_steal_pointer (&rgb), size);
  smear_scan_cache_put (scan->cache, key, chunk);
  return chunk;
}

static gboolean
fill (Reading *reading, const SmearRegion *region, guint8 *out, GError **error)
{
  const SmearScanLevel *level = &g_array_index (reading->scan->levels, SmearScanLevel,
                                                reading->level);
  gint right = region->x + region->width, bottom = region->y + region->height;

  for (gint row = region->y / level->chunk_height; row * level->chunk_height < bottom;
       row++)
    for (gint column = region->x / level->chunk_width;
         column * level->chunk_width < right; column++)
      {
        gint x0 = column * level->chunk_width, y0 = row * level->chunk_height;
        gint width = MIN (level->chunk_width, level->width - x0);
        gint height = MIN (level->chunk_height, level->height - y0);
        g_autoptr (GBytes) chunk = chunk_at (reading, column, row, width, height, error);
        if (!chunk)
          return FALSE;
        const guint8 *pixels = g_bytes_get_data (chunk, NULL);
        gint from = MAX (x0, region->x), to = MIN (x0 + width, right);
        for (gint y = MAX (y0, region->y); y < MIN (y0 + height, bottom); y++)
          memcpy (out + ((gsize)(y - region->y) * region->width + from - region->x) * 3,
                  pixels + ((gsize)(y - y0) * width + from - x0) * 3,
                  (gsize)(to - from) * 3);
      }
  return TRUE;
}

SmearImage *
smear_scan_read_region (SmearScan *scan, gint level, const SmearRegion *region,
                        GError **error)
{
  g_return_val_if_fail (scan != NULL && region != NULL, NULL);
  g_return_val_if_fail (level >= 0 && level < (gint)scan->levels->len, NULL);

  const SmearScanLevel *what = &g_array_index (scan->levels, SmearScanLevel, level);
  if (region->x < 0 || region->y < 0 || region->width < 1 || region->height < 1
      || region->width > what->width - region->x
      || region->height > what->height - region->y)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "%s: the region %d x %d at %d, %d does not lie inside its %d x %d "
                   "pixels",
                   scan->path, region->width, region->height, region->x, region->y,
                   what->width, what->height);
      return NULL;
    }
  g_autoptr (SmearImage) image = smear_image_new (region->width, region->height, error);
  if (!image)
    return NULL;
  if (scan->um_per_pixel > 0)
    smear_image_set_um_per_pixel (image, scan->um_per_pixel * smear_scan_get_width (scan)
                                             / what->width);
  Reading reading = { scan, level, NULL };
  gboolean ok = fill (&reading, region, smear_image_get_pixels (image), error);
  return_reader (scan, reading.reader);
  return ok ? g_steal_pointer (&image) : NULL;
}

void
smear_scan_expect (SmearScan *scan, gint level, const SmearRegion *region)
{
  g_return_if_fail (level >= 0 && level < (gint)scan->levels->len);

  const SmearScanLevel *what = &g_array_index (scan->levels, SmearScanLevel, level);
  gint right = MIN (region->x + region->width, what->width);
  gint bottom = MIN (region->y + region->height, what->height);
  gpointer reader = scan->format->expect ? borrow_reader (scan, NULL) : NULL;

  for (gint row = region->y / what->chunk_height;
       reader && row * what->chunk_height < bottom; row++)
    for (gint column = region->x / what->chunk_width; column * what->chunk_width < right;
         column++)
      {
        g_autoptr (GBytes) here = smear_scan_cache_get (scan->cache,
                                                        chunk_key (level, column, row));
        if (!here)
          scan->format->expect (scan, reader, level, column * what->chunk_width,
                                row * what->chunk_height);
      }
  return_reader (scan, reader);
}

char *
smear_scan_identify (SmearScan *scan, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *sample = g_malloc (SAMPLE_BYTES);
  gint64 length = (gint64)scan->opened.st_size;
  g_autofree char *size = g_strdup_printf ("%" G_GINT64_FORMAT, length);
  g_checksum_update (sum, (const guchar *)size, -1);
  for (gint i = 0; i < N_SAMPLES; i++)
    {
      gint64 last = MAX (0, length - SAMPLE_BYTES);
      gssize n = pread (scan->fd, sample, SAMPLE_BYTES, last / (N_SAMPLES - 1) * i);
      if (n < 0)
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot be read: %s",
                       scan->path, g_strerror (errno));
          return NULL;
        }
      g_checksum_update (sum, sample, n);
    }
  return g_strdup (g_checksum_get_string (sum));
}

gboolean
smear_scan_changed (const SmearScan *scan)
{
  struct stat now;
  const struct stat *then = &scan->opened;
  return fstat (scan->fd, &now) != 0 || now.st_size != then->st_size
         || now.st_mtim.tv_sec != then->st_mtim.tv_sec
         || now.st_mtim.tv_nsec != then->st_mtim.tv_nsec;
}
