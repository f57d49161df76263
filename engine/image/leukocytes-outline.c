/* How compact a part is. */
#include "image/leukocytes-private.h"

typedef struct
{
  gint x, y;
} Corner;

static gint64
turn (Corner a, Corner b, Corner c)
{
  return (gint64)(b.x - a.x) * (c.y - a.y) - (gint64)(b.y - a.y) * (c.x - a.x);
}

gfloat
smear_solidity (const gint32 *labels, gint width, const SmearPart *part, gint32 label)
{
  gint rows = part->y1 - part->y0 + 1;
  g_autofree Corner *corners = g_new (Corner, 4 * rows);
  g_autofree Corner *hull = g_new (Corner, 4 * rows + 1);
  gint n = 0, top = 0;
  gint64 doubled = 0;

  /* The outermost pixel corners of each row, downwards and, within a row, from the left.
   */
  for (gint y = part->y0; y <= part->y1; y++)
    {
      const gint32 *row = labels + (gsize)y * width;
      gint left = part->x0, right = part->x1;
      while (left <= right && row[left] != label)
        left++;
      while (right > left && row[right] != label)
        right--;
      if (left > right)
        continue;
      corners[n++] = (Corner){ left, y };
      corners[n++] = (Corner){ right + 1, y };
      corners[n++] = (Corner){ left, y + 1 };
      corners[n++] = (Corner){ right + 1, y + 1 };
    }
  /* Rows share their edges, so the right corner of one follows the left ones of two. */
  for (gint i = 1; i < n; i++)
    for (gint j = i;
         j > 0
         && (corners[j].y < corners[j - 1].y
             || (corners[j].y == corners[j - 1].y && corners[j].x < corners[j - 1].x));
         j--)
      {
        Corner swap = corners[j];
        corners[j] = corners[j - 1];
        corners[j - 1] = swap;
      }
  for (gint i = 0; i < n; i++)
    {
      while (top >= 2 && turn (hull[top - 2], hull[top - 1], corners[i]) <= 0)
        top--;
      hull[top++] = corners[i];
    }
  for (gint i = n - 2, lower = top + 1; i >= 0; i--)
    {
      while (top >= lower && turn (hull[top - 2], hull[top - 1], corners[i]) <= 0)
        top--;
      hull[top++] = corners[i];
    }
  for (gint i = 0; i + 1 < top; i++)
    doubled += (gint64)hull[i].x * hull[i + 1].y - (gint64)hull[i + 1].x * hull[i].y;
  return doubled ? 2.0f * part->area / ABS (doubled) : 1;
}
