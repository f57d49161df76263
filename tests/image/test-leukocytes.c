/* The leukocyte finder on painted fields whose cells are known, and on real ones. */
#include <math.h>
#include <string.h>

#include <smearscope/leukocytes.h>
#include <smearscope/synthesise.h>

#include "support/suite.h"

typedef struct
{
  guint8 red, green, blue;
} Colour;

static const Colour WHITE = { 247, 252, 241 }, RED_CELL = { 176, 186, 200 },
                    NUCLEUS = { 126, 84, 205 }, PALE_NUCLEUS = { 165, 140, 212 },
                    PLATELET = { 110, 70, 180 }, BLACK = { 12, 12, 12 };

static SmearImage *
plain (gint width, gint height, Colour colour)
{
  SmearImage *image = smear_image_new (width, height, NULL);
  guint8 *p = smear_image_get_pixels (image);

  ck_assert_ptr_nonnull (image);
  for (gint i = 0; i < width * height; i++, p += 3)
    {
      p[0] = colour.red;
      p[1] = colour.green;
      p[2] = colour.blue;
    }
  return image;
}

/* An ellipse with an edge one pixel soft. */
static void
paint (SmearImage *image, gdouble cx, gdouble cy, gdouble rx, gdouble ry, Colour colour)
{
  gint width = smear_image_get_width (image), height = smear_image_get_height (image);
  guint8 *pixels = smear_image_get_pixels (image);

  for (gint y = MAX (0, (gint)(cy - ry) - 2); y <= MIN (height - 1, (gint)(cy + ry) + 2);
       y++)
    for (gint x = MAX (0, (gint)(cx - rx) - 2); x <= MIN (width - 1, (gint)(cx + rx) + 2);
         x++)
      {
        gdouble depth
            = (1 - hypot ((x + 0.5 - cx) / rx, (y + 0.5 - cy) / ry)) * MIN (rx, ry) + 0.5;
        gdouble share = CLAMP (depth, 0, 1);
        guint8 *p = pixels + 3 * ((gsize)y * width + x);
        p[0] = (guint8)(p[0] + share * (colour.red - p[0]) + 0.5);
        p[1] = (guint8)(p[1] + share * (colour.green - p[1]) + 0.5);
        p[2] = (guint8)(p[2] + share * (colour.blue - p[2]) + 0.5);
      }
}

/* Red cells in staggered rows, of the given diameters, over the whole field. */
static SmearImage *
field (gint width, gint height, gdouble across, gdouble down)
{
  SmearImage *image = plain (width, height, WHITE);
  gint row = 0;

  for (gdouble y = down; y < height; y += 1.5 * down, row++)
    for (gdouble x = across * (row % 2 ? 0.6 : 1.4); x < width; x += 1.6 * across)
      paint (image, x, y, across / 2, down / 2, RED_CELL);
  return image;
}

/* Clears the glass and lays a nucleus on it. */
static void
lay_nucleus (SmearImage *image, gdouble x, gdouble y, gdouble rx, gdouble ry)
{
  paint (image, x, y, 1.5 * rx, 1.5 * ry, WHITE);
  paint (image, x, y, rx, ry, NUCLEUS);
}

static SmearLeukocytes *
find (SmearImage *image)
{
  g_autoptr (GError) error = NULL;
  SmearLeukocytes *found = smear_leukocytes_find (image, 0, 0, &error);

  ck_assert_msg (found != NULL, "%s", error ? error->message : "no message");
  return found;
}

static const SmearCell *
cell_at (const SmearLeukocytes *found, gdouble x, gdouble y, gdouble within)
{
  for (guint i = 0; i < found->cells->len; i++)
    {
      const SmearCell *cell = &g_array_index (found->cells, SmearCell, i);
      if (hypot (cell->x - x, cell->y - y) <= within)
        return cell;
    }
  return NULL;
}

START_TEST (finds_every_nucleus_where_it_is)
{
  const gdouble at[][2] = { { 60, 50 }, { 170, 60 }, { 70, 160 }, { 160, 150 } };
  g_autoptr (SmearImage) image = field (224, 224, 16, 16);

  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    lay_nucleus (image, at[i][0], at[i][1], 12, 12);
  g_autoptr (SmearLeukocytes) found = find (image);

  ck_assert (found->quality.is_smear);
  ck_assert_uint_eq (found->cells->len, G_N_ELEMENTS (at));
  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    {
      const SmearCell *cell = cell_at (found, at[i][0], at[i][1], 1.5);
      ck_assert_ptr_nonnull (cell);
      ck_assert_int_eq (cell->klass, SMEAR_CLASS_NONE);
      ck_assert (!cell->touches_edge);
      ck_assert_double_eq_tol (cell->area, G_PI * 12 * 12, 0.12 * G_PI * 12 * 12);
      ck_assert_int_ge (cell->box.width, 22);
      ck_assert_int_le (cell->box.width, 29);
    }
}
END_TEST

START_TEST (labels_and_boxes_agree)
{
  g_autoptr (SmearImage) image = field (640, 480, 46, 46);

  lay_nucleus (image, 150, 120, 36, 33);
  lay_nucleus (image, 420, 330, 30, 38);
  g_autoptr (SmearLeukocytes) found = find (image);

  ck_assert_int_eq (found->width, 640);
  ck_assert_int_eq (found->height, 480);
  ck_assert_uint_eq (found->cells->len, 2);
  for (guint i = 0; i < found->cells->len; i++)
    {
      const SmearCell *cell = &g_array_index (found->cells, SmearCell, i);
      gint x0 = 640, y0 = 480, x1 = -1, y1 = -1;
      for (gint y = 0; y < 480; y++)
        for (gint x = 0; x < 640; x++)
          if (found->labels[y * 640 + x] == i + 1)
            {
              x0 = MIN (x0, x);
              x1 = MAX (x1, x);
              y0 = MIN (y0, y);
              y1 = MAX (y1, y);
            }
      ck_assert_int_eq (cell->box.x, x0);
      ck_assert_int_eq (cell->box.y, y0);
      ck_assert_int_eq (cell->box.width, x1 - x0 + 1);
      ck_assert_int_eq (cell->box.height, y1 - y0 + 1);
    }
}
END_TEST

START_TEST (parts_touching_cells)
{
  g_autoptr (SmearImage) image = field (224, 224, 16, 16);

  paint (image, 111, 110, 40, 26, WHITE);
  paint (image, 100, 110, 12, 12, NUCLEUS);
  paint (image, 122, 110, 12, 12, NUCLEUS);
  g_autoptr (SmearLeukocytes) found = find (image);

  ck_assert_uint_eq (found->cells->len, 2);
  ck_assert_ptr_nonnull (cell_at (found, 100, 110, 2.5));
  ck_assert_ptr_nonnull (cell_at (found, 122, 110, 2.5));
}
END_TEST

START_TEST (leaves_platelets_and_scale_bar_out)
{
  g_autoptr (SmearImage) image = field (224, 224, 16, 16);
  guint8 *pixels = smear_image_get_pixels (image);

  lay_nucleus (image, 80, 80, 12, 12);
  for (gint i = 0; i < 6; i++)
    paint (image, 30 + 30 * i, 160, 2.5, 2.5, PLATELET);
  for (gint y = 200; y < 222; y++)
    for (gint x = 180; x < 222; x++)
      {
        gboolean ink = y == 216 || (y > 203 && y < 210 && x % 5 < 2 && x > 186);
        memset (pixels + 3 * (y * 224 + x), ink ? BLACK.red : 255, 3);
      }
  g_autoptr (SmearLeukocytes) found = find (image);

  ck_assert (found->quality.is_smear);
  ck_assert_uint_eq (found->cells->len, 1);
  ck_assert_ptr_nonnull (cell_at (found, 80, 80, 1.5));
}
END_TEST

START_TEST (marks_cells_cut_by_the_border)
{
  g_autoptr (SmearImage) image = field (224, 224, 16, 16);

  lay_nucleus (image, 2, 100, 12, 12);
  lay_nucleus (image, 120, 100, 12, 12);
  g_autoptr (SmearLeukocytes) found = find (image);

  ck_assert_uint_eq (found->cells->len, 2);
  const SmearCell *cut = cell_at (found, 6, 100, 4);
  const SmearCell *whole = cell_at (found, 120, 100, 2);
  ck_assert_ptr_nonnull (cut);
  ck_assert_ptr_nonnull (whole);
  ck_assert (cut->touches_edge);
  ck_assert (!whole->touches_edge);
}
END_TEST

START_TEST (a_smear_without_leukocytes_is_a_smear)
{
  g_autoptr (SmearImage) image = field (224, 224, 16, 16);
  g_autoptr (SmearLeukocytes) found = find (image);

  ck_assert (found->quality.is_smear);
  ck_assert_ptr_null (found->quality.reason);
  ck_assert_uint_eq (found->cells->len, 0);
}
END_TEST

START_TEST (measures_the_scale_each_way)
{
  g_autoptr (SmearImage) square = field (448, 448, 24, 24);
  g_autoptr (SmearImage) squeezed = field (448, 448, 18, 24);
  g_autoptr (SmearLeukocytes) a = find (square);
  g_autoptr (SmearLeukocytes) b = find (squeezed);

  ck_assert_double_eq_tol (a->quality.um_per_pixel_x, 7.5 / 24, 0.1 * 7.5 / 24);
  ck_assert_double_eq_tol (a->quality.um_per_pixel_y, 7.5 / 24, 0.1 * 7.5 / 24);
  ck_assert_double_eq_tol (b->quality.um_per_pixel_x, 7.5 / 18, 0.1 * 7.5 / 18);
  ck_assert_double_eq_tol (b->quality.um_per_pixel_y, 7.5 / 24, 0.1 * 7.5 / 24);
}
END_TEST

START_TEST (takes_a_scale_that_is_given)
{
  g_autoptr (SmearImage) image = field (224, 224, 16, 16);

  lay_nucleus (image, 80, 80, 12, 12);
  g_autoptr (SmearLeukocytes) found = smear_leukocytes_find (image, 0.4, 0.5, NULL);
  ck_assert_ptr_nonnull (found);
  ck_assert_double_eq_tol (found->quality.um_per_pixel_x, 0.4, 1e-4);
  ck_assert_double_eq_tol (found->quality.um_per_pixel_y, 0.5, 1e-4);
  ck_assert_uint_eq (found->cells->len, 1);

  /* The same spot is no cell where a pixel is so small that it would be a platelet. */
  g_autoptr (SmearLeukocytes) tiny = smear_leukocytes_find (image, 0.1, 0.1, NULL);
  ck_assert_ptr_nonnull (tiny);
  ck_assert_uint_eq (tiny->cells->len, 0);
}
END_TEST

/* One picture at three sizes gives the same cells. */
START_TEST (works_at_any_magnification)
{
  static const gdouble times[] = { 0.5, 1, 2, 4.5 };
  gdouble m = times[_i];
  gint side = (gint)(224 * m);
  g_autoptr (SmearImage) image = field (side, side, 16 * m, 16 * m);

  lay_nucleus (image, 60 * m, 60 * m, 12 * m, 12 * m);
  lay_nucleus (image, 160 * m, 120 * m, 10 * m, 12 * m);
  g_autoptr (SmearLeukocytes) found = find (image);

  ck_assert_uint_eq (found->cells->len, 2);
  ck_assert_ptr_nonnull (cell_at (found, 60 * m, 60 * m, 1.5 * m));
  ck_assert_ptr_nonnull (cell_at (found, 160 * m, 120 * m, 1.5 * m));
  ck_assert_double_eq_tol (found->quality.um_per_pixel_x * m, 7.5 / 16, 0.12 * 7.5 / 16);
}
END_TEST

static SmearImage *
recoloured (SmearImage *image, const gdouble gains[3], gdouble gamma)
{
  gint width = smear_image_get_width (image), height = smear_image_get_height (image);
  SmearImage *result = smear_image_new (width, height, NULL);
  guint8 *to = smear_image_get_pixels (result), *from = smear_image_get_pixels (image);

  for (gint i = 0; i < 3 * width * height; i++)
    to[i] = (guint8)CLAMP (255 * pow (from[i] / 255.0 * gains[i % 3], gamma) + 0.5, 0,
                           255);
  return result;
}

START_TEST (hardly_minds_colour_balance_and_gamma)
{
  static const gdouble changes[][4] = { { 0.9, 1, 1, 1 }, { 1, 0.9, 1, 1 },
                                        { 1, 1, 0.9, 1 }, { 0.9, 0.95, 1, 1 },
                                        { 1, 1, 1, 0.8 }, { 1, 1, 1, 1.25 } };
  g_autoptr (SmearImage) image = field (224, 224, 16, 16);
  gint both = 0, either = 0;

  lay_nucleus (image, 60, 50, 12, 12);
  lay_nucleus (image, 150, 150, 10, 13);
  g_autoptr (SmearImage) changed = recoloured (image, changes[_i], changes[_i][3]);
  g_autoptr (SmearLeukocytes) a = find (image);
  g_autoptr (SmearLeukocytes) b = find (changed);

  ck_assert_uint_eq (a->cells->len, 2);
  ck_assert_uint_eq (b->cells->len, 2);
  for (gint i = 0; i < 224 * 224; i++)
    {
      both += a->labels[i] && b->labels[i];
      either += (a->labels[i] > 0) + (b->labels[i] > 0);
    }
  ck_assert_double_ge (2.0 * both / either, 0.93);
}
END_TEST

static void
dull (SmearImage *image, gdouble saturation)
{
  guint8 *p = smear_image_get_pixels (image);
  gint n = smear_image_get_width (image) * smear_image_get_height (image);

  for (gint i = 0; i < n; i++, p += 3)
    {
      gdouble grey = 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
      for (gint c = 0; c < 3; c++)
        p[c] = (guint8)lrint (CLAMP (grey + saturation * (p[c] - grey), 0, 255));
    }
}

START_TEST (finds_pale_nuclei_in_dull_colours)
{
  static const gdouble saturation[] = { 1.4, 1, 0.8, 0.6 };
  g_autoptr (SmearImage) image = field (224, 224, 16, 16);

  paint (image, 60, 50, 18, 18, WHITE);
  paint (image, 60, 50, 12, 12, PALE_NUCLEUS);
  lay_nucleus (image, 150, 150, 10, 13);
  dull (image, saturation[_i]);
  g_autoptr (SmearLeukocytes) found = find (image);

  ck_assert_uint_eq (found->cells->len, 2);
}
END_TEST

START_TEST (is_deterministic)
{
  g_autoptr (SmearImage) image = field (224, 224, 16, 16);

  lay_nucleus (image, 60, 50, 12, 12);
  g_autoptr (SmearLeukocytes) a = find (image);
  g_autoptr (SmearLeukocytes) b = find (image);
  ck_assert_mem_eq (a->labels, b->labels, 224 * 224 * sizeof *a->labels);
  ck_assert_uint_eq (a->cells->len, b->cells->len);
  ck_assert_mem_eq (a->cells->data, b->cells->data, a->cells->len * sizeof (SmearCell));
}
END_TEST

START_TEST (refuses_one_flat_colour)
{
  static const Colour flat[] = {
    { 255, 255, 255 }, { 0, 0, 0 }, { 126, 84, 205 }, { 128, 128, 128 }, { 200, 30, 30 }
  };
  g_autoptr (SmearImage) image = plain (224, 224, flat[_i]);
  g_autoptr (SmearLeukocytes) found = find (image);

  ck_assert (!found->quality.is_smear);
  ck_assert_ptr_nonnull (found->quality.reason);
  ck_assert_uint_eq (found->cells->len, 0);
}
END_TEST

START_TEST (refuses_what_is_no_smear)
{
  g_autoptr (SmearImage) image = NULL;

  if (_i == 0) /* a white stroke on black, as in a digit */
    {
      image = plain (64, 64, BLACK);
      paint (image, 32, 28, 10, 16, (Colour){ 250, 250, 250 });
      paint (image, 32, 28, 5, 10, BLACK);
    }
  else if (_i == 1) /* green leaves on white */
    {
      image = plain (224, 224, (Colour){ 250, 250, 250 });
      for (gint i = 0; i < 5; i++)
        paint (image, 30 + 40 * i, 60 + 20 * i, 18, 30, (Colour){ 60, 150, 50 });
    }
  else if (_i == 2) /* yellow and orange on white */
    {
      image = plain (224, 224, (Colour){ 255, 255, 255 });
      paint (image, 110, 110, 70, 80, (Colour){ 240, 180, 30 });
    }
  else /* black writing on paper */
    {
      image = plain (224, 224, (Colour){ 252, 252, 250 });
      for (gint y = 20; y < 200; y += 14)
        for (gint x = 10; x < 210; x += 9)
          paint (image, x, y, 1 + x % 3, 4, BLACK);
    }
  g_autoptr (SmearLeukocytes) found = find (image);
  ck_assert (!found->quality.is_smear);
  ck_assert_uint_eq (found->cells->len, 0);
}
END_TEST

START_TEST (refuses_pictures_too_small)
{
  static const gint sizes[][2] = { { 15, 100 }, { 100, 15 }, { 1, 4000 }, { 1, 1 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearImage) image = smear_image_new (sizes[_i][0], sizes[_i][1], NULL);

  ck_assert_ptr_null (smear_leukocytes_find (image, 0, 0, &error));
  ck_assert (g_error_matches (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT));
}
END_TEST

/* Noise of any size and shape must come back with an answer. */
START_TEST (survives_noise)
{
  static const gint sizes[][2] = { { 16, 16 }, { 17, 300 }, { 1200, 16 }, { 600, 17 } };
  g_autoptr (SmearImage) image = smear_image_new (sizes[_i][0], sizes[_i][1], NULL);
  guint8 *pixels = smear_image_get_pixels (image);
  guint32 state = 1;

  for (gint i = 0; i < 3 * sizes[_i][0] * sizes[_i][1]; i++)
    {
      state = state * 1664525u + 1013904223u;
      pixels[i] = state >> 24;
    }
  g_autoptr (SmearLeukocytes) found = find (image);
  ck_assert_int_eq (found->width, sizes[_i][0]);
  ck_assert_int_eq (found->height, sizes[_i][1]);
}
END_TEST

START_TEST (warns_of_blur_and_darkness)
{
  g_autoptr (SmearImage) sharp = field (224, 224, 16, 16);
  static const gdouble dim[] = { 0.4, 0.4, 0.4 };

  lay_nucleus (sharp, 60, 50, 12, 12);
  lay_nucleus (sharp, 150, 150, 12, 12);
  g_autoptr (SmearImage) small = smear_image_resize (sharp, 24, 24, NULL);
  g_autoptr (SmearImage) blurred = smear_image_resize (small, 224, 224, NULL);
  g_autoptr (SmearImage) dark = recoloured (sharp, dim, 1);
  g_autoptr (SmearLeukocytes) a = find (sharp);
  g_autoptr (SmearLeukocytes) b = smear_leukocytes_find (blurred, 7.5 / 16, 7.5 / 16,
                                                         NULL);
  g_autoptr (SmearLeukocytes) c = find (dark);

  ck_assert (!a->quality.blurred && !a->quality.too_dark && !a->quality.too_bright);
  ck_assert (b->quality.blurred);
  ck_assert_float_lt (b->quality.sharpness, a->quality.sharpness);
  ck_assert (c->quality.too_dark);
}
END_TEST

START_TEST (finds_synthesised_cells)
{
  SmearSynthesis what = { 1024, 768, 0.125, (SmearClass)_i, 7, TRUE };
  g_autoptr (GArray) cells = NULL;
  g_autoptr (SmearImage) image = smear_synthesise (&what, &cells, NULL);
  guint missed = 0, inside = 0;

  ck_assert_ptr_nonnull (image);
  g_autoptr (SmearLeukocytes) found = find (image);
  ck_assert (found->quality.is_smear);
  for (guint i = 0; i < cells->len; i++)
    {
      const SmearSyntheticCell *cell = &g_array_index (cells, SmearSyntheticCell, i);
      gdouble r = cell->radius;
      if (cell->x < r || cell->y < r || cell->x > 1024 - r || cell->y > 768 - r)
        continue;
      inside++;
      missed += cell_at (found, cell->x, cell->y, r) == NULL;
    }
  ck_assert_uint_gt (inside, 0);
  ck_assert_uint_le (missed, inside / 10);
  ck_assert_uint_le (found->cells->len, cells->len + cells->len / 10 + 1);
}
END_TEST

START_TEST (finds_nothing_in_a_synthesised_field_of_red_cells)
{
  SmearSynthesis what = { 1024, 768, 0.125, SMEAR_CLASS_NONE, 11, TRUE };
  g_autoptr (SmearImage) image = smear_synthesise (&what, NULL, NULL);

  dull (image, _i == 0 ? 1 : 0.6);
  g_autoptr (SmearLeukocytes) found = find (image);

  ck_assert (found->quality.is_smear);
  ck_assert_uint_eq (found->cells->len, 0);
}
END_TEST

/* The real data, where they are at hand. */
static char *
real (const char *below)
{
  const char *data = g_getenv ("SMEARSCOPE_DATA");
  char *path = g_build_filename (data ? data : "../shared/data", below, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_printerr (
          "skipped: %s is not there; set SMEARSCOPE_DATA to test on real fields\n", path);
      g_clear_pointer (&path, g_free);
    }
  return path;
}

START_TEST (finds_cells_in_real_fields)
{
  static const char *folders[] = { "taleqani/Benign", "taleqani/Early", "taleqani/Pre",
                                   "taleqani/Pro", "bccd/JPEGImages" };
  g_autofree char *path = real (folders[_i]);
  if (!path)
    return;
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint seen = 0, empty = 0;

  for (const char *name; seen < 12 && (name = g_dir_read_name (dir));)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autoptr (SmearImage) image = smear_image_load (file, NULL);
      g_autoptr (SmearLeukocytes) found = find (image);
      ck_assert_msg (found->quality.is_smear, "%s: %s", file, found->quality.reason);
      empty += !found->cells->len;
      seen++;
    }
  ck_assert_uint_gt (seen, 0);
  ck_assert_uint_le (empty, 1);
}
END_TEST

START_TEST (refuses_real_pictures_of_other_things)
{
  g_autofree char *path = real ("not-blood");
  if (!path)
    return;
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name; (name = g_dir_read_name (dir));)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autoptr (SmearImage) image = smear_image_load (file, NULL);
      if (!image)
        continue; /* the licence lies there too */
      g_autoptr (SmearLeukocytes) found = find (image);
      ck_assert_msg (!found->quality.is_smear, "%s was taken for a smear", file);
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("leukocytes");
  TCase *painted = tcase_create ("painted"), *refused = tcase_create ("refused");
  TCase *synthesised = tcase_create ("synthesised"), *on_real = tcase_create ("real");

  tcase_set_timeout (synthesised, 120);
  tcase_set_timeout (on_real, 120);
  tcase_add_test (painted, finds_every_nucleus_where_it_is);
  tcase_add_test (painted, labels_and_boxes_agree);
  tcase_add_test (painted, parts_touching_cells);
  tcase_add_test (painted, leaves_platelets_and_scale_bar_out);
  tcase_add_test (painted, marks_cells_cut_by_the_border);
  tcase_add_test (painted, a_smear_without_leukocytes_is_a_smear);
  tcase_add_test (painted, measures_the_scale_each_way);
  tcase_add_test (painted, takes_a_scale_that_is_given);
  tcase_add_loop_test (painted, works_at_any_magnification, 0, 4);
  tcase_add_loop_test (painted, hardly_minds_colour_balance_and_gamma, 0, 6);
  tcase_add_test (painted, is_deterministic);
  tcase_add_loop_test (painted, finds_pale_nuclei_in_dull_colours, 0, 4);
  tcase_add_test (painted, warns_of_blur_and_darkness);
  tcase_add_loop_test (refused, refuses_one_flat_colour, 0, 5);
  tcase_add_loop_test (refused, refuses_what_is_no_smear, 0, 4);
  tcase_add_loop_test (refused, refuses_pictures_too_small, 0, 4);
  tcase_add_loop_test (refused, survives_noise, 0, 4);
  tcase_add_loop_test (synthesised, finds_synthesised_cells, 0, SMEAR_N_CLASSES);
  tcase_add_loop_test (synthesised, finds_nothing_in_a_synthesised_field_of_red_cells, 0,
                       2);
  tcase_add_loop_test (on_real, finds_cells_in_real_fields, 0, 5);
  tcase_add_test (on_real, refuses_real_pictures_of_other_things);
  suite_add_tcase (suite, painted);
  suite_add_tcase (suite, refused);
  suite_add_tcase (suite, synthesised);
  suite_add_tcase (suite, on_real);
  return run_suite (suite);
}
