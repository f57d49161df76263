/* Whole-slide formats, through OpenSlide where it was there when the engine was built. */
#include "scan-private.h"

#ifdef SMEAR_OPENSLIDE

#include <openslide.h>
#include <string.h>

#define CHUNK 512

gboolean
smear_scan_openslide_takes (const char *path)
{
  const char *vendor = openslide_detect_vendor (path);
  /* What is but a tiled TIFF is read without a detour. */
  return vendor && strcmp (vendor, "generic-tiff") != 0;
}

static gboolean
blame (const SmearScan *scan, const char *why, GError **error)
{
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
               "%s: the slide is damaged or truncated%s%s%s", scan->path, why ? " (" : "",
               why ? why : "", why ? ")" : "");
  return FALSE;
}

static gboolean
open_slide (SmearScan *scan, GError **error)
{
  openslide_t *slide = openslide_open (scan->path);
  if (!slide)
    return blame (scan, NULL, error);
  scan->format_data = slide;
  if (openslide_get_error (slide))
    return blame (scan, openslide_get_error (slide), error);

  const char *vendor = openslide_get_property_value (slide,
                                                     OPENSLIDE_PROPERTY_NAME_VENDOR);
  const char *um = openslide_get_property_value (slide, OPENSLIDE_PROPERTY_NAME_MPP_X);
  gdouble um_x = um ? g_ascii_strtod (um, NULL) : 0;
  scan->format_name = g_strconcat ("OpenSlide ", vendor, NULL);
  scan->um_per_pixel = um_x >= 0.01 && um_x <= 10 ? um_x : 0;
  for (gint i = 0; i < openslide_get_level_count (slide); i++)
    {
      int64_t width = 0, height = 0;
      openslide_get_level_dimensions (slide, i, &width, &height);
      if (!smear_scan_add_level (scan, width, height, CHUNK, CHUNK, (guint64)i, error))
        return FALSE;
    }
  return TRUE;
}

static void
close_slide (SmearScan *scan)
{
  openslide_close (scan->format_data);
}

/* OpenSlide lets any number of threads read from one slide; what each needs for itself is
 * room for the pixels. */
static gpointer
reader_new (SmearScan *scan, GError **error)
{
  return g_new (guint32, CHUNK * CHUNK);
}

static gboolean
read_chunk (SmearScan *scan, gpointer reader, gint index, gint x, gint y, guint8 *rgb,
            gsize stride, GError **error)
{
  const SmearScanLevel *level = &g_array_index (scan->levels, SmearScanLevel, index);
  openslide_t *slide = scan->format_data;
  guint32 *argb = reader;
  gint width = MIN (CHUNK, level->width - x), height = MIN (CHUNK, level->height - y);
  gdouble factor = openslide_get_level_downsample (slide, index);

  openslide_read_region (slide, argb, (int64_t)(x * factor), (int64_t)(y * factor), index,
                         width, height);
  if (openslide_get_error (slide))
    return blame (scan, openslide_get_error (slide), error);
  for (gint i = 0; i < height; i++)
    for (gint j = 0; j < width; j++)
      {
        guint32 pixel = argb[(gsize)i * width + j];
        guint paper = 255 - (pixel >> 24);
        for (gint c = 0; c < 3; c++)
          rgb[i * stride + 3 * j + c] = (guint8)MIN (255, (pixel >> (16 - 8 * c) & 255)
                                                              + paper);
      }
  return TRUE;
}

const SmearScanFormat smear_scan_openslide = {
  "OpenSlide", open_slide, close_slide, reader_new, g_free, read_chunk, NULL,
};

#endif
