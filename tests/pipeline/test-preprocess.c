/* Cells from a camera's full image and from the same image reduced as the training images
 * are: the network has to get the same. */
#include "pipeline/preprocess.h"
#include "support/suite.h"

#include <smearscope/synthesise.h>

#include <math.h>
#include <stdlib.h>

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
  Cells cells = { smear_leukocytes_find (image, 0, 0, &error), NULL };

  ck_assert_msg (cells.found != NULL, "%s", error ? error->message : "");
  cells.pictures = smear_preprocess_cells (image, cells.found);
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
  Cells fine = cells_of (full), coarse = cells_of (small);
  gdouble difference = 0, fine_detail = 0, coarse_detail = 0;
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
        n++;
      }
  ck_assert_int_ge (n, 3);
  /* With all detail left in they differ by 2.3, and by a tenth in detail. */
  ck_assert_double_lt (difference / n, 2);
  ck_assert_double_lt (fine_detail, 1.05 * coarse_detail);
  cells_clear (&fine);
  cells_clear (&coarse);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("preprocess");
  TCase *tests = tcase_create ("cells");

  tcase_add_test (tests, test_resolution);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
