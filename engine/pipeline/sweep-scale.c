/* The scale of a scan that does not state it. */
#include "pipeline/sweep.h"

#include <math.h>

#define SAMPLES_A_SIDE 4
#define SAMPLE_SIDE 1024

static gint
compare (gconstpointer a, gconstpointer b)
{
  gdouble p = *(const gdouble *)a, q = *(const gdouble *)b;
  return p < q ? -1 : p > q;
}

gdouble
smear_sweep_scale (SmearScan *scan, GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) estimates = g_array_new (FALSE, FALSE, sizeof (gdouble));
  gint width = smear_scan_get_width (scan), height = smear_scan_get_height (scan);
  g_autoptr (GError) unread = NULL;
  SmearRegion region = { .width = MIN (SAMPLE_SIDE, width),
                         .height = MIN (SAMPLE_SIDE, height) };
  gboolean any_read = FALSE;

  for (gint i = 0; i < SAMPLES_A_SIDE * SAMPLES_A_SIDE; i++)
    {
      gint column = i % SAMPLES_A_SIDE, row = i / SAMPLES_A_SIDE;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return 0;
      region.x = (gint)((gint64)(width - region.width) * column / (SAMPLES_A_SIDE - 1));
      region.y = (gint)((gint64)(height - region.height) * row / (SAMPLES_A_SIDE - 1));
      g_autoptr (SmearImage) image = smear_scan_read_region (scan, 0, &region,
                                                             unread ? NULL : &unread);
      any_read = any_read || image;
      g_autoptr (SmearLeukocytes) found = image
                                              ? smear_leukocytes_find (image, 0, 0, NULL)
                                              : NULL;
      if (!found || !found->quality.is_smear || !(found->quality.um_per_pixel_x > 0))
        continue;
      gdouble um = sqrt ((gdouble)found->quality.um_per_pixel_x
                         * found->quality.um_per_pixel_y);
      g_array_append_val (estimates, um);
    }
  if (!any_read)
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return 0;
    }
  if (estimates->len == 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "the file does not state its scale, and no red cells were found to "
                   "tell it from; give the micrometres a pixel (--um-per-pixel)");
      return 0;
    }
  g_array_sort (estimates, compare);
  return g_array_index (estimates, gdouble, estimates->len / 2);
}
