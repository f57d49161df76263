#include "train/probes-cells.h"
#include "image/image-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[SMEAR_N_PROBES] = { "untouched",
                                                   "scale_bar_erased",
                                                   "redder",
                                                   "bluer",
                                                   "greener",
                                                   "less_green",
                                                   "saturation_0.6",
                                                   "saturation_1.4",
                                                   "gamma_0.8",
                                                   "gamma_1.25",
                                                   "grey",
                                                   "blur",
                                                   "jpeg_50",
                                                   "smooth_colour",
                                                   "noise",
                                                   "middle_only",
                                                   "half_magnification",
                                                   "double_magnification",
                                                   "mirrored",
                                                   "upside_down",
                                                   "quarter_turn",
                                                   "half_turn",
                                                   "leukocytes_removed",
                                                   "background_swapped",
                                                   "stain_swapped" };

const char *
smear_probe_name (SmearProbe probe)
{
  return names[probe];
}

gboolean
smear_probe_swaps (SmearProbe probe)
{
  return probe == SMEAR_PROBE_BACKGROUND_SWAPPED || probe == SMEAR_PROBE_STAIN_SWAPPED;
}

static SmearImage *
copy (SmearImage *image)
{
  SmearRegion whole = { 0, 0, smear_image_get_width (image),
                        smear_image_get_height (image) };

  return smear_image_crop (image, &whole);
}

static guint8
to_byte (gdouble v)
{
  return (guint8)lrint (CLAMP (v, 0, 255));
}

SmearRegion
smear_probe_scale_bar (gint width, gint height)
{
  gint x = width * 82 / 100, y = height * 85 / 100;

  return (SmearRegion){ x, y, width - x, height - y };
}

/* The corner is painted over with what lies above it, mirrored. */
static void
erase_scale_bar (SmearImage *image)
{
  gint w = smear_image_get_width (image);
  SmearRegion bar = smear_probe_scale_bar (w, smear_image_get_height (image));
  guint8 *p = smear_image_get_pixels (image);

  for (gint y = 0; y < bar.height; y++)
    memcpy (p + 3 * ((gsize)(bar.y + y) * w + bar.x),
            p + 3 * ((gsize)(bar.y - 1 - y) * w + bar.x), 3 * (gsize)bar.width);
}

static void
multiply (SmearImage *image, gdouble r, gdouble g, gdouble b)
{
  const gdouble by[3] = { r, g, b };
  guint8 *p = smear_image_get_pixels (image);
  gsize n = (gsize)smear_image_get_width (image) * smear_image_get_height (image) * 3;

  for (gsize i = 0; i < n; i++)
    p[i] = to_byte (p[i] * by[i % 3]);
}

static void
saturate (SmearImage *image, gdouble by)
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

static void
bend (SmearImage *image, gdouble gamma)
{
  guint8 *p = smear_image_get_pixels (image), table[256];
  gsize n = (gsize)smear_image_get_width (image) * smear_image_get_height (image) * 3;

  for (gint v = 0; v < 256; v++)
    table[v] = to_byte (255 * pow (v / 255.0, gamma));
  for (gsize i = 0; i < n; i++)
    p[i] = table[p[i]];
}

static void
add_noise (SmearImage *image, gdouble deviation, guint64 seed)
{
  SmearRandom random = smear_random (seed);
  guint8 *p = smear_image_get_pixels (image);
  gsize n = (gsize)smear_image_get_width (image) * smear_image_get_height (image) * 3;

  for (gsize i = 0; i < n; i++)
    p[i] = to_byte (p[i] + deviation * smear_random_normal (&random));
}

/* 1 4 6 4 1 across, then down. */
static void
blur (SmearImage *image)
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

static SmearImage *
through_jpeg (SmearImage *image, gint quality, GError **error)
{
  gsize size;
  guint8 *bytes = smear_jpeg_encode (smear_image_get_pixels (image),
                                     smear_image_get_width (image),
                                     smear_image_get_height (image), quality, 0, &size);
  g_autoptr (GBytes) held = g_bytes_new_with_free_func (bytes, size, free, bytes);

  return smear_image_load_bytes (held, "audit", error);
}

static SmearImage *
middle_doubled (SmearImage *image, GError **error)
{
  gint w = smear_image_get_width (image), h = smear_image_get_height (image);
  SmearRegion middle = smear_probe_middle (w, h);
  g_autoptr (SmearImage) cut = smear_image_crop (image, &middle);

  return smear_image_resize (cut, 2 * middle.width, 2 * middle.height, error);
}

static void
turn (SmearImage *image, gboolean across, gboolean down)
{
  gint w = smear_image_get_width (image), h = smear_image_get_height (image);
  guint8 *p = smear_image_get_pixels (image);
  g_autofree guint8 *from = g_memdup2 (p, (gsize)w * h * 3);

  for (gint y = 0; y < h; y++)
    for (gint x = 0; x < w; x++, p += 3)
      memcpy (p,
              from + 3 * ((gsize)(down ? h - 1 - y : y) * w + (across ? w - 1 - x : x)),
              3);
}

/* Clockwise; the picture's sides change places. */
static SmearImage *
quarter_turn (SmearImage *image, GError **error)
{
  gint w = smear_image_get_width (image), h = smear_image_get_height (image);
  SmearImage *turned = smear_image_new (h, w, error);

  for (gint y = 0; turned != NULL && y < h; y++)
    for (gint x = 0; x < w; x++)
      memcpy (smear_image_get_pixels (turned) + 3 * ((gsize)x * h + h - 1 - y),
              smear_image_get_pixels (image) + 3 * ((gsize)y * w + x), 3);
  return turned;
}

/* What JPEG has left of colour differs from file to file: of a field so many pixels wide
 * and high, two either way are smoothed over. */
#define COLOUR_DETAIL 112

SmearImage *
smear_probe_apply (SmearProbe probe, SmearImage *image, const SmearLeukocytes *found,
                   SmearImage *other, const SmearLeukocytes *other_found, guint64 seed,
                   GError **error)
{
  g_autoptr (SmearImage) changed = copy (image);

  switch (probe)
    {
    case SMEAR_PROBE_UNTOUCHED:
      break;
    case SMEAR_PROBE_SCALE_BAR_ERASED:
      erase_scale_bar (changed);
      break;
    case SMEAR_PROBE_REDDER:
      multiply (changed, 1.1, 1, 0.9);
      break;
    case SMEAR_PROBE_BLUER:
      multiply (changed, 0.9, 1, 1.1);
      break;
    case SMEAR_PROBE_GREENER:
      multiply (changed, 0.95, 1.1, 0.95);
      break;
    case SMEAR_PROBE_LESS_GREEN:
      multiply (changed, 1.05, 0.9, 1.05);
      break;
    case SMEAR_PROBE_SATURATION_06:
      saturate (changed, 0.6);
      break;
    case SMEAR_PROBE_SATURATION_14:
      saturate (changed, 1.4);
      break;
    case SMEAR_PROBE_GAMMA_08:
      bend (changed, 0.8);
      break;
    case SMEAR_PROBE_GAMMA_125:
      bend (changed, 1.25);
      break;
    case SMEAR_PROBE_GREY:
      saturate (changed, 0);
      break;
    case SMEAR_PROBE_BLUR:
      blur (changed);
      break;
    case SMEAR_PROBE_JPEG_50:
      return through_jpeg (image, 50, error);
    case SMEAR_PROBE_SMOOTH_COLOUR:
      smear_image_smooth_colour (changed,
                                 MAX (1, smear_image_get_width (image) / COLOUR_DETAIL),
                                 MAX (1, smear_image_get_height (image) / COLOUR_DETAIL));
      break;
    case SMEAR_PROBE_NOISE:
      add_noise (changed, 8, seed);
      break;
    case SMEAR_PROBE_MIDDLE:
      smear_probe_keep_middle (changed, found);
      break;
    case SMEAR_PROBE_HALF_SIZE:
      return smear_image_resize (image, lrint (smear_image_get_width (image) / 2.0),
                                 lrint (smear_image_get_height (image) / 2.0), error);
    case SMEAR_PROBE_DOUBLE_SIZE:
      return middle_doubled (image, error);
    case SMEAR_PROBE_MIRRORED:
      turn (changed, TRUE, FALSE);
      break;
    case SMEAR_PROBE_UPSIDE_DOWN:
      turn (changed, FALSE, TRUE);
      break;
    case SMEAR_PROBE_QUARTER_TURN:
      return quarter_turn (image, error);
    case SMEAR_PROBE_HALF_TURN:
      turn (changed, TRUE, TRUE);
      break;
    case SMEAR_PROBE_LEUKOCYTES_REMOVED:
      if (!smear_probe_remove_cells (changed, found, error))
        return NULL;
      break;
    case SMEAR_PROBE_BACKGROUND_SWAPPED:
      return smear_probe_swap_background (image, found, other, other_found, error);
    case SMEAR_PROBE_STAIN_SWAPPED:
      smear_probe_swap_stain (changed, found, other, other_found);
      break;
    case SMEAR_N_PROBES:
      g_assert_not_reached ();
    }
  return g_steal_pointer (&changed);
}
