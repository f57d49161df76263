/* Synthetic smears: repeatable, and their cells are where they are said to be. */
#include "support/folder.h"
#include "support/suite.h"

#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <tiffio.h>
#include <smearscope/synthesise.h>

static SmearSynthesis
plain (void)
{
  return (SmearSynthesis){ 700, 560, 0.15, SMEAR_CLASS_PRE, 5, FALSE };
}

static SmearImage *
make (const SmearSynthesis *what, GArray **cells)
{
  g_autoptr (GError) error = NULL;
  SmearImage *image = smear_synthesise (what, cells, &error);
  ck_assert_no_error (error);
  ck_assert_int_eq (smear_image_get_width (image), what->width);
  ck_assert_int_eq (smear_image_get_height (image), what->height);
  ck_assert_double_eq (smear_image_get_um_per_pixel (image), what->um_per_pixel);
  return image;
}

/* The mean colour of a disc, and of what it covers of the image how many pixels. */
static gint
mean_of_disc (SmearImage *image, gdouble x, gdouble y, gdouble radius, gdouble mean[3])
{
  gint width = smear_image_get_width (image), height = smear_image_get_height (image),
       n = 0;
  memset (mean, 0, 3 * sizeof *mean);
  for (gint j = MAX (0, (gint)(y - radius)); j < MIN (height, y + radius + 1); j++)
    for (gint i = MAX (0, (gint)(x - radius)); i < MIN (width, x + radius + 1); i++)
      if ((i + 0.5 - x) * (i + 0.5 - x) + (j + 0.5 - y) * (j + 0.5 - y) < radius * radius)
        {
          for (gint c = 0; c < 3; c++)
            mean[c] += smear_image_get_pixels (image)[(j * width + i) * 3 + c];
          n++;
        }
  for (gint c = 0; c < 3; c++)
    mean[c] /= MAX (n, 1);
  return n;
}

static void
check_same_cells (const GArray *a, const GArray *b)
{
  ck_assert_uint_eq (a->len, b->len);
  for (guint i = 0; i < a->len; i++)
    {
      const SmearSyntheticCell *p = &g_array_index (a, SmearSyntheticCell, i);
      const SmearSyntheticCell *q = &g_array_index (b, SmearSyntheticCell, i);
      ck_assert (p->x == q->x && p->y == q->y && p->radius == q->radius
                 && p->klass == q->klass);
    }
}

START_TEST (same_seed_same_bytes)
{
  SmearSynthesis what = plain ();
  g_autoptr (GArray) cells = NULL;
  g_autoptr (GArray) again_cells = NULL;
  g_autoptr (SmearImage) image = make (&what, &cells);
  g_autoptr (SmearImage) again = make (&what, &again_cells);
  gsize n = (gsize)what.width * what.height * 3;
  ck_assert_mem_eq (smear_image_get_pixels (image), smear_image_get_pixels (again), n);
  check_same_cells (cells, again_cells);
  what.seed++;
  g_autoptr (SmearImage) other = make (&what, NULL);
  ck_assert_mem_ne (smear_image_get_pixels (image), smear_image_get_pixels (other), n);
}
END_TEST

/* Nuclei are stained: green is what they let through least, and far less than the slide
 * does. */
START_TEST (cells_are_where_they_are_said_to_be)
{
  SmearSynthesis what = plain ();
  what.klass = _i / 4;
  what.seed = (guint64)_i;
  what.um_per_pixel = _i % 2 ? 0.12 : 0.25;
  g_autoptr (GArray) cells = NULL;
  g_autoptr (SmearImage) image = make (&what, &cells);
  ck_assert_uint_ge (cells->len, 1);
  for (guint i = 0; i < cells->len; i++)
    {
      const SmearSyntheticCell *cell = &g_array_index (cells, SmearSyntheticCell, i);
      ck_assert_int_eq (cell->klass, what.klass);
      ck_assert (cell->x >= 0 && cell->x < what.width && cell->y >= 0
                 && cell->y < what.height);
      gdouble diameter = 2 * cell->radius * what.um_per_pixel;
      ck_assert_msg (diameter > 6 && diameter < 14, "a nucleus of %g µm", diameter);
      gdouble mean[3];
      ck_assert_int_gt (mean_of_disc (image, cell->x, cell->y, cell->radius * 0.6, mean),
                        0);
      ck_assert_msg (mean[1] < 150 && mean[1] < mean[0] && mean[1] < mean[2] - 50,
                     "cell %u at %.0f,%.0f is %.0f %.0f %.0f", i, cell->x, cell->y,
                     mean[0], mean[1], mean[2]);
    }
}
END_TEST

/* And there are no others: apart from the known cells, nothing is as dark in green. */
START_TEST (no_cell_is_left_out)
{
  SmearSynthesis what = plain ();
  what.klass = _i;
  g_autoptr (GArray) cells = NULL;
  g_autoptr (SmearImage) image = make (&what, &cells);
  gint dark = 0, explained = 0;
  for (gint y = 0; y < what.height; y++)
    for (gint x = 0; x < what.width; x++)
      {
        const guint8 *p = smear_image_get_pixels (image) + (y * what.width + x) * 3;
        if (p[1] > 105 || p[2] < p[1] + 50)
          continue;
        gboolean known = x < 45 || y < 45 || x > what.width - 45 || y > what.height - 45;
        for (guint i = 0; !known && i < cells->len; i++)
          {
            const SmearSyntheticCell *cell = &g_array_index (cells, SmearSyntheticCell,
                                                             i);
            known = hypot (x - cell->x, y - cell->y) < cell->radius * 1.3;
          }
        dark++;
        explained += known;
      }
  ck_assert_int_gt (dark, 500);
  ck_assert_double_ge ((gdouble)explained / dark, 0.99);
}
END_TEST

START_TEST (cells_keep_apart)
{
  SmearSynthesis what = plain ();
  what.width = what.height = 1500;
  what.um_per_pixel = 0.25;
  g_autoptr (GArray) cells = NULL;
  smear_image_unref (make (&what, &cells));
  ck_assert_uint_gt (cells->len, 120);
  guint n_touching = 0;
  for (guint i = 0; i < cells->len; i++)
    for (guint k = 0; k < i; k++)
      {
        const SmearSyntheticCell *a = &g_array_index (cells, SmearSyntheticCell, i);
        const SmearSyntheticCell *b = &g_array_index (cells, SmearSyntheticCell, k);
        n_touching += hypot (a->x - b->x, a->y - b->y) < a->radius + b->radius;
      }
  ck_assert_uint_eq (n_touching, 0);
}
END_TEST

START_TEST (red_cells_only)
{
  SmearSynthesis what = plain ();
  what.klass = SMEAR_CLASS_NONE;
  g_autoptr (GArray) cells = NULL;
  smear_image_unref (make (&what, &cells));
  ck_assert_uint_eq (cells->len, 0);
}
END_TEST

/* Even a field hardly larger than a cell shows one. */
START_TEST (small_fields_hold_a_cell)
{
  SmearSynthesis what = plain ();
  what.width = what.height = 100;
  what.seed = (guint64)_i + 100;
  what.klass = _i % SMEAR_N_CLASSES;
  g_autoptr (GArray) cells = NULL;
  smear_image_unref (make (&what, &cells));
  ck_assert_uint_ge (cells->len, 1);
}
END_TEST

/* The bar changes the lower right corner only, is as long as it says, and hides no cell.
 */
START_TEST (scale_bar)
{
  SmearSynthesis what = plain (), with = what;
  with.scale_bar = TRUE;
  with.klass = what.klass
      = SMEAR_CLASS_NONE; /* cells make room for a bar, red ones do not */
  g_autoptr (SmearImage) bare = make (&what, NULL);
  g_autoptr (SmearImage) image = make (&with, NULL);
  gint longest = 0, n_changed_elsewhere = 0;
  for (gint y = 0; y < what.height; y++)
    {
      gint run = 0;
      for (gint x = 0; x < what.width; x++)
        {
          const guint8 *p = smear_image_get_pixels (image) + (y * what.width + x) * 3;
          gboolean corner = x >= what.width * 3 / 4 && y >= what.height * 3 / 4;
          const guint8 *q = smear_image_get_pixels (bare) + (y * what.width + x) * 3;
          n_changed_elsewhere += !corner && memcmp (p, q, 3) != 0;
          run = p[0] == 20 && p[1] == 20 && p[2] == 20 ? run + 1 : 0;
          longest = MAX (longest, run);
        }
    }
  ck_assert_int_eq (n_changed_elsewhere, 0);
  ck_assert_int_eq (longest, (gint)(10 / 0.15 + 0.5));
}
END_TEST

START_TEST (refuses_nonsense)
{
  const char *const words[] = { "at least 1", "0.02 to 2", "0.02 to 2", "no class" };
  SmearSynthesis what = plain ();
  switch (_i)
    {
    case 0:
      what.width = 0;
      break;
    case 1:
      what.um_per_pixel = 0;
      break;
    case 2:
      what.um_per_pixel = NAN;
      break;
    default:
      what.klass = SMEAR_N_CLASSES;
      break;
    }
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (smear_synthesise (&what, NULL, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, words[_i]);
}
END_TEST

static int
by_place (const void *a, const void *b)
{
  const SmearSyntheticCell *p = a, *q = b;
  return p->y < q->y ? -1 : p->y > q->y ? 1 : p->x < q->x ? -1 : p->x > q->x;
}

/* A scan and a smaller scan of the same slide agree where they overlap, though tiles
 * differ. */
START_TEST (scan_is_seamless)
{
  const char *compression = _i ? "jpeg" : "deflate";
  SmearSynthesis what = plain ();
  what.width = 1300;
  what.height = 1100;
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "scan.tif", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) cells = NULL;
  ck_assert (smear_synthesise_scan (&what, path, compression, &cells, &error));
  ck_assert_uint_eq (folder_count (folder), 1);
  g_autoptr (SmearImage) image = smear_image_load (path, &error);
  ck_assert_no_error (error);
  ck_assert_int_eq (smear_image_get_width (image), 1300);
  ck_assert_double_eq_tol (smear_image_get_um_per_pixel (image), 0.15, 1e-6);

  /* Cells that cross a tile's edge are whole: their four quarters look the same. */
  guint n_crossing = 0;
  ck_assert_uint_gt (cells->len, 20);
  for (guint i = 0; i < cells->len; i++)
    {
      const SmearSyntheticCell *cell = &g_array_index (cells, SmearSyntheticCell, i);
      gdouble to_edge = MIN (fabs (cell->x - 512), fabs (cell->x - 1024));
      gdouble mean[3], left[3], right[3];
      mean_of_disc (image, cell->x, cell->y, cell->radius * 0.6, mean);
      ck_assert_msg (mean[1] < 130, "cell %u is not dark", i);
      if (to_edge > cell->radius * 0.5 || cell->x < 40 || cell->x > 1260)
        continue;
      n_crossing++;
      mean_of_disc (image, cell->x - cell->radius / 2, cell->y, cell->radius / 3, left);
      mean_of_disc (image, cell->x + cell->radius / 2, cell->y, cell->radius / 3, right);
      ck_assert_double_le (fabs (left[1] - right[1]), 30);
    }
  ck_assert_uint_ge (n_crossing, 1);
  folder_free (folder);
}
END_TEST

/* The smallest scan is one tile; of a larger one it is the corner, bit for bit. */
START_TEST (scan_is_cut_from_one_slide)
{
  SmearSynthesis small = plain (), large = small;
  small.width = small.height = 700;
  large.width = 1400;
  large.height = 1000;
  char *folder = folder_new ();
  g_autofree char *small_path = g_build_filename (folder, "small.tif", NULL);
  g_autofree char *large_path = g_build_filename (folder, "large.tif", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) small_cells = NULL;
  g_autoptr (GArray) large_cells = NULL;
  ck_assert (smear_synthesise_scan (&small, small_path, "deflate", &small_cells, &error));
  ck_assert (smear_synthesise_scan (&large, large_path, "deflate", &large_cells, &error));
  g_autoptr (SmearImage) a = smear_image_load (small_path, &error);
  g_autoptr (SmearImage) whole = smear_image_load (large_path, &error);
  ck_assert_no_error (error);
  SmearRegion corner = { 0, 0, 700, 700 };
  g_autoptr (SmearImage) b = smear_image_crop (whole, &corner);
  ck_assert_mem_eq (smear_image_get_pixels (a), smear_image_get_pixels (b),
                    700 * 700 * 3);

  for (guint i = large_cells->len; i-- > 0;)
    {
      const SmearSyntheticCell *cell = &g_array_index (large_cells, SmearSyntheticCell,
                                                       i);
      if (cell->x >= 700 || cell->y >= 700)
        g_array_remove_index (large_cells, i);
    }
  g_array_sort (small_cells, by_place);
  g_array_sort (large_cells, by_place);
  check_same_cells (small_cells, large_cells);
  folder_free (folder);
}
END_TEST

START_TEST (scan_writes_whole_or_not_at_all)
{
  SmearSynthesis what = plain ();
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "scan.tif", NULL);
  g_autoptr (GError) error = NULL;
  ck_assert (!smear_synthesise_scan (&what, path, "zip", NULL, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, "deflate or jpeg");
  g_clear_error (&error);
  struct rlimit limit = { 100000, 100000 };
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
  ck_assert (!smear_synthesise_scan (&what, path, "deflate", NULL, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_IO, path);
  ck_assert_uint_eq (folder_count (folder), 0);
  folder_free (folder);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("synthesise");
  TCase *tests = tcase_create ("all");
  tcase_add_test (tests, same_seed_same_bytes);
  tcase_add_loop_test (tests, cells_are_where_they_are_said_to_be, 0, 16);
  tcase_add_loop_test (tests, no_cell_is_left_out, 0, 3);
  tcase_add_test (tests, cells_keep_apart);
  tcase_add_test (tests, red_cells_only);
  tcase_add_loop_test (tests, small_fields_hold_a_cell, 0, 8);
  tcase_add_test (tests, scale_bar);
  tcase_add_loop_test (tests, refuses_nonsense, 0, 4);
  tcase_add_loop_test (tests, scan_is_seamless, 0, 2);
  tcase_add_test (tests, scan_is_cut_from_one_slide);
  tcase_add_test (tests, scan_writes_whole_or_not_at_all);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
