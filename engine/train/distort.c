#include "train/distort.h"
#include "image/image-private.h"

#include <math.h>
#include <stdlib.h>

static guint8
to_byte (gdouble v)
{
  return (guint8)lrint (CLAMP (v, 0, 255));
}

void
smear_distort_multiply (SmearImage *image, gdouble r, gdouble g, gdouble b)
{
  const gdouble by[3] = { r, g, b };
  guint8 *p = smear_image_get_pixels (image);
  gsize n = (gsize)smear_image_get_width (image) * smear_image_get_height (image) * 3;

  for (gsize i = 0; i < n; i++)
    p[i] = to_byte (p[i] * by[i % 3]);
}

void
smear_distort_saturate (SmearImage *image, gdouble by)
{
  guint8 *p = smear_image_get_pixels (image);
  gsize n = (gsize)smear_image_get_width (image) * smear_image_get_height (image);

  for (gsize i = 0; i < n; i++, p += 3)
    {
      gdouble grey = 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
      for (gint c = 0; c < 3; c++)
        p[c] = to_byte (grey + by * (p[c] - grey));
    }
}

void
smear_distort_bend (SmearImage *image, gdouble gamma)
{
  guint8 *p = smear_image_get_pixels (image), table[256];
  gsize n = (gsize)smear_image_get_width (image) * smear_image_get_height (image) * 3;

  for (gint v = 0; v < 256; v++)
    table[v] = to_byte (255 * pow (v / 255.0, gamma));
  for (gsize i = 0; i < n; i++)
    p[i] = table[p[i]];
}

void
smear_distort_add_noise (SmearImage *image, gdouble deviation, guint64 seed)
{
  SmearRandom random = smear_random (seed);
  guint8 *p = smear_image_get_pixels (image);
  gsize n = (gsize)smear_image_get_width (image) * smear_image_get_height (image) * 3;

  for (gsize i = 0; i < n; i++)
    p[i] = to_byte (p[i] + deviation * smear_random_normal (&random));
}

/* 1 4 6 4 1 across, then down. */
void
smear_distort_blur (SmearImage *image)
{
  static const gint weights[5] = { 1, 4, 6, 4, 1 };
  gint w = smear_image_get_width (image), h = smear_image_get_height (image);
  gsize bytes = (gsize)w * h * 3;
  guint8 *p = smear_image_get_pixels (image);

  for (gint pass = 0; pass < 2; pass++)
    {
      g_autofree guint8 *from = g_memdup2 (p, bytes);
      for (gint y = 0; y < h; y++)
        for (gint x = 0; x < w; x++)
          for (gint c = 0; c < 3; c++)
            {
              gint sum = 8;
              for (gint k = -2; k <= 2; k++)
                {
                  gint u = pass == 0 ? CLAMP (x + k, 0, w - 1) : x;
                  gint v = pass == 1 ? CLAMP (y + k, 0, h - 1) : y;
                  sum += weights[k + 2] * from[3 * ((gsize)v * w + u) + c];
                }
              p[3 * ((gsize)y * w + x) + c] = sum / 16;
            }
    }
}

SmearImage *
smear_distort_through_jpeg (SmearImage *image, gint quality, GError **error)
{
  gsize size;
  guint8 *bytes = smear_jpeg_encode (smear_image_get_pixels (image),
                                     smear_image_get_width (image),
                                     smear_image_get_height (image), quality, 0, &size);
  g_autoptr (GBytes) held = g_bytes_new_with_free_func (bytes, size, free, bytes);

  return smear_image_load_bytes (held, "copy", error);
}

SmearImage *
smear_distort_middle (SmearImage *image, gdouble part, gdouble by, GError **error)
{
  gint w = smear_image_get_width (image), h = smear_image_get_height (image);
  SmearRegion middle = { lrint (w * (1 - part) / 2), lrint (h * (1 - part) / 2),
                         lrint (w * part), lrint (h * part) };
  g_autoptr (SmearImage) cut = smear_image_crop (image, &middle);

  return smear_image_resize (cut, lrint (middle.width * by), lrint (middle.height * by),
                             error);
}

static gboolean
happens (SmearRandom *random, gdouble share)
{
  return smear_random_uniform (random, 0, 1) < share;
}

/* Larger or smaller; most often as it is. */
static SmearImage *
another_magnification (SmearImage *image, SmearRandom *random, GError **error)
{
  gdouble by = 1, part = 1;

  if (happens (random, 0.2))
    by = smear_random_uniform (random, 0.5, 1);
  else if (happens (random, 0.2))
    {
      by = smear_random_uniform (random, 1.7, 2.3);
      part = 1 / by;
    }
  return smear_distort_middle (image, part, by, error);
}

SmearImage *
smear_distort_twin (SmearImage *image, guint64 seed, GError **error)
{
  SmearRandom random = smear_random (seed);
  g_autoptr (SmearImage) twin = another_magnification (image, &random, error);
  gdouble light[3];

  if (twin == NULL)
    return NULL;
  for (gint c = 0; c < 3; c++)
    light[c] = smear_random_uniform (&random, 0.82, 1.1);
  smear_distort_bend (twin, exp (smear_random_uniform (&random, -0.35, 0.35)));
  smear_distort_saturate (twin, smear_random_uniform (&random, 0.5, 1.5));
  smear_distort_multiply (twin, light[0], light[1], light[2]);
  if (happens (&random, 0.25))
    smear_distort_blur (twin);
  if (happens (&random, 0.25))
    smear_distort_add_noise (twin, smear_random_uniform (&random, 0, 10),
                             smear_random_next (&random));
  if (happens (&random, 0.25))
    return smear_distort_through_jpeg (twin, 40 + smear_random_below (&random, 50),
                                       error);
  return g_steal_pointer (&twin);
}
