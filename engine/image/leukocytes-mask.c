/* Operations on planes and masks of one byte a pixel. */
#include "image/leukocytes-private.h"

#include <math.h>
#include <string.h>

gint
smear_otsu (const guint32 histogram[256])
{
  gdouble total = 0, sum = 0, below = 0, below_sum = 0, best = -1;
  gint level = 0;

  for (gint v = 0; v < 256; v++)
    {
      total += histogram[v];
      sum += (gdouble)v * histogram[v];
    }
  for (gint v = 0; v < 255; v++)
    {
      below += histogram[v];
      below_sum += (gdouble)v * histogram[v];
      if (below == 0 || below == total)
        continue;
      gdouble apart = below_sum * total - sum * below;
      gdouble between = apart / below * (apart / (total - below));
      if (between > best)
        {
          best = between;
          level = v;
        }
    }
  return level;
}

void
smear_plane_blur (guint8 *plane, gint width, gint height)
{
  g_autofree guint16 *rows = g_new (guint16, 3 * (gsize)width);

  for (gint y = -1; y < height; y++)
    {
      /* Row y + 1 blurred across enters a ring of three before row y is overwritten. */
      gint next = MIN (y + 1, height - 1);
      const guint8 *in = plane + (gsize)next * width;
      guint16 *out = rows + (gsize)((y + 1) % 3) * width;

      if (next == y + 1)
        for (gint x = 0; x < width; x++)
          out[x] = in[MAX (x - 1, 0)] + 2 * in[x] + in[MIN (x + 1, width - 1)];
      if (y < 0)
        continue;

      const guint16 *above = rows + (gsize)((y > 0 ? y - 1 : 0) % 3) * width;
      const guint16 *here = rows + (gsize)(y % 3) * width;
      const guint16 *below = rows + (gsize)(next % 3) * width;
      guint8 *to = plane + (gsize)y * width;
      for (gint x = 0; x < width; x++)
        to[x] = (above[x] + 2 * here[x] + below[x] + 8) / 16;
    }
}

GArray *
smear_mask_parts (const guint8 *mask, gint width, gint height, gint32 *labels,
                  const guint8 *plane)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (SmearPart));
  gsize n = (gsize)width * height;
  g_autofree gint32 *stack = g_new (gint32, n);

  memset (labels, 0, n * sizeof *labels);
  for (gsize start = 0; start < n; start++)
    {
      if (!mask[start] || labels[start])
        continue;

      SmearPart part = { G_MAXINT, G_MAXINT, -1, -1, 0, (gint)start, 0, 0 };
      gint32 label = (gint32)parts->len + 1;
      gsize depth = 0;

      stack[depth++] = (gint32)start;
      labels[start] = label;
      while (depth)
        {
          gint i = stack[--depth], x = i % width, y = i / width;

          part.area++;
          part.weight += plane ? plane[i] : 0;
          part.x0 = MIN (part.x0, x);
          part.x1 = MAX (part.x1, x);
          part.y0 = MIN (part.y0, y);
          part.y1 = MAX (part.y1, y);
          part.border += x == 0 || y == 0 || x == width - 1 || y == height - 1;
#define VISIT(inside, j)                                                                 \
  if ((inside) && mask[j] && !labels[j])                                                 \
    {                                                                                    \
      labels[j] = label;                                                                 \
      stack[depth++] = j;                                                                \
    }
          VISIT (x > 0, i - 1)
          VISIT (x < width - 1, i + 1)
          VISIT (y > 0, i - width)
          VISIT (y < height - 1, i + width)
#undef VISIT
        }
      g_array_append_val (parts, part);
    }
  return parts;
}

SmearPart *
smear_label_parts (const gint32 *labels, gint n_labels, gint width, gint height,
                   const guint8 *plane)
{
  SmearPart *parts = g_new (SmearPart, MAX (n_labels, 1));

  for (gint i = 0; i < n_labels; i++)
    parts[i] = (SmearPart){ G_MAXINT, G_MAXINT, -1, -1, 0, -1, 0, 0 };
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      {
        gsize i = (gsize)y * width + x;
        if (!labels[i])
          continue;
        SmearPart *part = &parts[labels[i] - 1];
        part->first = part->area++ ? part->first : (gint)i;
        part->weight += plane ? plane[i] : 0;
        part->x0 = MIN (part->x0, x);
        part->x1 = MAX (part->x1, x);
        part->y0 = MIN (part->y0, y);
        part->y1 = MAX (part->y1, y);
        part->border += x == 0 || y == 0 || x == width - 1 || y == height - 1;
      }
  return parts;
}

void
smear_mask_fill_holes (guint8 *mask, gint width, gint height, gint largest)
{
  gsize n = (gsize)width * height;
  g_autofree guint8 *inverse = g_malloc (n);
  g_autofree gint32 *labels = g_new (gint32, n);
  g_autoptr (GArray) holes = NULL;

  for (gsize i = 0; i < n; i++)
    inverse[i] = !mask[i];
  holes = smear_mask_parts (inverse, width, height, labels, NULL);
  for (gsize i = 0; i < n; i++)
    if (labels[i])
      {
        const SmearPart *hole = &g_array_index (holes, SmearPart, labels[i] - 1);
        if (!hole->border && hole->area <= largest)
          mask[i] = 1;
      }
}

/* One row of a sweep: from the row before it, then from the pixel before in the row.
 * @turn is 1 for the sweep down and to the right, -1 for the one up and to the left. */
static void
sweep_row (const guint8 *mask, gfloat *row, const gfloat *before, gint width, gint turn,
           gfloat step_x, gfloat step_y, gfloat diagonal)
{
  gint first = turn > 0 ? 0 : width - 1;
  gfloat last = G_MAXFLOAT;

  if (before)
    for (gint x = 0; x < width; x++)
      {
        gfloat left = before[MAX (x - 1, 0)], right = before[MIN (x + 1, width - 1)];
        gfloat near = MIN (before[x] + step_y, MIN (left, right) + diagonal);
        row[x] = mask[x] ? MIN (row[x], near) : 0;
      }
  for (gint k = 0, x = first; k < width; k++, x += turn)
    {
      row[x] = MIN (row[x], last);
      last = row[x] + step_x;
    }
}

void
smear_mask_distance (const guint8 *mask, gint width, gint height, gfloat step_x,
                     gfloat step_y, gfloat *distance)
{
  gfloat diagonal = sqrtf (step_x * step_x + step_y * step_y);
  gfloat far = (width + height) * (step_x + step_y);

  for (gsize i = 0; i < (gsize)width * height; i++)
    distance[i] = mask[i] ? far : 0;
  for (gint y = 0; y < height; y++)
    sweep_row (mask + (gsize)y * width, distance + (gsize)y * width,
               y ? distance + (gsize)(y - 1) * width : NULL, width, 1, step_x, step_y,
               diagonal);
  for (gint y = height - 1; y >= 0; y--)
    sweep_row (mask + (gsize)y * width, distance + (gsize)y * width,
               y < height - 1 ? distance + (gsize)(y + 1) * width : NULL, width, -1,
               step_x, step_y, diagonal);
}

void
smear_mask_open (guint8 *mask, gint width, gint height, gfloat step_x, gfloat step_y,
                 gfloat radius, gfloat *scratch)
{
  gsize n = (gsize)width * height;
  g_autofree guint8 *far = g_malloc (n);

  smear_mask_distance (mask, width, height, step_x, step_y, scratch);
  for (gsize i = 0; i < n; i++)
    far[i] = scratch[i] <= radius;
  smear_mask_distance (far, width, height, step_x, step_y, scratch);
  for (gsize i = 0; i < n; i++)
    mask[i] = mask[i] && scratch[i] <= radius;
}
