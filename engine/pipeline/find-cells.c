#include "pipeline/find-cells.h"
#include "image/image-private.h"

#include <math.h>

/* Field of view of the camera that took the training images, in µm. Red cells differ by a
 * fourth from patient to patient, so a scale estimated from them is noise where it agrees
 * with the camera's: then the camera's is taken, and the estimate only where it does not.
 * What is stated holds. */
#define CAMERA_WIDTH_UM 128.0
#define CAMERA_HEIGHT_UM 96.0
#define AGREES 1.6

static gboolean
agree (gdouble estimate, gdouble other)
{
  return estimate <= 0 || MAX (estimate, other) < AGREES * MIN (estimate, other);
}

static gdouble
settle (gdouble estimate, gdouble camera)
{
  return agree (estimate, camera) ? camera : estimate;
}

/* What a microscope's camera can have: other resolutions that files state are a printer's
 * or a screen's. */
#define FINEST_UM 0.02
#define COARSEST_UM 1.0

/* The resolution that the file states is the scale, unless red cells speak against it: an
 * image that was made smaller often keeps it. Programs round it differently. */
static void
take_tagged_scale (SmearImage *image, SmearQuality *quality)
{
  gdouble um = round (smear_image_get_um_per_pixel (image) * 1e5) / 1e5;

  if (um < FINEST_UM || um > COARSEST_UM || !agree (quality->um_per_pixel_x, um)
      || !agree (quality->um_per_pixel_y, um))
    return;
  quality->um_per_pixel_x = quality->um_per_pixel_y = um;
  quality->scale_stated = TRUE;
}

/* µm from a pixel to the next, across and down. Whether the field lies on its side red
 * cells tell, which are round: the training images are squeezed, and then they come out
 * flat the one way or the other. */
static void
settle_both (const SmearQuality *quality, gint width, gint height, gdouble *um_x,
             gdouble *um_y)
{
  gdouble x = quality->um_per_pixel_x, y = quality->um_per_pixel_y;
  gboolean turned = x > 0 && y * height > x * width;

  if (quality->scale_stated)
    {
      *um_x = x;
      *um_y = y;
      return;
    }
  *um_x = settle (x, (turned ? CAMERA_HEIGHT_UM : CAMERA_WIDTH_UM) / width);
  *um_y = settle (y, (turned ? CAMERA_WIDTH_UM : CAMERA_HEIGHT_UM) / height);
}

void
smear_cell_window (const SmearLeukocytes *found, const SmearCell *cell,
                   SmearCellWindow *window)
{
  gdouble um_x, um_y;

  settle_both (&found->quality, found->width, found->height, &um_x, &um_y);
  window->step_x = SMEAR_CELL_UM_PER_PIXEL / um_x;
  window->step_y = SMEAR_CELL_UM_PER_PIXEL / um_y;
  window->left = cell->box.x + (cell->box.width - SMEAR_CELL_SIZE * window->step_x) / 2;
  window->top = cell->box.y + (cell->box.height - SMEAR_CELL_SIZE * window->step_y) / 2;
}

/* A training image's pixel, in µm. A finer image is brought to it first: the network has
 * never seen detail that those lack, and takes it for another kind of cell. */
#define TRAINED_UM_X (CAMERA_WIDTH_UM / 224)
#define TRAINED_UM_Y (CAMERA_HEIGHT_UM / 224)
/* As fine as that, and no finer: estimates of the scale differ by less. */
#define NO_FINER 1.3

gboolean
smear_cell_pitch (gdouble um_x, gdouble um_y, gdouble *x, gdouble *y)
{
  *x = MAX (1, TRAINED_UM_X / um_x);
  *y = MAX (1, TRAINED_UM_Y / um_y);
  if (MAX (*x, *y) > NO_FINER)
    return TRUE;
  *x = *y = 1;
  return FALSE;
}

SmearLeukocytes *
smear_find_cells (SmearImage *image, gdouble um, SmearImage **coarse, GError **error)
{
  gint width = smear_image_get_width (image), height = smear_image_get_height (image);
  SmearRegion whole = { 0, 0, width, height };
  SmearQuality known
      = { .um_per_pixel_x = um, .um_per_pixel_y = um, .scale_stated = um > 0 };
  g_autoptr (SmearLeukocytes) sharp = NULL;
  gdouble um_x, um_y, x, y;

  if (um <= 0)
    {
      sharp = smear_leukocytes_find (image, 0, 0, error);
      if (sharp == NULL)
        return NULL;
      take_tagged_scale (image, &sharp->quality);
      known = sharp->quality;
    }
  settle_both (&known, width, height, &um_x, &um_y);
  if (!smear_cell_pitch (um_x, um_y, &x, &y)
      || (sharp != NULL && !sharp->quality.is_smear))
    {
      *coarse = smear_image_ref (image);
      return sharp != NULL ? g_steal_pointer (&sharp)
                           : smear_leukocytes_find (image, um, um, error);
    }
  g_autoptr (SmearImage) blurred = smear_image_crop (image, &whole);
  smear_image_coarsen_colour (blurred, x, y);
  SmearLeukocytes *found = smear_leukocytes_find (blurred, known.um_per_pixel_x,
                                                  known.um_per_pixel_y, error);
  if (found == NULL)
    return NULL;
  /* How sharp a field is, and of what scale, is said of it as it came; a tile is not
   * worth a second search. */
  if (sharp != NULL)
    found->quality = sharp->quality;
  *coarse = g_steal_pointer (&blurred);
  return found;
}

/* µm²: half of a red cell of 7.5 µm. */
#define SMALLEST_NUCLEUS 22.0

void
smear_drop_fragments (SmearLeukocytes *found)
{
  guint n = found->cells->len, kept = 0;
  g_autofree guint16 *label = g_new0 (guint16, n + 1);

  for (guint i = 0; i < n; i++)
    {
      SmearCell cell = g_array_index (found->cells, SmearCell, i);
      SmearCellWindow w;
      smear_cell_window (found, &cell, &w);
      gdouble um2 = SMEAR_CELL_UM_PER_PIXEL * SMEAR_CELL_UM_PER_PIXEL
                    / (w.step_x * w.step_y);
      if (cell.area * um2 < SMALLEST_NUCLEUS)
        continue;
      g_array_index (found->cells, SmearCell, kept) = cell;
      label[i + 1] = ++kept;
    }
  g_array_set_size (found->cells, kept);
  for (gsize p = 0; kept < n && p < (gsize)found->width * found->height; p++)
    found->labels[p] = label[found->labels[p]];
}
