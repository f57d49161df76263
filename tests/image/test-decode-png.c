/* PNG of every colour type and depth, with and without alpha and interlace. */
#include "support/pictures.h"
#include "support/suite.h"

#define WIDTH 19
#define HEIGHT 13

static SmearImage *
load (const PicturePng *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = picture_png (what);
  SmearImage *image = smear_image_load_bytes (bytes, "picture", &error);
  ck_assert_no_error (error);
  ck_assert_ptr_nonnull (image);
  ck_assert_int_eq (smear_image_get_width (image), what->width);
  ck_assert_int_eq (smear_image_get_height (image), what->height);
  return image;
}

static guint8
on_white (gint value, gint alpha)
{
  return (guint8)((value * alpha + 255 * (255 - alpha)) / 255.0 + 0.5);
}

/* The value of a channel at a pixel, before alpha; the last of 2 or 4 channels is alpha.
 */
static guint8
sample (gint i, gint channels)
{
  gint pixel = i / channels, channel = i % channels;
  if ((channels == 2 || channels == 4) && channel == channels - 1)
    return (guint8)(pixel * 37);
  return picture_at (pixel % WIDTH, pixel / WIDTH, channel);
}

/* Grey, RGB, grey and alpha, RGBA; 8 and 16 bit; plain and interlaced. */
START_TEST (reads_true_colour)
{
  static const gint types[] = { PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGBA };
  gint channels = _i % 4 + 1, depth = _i / 4 % 2 ? 16 : 8;
  gint n = WIDTH * HEIGHT * channels;
  g_autofree guint8 *rows = g_malloc (n * 2);
  for (gint i = 0; i < n; i++)
    if (depth == 16)
      rows[2 * i] = rows[2 * i + 1] = sample (i, channels);
    else
      rows[i] = sample (i, channels);
  PicturePng what = { .width = WIDTH,
                      .height = HEIGHT,
                      .depth = depth,
                      .type = types[channels - 1],
                      .interlaced = _i / 8,
                      .rows = rows,
                      .stride = (gsize)WIDTH * channels * depth / 8 };
  g_autoptr (SmearImage) image = load (&what);
  const guint8 *p = smear_image_get_pixels (image);
  for (gint pixel = 0; pixel < WIDTH * HEIGHT; pixel++)
    for (gint c = 0; c < 3; c++)
      {
        gint first = pixel * channels;
        gint value = sample (first + (channels >= 3 ? c : 0), channels);
        gint alpha = channels % 2 ? 255 : sample (first + channels - 1, channels);
        ck_assert_int_eq (p[3 * pixel + c], on_white (value, alpha));
      }
}
END_TEST

/* 16 bit is rounded, not cut: 0x00ff is nearer to 1 than to 0. */
START_TEST (rounds_sixteen_bits)
{
  const guint8 rows[] = { 0x00, 0xff, 0x80, 0x00, 0xff, 0x7f };
  PicturePng what = { .width = 1,
                      .height = 1,
                      .depth = 16,
                      .type = PNG_COLOR_TYPE_RGB,
                      .rows = rows,
                      .stride = 6 };
  g_autoptr (SmearImage) image = load (&what);
  const guint8 *p = smear_image_get_pixels (image);
  ck_assert_int_eq (p[0], 1);
  ck_assert_int_eq (p[1], 128);
  ck_assert_int_eq (p[2], 255);
}
END_TEST

START_TEST (reads_few_greys)
{
  gint depth = 1 << _i; /* 1, 2, 4 */
  gint most = (1 << depth) - 1;
  const guint8 rows[] = { 0x1b, 0xe4 }; /* 00011011 11100100 */
  PicturePng what = { .width = 8 / depth,
                      .height = 2,
                      .depth = depth,
                      .type = PNG_COLOR_TYPE_GRAY,
                      .rows = rows,
                      .stride = 1 };
  g_autoptr (SmearImage) image = load (&what);
  const guint8 *p = smear_image_get_pixels (image);
  for (gint y = 0; y < 2; y++)
    for (gint x = 0; x < 8 / depth; x++, p += 3)
      {
        gint value = rows[y] >> (8 - depth * (x + 1)) & most;
        ck_assert_int_eq (p[0], value * 255 / most);
        ck_assert_int_eq (p[2], p[0]);
      }
}
END_TEST

START_TEST (reads_palette)
{
  png_color palette[]
      = { { 10, 20, 30 }, { 200, 100, 50 }, { 0, 255, 128 }, { 77, 88, 99 } };
  guint8 transparency[] = { 255, 128, 0 };
  gint depth = 2 << (_i % 3); /* 2, 4, 8 */
  guint8 rows[4] = { 0 };
  for (gint i = 0; i < 4; i++)
    rows[i * depth / 8] |= (guint8)(i << (8 - depth - i * depth % 8));
  PicturePng what = { .width = 4,
                      .height = 1,
                      .depth = depth,
                      .type = PNG_COLOR_TYPE_PALETTE,
                      .rows = rows,
                      .stride = 4,
                      .palette = palette,
                      .n_palette = 4 };
  if (_i >= 3)
    {
      what.transparency = transparency;
      what.n_transparency = 3;
    }
  g_autoptr (SmearImage) image = load (&what);
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < 4; i++, p += 3)
    {
      gint alpha = _i >= 3 && i < 3 ? transparency[i] : 255;
      ck_assert_int_eq (p[0], on_white (palette[i].red, alpha));
      ck_assert_int_eq (p[1], on_white (palette[i].green, alpha));
      ck_assert_int_eq (p[2], on_white (palette[i].blue, alpha));
    }
}
END_TEST

/* One colour of an RGB file is declared transparent. */
START_TEST (reads_transparent_colour)
{
  const guint8 rows[] = { 1, 2, 3, 4, 5, 6 };
  png_color_16 transparent = { .red = 1, .green = 2, .blue = 3 };
  PicturePng what = { .width = 2,
                      .height = 1,
                      .depth = 8,
                      .type = PNG_COLOR_TYPE_RGB,
                      .rows = rows,
                      .stride = 6,
                      .transparent = &transparent };
  g_autoptr (SmearImage) image = load (&what);
  const guint8 wanted[] = { 255, 255, 255, 4, 5, 6 };
  ck_assert_mem_eq (smear_image_get_pixels (image), wanted, 6);
}
END_TEST

START_TEST (obeys_exif_and_scale)
{
  const guint8 rows[] = { 10, 20, 30, 40, 50, 60 };
  g_autoptr (GBytes) exif = picture_exif (_i, 6, 72, 2, FALSE);
  PicturePng what = { .width = 3,
                      .height = 2,
                      .depth = 8,
                      .type = PNG_COLOR_TYPE_GRAY,
                      .rows = rows,
                      .stride = 3,
                      .exif = exif,
                      .pixels_per_metre = 5000000 };
  g_autoptr (GBytes) bytes = picture_png (&what);
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearImage) image = smear_image_load_bytes (bytes, "picture", &error);
  ck_assert_no_error (error);
  ck_assert_int_eq (smear_image_get_width (image), 2);
  ck_assert_int_eq (smear_image_get_height (image), 3);
  ck_assert_double_eq_tol (smear_image_get_um_per_pixel (image), 0.2, 1e-12);
  /* 6: the first row of the file is the right column, read downwards. */
  const guint8 wanted[] = { 40, 10, 50, 20, 60, 30 };
  const guint8 *p = smear_image_get_pixels (image);
  for (gint i = 0; i < 6; i++)
    ck_assert_int_eq (p[3 * i], wanted[i]);
}
END_TEST

static GBytes *
plain_png (gboolean interlaced)
{
  guint8 rows[WIDTH * HEIGHT * 4];
  for (gint i = 0; i < WIDTH * HEIGHT * 4; i++)
    rows[i] = sample (i, 4);
  PicturePng what = { .width = WIDTH,
                      .height = HEIGHT,
                      .depth = 8,
                      .type = PNG_COLOR_TYPE_RGBA,
                      .interlaced = interlaced,
                      .rows = rows,
                      .stride = WIDTH * 4 };
  return picture_png (&what);
}

START_TEST (refuses_truncated)
{
  g_autoptr (GBytes) whole = plain_png (_i);
  for (gsize n = 8; n < g_bytes_get_size (whole); n++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, n);
      g_autoptr (GError) error = NULL;
      ck_assert_ptr_null (smear_image_load_bytes (part, "cut.png", &error));
      ck_assert_smear_error (error, SMEAR_ERROR_FORMAT, "cut.png");
    }
}
END_TEST

static guint32
crc_of (const guint8 *data, gsize n)
{
  guint32 crc = 0xffffffff;
  for (gsize i = 0; i < n; i++)
    {
      crc ^= data[i];
      for (gint bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
  return ~crc;
}

START_TEST (refuses_hostile_dimensions)
{
  g_autoptr (GBytes) whole = plain_png (FALSE);
  gsize size = g_bytes_get_size (whole);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (whole, NULL), size);
  guint32 side = GUINT32_TO_BE (0x7fffffff), crc;
  memcpy (data + 16, &side, 4);
  memcpy (data + 20, &side, 4);
  crc = GUINT32_TO_BE (crc_of (data + 12, 17));
  memcpy (data + 29, &crc, 4);
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_image_load_bytes (bytes, "huge.png", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_TOO_LARGE,
                         "huge.png: 2147483647 x 2147483647");
}
END_TEST

START_TEST (refuses_wrong_checksum)
{
  g_autoptr (GBytes) whole = plain_png (FALSE);
  gsize size = g_bytes_get_size (whole);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (whole, NULL), size);
  data[size / 2] ^= 0x10;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_image_load_bytes (bytes, "bad.png", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_FORMAT, "bad.png");
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("decode-png");
  TCase *tests = tcase_create ("all");
  tcase_add_loop_test (tests, reads_true_colour, 0, 16);
  tcase_add_test (tests, rounds_sixteen_bits);
  tcase_add_loop_test (tests, reads_few_greys, 0, 3);
  tcase_add_loop_test (tests, reads_palette, 0, 6);
  tcase_add_test (tests, reads_transparent_colour);
  tcase_add_loop_test (tests, obeys_exif_and_scale, 0, 2);
  tcase_add_loop_test (tests, refuses_truncated, 0, 2);
  tcase_add_test (tests, refuses_hostile_dimensions);
  tcase_add_test (tests, refuses_wrong_checksum);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
