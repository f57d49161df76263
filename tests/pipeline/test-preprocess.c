/* Cells from a camera's full image and from the same image reduced as the training images
 * are: the network has to get the same. */
#include "pipeline/preprocess.h"
#include "support/suite.h"
#include "support/through-jpeg.h"

#include <smearscope/synthesise.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PICTURE (SMEAR_CELL_SIZE * SMEAR_CELL_SIZE * 3)

typedef struct
{
  SmearLeukocytes *found;
  guint8 *pictures;
} Cells;

static Cells
cells_of (SmearImage *image)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearImage) coarse = NULL;
  Cells cells = { smear_find_cells (image, 0, &coarse, &error), NULL };

  ck_assert_msg (cells.found != NULL, "%s", error ? error->message : "");
  cells.pictures = smear_preprocess_cells (coarse, cells.found);
  return cells;
}

static void
cells_clear (Cells *cells)
{
  smear_leukocytes_free (cells->found);
  g_free (cells->pictures);
}

/* Mean step from a pixel to the next, where neither is the white outside. */
static gdouble
detail (const guint8 *picture)
{
  gint64 sum = 0, n = 0;

  for (gint y = 0; y < SMEAR_CELL_SIZE; y++)
    for (gint x = 1; x < SMEAR_CELL_SIZE; x++)
      {
        const guint8 *p = picture + 3 * (y * SMEAR_CELL_SIZE + x);
        if (p[1] < 200 && p[-2] < 200)
          {
            sum += abs (p[1] - p[-2]);
            n++;
          }
      }
  return n > 0 ? (gdouble)sum / n : 0;
}

START_TEST (test_resolution)
{
  g_autoptr (GError) error = NULL;
  SmearSynthesis what = { 1024, 768, 0.125, SMEAR_CLASS_PRE, 3, FALSE };
  g_autoptr (SmearImage) full = smear_synthesise (&what, NULL, &error);
  ck_assert_msg (full != NULL, "%s", error ? error->message : "");
  g_autoptr (SmearImage) small = smear_image_resize (full, 224, 224, &error);
  ck_assert_msg (small != NULL, "%s", error ? error->message : "");
  g_autoptr (SmearImage) kept = picture_through_jpeg (small, 95);
  Cells fine = cells_of (full), coarse = cells_of (kept);
  gdouble difference = 0, fine_detail = 0, coarse_detail = 0;
  gdouble fine_area = 0, coarse_area = 0;
  guint n = 0;

  for (guint i = 0; i < fine.found->cells->len; i++)
    for (guint j = 0; j < coarse.found->cells->len; j++)
      {
        const SmearCell *a = &g_array_index (fine.found->cells, SmearCell, i);
        const SmearCell *b = &g_array_index (coarse.found->cells, SmearCell, j);
        const guint8 *p = fine.pictures + i * PICTURE, *q = coarse.pictures + j * PICTURE;
        if (a->touches_edge
            || hypot (a->x * 224 / 1024 - b->x, a->y * 224 / 768 - b->y) > 2)
          continue;
        for (gint k = 0; k < PICTURE; k++)
          difference += abs (p[k] - q[k]) / (gdouble)PICTURE;
        fine_detail += detail (p);
        coarse_detail += detail (q);
        fine_area += a->area / (1024.0 * 768);
        coarse_area += b->area / (224.0 * 224);
        n++;
      }
  ck_assert_int_ge (n, 3);
  /* With all detail left in they differ by 2.3, and by a tenth in detail. */
  ck_assert_double_lt (difference / n, 2);
  ck_assert_double_lt (fine_detail, 1.05 * coarse_detail);
  /* Outlines as far out: 0.958 where the finder sees sharp colour. */
  ck_assert_double_gt (fine_area, 0.965 * coarse_area);
  ck_assert_double_lt (fine_area, coarse_area / 0.965);
  cells_clear (&fine);
  cells_clear (&coarse);
}
END_TEST

static SmearImage *
quarter_turn (SmearImage *image)
{
  gint w = smear_image_get_width (image), h = smear_image_get_height (image);
  SmearImage *turned = smear_image_new (h, w, NULL);
  const guint8 *from = smear_image_get_pixels (image);
  guint8 *to = smear_image_get_pixels (turned);

  for (gint y = 0; y < h; y++)
    for (gint x = 0; x < w; x++)
      memcpy (to + 3 * ((gsize)x * h + h - 1 - y), from + 3 * ((gsize)y * w + x), 3);
  return turned;
}

/* A field squeezed to a square, and the same on its side. */
START_TEST (test_a_field_on_its_side_has_the_same_cells)
{
  SmearSynthesis what = { 1024, 768, 0.125, SMEAR_CLASS_PRE, 3, FALSE };
  g_autoptr (SmearImage) full = smear_synthesise (&what, NULL, NULL);
  g_autoptr (SmearImage) upright = smear_image_resize (full, 224, 224, NULL);
  g_autoptr (SmearImage) turned = quarter_turn (upright);
  Cells a = cells_of (upright), b = cells_of (turned);
  gdouble difference = 0;
  guint n = 0;

  for (guint i = 0; i < a.found->cells->len; i++)
    for (guint j = 0; j < b.found->cells->len; j++)
      {
        const SmearCell *p = &g_array_index (a.found->cells, SmearCell, i);
        const SmearCell *q = &g_array_index (b.found->cells, SmearCell, j);
        if (p->touches_edge || hypot (224 - p->y - q->x, p->x - q->y) > 2)
          continue;
        for (gint y = 0; y < SMEAR_CELL_SIZE; y++)
          for (gint x = 0; x < SMEAR_CELL_SIZE; x++)
            difference += abs (
                a.pictures[i * PICTURE + 3 * (y * SMEAR_CELL_SIZE + x)]
                - b.pictures[j * PICTURE
                             + 3 * (x * SMEAR_CELL_SIZE + SMEAR_CELL_SIZE - 1 - y)]);
        n++;
      }
  ck_assert_int_ge (n, 3);
  ck_assert_double_lt (difference / n / (SMEAR_CELL_SIZE * SMEAR_CELL_SIZE), 3);
  cells_clear (&a);
  cells_clear (&b);
}
END_TEST

/* 102 µm across: so near to the camera's 128 that an estimate gives way to it. */
START_TEST (test_scale)
{
  static const struct
  {
    gdouble stated, tagged, taken;
  } cases[] = { { 0.16, 0, 0.16 },          { 0, 0, 128.0 / 640 }, { 0, 0.16, 0.16 },
                { 0, 0.5, 128.0 / 640 },    /* red cells speak against it */
                { 0, 84.667, 128.0 / 640 }, /* 300 dpi */
                { 0.16, 0.5, 0.16 } };
  const SmearSynthesis what = { 640, 480, 0.16, SMEAR_CLASS_PRE, 3, FALSE };
  g_autoptr (SmearImage) image = smear_synthesise (&what, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SmearCellWindow window;
      g_autoptr (SmearImage) coarse = NULL;

      smear_image_set_um_per_pixel (image, cases[i].tagged);
      g_autoptr (SmearLeukocytes) found = smear_find_cells (image, cases[i].stated,
                                                            &coarse, NULL);
      ck_assert_int_gt (found->cells->len, 0);
      smear_cell_window (found, &g_array_index (found->cells, SmearCell, 0), &window);
      ck_assert_double_eq_tol (window.step_x, SMEAR_CELL_UM_PER_PIXEL / cases[i].taken,
                               1e-4);
      ck_assert_double_eq_tol (window.step_y, SMEAR_CELL_UM_PER_PIXEL / cases[i].taken,
                               1e-4);
    }
}
END_TEST

#define SIDE 224
#define RADIUS 13

/* One cell on clear glass, its light and its colour in stripes, with something of @around
 * close to it. */
static guint8 *
striped_cell (guint8 around)
{
  g_autoptr (SmearImage) image = smear_image_new (SIDE, SIDE, NULL);
  g_autofree guint16 *labels = g_new0 (guint16, SIDE * SIDE);
  g_autoptr (GArray) cells = g_array_new (FALSE, TRUE, sizeof (SmearCell));
  SmearCell cell = { .box = { SIDE / 2 - RADIUS, SIDE / 2 - RADIUS, 2 * RADIUS + 1,
                              2 * RADIUS + 1 } };
  SmearLeukocytes found = { SIDE, SIDE, labels, cells, { 0 } };
  guint8 *p = smear_image_get_pixels (image);

  g_array_append_val (cells, cell);
  memset (p, 230, SIDE * SIDE * 3);
  for (gint y = 0; y < SIDE; y++)
    for (gint x = 0; x < SIDE; x++, p += 3)
      {
        gdouble away = hypot (x - SIDE / 2, y - SIDE / 2);
        gint red = x % 2 * 40, light = y / 2 % 2 * 40;
        if (away <= RADIUS)
          {
            labels[y * SIDE + x] = 1;
            p[0] = 90 + light + red;
            p[1] = 60 + light - red * 0.299 / 0.587;
            p[2] = 140 + light;
          }
        else if (away <= RADIUS + 4)
          memset (p, around, 3);
      }
  return smear_preprocess_cells (image, &found);
}

static gdouble
redness (const guint8 *p)
{
  return p[0] - (0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2]);
}

START_TEST (test_fine_colour_is_gone_and_fine_light_is_not)
{
  g_autofree guint8 *picture = striped_cell (230);
  gint row = 3 * SMEAR_CELL_SIZE, lightest = 0, darkest = 255;
  gdouble reddest = -255, least_red = 255;

  for (gint y = SMEAR_CELL_SIZE / 2 - 6; y < SMEAR_CELL_SIZE / 2 + 6; y++)
    for (gint x = SMEAR_CELL_SIZE / 2 - 6; x < SMEAR_CELL_SIZE / 2 + 6; x++)
      {
        const guint8 *p = picture + row * y + 3 * x;
        reddest = MAX (reddest, redness (p));
        least_red = MIN (least_red, redness (p));
        lightest = MAX (lightest, p[2]);
        darkest = MIN (darkest, p[2]);
      }
  /* 44 and 36 in what is shown, before it is brought to the picture's scale. */
  ck_assert_double_le (reddest - least_red, 5);
  ck_assert_int_ge (lightest - darkest, 22);
}
END_TEST

START_TEST (test_what_is_hidden_leaves_no_trace)
{
  g_autofree guint8 *picture = striped_cell (230), *dark = striped_cell (0);

  ck_assert_mem_eq (picture, dark, PICTURE);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("preprocess");
  TCase *tests = tcase_create ("cells");

  tcase_add_test (tests, test_resolution);
  tcase_add_test (tests, test_a_field_on_its_side_has_the_same_cells);
  tcase_add_test (tests, test_scale);
  tcase_add_test (tests, test_fine_colour_is_gone_and_fine_light_is_not);
  tcase_add_test (tests, test_what_is_hidden_leaves_no_trace);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
