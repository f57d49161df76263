/* Regions read from scans: the same pixels as from the image read whole. */
#include "image/scan-private.h"

#include "support/folder.h"
#include "support/suite.h"

#include <fcntl.h>
#include <tiffio.h>
#include <unistd.h>
#include <sys/mman.h>

#define WIDTH 300
#define HEIGHT 210

typedef struct
{
  const char *name;
  gint depth, channels, planar, tile, rows;
  guint16 compression, photometric, subsampling, predictor;
} Kind;

static const Kind kinds[] = {
  { "tiles", 8, 3, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_NONE, PHOTOMETRIC_RGB },
  { "planes", 8, 3, PLANARCONFIG_SEPARATE, 64, 0, COMPRESSION_LZW, PHOTOMETRIC_RGB },
  { "16 bit", 16, 3, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_ADOBE_DEFLATE,
    PHOTOMETRIC_RGB },
  { "planes of 16 bit", 16, 3, PLANARCONFIG_SEPARATE, 64, 0, COMPRESSION_ADOBE_DEFLATE,
    PHOTOMETRIC_RGB },
  { "planes in strips", 8, 3, PLANARCONFIG_SEPARATE, 0, 16, COMPRESSION_PACKBITS,
    PHOTOMETRIC_RGB },
  { "16 bit, differences", 16, 3, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_LZW,
    PHOTOMETRIC_RGB, .predictor = PREDICTOR_HORIZONTAL },
  { "old Deflate", 8, 3, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_DEFLATE, PHOTOMETRIC_RGB,
    .predictor = PREDICTOR_HORIZONTAL },
  { "Zstandard", 8, 3, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_ZSTD, PHOTOMETRIC_RGB },
  { "LZMA", 8, 3, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_LZMA, PHOTOMETRIC_RGB },
  { "WebP", 8, 3, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_WEBP, PHOTOMETRIC_RGB },
  { "JPEG", 8, 3, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_JPEG, PHOTOMETRIC_RGB },
  { "JPEG as cameras do", 8, 3, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_JPEG,
    PHOTOMETRIC_YCBCR, .subsampling = 2 },
  { "JPEG in strips", 8, 3, PLANARCONFIG_CONTIG, 0, 16, COMPRESSION_JPEG,
    PHOTOMETRIC_YCBCR, .subsampling = 2 },
  { "strips", 8, 3, PLANARCONFIG_CONTIG, 0, 16, COMPRESSION_PACKBITS, PHOTOMETRIC_RGB },
  { "one strip", 8, 3, PLANARCONFIG_CONTIG, 0, HEIGHT, COMPRESSION_LZW, PHOTOMETRIC_RGB },
  { "grey", 8, 1, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_NONE, PHOTOMETRIC_MINISWHITE },
  { "CMYK tiles", 8, 4, PLANARCONFIG_CONTIG, 64, 0, COMPRESSION_LZW,
    PHOTOMETRIC_SEPARATED },
  { "CMYK strips", 8, 4, PLANARCONFIG_CONTIG, 0, 16, COMPRESSION_LZW,
    PHOTOMETRIC_SEPARATED },
};

static gboolean
is_lossy (const Kind *kind)
{
  return kind->compression == COMPRESSION_JPEG || kind->compression == COMPRESSION_WEBP;
}

static guint8
sample_at (gint x, gint y, gint channel, gint level)
{
  return (guint8)(x * 3 + y * 7 + channel * 50 + level * 31 + (x * y) % 13);
}

/* What is written; smooth where it is not kept exactly, so that what comes back is near.
 */
static guint8
written_at (const Kind *kind, gint x, gint y, gint channel, gint level)
{
  return is_lossy (kind) ? (guint8)(x / 4 + y / 3 + channel * 40)
                         : sample_at (x, y, channel, level);
}

/* Writes one page, @shrink times smaller, @level telling its pixels from the others'. */
static void
put_page (TIFF *tiff, const Kind *kind, gint shrink, gint level)
{
  gint width = WIDTH / shrink, height = HEIGHT / shrink, bytes = kind->depth / 8;
  gboolean planes = kind->planar == PLANARCONFIG_SEPARATE;
  gint w = kind->tile ? kind->tile : width, h = kind->tile ? kind->tile : kind->rows;
  gint step = planes ? 1 : kind->channels;

  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, kind->depth);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, kind->channels);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, kind->planar);
  TIFFSetField (tiff, TIFFTAG_COMPRESSION, kind->compression);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, kind->photometric);
  if (kind->subsampling)
    {
      TIFFSetField (tiff, TIFFTAG_YCBCRSUBSAMPLING, kind->subsampling, kind->subsampling);
      TIFFSetField (tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    }
  if (kind->predictor)
    TIFFSetField (tiff, TIFFTAG_PREDICTOR, kind->predictor);
  TIFFSetField (tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
  TIFFSetField (tiff, TIFFTAG_XRESOLUTION, 40000.0);
  TIFFSetField (tiff, TIFFTAG_YRESOLUTION, 40000.0);
  if (kind->tile)
    {
      TIFFSetField (tiff, TIFFTAG_TILEWIDTH, w);
      TIFFSetField (tiff, TIFFTAG_TILELENGTH, h);
    }
  else
    TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP, h);

  g_autofree guint8 *chunk = g_malloc ((gsize)w * h * step * bytes);
  for (gint plane = 0; plane < (planes ? kind->channels : 1); plane++)
    for (gint y0 = 0; y0 < height; y0 += h)
      for (gint x0 = 0; x0 < width; x0 += w)
        {
          gint rows = kind->tile ? h : MIN (h, height - y0);
          guint8 *out = chunk;
          for (gint y = y0; y < y0 + rows; y++)
            for (gint x = x0; x < x0 + w; x++)
              for (gint c = 0; c < step; c++, out += bytes)
                memset (out, written_at (kind, x, y, planes ? plane : c, level),
                        (gsize)bytes);
          if (kind->tile)
            ck_assert_int_ge (
                TIFFWriteTile (tiff, chunk, (guint32)x0, (guint32)y0, 0, (guint16)plane),
                0);
          else
            ck_assert_int_ge (TIFFWriteEncodedStrip (
                                  tiff,
                                  TIFFComputeStrip (tiff, (guint32)y0, (guint16)plane),
                                  chunk, (tmsize_t)rows * w * step * bytes),
                              0);
        }
  ck_assert_int_eq (TIFFWriteDirectory (tiff), 1);
}

static char *
put_scan (const char *folder, const Kind *kind, gboolean big, gint n_levels)
{
  char *path = g_build_filename (folder, "scan.tif", NULL);
  TIFF *tiff = TIFFOpen (path, big ? "w8" : "w");
  ck_assert_ptr_nonnull (tiff);
  for (gint level = 0; level < n_levels; level++)
    put_page (tiff, kind, 1 << level, level);
  TIFFClose (tiff);
  return path;
}

static gboolean
same_pixels (SmearImage *a, SmearImage *b)
{
  gint width = smear_image_get_width (a), height = smear_image_get_height (a);
  return width == smear_image_get_width (b) && height == smear_image_get_height (b)
         && memcmp (smear_image_get_pixels (a), smear_image_get_pixels (b),
                    (gsize)width * height * 3)
                == 0;
}

/* Mean difference from what was written, of all channels; G_MAXDOUBLE if any sample that
 * has to be kept exactly is not. */
static gdouble
difference (SmearImage *image, const Kind *kind)
{
  const guint8 *pixels = smear_image_get_pixels (image);
  gboolean negative = kind->photometric == PHOTOMETRIC_MINISWHITE;
  gdouble sum = 0;

  for (gint y = 0; y < HEIGHT; y++)
    for (gint x = 0; x < WIDTH; x++)
      for (gint c = 0; c < 3; c++, pixels++)
        {
          gint wanted = written_at (kind, x, y, kind->channels == 1 ? 0 : c, 0);
          gint off = ABS (*pixels - (negative ? 255 - wanted : wanted));
          if (off > 0 && !is_lossy (kind))
            return G_MAXDOUBLE;
          sum += off;
        }
  return sum / (3.0 * WIDTH * HEIGHT);
}

START_TEST (reads_regions_as_they_are_in_the_whole)
{
  static const SmearRegion regions[] = { { 0, 0, WIDTH, HEIGHT },
                                         { 60, 60, 10, 10 },
                                         { 63, 0, 2, HEIGHT },
                                         { 299, 209, 1, 1 },
                                         { 1, 100, 290, 33 } };
  const Kind *kind = &kinds[_i / 2];
  if (!TIFFIsCODECConfigured (kind->compression))
    return;
  char *folder = folder_new ();
  g_autofree char *path = put_scan (folder, kind, _i % 2, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearImage) whole = smear_image_load (path, &error);
  ck_assert_no_error (error);
  if (kind->photometric != PHOTOMETRIC_SEPARATED)
    ck_assert_msg (difference (whole, kind) < 4, "%s: not what was written", kind->name);
  /* A cache too small for two chunks has to make room all the time. */
  g_autoptr (SmearScan) scan = smear_scan_open (path, 20000, &error);
  ck_assert_no_error (error);

  ck_assert_int_eq (smear_scan_get_width (scan), WIDTH);
  ck_assert_int_eq (smear_scan_get_height (scan), HEIGHT);
  ck_assert_double_eq_tol (smear_scan_get_um_per_pixel (scan), 0.25, 1e-6);
  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    {
      g_autoptr (SmearImage) wanted = smear_image_crop (whole, &regions[i]);
      g_autoptr (SmearImage) got = smear_scan_read_region (scan, 0, &regions[i], &error);
      ck_assert_no_error (error);
      ck_assert_msg (same_pixels (wanted, got), "%s: region %u differs", kind->name, i);
    }
  folder_free (folder);
}
END_TEST

/* As OME and others write it: the levels hang below the first page. */
static char *
put_hanging_levels (const char *folder)
{
  char *path = g_build_filename (folder, "scan.tif", NULL);
  const toff_t none[2] = { 0, 0 };
  TIFF *tiff = TIFFOpen (path, "w8");

  ck_assert_ptr_nonnull (tiff);
  TIFFSetField (tiff, TIFFTAG_SUBIFD, 2, none);
  for (gint level = 0; level < 3; level++)
    put_page (tiff, &kinds[0], 1 << level, level);
  TIFFClose (tiff);
  return path;
}

START_TEST (finds_the_levels_of_a_pyramid)
{
  char *folder = folder_new ();
  g_autofree char *path = _i ? put_hanging_levels (folder)
                             : put_scan (folder, &kinds[0], TRUE, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearScan) scan = smear_scan_open (path, 0, &error);
  const SmearRegion region = { 5, 3, 2, 1 };
  gint width, height;
  ck_assert_no_error (error);

  ck_assert_int_eq (smear_scan_get_n_levels (scan), 3);
  smear_scan_get_level_size (scan, 2, &width, &height);
  ck_assert_int_eq (width, WIDTH / 4);
  ck_assert_int_eq (height, HEIGHT / 4);
  g_autoptr (SmearImage) image = smear_scan_read_region (scan, 2, &region, &error);
  ck_assert_no_error (error);
  ck_assert_int_eq (smear_image_get_pixels (image)[4], sample_at (6, 3, 1, 2));
  ck_assert_double_eq_tol (smear_image_get_um_per_pixel (image), 1.0, 1e-6);
  folder_free (folder);
}
END_TEST

#ifdef SMEAR_OPENSLIDE
/* What a slide scanner of Aperio's calls its files: OpenSlide reads those, to the same
 * pixels. */
START_TEST (reads_what_openslide_knows)
{
  const char *about = "Aperio Image Library v11.2.1\r\n300x210 [0,0 300x210] (64x64) "
                      "Q=30|AppMag = 40|MPP = 0.2500";
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "slide.svs", NULL);
  const SmearRegion region = { 50, 60, 230, 140 };
  g_autoptr (GError) error = NULL;
  TIFF *tiff = TIFFOpen (path, "w");

  ck_assert_ptr_nonnull (tiff);
  TIFFSetField (tiff, TIFFTAG_IMAGEDESCRIPTION, about);
  put_page (tiff, &kinds[0], 1, 0);
  TIFFClose (tiff);
  g_autoptr (SmearScan) scan = smear_scan_open (path, 0, &error);
  ck_assert_no_error (error);
  ck_assert_str_eq (smear_scan_get_format (scan), "OpenSlide aperio");
  ck_assert_double_eq_tol (smear_scan_get_um_per_pixel (scan), 0.25, 1e-6);
  g_autoptr (SmearImage) got = smear_scan_read_region (scan, 0, &region, &error);
  ck_assert_no_error (error);
  for (gint y = 0; y < region.height; y++)
    for (gint x = 0; x < region.width; x++)
      for (gint c = 0; c < 3; c++)
        ck_assert_uint_eq (smear_image_get_pixels (got)[(y * region.width + x) * 3 + c],
                           sample_at (region.x + x, region.y + y, c, 0));
  /* There is nothing to fetch ahead, which does no harm. */
  smear_scan_expect (scan, 0, &region);
  folder_free (folder);
}
END_TEST
#endif

START_TEST (refuses_regions_outside)
{
  static const SmearRegion outside[] = { { -1, 0, 5, 5 },
                                         { 296, 0, 5, 5 },
                                         { 0, 0, 0, 5 },
                                         { 0, 200, 5, 11 },
                                         { G_MAXINT, G_MAXINT, G_MAXINT, 1 } };
  char *folder = folder_new ();
  g_autofree char *path = put_scan (folder, &kinds[0], FALSE, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearScan) scan = smear_scan_open (path, 0, &error);

  ck_assert_no_error (error);
  ck_assert_ptr_null (smear_scan_read_region (scan, 0, &outside[_i], &error));
  ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, "does not lie inside");
  folder_free (folder);
}
END_TEST

/* Cut at any place, the file is refused when it is opened or where it is damaged. */
START_TEST (refuses_what_is_cut_off)
{
  char *folder = folder_new ();
  g_autofree char *path = put_scan (folder, &kinds[3], FALSE, 1);
  g_autofree char *content = NULL;
  const SmearRegion all = { 0, 0, WIDTH, HEIGHT };
  gsize length;

  ck_assert (g_file_get_contents (path, &content, &length, NULL));
  for (gsize cut = 0; cut < length; cut += 1 + length / 60)
    {
      g_autoptr (GError) error = NULL;
      ck_assert (g_file_set_contents (path, content, (gssize)cut, NULL));
      g_autoptr (SmearScan) scan = smear_scan_open (path, 0, &error);
      g_autoptr (SmearImage) image = scan ? smear_scan_read_region (scan, 0, &all, &error)
                                          : NULL;
      ck_assert_msg (image == NULL && error != NULL, "cut at %u of %u", (guint)cut,
                     (guint)length);
      ck_assert_ptr_nonnull (strstr (error->message, "scan.tif"));
    }
  folder_free (folder);
}
END_TEST

/* Pages of the file that the system holds in memory, from the one of byte @from on. */
static guint
pages_held (const char *path, gsize from, gsize length)
{
  gsize page = (gsize)sysconf (_SC_PAGESIZE), start = from / page * page;
  gsize n = (from + length - start + page - 1) / page;
  g_autofree guint8 *held = g_malloc0 (n);
  gint fd = open (path, O_RDONLY | O_CLOEXEC);
  void *map = mmap (NULL, n * page, PROT_READ, MAP_SHARED, fd, (off_t)start);
  guint sum = 0;

  ck_assert (map != MAP_FAILED && mincore (map, n * page, held) == 0);
  for (gsize i = 0; i < n; i++)
    sum += held[i] & 1;
  munmap (map, n * page);
  close (fd);
  return sum;
}

/* What is announced is fetched without anybody reading it, and nothing else is. */
START_TEST (fetches_what_is_expected)
{
  const gint side = 512, n = 8;
  const gsize tile = (gsize)side * side * 3;
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "scan.tif", NULL);
  TIFF *tiff = TIFFOpen (path, "w");
  g_autofree guint8 *pixels = g_malloc0 (tile);
  g_autoptr (GError) error = NULL;

  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, n * side);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, side);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  TIFFSetField (tiff, TIFFTAG_TILEWIDTH, side);
  TIFFSetField (tiff, TIFFTAG_TILELENGTH, side);
  for (gint i = 0; i < n; i++)
    TIFFWriteTile (tiff, pixels, (guint32)(i * side), 0, 0, 0);
  TIFFClose (tiff);

  g_autoptr (SmearScan) scan = smear_scan_open (path, 0, &error);
  ck_assert_no_error (error);
  const SmearRegion first = { 0, 0, 1, 1 }, later = { 5 * side + 9, 9, 100, 100 };
  g_autoptr (SmearImage) image = smear_scan_read_region (scan, 0, &first, &error);
  ck_assert_no_error (error);
  ck_assert_ptr_nonnull (image);
  gint fd = open (path, O_RDONLY | O_CLOEXEC);
  ck_assert_int_eq (fsync (fd), 0);
  posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED);
  close (fd);

  /* Well inside of the tile, so that its neighbours' pages are not counted. */
  gsize from = 5 * tile + 65536, length = tile - 2 * 65536;
  gsize from_other = 3 * tile + 65536;
  if (pages_held (path, from, length) == 0)
    {
      guint all = 0, wanted = (guint)(length / (gsize)sysconf (_SC_PAGESIZE));
      smear_scan_expect (scan, 0, &later);
      for (gint turn = 0; turn < 500 && (all = pages_held (path, from, length)) < wanted;
           turn++)
        g_usleep (10000);
      ck_assert_uint_ge (all, wanted);
      ck_assert_uint_eq (pages_held (path, from_other, length), 0);
    }
  folder_free (folder);
}
END_TEST

START_TEST (refuses_what_is_no_scan)
{
  char *folder = folder_new ();
  g_autofree char *missing = g_build_filename (folder, "none.tif", NULL);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (smear_scan_open (missing, 0, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_IO, "none.tif");
  g_clear_error (&error);
  ck_assert_ptr_null (smear_scan_open (folder, 0, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_IO, "not a regular file");
  folder_free (folder);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("scan");
  TCase *tests = tcase_create ("reading");

  tcase_add_loop_test (tests, reads_regions_as_they_are_in_the_whole, 0,
                       2 * G_N_ELEMENTS (kinds));
  tcase_add_loop_test (tests, finds_the_levels_of_a_pyramid, 0, 2);
#ifdef SMEAR_OPENSLIDE
  tcase_add_test (tests, reads_what_openslide_knows);
#endif
  tcase_add_loop_test (tests, refuses_regions_outside, 0, 5);
  tcase_add_test (tests, refuses_what_is_cut_off);
  tcase_add_test (tests, fetches_what_is_expected);
  tcase_add_test (tests, refuses_what_is_no_scan);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
