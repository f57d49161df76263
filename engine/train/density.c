#include "train/density.h"
#include "pipeline/preprocess.h"

#include <math.h>

/* In blue hardly anything is absorbed. */
#define LEAST_DENSITY 0.02

SmearDensity
smear_density_measure (SmearImage *image, const SmearLeukocytes *found)
{
  SmearDensity density;
  guint32 histogram[3][2][256] = { 0 };
  const guint8 *p = smear_image_get_pixels (image);

  for (gsize i = 0; i < (gsize)found->width * found->height; i++, p += 3)
    for (gint c = 0; c < 3; c++)
      histogram[c][found->labels[i] != 0][p[c]]++;
  for (gint c = 0; c < 3; c++)
    {
      gdouble sum = 0, n = 0;
      density.glass[c] = smear_background_level (histogram[c][0]);
      for (gint v = 0; v < 256; v++)
        {
          sum += histogram[c][1][v] * log (density.glass[c] / MAX (v, 1));
          n += histogram[c][1][v];
        }
      density.cells[c] = MAX (sum / MAX (n, 1), LEAST_DENSITY);
    }
  return density;
}
