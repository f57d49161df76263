/* JPEG in all its colours, its orientations, and what is wrong with it. */
#include "support/pictures.h"
#include "support/suite.h"

#define WIDTH 37
#define HEIGHT 29

static SmearImage *
load (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  SmearImage *image = smear_image_load_bytes (bytes, "picture", &error);
  ck_assert_no_error (error);
  ck_assert_ptr_nonnull (image);
  return image;
}

/* The greatest difference from picture_at(). */
static gint
worst (SmearImage *image)
{
  gint most = 0;
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < WIDTH * HEIGHT * 3; i++)
    most = MAX (most, ABS (p[i] - picture_at (i / 3 % WIDTH, i / 3 / WIDTH, i % 3)));
  return most;
}

START_TEST (reads_rgb)
{
  g_autoptr (GBytes) bytes = picture_jpeg_rgb (WIDTH, HEIGHT, _i == 1, NULL);
  g_autoptr (SmearImage) image = load (bytes);
  ck_assert_int_eq (smear_image_get_width (image), WIDTH);
  ck_assert_int_eq (smear_image_get_height (image), HEIGHT);
  ck_assert_int_le (worst (image), 10);
  ck_assert_double_eq (smear_image_get_um_per_pixel (image), 0);
}
END_TEST

/* Stored without the usual turn into luminance and chrominance. */
START_TEST (reads_rgb_stored_as_rgb)
{
  guint8 samples[WIDTH * HEIGHT * 3];
  for (gint i = 0; i < WIDTH * HEIGHT * 3; i++)
    samples[i] = picture_at (i / 3 % WIDTH, i / 3 / WIDTH, i % 3);
  g_autoptr (GBytes) bytes = picture_jpeg (samples, WIDTH, HEIGHT, 3, JCS_RGB, FALSE,
                                           NULL);
  g_autoptr (SmearImage) image = load (bytes);
  ck_assert_int_le (worst (image), 10);
}
END_TEST

START_TEST (reads_grey)
{
  guint8 samples[WIDTH * HEIGHT];
  for (gint i = 0; i < WIDTH * HEIGHT; i++)
    samples[i] = (guint8)(20 + 5 * (i % WIDTH));
  g_autoptr (GBytes) bytes = picture_jpeg (samples, WIDTH, HEIGHT, 1, JCS_GRAYSCALE,
                                           FALSE, NULL);
  g_autoptr (SmearImage) image = load (bytes);
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < WIDTH * HEIGHT; i++, p += 3)
    {
      ck_assert_int_eq (p[0], p[1]);
      ck_assert_int_eq (p[0], p[2]);
      ck_assert_int_le (ABS (p[0] - samples[i]), 3);
    }
}
END_TEST

/* libjpeg marks four-channel files as Adobe's, whose samples are what the paper lets
 * through. */
START_TEST (reads_cmyk)
{
  static const guint8 inks[][4] = { { 255, 255, 255, 255 },
                                    { 0, 255, 255, 255 },
                                    { 255, 0, 255, 255 },
                                    { 255, 255, 0, 128 },
                                    { 200, 200, 200, 0 } };
  static const guint8 colours[][3] = {
    { 255, 255, 255 }, { 0, 255, 255 }, { 255, 0, 255 }, { 128, 128, 0 }, { 0, 0, 0 }
  };
  guint8 samples[16 * 16 * 4];
  for (gint i = 0; i < 16 * 16; i++)
    memcpy (samples + 4 * i, inks[_i / 2], 4);
  g_autoptr (GBytes) bytes = picture_jpeg (samples, 16, 16, 4,
                                           _i % 2 ? JCS_YCCK : JCS_CMYK, FALSE, NULL);
  g_autoptr (SmearImage) image = load (bytes);
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < 16 * 16 * 3; i++)
    ck_assert_int_le (ABS (p[i] - colours[_i / 2][i % 3]), 4);
}
END_TEST

START_TEST (obeys_exif_orientation)
{
  /* Where the file's first pixel lands, as EXIF words it: row 0 is at …, column 0 is at
   * …. */
  static const struct
  {
    gboolean transposed, right, bottom;
  } wanted[] = { { 0, 0, 0 }, { 0, 1, 0 }, { 0, 1, 1 }, { 0, 0, 1 },
                 { 1, 0, 0 }, { 1, 1, 0 }, { 1, 1, 1 }, { 1, 0, 1 } };
  gint orientation = _i / 2 + 1;
  g_autoptr (GBytes) exif = picture_exif (_i % 2, orientation, 72, 2, TRUE);
  g_autoptr (GBytes) bytes = picture_jpeg_rgb (WIDTH, HEIGHT, FALSE, exif);
  g_autoptr (GBytes) plain_bytes = picture_jpeg_rgb (WIDTH, HEIGHT, FALSE, NULL);
  g_autoptr (SmearImage) image = load (bytes);
  g_autoptr (SmearImage) plain = load (plain_bytes);
  gint width = smear_image_get_width (image), height = smear_image_get_height (image);
  gboolean transposed = wanted[_i / 2].transposed;
  ck_assert_int_eq (width, transposed ? HEIGHT : WIDTH);
  ck_assert_int_eq (height, transposed ? WIDTH : HEIGHT);
  for (gint row = 0; row < HEIGHT; row++)
    for (gint column = 0; column < WIDTH; column++)
      {
        gint x = transposed ? row : column, y = transposed ? column : row;
        x = wanted[_i / 2].right ? width - 1 - x : x;
        y = wanted[_i / 2].bottom ? height - 1 - y : y;
        ck_assert_mem_eq (smear_image_get_pixels (image) + (y * width + x) * 3,
                          smear_image_get_pixels (plain) + (row * WIDTH + column) * 3, 3);
      }
}
END_TEST

START_TEST (ignores_senseless_orientation)
{
  g_autoptr (GBytes) exif = picture_exif (FALSE, _i == 0 ? 9 : 65535, 72, 2, TRUE);
  g_autoptr (GBytes) bytes = picture_jpeg_rgb (WIDTH, HEIGHT, FALSE, exif);
  g_autoptr (SmearImage) image = load (bytes);
  ck_assert_int_eq (smear_image_get_width (image), WIDTH);
  ck_assert_int_le (worst (image), 10);
}
END_TEST

/* 0.1 µm is 254,000 dots an inch or 100,000 a centimetre. */
START_TEST (takes_scale_from_exif)
{
  static const struct
  {
    guint32 per_unit;
    gint unit;
    gdouble um;
  } cases[] = { { 254000, 2, 0.1 }, { 100000, 3, 0.1 }, { 2540, 2, 10 },
                { 72, 2, 0 },       { 300, 2, 0 },      { 254000, 1, 0 },
                { 0, 2, 0 },        { 100000000, 3, 0 } };
  g_autoptr (GBytes) exif = picture_exif (TRUE, 1, cases[_i].per_unit, cases[_i].unit,
                                          TRUE);
  g_autoptr (GBytes) bytes = picture_jpeg_rgb (WIDTH, HEIGHT, FALSE, exif);
  g_autoptr (SmearImage) image = load (bytes);
  ck_assert_double_eq_tol (smear_image_get_um_per_pixel (image), cases[_i].um, 1e-9);
}
END_TEST

/* Cut at every length: a message that names the file, or, at full length only, an image.
 */
START_TEST (refuses_truncated)
{
  g_autoptr (GBytes) whole = picture_jpeg_rgb (WIDTH, HEIGHT, _i == 1, NULL);
  gsize size = g_bytes_get_size (whole);
  for (gsize n = 3; n < size; n++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, n);
      g_autoptr (GError) error = NULL;
      ck_assert_ptr_null (smear_image_load_bytes (part, "cut.jpg", &error));
      ck_assert_smear_error (error, SMEAR_ERROR_FORMAT, "cut.jpg");
    }
}
END_TEST

/* EXIF blocks that point outside themselves, cut at every length. */
START_TEST (survives_broken_exif)
{
  g_autoptr (GBytes) whole = picture_exif (_i, 6, 254000, 2, TRUE);
  gsize size;
  const guint8 *data = g_bytes_get_data (whole, &size);
  for (gsize n = 0; n <= size; n++)
    {
      g_autoptr (GBytes) part = g_bytes_new (data, n);
      g_autoptr (GBytes) bytes = picture_jpeg_rgb (WIDTH, HEIGHT, FALSE, part);
      g_autoptr (SmearImage) image = load (bytes);
      ck_assert_int_eq (smear_image_get_width (image) * smear_image_get_height (image),
                        WIDTH * HEIGHT);
    }
  for (gsize at = 6; at < size; at++)
    {
      g_autofree guint8 *bad = g_memdup2 (data, size);
      memset (bad + at, 0xff, MIN (4, size - at));
      g_autoptr (GBytes) part = g_bytes_new (bad, size);
      g_autoptr (GBytes) bytes = picture_jpeg_rgb (WIDTH, HEIGHT, FALSE, part);
      g_autoptr (SmearImage) image = load (bytes);
      ck_assert_int_eq (smear_image_get_width (image) * smear_image_get_height (image),
                        WIDTH * HEIGHT);
    }
}
END_TEST

START_TEST (refuses_hostile_dimensions)
{
  g_autoptr (GBytes) whole = picture_jpeg_rgb (WIDTH, HEIGHT, FALSE, NULL);
  gsize size;
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (whole, &size),
                                       g_bytes_get_size (whole));
  for (gsize i = 0; i + 9 < size; i++)
    if (data[i] == 0xff && data[i + 1] == 0xc0) /* start of frame: height, width */
      {
        memset (data + i + 5, 0xff, 4);
        data[i + 6] = data[i + 8] = 0x00; /* 65280: what libjpeg itself still takes */
        break;
      }
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_image_load_bytes (bytes, "huge.jpg", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_TOO_LARGE, "huge.jpg: 65280 x 65280");
}
END_TEST

START_TEST (refuses_damaged_scan)
{
  g_autoptr (GBytes) whole = picture_jpeg_rgb (200, 200, FALSE, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (whole, &size);
  g_autofree guint8 *bad = g_memdup2 (data, size);
  bad[size / 2] = 0xff; /* an end of image in mid-scan */
  bad[size / 2 + 1] = 0xd9;
  g_autoptr (GBytes) bytes = g_bytes_new (bad, size);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_image_load_bytes (bytes, "bad.jpg", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_FORMAT, "bad.jpg");
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("decode-jpeg");
  TCase *tests = tcase_create ("all");
  tcase_add_loop_test (tests, reads_rgb, 0, 2);
  tcase_add_test (tests, reads_rgb_stored_as_rgb);
  tcase_add_test (tests, reads_grey);
  tcase_add_loop_test (tests, reads_cmyk, 0, 10);
  tcase_add_loop_test (tests, obeys_exif_orientation, 0, 16);
  tcase_add_loop_test (tests, ignores_senseless_orientation, 0, 2);
  tcase_add_loop_test (tests, takes_scale_from_exif, 0, 8);
  tcase_add_loop_test (tests, refuses_truncated, 0, 2);
  tcase_add_loop_test (tests, survives_broken_exif, 0, 2);
  tcase_add_test (tests, refuses_hostile_dimensions);
  tcase_add_test (tests, refuses_damaged_scan);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
