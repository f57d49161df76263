/* How large a red cell is, each way: the ruler that every smear carries. */
#include "image/leukocytes-private.h"

#include <math.h>
#include <string.h>

/* Fewer round parts than this are no measurement, nor is a group of them that covers less
 * than this share of what lies on the glass: those are platelets. */
#define LEAST_CELLS 4
#define LEAST_SHARE 0.03f
#define LEAST_RIDGE 4
#define NEARLY_AS_COMMON 0.95f

/* Sizes are counted by their logarithm, in steps of 4 %. */
#define SIZE_BINS 192
#define SIZE_STEP 0.04f

typedef struct
{
  gfloat weight[SIZE_BINS];
  gint count[SIZE_BINS];
  gfloat aspect[SIZE_BINS];
} Sizes;

static void
sizes_add (Sizes *sizes, gfloat size, gfloat weight, gfloat log_aspect)
{
  gint bin = CLAMP ((gint)(logf (size) / SIZE_STEP), 0, SIZE_BINS - 1);
  sizes->weight[bin] += weight;
  sizes->count[bin]++;
  sizes->aspect[bin] += weight * log_aspect;
}

/* What the window around one bin holds, within about an eighth either way. */
typedef struct
{
  gfloat weight, size, log_aspect;
  gint count;
} Mode;

static Mode
mode_at (const Sizes *sizes, gint bin)
{
  const gint reach = 3;
  Mode mode = { 0, 0, 0, 0 };
  gfloat moment = 0;

  for (gint b = MAX (bin - reach, 0); b <= MIN (bin + reach, SIZE_BINS - 1); b++)
    {
      mode.weight += sizes->weight[b];
      moment += sizes->weight[b] * (b + 0.5f);
      mode.log_aspect += sizes->aspect[b];
      mode.count += sizes->count[b];
    }
  if (mode.weight > 0)
    {
      mode.size = expf (moment / mode.weight * SIZE_STEP);
      mode.log_aspect /= mode.weight;
    }
  return mode;
}

/* The size that most of the weight agrees on. Heaps too thick to be parted look like few
 * very large cells, so of two sizes nearly as common the smaller is taken. */
static Mode
commonest (const Sizes *sizes)
{
  Mode modes[SIZE_BINS];
  gfloat most = 0;

  for (gint bin = 0; bin < SIZE_BINS; bin++)
    {
      modes[bin] = mode_at (sizes, bin);
      most = MAX (most, modes[bin].weight);
    }
  for (gint bin = 1; bin < SIZE_BINS - 1; bin++)
    {
      gboolean is_peak = modes[bin].weight > 0;
      for (gint b = MAX (bin - 4, 0); b <= MIN (bin + 4, SIZE_BINS - 1); b++)
        is_peak = is_peak && modes[b].weight <= modes[bin].weight;
      if (is_peak && modes[bin].weight >= NEARLY_AS_COMMON * most)
        return modes[bin];
    }
  return modes[0];
}

/* Outlines crossed along rows and along columns. Cells lie in every direction, so in a
 * field that was not squeezed there are as many of one as of the other. */
static gfloat
squeeze (const guint8 *mask, gint width, gint height)
{
  gint64 across = 0, down = 0;

  for (gint y = 1; y < height; y++)
    for (gint x = 1; x < width; x++)
      {
        gsize i = (gsize)y * width + x;
        across += mask[i] != mask[i - 1];
        down += mask[i] != mask[i - width];
      }
  return across && down ? CLAMP ((gfloat)down / across, 0.5f, 2.0f) : 1;
}

/* Heaps cut at their necks; then every round piece that keeps clear of the border and of
 * nuclei is taken for one red cell. */
static Mode
from_round_pieces (const guint8 *mask, const guint8 *nuclei, const gfloat *distance,
                   gint width, gint height)
{
  gsize n = (gsize)width * height, covered = 0;
  g_autofree gint32 *labels = g_new (gint32, n);
  Sizes sizes;
  Mode nothing = { 0, 0, 0, 0 };

  memset (&sizes, 0, sizeof sizes);
  gint n_parts = smear_split_touching (mask, distance, width, height, 0.75f, 2, labels);
  g_autofree SmearPart *parts = smear_label_parts (labels, n_parts, width, height,
                                                   nuclei);
  for (gint i = 0; i < n_parts; i++)
    {
      const SmearPart *part = &parts[i];
      gfloat across = part->x1 - part->x0 + 1, down = part->y1 - part->y0 + 1;
      gfloat fill = part->area / (across * down);

      covered += part->area;
      if (!part->border && part->area >= 12 && part->area < (gint)(n / 10)
          && part->weight * 10 < part->area && fill > 0.70f && fill < 0.88f
          && across < 2 * down && down < 2 * across)
        sizes_add (&sizes, sqrtf (part->area * 4 / (gfloat)G_PI), part->area,
                   logf (across / down));
    }
  Mode mode = commonest (&sizes);
  return mode.count >= LEAST_CELLS && mode.weight > LEAST_SHARE * covered ? mode
                                                                          : nothing;
}

/* In heaps and chains of overlapping red cells the ridge of the distance from the outline
 * runs one radius deep. Where a nucleus lies within that radius the cell is a white one.
 */
static gfloat
from_ridges (const gfloat *distance, const gfloat *to_nucleus, gint width, gint height)
{
  Sizes sizes;

  memset (&sizes, 0, sizeof sizes);
  for (gint y = 1; y < height - 1; y++)
    for (gint x = 1; x < width - 1; x++)
      {
        gsize i = (gsize)y * width + x;
        const gfloat *d = distance + i;
        if (d[0] < 2 || to_nucleus[i] < d[0] || d[0] < d[-1] || d[0] < d[1]
            || d[0] < d[-width] || d[0] < d[width] || d[0] < d[-width - 1]
            || d[0] < d[-width + 1] || d[0] < d[width - 1] || d[0] < d[width + 1])
          continue;
        sizes_add (&sizes, 2 * d[0], d[0] * d[0], 0);
      }
  Mode mode = commonest (&sizes);
  return mode.count >= LEAST_RIDGE ? mode.size : 0;
}

gint
smear_scale_estimate (const SmearStain *stain, const guint8 *nuclei, gfloat *diameter_x,
                      gfloat *diameter_y)
{
  gint width = stain->width, height = stain->height;
  gsize n = (gsize)width * height;
  g_autofree guint8 *mask = g_malloc (n);
  g_autofree gfloat *distance = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++)
    mask[i] = stain->density[i] > stain->clear;
  smear_mask_fill_holes (mask, width, height, (gint)(n / 50));

  gfloat squeezed = squeeze (mask, width, height);
  gfloat step_x = 1 / sqrtf (squeezed), step_y = sqrtf (squeezed);
  smear_mask_distance (mask, width, height, step_x, step_y, distance);
  Mode mode = from_round_pieces (mask, nuclei, distance, width, height);
  gfloat size = mode.size;
  if (size > 0)
    squeezed = sqrtf (squeezed * expf (mode.log_aspect));
  else
    {
      g_autofree gfloat *to_nucleus = g_new (gfloat, n);
      for (gsize i = 0; i < n; i++)
        mask[i] = !nuclei[i];
      smear_mask_distance (mask, width, height, step_x, step_y, to_nucleus);
      size = from_ridges (distance, to_nucleus, width, height);
    }
  *diameter_x = size * sqrtf (squeezed);
  *diameter_y = size / sqrtf (squeezed);
  return mode.count;
}
