#include "records/map-pyramid.h"

#include "image/image-private.h"

#include <errno.h>
#include <unistd.h>
#include <tiffio.h>

#define TILE SMEAR_MAP_TILE

typedef struct
{
  gint width, height;
  gdouble um, finest;
  const char *description;
  SmearMapDrawFunc draw;
  gpointer data;
  gboolean complained;
} Map;

static int
on_error (TIFF *tiff, void *user_data, const char *module, const char *format,
          va_list args)
{
  ((Map *)user_data)->complained = TRUE;
  return 1;
}

static void
describe (TIFF *tiff, const Map *map, gint factor, gboolean first)
{
  TIFFSetField (tiff, TIFFTAG_SUBFILETYPE, first ? 0 : FILETYPE_REDUCEDIMAGE);
  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, (map->width + factor - 1) / factor);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, (map->height + factor - 1) / factor);
  TIFFSetField (tiff, TIFFTAG_TILEWIDTH, TILE);
  TIFFSetField (tiff, TIFFTAG_TILELENGTH, TILE);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField (tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  TIFFSetField (tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
  TIFFSetField (tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  TIFFSetField (tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
  TIFFSetField (tiff, TIFFTAG_XRESOLUTION, 10000 / (map->um * factor));
  TIFFSetField (tiff, TIFFTAG_YRESOLUTION, 10000 / (map->um * factor));
  TIFFSetField (tiff, TIFFTAG_SOFTWARE, "smearscope scan");
  if (first)
    TIFFSetField (tiff, TIFFTAG_IMAGEDESCRIPTION, map->description);
}

static gint
write_level (TIFF *tiff, const Map *map, gint factor)
{
  g_autofree guint8 *rgb = g_malloc (TILE * TILE * 3);
  gint width = (map->width + factor - 1) / factor;
  gint height = (map->height + factor - 1) / factor;

  for (gint y = 0; y < height; y += TILE)
    for (gint x = 0; x < width; x += TILE)
      {
        map->draw (map->data, factor, x, y, rgb);
        errno = 0;
        if (TIFFWriteTile (tiff, rgb, (guint32)x, (guint32)y, 0, 0) < 0)
          return errno ? errno : EIO;
      }
  errno = 0;
  return TIFFWriteDirectory (tiff) ? 0 : errno ? errno : EIO;
}

static gint
write_map (gint fd, gpointer data)
{
  Map *map = data;
  gint own = dup (fd), code = 0, factor = 1;
  if (own < 0)
    return errno;

  TIFFOpenOptions *options = TIFFOpenOptionsAlloc ();
  TIFFOpenOptionsSetErrorHandlerExtR (options, on_error, map);
  TIFFOpenOptionsSetWarningHandlerExtR (options, on_error, map);
  TIFF *tiff = TIFFFdOpenExt (own, "map", "w8", options);
  TIFFOpenOptionsFree (options);
  if (!tiff)
    {
      close (own);
      return EIO;
    }
  while (factor * map->um < map->finest)
    factor *= 2;
  for (gboolean first = TRUE, more = TRUE; more && code == 0; first = FALSE, factor *= 2)
    {
      describe (tiff, map, factor, first);
      code = write_level (tiff, map, factor);
      more = MAX (map->width, map->height) / factor > TILE;
    }
  TIFFClose (tiff);
  return code == 0 && map->complained ? EIO : code;
}

gboolean
smear_map_pyramid_write (const char *path, gint width, gint height, gdouble um,
                         gdouble finest, const char *description, SmearMapDrawFunc draw,
                         gpointer data, GError **error)
{
  Map map = { width, height, um, finest, description, draw, data, FALSE };
  return smear_save (path, write_map, &map, error);
}
