/* Colour maps against their published colours, and maps drawn over regions. */
#include "support/suite.h"

#include <math.h>
#include <string.h>
#include <smearscope/heat-map.h>

/* Published 8-bit colours between our knots, at steps 0, 64, 128, 192 and 255 of 256. */
START_TEST (published_colours)
{
  static const guint32 published[][5]
      = { { 0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725 },
          { 0x000004, 0x51127c, 0xb73779, 0xfc8961, 0xfcfdbf },
          { 0x000004, 0x57106e, 0xbc3754, 0xf98e09, 0xfcffa4 },
          { 0x30123b, 0x28bceb, 0xa4fc3c, 0xfb7e21, 0x7a0403 },
          { 0x000000, 0x404040, 0x808080, 0xc0c0c0, 0xffffff } };
  static const gint steps[] = { 0, 64, 128, 192, 255 };
  for (gint i = 0; i < 5; i++)
    {
      guint8 rgb[3];
      smear_colour_map_lookup (_i, steps[i] / 255.0f, rgb);
      for (gint c = 0; c < 3; c++)
        {
          gint wanted = (gint)(published[_i][i] >> (16 - 8 * c) & 0xff);
          ck_assert_msg (ABS (rgb[c] - wanted) <= 3, "%s at %d: %d is not %d within 3",
                         smear_colour_map_name (_i), steps[i], rgb[c], wanted);
        }
    }
}
END_TEST

/* Viridis, magma and inferno grow lighter all the way, which makes them legible.
 */
START_TEST (grows_lighter)
{
  gdouble before = -1;
  for (gint i = 0; i < 256; i++)
    {
      guint8 rgb[3];
      smear_colour_map_lookup (_i, i / 255.0f, rgb);
      gdouble light = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
      ck_assert_double_ge (light, before - 0.6); /* rounding */
      before = light;
    }
}
END_TEST

START_TEST (clamps_and_names)
{
  guint8 low[3], high[3], rgb[3];
  smear_colour_map_lookup (_i, 0, low);
  smear_colour_map_lookup (_i, 1, high);
  smear_colour_map_lookup (_i, -3, rgb);
  ck_assert_mem_eq (rgb, low, 3);
  smear_colour_map_lookup (_i, NAN, rgb);
  ck_assert_mem_eq (rgb, low, 3);
  smear_colour_map_lookup (_i, 7, rgb);
  ck_assert_mem_eq (rgb, high, 3);

  SmearColourMap map;
  g_autofree char *loud = g_ascii_strup (smear_colour_map_name (_i), -1);
  ck_assert (smear_colour_map_from_name (loud, &map));
  ck_assert_int_eq (map, _i);
  ck_assert (!smear_colour_map_from_name ("jet", &map));
}
END_TEST

static SmearHeatMap *
hills (gint width, gint height)
{
  SmearHeatMap *map = smear_heat_map_new (width, height);
  for (gint i = 0; i < width * height; i++)
    map->values[i] = (gfloat)(0.5 + 0.5 * sin (i * 12.9898));
  return map;
}

START_TEST (strips_equal_whole)
{
  enum
  {
    WIDTH = 301,
    HEIGHT = 203
  };
  g_autoptr (SmearHeatMap) map = hills (14, 9);
  g_autofree guint8 *whole = g_malloc (WIDTH * HEIGHT * 4);
  g_autofree guint8 *parts = g_malloc (WIDTH * HEIGHT * 4);
  smear_heat_map_render (map, SMEAR_COLOUR_MAP_TURBO, 0.3f, WIDTH, HEIGHT, 0, HEIGHT,
                         whole);
  for (gint y = 0, n = 1; y < HEIGHT; y += n, n = MIN (n * 2 + 1, HEIGHT - y))
    smear_heat_map_render (map, SMEAR_COLOUR_MAP_TURBO, 0.3f, WIDTH, HEIGHT, y, n,
                           parts + y * WIDTH * 4);
  ck_assert_mem_eq (whole, parts, WIDTH * HEIGHT * 4);
}
END_TEST

/* 2 x 1 cells over 8 x 2 pixels: flat up to a cell's centre, straight between. */
START_TEST (bilinear_between_centres)
{
  g_autoptr (SmearHeatMap) map = smear_heat_map_new (2, 1);
  map->values[0] = 0;
  map->values[1] = 1;
  guint8 rgba[8 * 2 * 4];
  smear_heat_map_render (map, SMEAR_COLOUR_MAP_GREY, 0, 8, 2, 0, 2, rgba);
  const gdouble wanted[] = { 0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1 };
  for (gint i = 0; i < 16; i++)
    {
      gint value = (gint)(wanted[i % 8] * 255 + 0.5);
      ck_assert_int_eq (rgba[4 * i], value);
      ck_assert_int_eq (rgba[4 * i + 3], value);
    }
}
END_TEST

START_TEST (threshold_makes_transparent)
{
  g_autoptr (SmearHeatMap) map = smear_heat_map_new (4, 1);
  const gfloat values[] = { 0.2f, 0.5f, 0.49f, NAN };
  memcpy (map->values, values, sizeof values);
  guint8 rgba[16];
  smear_heat_map_render (map, SMEAR_COLOUR_MAP_VIRIDIS, 0.5f, 4, 1, 0, 1, rgba);
  ck_assert_int_eq (rgba[3], 0);
  ck_assert_int_eq (rgba[7], 128);
  ck_assert_int_eq (rgba[11], 0);
  ck_assert_int_eq (rgba[15], 0);
}
END_TEST

START_TEST (overlay_blends)
{
  g_autoptr (SmearHeatMap) map = smear_heat_map_new (1, 1);
  g_autoptr (SmearHeatMap) copy = NULL;
  map->values[0] = 1;
  copy = smear_heat_map_copy (map);
  map->values[0] = 0;
  g_autoptr (SmearImage) image = smear_image_new (5, 130, NULL);
  memset (smear_image_get_pixels (image), 100, 5 * 130 * 3);
  smear_image_set_um_per_pixel (image, 0.5);
  g_autoptr (SmearImage) cold = smear_heat_map_overlay (map, image, SMEAR_COLOUR_MAP_GREY,
                                                        1);
  g_autoptr (SmearImage) half = smear_heat_map_overlay (copy, image,
                                                        SMEAR_COLOUR_MAP_GREY, 0.5f);
  g_autoptr (SmearImage) hot = smear_heat_map_overlay (copy, image, SMEAR_COLOUR_MAP_GREY,
                                                       1);
  ck_assert_double_eq (smear_image_get_um_per_pixel (hot), 0.5);
  for (gint i = 0; i < 5 * 130 * 3; i++)
    {
      ck_assert_int_eq (smear_image_get_pixels (image)[i], 100);
      ck_assert_int_eq (smear_image_get_pixels (cold)[i], 100);
      ck_assert_int_eq (smear_image_get_pixels (half)[i], 178); /* 177.5 */
      ck_assert_int_eq (smear_image_get_pixels (hot)[i], 255);
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("heat-map");
  TCase *tests = tcase_create ("all");
  tcase_add_loop_test (tests, published_colours, 0, SMEAR_N_COLOUR_MAPS);
  tcase_add_loop_test (tests, grows_lighter, 0, SMEAR_COLOUR_MAP_TURBO);
  tcase_add_loop_test (tests, clamps_and_names, 0, SMEAR_N_COLOUR_MAPS);
  tcase_add_test (tests, strips_equal_whole);
  tcase_add_test (tests, bilinear_between_centres);
  tcase_add_test (tests, threshold_makes_transparent);
  tcase_add_test (tests, overlay_blends);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
