/* What the formats of scans share. A format hands out chunks: tiles, strips, or squares
 * of its own choice. */
#pragma once

#include <smearscope/scan.h>

#include <sys/stat.h>

/** SMEAR_SCAN_MAX_SIDE: pixels; so that four bytes for each column still fit an int. */
#define SMEAR_SCAN_MAX_SIDE 2000000
/** SMEAR_SCAN_MAX_CHUNK: decoded bytes of one chunk. */
#define SMEAR_SCAN_MAX_CHUNK ((gint64)1 << 28)

/**
 * SmearScanLevel:
 * @page: what the format finds it by
 */
typedef struct
{
  gint width, height, chunk_width, chunk_height;
  guint64 page;
} SmearScanLevel;

/**
 * SmearScanFormat:
 * @open: fills format_data, um_per_pixel and levels (those of equal shape, the largest
 *   first)
 * @close: frees format_data; %NULL where there is none
 * @reader_new: what one thread reads with
 * @read: decodes the chunk at @x, @y into tightly packed RGB of the chunk's size, less
 * what hangs over the edge
 * @expect: (nullable): has the system fetch what the chunk at @x, @y is decoded from, and
 * does not wait for it
 */
typedef struct
{
  const char *name;
  gboolean (*open) (SmearScan *scan, GError **error);
  void (*close) (SmearScan *scan);
  gpointer (*reader_new) (SmearScan *scan, GError **error);
  void (*reader_free) (gpointer reader);
  gboolean (*read) (SmearScan *scan, gpointer reader, gint level, gint x, gint y,
                    guint8 *rgb, gsize stride, GError **error);
  void (*expect) (SmearScan *scan, gpointer reader, gint level, gint x, gint y);
} SmearScanFormat;

extern const SmearScanFormat smear_scan_tiff, smear_scan_image;
#ifdef SMEAR_OPENSLIDE
extern const SmearScanFormat smear_scan_openslide;
/** smear_scan_openslide_takes: a format that OpenSlide knows more of than that it is a
 * TIFF. */
gboolean smear_scan_openslide_takes (const char *path);
#endif

typedef struct _SmearScanCache SmearScanCache;

struct _SmearScan
{
  char *path;
  gint fd;
  struct stat opened; /* as the file was then */
  const SmearScanFormat *format;
  char *format_name;
  gpointer format_data;
  GArray *levels; /* of SmearScanLevel */
  gdouble um_per_pixel;
  SmearScanCache *cache;
  GMutex lock;        /* guards readers */
  GPtrArray *readers; /* those nobody reads with */
};

/** smear_scan_add_level: checks the sizes. */
gboolean smear_scan_add_level (SmearScan *scan, gint64 width, gint64 height,
                               gint64 chunk_width, gint64 chunk_height, guint64 page,
                               GError **error);

/**
 * smear_scan_identify:
 *
 * SHA-256 of the file's size and of 64 samples spread over it: to tell, when a sweep is
 * resumed, whether it is still the same scan, without reading gigabytes.
 *
 * Returns: (transfer full) (nullable)
 */
char *smear_scan_identify (SmearScan *scan, GError **error);

/**
 * smear_scan_expect:
 * @region: inside; soon to be read
 *
 * Its bytes come from the disk or the network while something else is computed. Only a
 * hint: whatever is wrong with them is found when they are read.
 */
void smear_scan_expect (SmearScan *scan, gint level, const SmearRegion *region);

/** smear_scan_changed: the file has been written to, cut or lengthened since it was
 * opened. */
gboolean smear_scan_changed (const SmearScan *scan);

SmearScanCache *smear_scan_cache_new (gsize max_bytes);
void smear_scan_cache_free (SmearScanCache *cache);
/** smear_scan_cache_get: Returns: (transfer full) (nullable) */
GBytes *smear_scan_cache_get (SmearScanCache *cache, guint64 key);
/** smear_scan_cache_put: the longest unused chunks make room. */
void smear_scan_cache_put (SmearScanCache *cache, guint64 key, GBytes *chunk);
