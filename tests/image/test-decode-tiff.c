/* TIFF: strips and tiles, planes, compressions, depths, colours, byte orders. */
#include "support/folder.h"
#include "support/pictures.h"
#include "support/suite.h"

#define WIDTH 45
#define HEIGHT 38

/* What most tests vary. */
static PictureTiff
plain (void)
{
  return (PictureTiff){ .width = WIDTH,
                        .height = HEIGHT,
                        .depth = 8,
                        .channels = 3,
                        .photometric = PHOTOMETRIC_RGB,
                        .compression = COMPRESSION_NONE,
                        .rows_per_strip = 7,
                        .extra = -1 };
}

static SmearImage *
load_bytes (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  SmearImage *image = smear_image_load_bytes (bytes, "picture", &error);
  ck_assert_no_error (error);
  ck_assert_ptr_nonnull (image);
  return image;
}

static SmearImage *
load (const PictureTiff *what)
{
  g_autoptr (GBytes) bytes = picture_tiff (what);
  SmearImage *image = load_bytes (bytes);
  ck_assert_int_eq (smear_image_get_width (image), what->width);
  ck_assert_int_eq (smear_image_get_height (image), what->height);
  return image;
}

static void
fill (guint8 *samples, gint channels)
{
  for (gint i = 0; i < WIDTH * HEIGHT * channels; i++)
    samples[i] = picture_at (i / channels % WIDTH, i / channels / WIDTH, i % channels);
}

static gint
worst (SmearImage *image, const guint8 *samples)
{
  gint most = 0;
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < WIDTH * HEIGHT * 3; i++)
    most = MAX (most, ABS (p[i] - samples[i]));
  return most;
}

/* Every compression that loses nothing, in strips, tiles and planes, both byte orders,
 * both sizes. */
START_TEST (reads_layouts)
{
  static const gint compressions[] = { COMPRESSION_NONE, COMPRESSION_LZW,
                                       COMPRESSION_PACKBITS, COMPRESSION_ADOBE_DEFLATE };
  guint8 samples[WIDTH * HEIGHT * 3];
  fill (samples, 3);
  PictureTiff what = plain ();
  what.samples = samples;
  what.compression = compressions[_i % 4];
  what.tile = _i / 4 % 2 ? 16 : 0;
  what.planar = _i / 8 % 2 ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG;
  what.big = _i / 16 % 2;
  what.other_endian = _i / 32 % 2;
  if (what.compression == COMPRESSION_LZW
      || what.compression == COMPRESSION_ADOBE_DEFLATE)
    what.predictor = PREDICTOR_HORIZONTAL;
  g_autoptr (SmearImage) image = load (&what);
  ck_assert_int_eq (worst (image, samples), 0);
}
END_TEST

START_TEST (reads_jpeg_tiles)
{
  guint8 samples[WIDTH * HEIGHT * 3];
  fill (samples, 3);
  PictureTiff what = plain ();
  what.samples = samples;
  what.compression = COMPRESSION_JPEG;
  what.photometric = _i % 2 ? PHOTOMETRIC_YCBCR : PHOTOMETRIC_RGB;
  what.tile = _i / 2 ? 16 : 0;
  what.rows_per_strip = 8;
  g_autoptr (SmearImage) image = load (&what);
  ck_assert_int_le (worst (image, samples), 12);
}
END_TEST

START_TEST (reads_sixteen_bits)
{
  gint channels = _i % 2 ? 3 : 1;
  guint8 samples[WIDTH * HEIGHT * 3];
  guint16 wide[WIDTH * HEIGHT * 3];
  fill (samples, channels);
  for (gint i = 0; i < WIDTH * HEIGHT * channels; i++)
    wide[i] = (guint16)(samples[i] * 257);
  PictureTiff what = plain ();
  what.samples = wide;
  what.depth = 16;
  what.channels = channels;
  what.photometric = channels == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB;
  what.tile = _i / 2 % 2 ? 16 : 0;
  what.other_endian = _i / 4;
  g_autoptr (SmearImage) image = load (&what);
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < WIDTH * HEIGHT * 3; i++)
    ck_assert_int_eq (p[i], samples[channels == 3 ? i : i / 3]);
}
END_TEST

START_TEST (reads_grey_and_its_negative)
{
  guint8 samples[WIDTH * HEIGHT];
  fill (samples, 1);
  PictureTiff what = plain ();
  what.samples = samples;
  what.channels = 1;
  what.photometric = _i ? PHOTOMETRIC_MINISWHITE : PHOTOMETRIC_MINISBLACK;
  g_autoptr (SmearImage) image = load (&what);
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < WIDTH * HEIGHT * 3; i++)
    ck_assert_int_eq (p[i], _i ? 255 - samples[i / 3] : samples[i / 3]);
}
END_TEST

START_TEST (reads_palette)
{
  guint8 samples[WIDTH * HEIGHT];
  guint16 palette[3 * 256];
  fill (samples, 1);
  for (gint i = 0; i < 256; i++)
    {
      palette[i] = (guint16)(i * 257);
      palette[256 + i] = (guint16)((255 - i) * 257);
      palette[512 + i] = (guint16)((i ^ 0x55) * 257);
    }
  PictureTiff what = plain ();
  what.samples = samples;
  what.channels = 1;
  what.photometric = PHOTOMETRIC_PALETTE;
  what.palette = palette;
  g_autoptr (SmearImage) image = load (&what);
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < WIDTH * HEIGHT; i++, p += 3)
    {
      ck_assert_int_eq (p[0], samples[i]);
      ck_assert_int_eq (p[1], 255 - samples[i]);
      ck_assert_int_eq (p[2], samples[i] ^ 0x55);
    }
}
END_TEST

/* Alpha of both kinds, on white, for 8 and 16 bits. */
START_TEST (lays_alpha_on_white)
{
  gboolean associated = _i % 2, wide = _i / 2;
  guint8 samples[WIDTH * HEIGHT * 4];
  guint16 wide_samples[WIDTH * HEIGHT * 4];
  for (gint i = 0; i < WIDTH * HEIGHT * 4; i++)
    {
      gint pixel = i / 4, alpha = pixel * 29 % 256;
      gint value = picture_at (pixel % WIDTH, pixel / WIDTH, i % 4);
      samples[i] = (guint8)(i % 4 == 3   ? alpha
                            : associated ? value * alpha / 255
                                         : value);
      wide_samples[i] = (guint16)(samples[i] * 257);
    }
  PictureTiff what = plain ();
  what.samples = wide ? (const void *)wide_samples : samples;
  what.depth = wide ? 16 : 8;
  what.channels = 4;
  what.extra = associated ? EXTRASAMPLE_ASSOCALPHA : EXTRASAMPLE_UNASSALPHA;
  g_autoptr (SmearImage) image = load (&what);
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < WIDTH * HEIGHT * 3; i++)
    {
      gint value = samples[i / 3 * 4 + i % 3], alpha = samples[i / 3 * 4 + 3];
      gdouble colour = associated ? value : value * alpha / 255.0;
      ck_assert_double_eq_tol (p[i], colour + 255 - alpha, 1);
    }
}
END_TEST

START_TEST (reads_cmyk)
{
  guint8 samples[WIDTH * HEIGHT * 4];
  for (gint i = 0; i < WIDTH * HEIGHT * 4; i++)
    samples[i] = (guint8)(i % 4 == 0   ? 255
                          : i % 4 == 3 ? 51
                                       : 0); /* cyan, a fifth black */
  PictureTiff what = plain ();
  what.samples = samples;
  what.channels = 4;
  what.photometric = PHOTOMETRIC_SEPARATED;
  g_autoptr (SmearImage) image = load (&what);
  const guint8 wanted[] = { 0, 204, 204 };
  ck_assert_mem_eq (smear_image_get_pixels (image), wanted, 3);
}
END_TEST

START_TEST (obeys_orientation_and_scale)
{
  const guint8 samples[] = { 10, 20, 30, 40, 50, 60 };
  /* 3 x 2, turned and mirrored as TIFF 6.0 numbers it. */
  static const guint8 wanted[][6] = {
    { 10, 20, 30, 40, 50, 60 }, { 30, 20, 10, 60, 50, 40 }, { 60, 50, 40, 30, 20, 10 },
    { 40, 50, 60, 10, 20, 30 }, { 10, 40, 20, 50, 30, 60 }, { 40, 10, 50, 20, 60, 30 },
    { 60, 30, 50, 20, 40, 10 }, { 30, 60, 20, 50, 10, 40 }
  };
  PictureTiff what = plain ();
  what.samples = samples;
  what.width = 3;
  what.height = 2;
  what.channels = 1;
  what.photometric = PHOTOMETRIC_MINISBLACK;
  what.orientation = _i + 1;
  what.um_per_pixel = 0.25;
  g_autoptr (GBytes) bytes = picture_tiff (&what);
  g_autoptr (SmearImage) image = load_bytes (bytes);
  ck_assert_int_eq (smear_image_get_width (image), _i < 4 ? 3 : 2);
  ck_assert_int_eq (smear_image_get_height (image), _i < 4 ? 2 : 3);
  ck_assert_double_eq_tol (smear_image_get_um_per_pixel (image), 0.25, 1e-6);
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < 6; i++)
    ck_assert_int_eq (p[3 * i], wanted[_i][i]);
}
END_TEST

/* From a file and from memory alike. */
START_TEST (reads_from_file)
{
  guint8 samples[WIDTH * HEIGHT * 3];
  fill (samples, 3);
  PictureTiff what = plain ();
  what.samples = samples;
  what.tile = 16;
  what.compression = COMPRESSION_LZW;
  g_autoptr (GBytes) bytes = picture_tiff (&what);
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "nameless", NULL);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  ck_assert (g_file_set_contents (path, data, (gssize)size, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearImage) image = smear_image_load (path, &error);
  ck_assert_no_error (error);
  ck_assert_int_eq (worst (image, samples), 0);

  ck_assert (g_file_set_contents (path, data, (gssize)size / 2, NULL));
  ck_assert_ptr_null (smear_image_load (path, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_FORMAT, path);
  folder_free (folder);
}
END_TEST

/* No part of the pixels may be missing; what of a TIFF is no pixel may well be. */
START_TEST (refuses_truncated)
{
  static const gint compressions[] = { COMPRESSION_NONE, COMPRESSION_LZW,
                                       COMPRESSION_ADOBE_DEFLATE, COMPRESSION_JPEG };
  guint8 samples[WIDTH * HEIGHT * 3];
  fill (samples, 3);
  PictureTiff what = plain ();
  what.samples = samples;
  what.compression = compressions[_i % 4];
  what.rows_per_strip = 8;
  what.tile = _i / 4 ? 16 : 0;
  g_autoptr (GBytes) whole = picture_tiff (&what);
  g_autoptr (SmearImage) reference = load_bytes (whole);
  guint refused = 0, n_tried = 0;
  for (gsize n = 4; n < g_bytes_get_size (whole); n += 13, n_tried++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, n);
      g_autoptr (GError) error = NULL;
      g_autoptr (SmearImage) image = smear_image_load_bytes (part, "cut.tif", &error);
      if (image)
        ck_assert_mem_eq (smear_image_get_pixels (image),
                          smear_image_get_pixels (reference), WIDTH * HEIGHT * 3);
      else
        {
          ck_assert_ptr_nonnull (error);
          ck_assert_ptr_nonnull (strstr (error->message, "cut.tif"));
          refused++;
        }
    }
  /* The directory stands behind the pixels, so hardly any cut leaves them readable. */
  ck_assert_uint_ge (refused, n_tried - 2);
}
END_TEST

/* A strip of JPEG that ends early is a mere warning to libtiff. */
START_TEST (refuses_short_jpeg_strip)
{
  guint8 samples[WIDTH * HEIGHT * 3];
  fill (samples, 3);
  PictureTiff what = plain ();
  what.samples = samples;
  what.compression = COMPRESSION_JPEG;
  what.rows_per_strip = HEIGHT;
  g_autoptr (GBytes) whole = picture_tiff (&what);
  gsize size = g_bytes_get_size (whole);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (whole, NULL), size);
  gsize end = 0;
  for (gsize i = size / 2; i + 1 < size && end == 0; i++)
    if (data[i] == 0xff && data[i + 1] == 0xd9)
      end = i;
  ck_assert_uint_gt (end, 0);
  data[end - 200] = 0xff; /* the end of the image, too early */
  data[end - 199] = 0xd9;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_image_load_bytes (bytes, "short.tif", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_FORMAT, "short.tif");
}
END_TEST

START_TEST (refuses_hostile_dimensions)
{
  const guint32 sides[][2] = { { 4000000000u, 1 }, { 65536, 65536 }, { 1, 4000000000u } };
  /* Width, height, bits, offset and size of the one strip. */
  const guint16 tags[] = { 0x0100, 0x0101, 0x0102, 0x0111, 0x0117 };
  const guint32 values[] = { sides[_i][0], sides[_i][1], 8, 8, 8 };
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_byte_array_append (data, (const guint8 *)"II*\0\x08\0\0\0\x05\0", 10);
  for (gint i = 0; i < 5; i++)
    {
      guint16 entry[] = { GUINT16_TO_LE (tags[i]), GUINT16_TO_LE (i == 2 ? 3 : 4),
                          GUINT16_TO_LE (1), 0 };
      guint32 value = GUINT32_TO_LE (values[i]);
      g_byte_array_append (data, (const guint8 *)entry, 8);
      g_byte_array_append (data, (const guint8 *)&value, 4);
    }
  g_byte_array_append (data, (const guint8 *)"\0\0\0", 4);
  g_autoptr (GBytes) bytes = g_bytes_new (data->data, data->len);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_image_load_bytes (bytes, "huge.tif", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_TOO_LARGE, "huge.tif");
}
END_TEST

START_TEST (refuses_float)
{
  gfloat samples[WIDTH * HEIGHT];
  for (gint i = 0; i < WIDTH * HEIGHT; i++)
    samples[i] = (gfloat)i;
  PictureTiff what = plain ();
  what.samples = samples;
  what.depth = 32;
  what.channels = 1;
  what.photometric = PHOTOMETRIC_MINISBLACK;
  g_autoptr (GBytes) bytes = picture_tiff (&what);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_image_load_bytes (bytes, "float.tif", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_UNSUPPORTED, "float.tif");
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("decode-tiff");
  TCase *tests = tcase_create ("all");
  tcase_add_loop_test (tests, reads_layouts, 0, 64);
  tcase_add_loop_test (tests, reads_jpeg_tiles, 0, 4);
  tcase_add_loop_test (tests, reads_sixteen_bits, 0, 8);
  tcase_add_loop_test (tests, reads_grey_and_its_negative, 0, 2);
  tcase_add_test (tests, reads_palette);
  tcase_add_loop_test (tests, lays_alpha_on_white, 0, 4);
  tcase_add_test (tests, reads_cmyk);
  tcase_add_loop_test (tests, obeys_orientation_and_scale, 0, 8);
  tcase_add_test (tests, reads_from_file);
  tcase_add_loop_test (tests, refuses_truncated, 0, 8);
  tcase_add_test (tests, refuses_short_jpeg_strip);
  tcase_add_loop_test (tests, refuses_hostile_dimensions, 0, 3);
  tcase_add_test (tests, refuses_float);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
