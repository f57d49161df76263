/* Touching cells apart. */
#include "image/leukocytes-private.h"

#include <string.h>

#define LEVELS 2048

/* A basin of the flood: its deepest point, and the basin it was joined to. */
typedef struct
{
  gfloat peak;
  gint parent;
} Basin;

static gint
root_of (GArray *basins, gint i)
{
  Basin *all = (Basin *)basins->data;

  while (all[i].parent != i)
    {
      all[i].parent = all[all[i].parent].parent;
      i = all[i].parent;
    }
  return i;
}

/* Whether two basins that meet at @depth are one cell with a bumpy outline. */
static gboolean
is_one (GArray *basins, gint a, gint b, gfloat depth, gfloat neck, gfloat least)
{
  gfloat lesser = MIN (g_array_index (basins, Basin, a).peak,
                       g_array_index (basins, Basin, b).peak);
  return lesser < least || depth > neck * lesser;
}

/* The deeper peak stands for both. */
static gint
join (GArray *basins, gint a, gint b)
{
  Basin *all = (Basin *)basins->data;
  gint deeper = all[a].peak >= all[b].peak ? a : b;

  all[deeper == a ? b : a].parent = deeper;
  return deeper;
}

/* For every pixel @i of the mask, in reading order. */
#define EACH_OF_THE_MASK(i)                                                              \
  for (gint y = 0; y < height; y++)                                                      \
    for (gint first, last = 0;                                                           \
         smear_next_run (mask + (gsize)y * width, width, &first, &last);)                \
      for (gsize i = (gsize)y * width + first; i < (gsize)y * width + last; i++)

static gint
level_of (gfloat distance, gfloat factor)
{
  return LEVELS - 1 - (gint)(distance * factor);
}

/* Pixels of the mask, deepest first; a counting sort keeps equal depths in reading order.
 */
static gint32 *
by_depth (const guint8 *mask, const gfloat *distance, gint width, gint height,
          gsize *n_sorted)
{
  gsize starts[LEVELS + 1] = { 0 };
  gfloat deepest = 0;

  EACH_OF_THE_MASK (i)
  deepest = MAX (deepest, distance[i]);
  gfloat factor = deepest > 0 ? (LEVELS - 1) / deepest : 0;
  EACH_OF_THE_MASK (i)
  starts[level_of (distance[i], factor) + 1]++;
  for (gint level = 0; level < LEVELS; level++)
    starts[level + 1] += starts[level];
  *n_sorted = starts[LEVELS];
  gint32 *sorted = g_new (gint32, MAX (*n_sorted, 1));
  EACH_OF_THE_MASK (i)
  sorted[starts[level_of (distance[i], factor)]++] = (gint32)i;
  return sorted;
}

gint
smear_split_touching (const guint8 *mask, const gfloat *distance, gint width, gint height,
                      gfloat neck, gfloat least, gint32 *labels)
{
  gsize n = (gsize)width * height, n_sorted;
  g_autofree gint32 *sorted = by_depth (mask, distance, width, height, &n_sorted);
  g_autoptr (GArray) basins = g_array_new (FALSE, FALSE, sizeof (Basin));
  Basin nothing = { 0, 0 };
  gint found = 0;

  g_array_append_val (basins, nothing);
  memset (labels, 0, n * sizeof *labels);

  for (gsize k = 0; k < n_sorted; k++)
    {
      gint i = sorted[k], x = i % width, y = i / width, mine = 0;
      gint asked = 0, root = 0; /* most neighbours belong to one basin */
      gint left = x > 0 ? -1 : 0, right = x < width - 1 ? 1 : 0;
      gfloat highest = -1;

      /* The pixel goes where the ground rises most; basins that meet here may be one. */
      for (gint dy = y > 0 ? -1 : 0; dy <= (y < height - 1 ? 1 : 0); dy++)
        for (gint at = i + dy * width + left; at <= i + dy * width + right; at++)
          {
            if (!labels[at])
              continue;
            if (labels[at] != asked)
              {
                asked = labels[at];
                root = root_of (basins, asked);
              }
            gint other = root;
            if (mine && other != mine
                && is_one (basins, mine, other, distance[i], neck, least))
              mine = other = root = join (basins, mine, other);
            if (distance[at] > highest)
              {
                highest = distance[at];
                mine = other;
              }
          }
      if (!mine)
        {
          Basin basin = { distance[i], (gint)basins->len };
          g_array_append_val (basins, basin);
          mine = (gint)basins->len - 1;
        }
      labels[i] = mine;
    }

  g_autofree gint *number = g_new0 (gint, basins->len);
  EACH_OF_THE_MASK (i)
  {
    gint root = root_of (basins, labels[i]);
    if (!number[root])
      number[root] = ++found;
    labels[i] = number[root];
  }
  return found;
}
