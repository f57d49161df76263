/* Connected parts of a mask, by way of its runs: stretches of one row. */
#include "image/leukocytes-private.h"

#include <string.h>

/* Pixels @first to before @last of row @y; @part is another run of the same part, itself,
 * or, once they are counted, the part's number. */
typedef struct
{
  gint y, first, last;
  guint part;
} Run;

static guint
root_of (GArray *runs, guint i)
{
  Run *all = (Run *)(gpointer)runs->data;

  while (all[i].part != i)
    {
      all[i].part = all[all[i].part].part;
      i = all[i].part;
    }
  return i;
}

/* The earlier run stands for both, so that a part's root is its first run. */
static void
join (GArray *runs, guint a, guint b)
{
  a = root_of (runs, a);
  b = root_of (runs, b);
  g_array_index (runs, Run, MAX (a, b)).part = MIN (a, b);
}

/* Every run of bytes equal to @value, joined to those that touch it from above. */
static GArray *
find_runs (const guint8 *mask, gint width, gint height, guint8 value)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (Run));
  guint above = 0, above_end = 0;

  for (gint y = 0; y < height; y++)
    {
      const guint8 *row = mask + (gsize)y * width, *end = row + width, *at = row;
      guint row_start = runs->len;

      while (at < end && (at = memchr (at, value, (gsize)(end - at))) != NULL)
        {
          const guint8 *stop = memchr (at, 1 - value, (gsize)(end - at));
          Run run = { y, (gint)(at - row), (gint)((stop ? stop : end) - row), runs->len };

          g_array_append_val (runs, run);
          while (above < above_end && g_array_index (runs, Run, above).last <= run.first)
            above++;
          for (guint i = above;
               i < above_end && g_array_index (runs, Run, i).first < run.last; i++)
            join (runs, i, run.part);
          at = row + run.last;
        }
      above = row_start;
      above_end = runs->len;
    }
  return runs;
}

static void
add_run (SmearPart *part, const Run *run, gint width, gint height, const guint8 *plane)
{
  gint length = run->last - run->first;

  part->x0 = MIN (part->x0, run->first);
  part->x1 = MAX (part->x1, run->last - 1);
  part->y1 = run->y;
  part->area += length;
  part->border += run->y == 0 || run->y == height - 1
                      ? length
                      : (run->first == 0) + (run->last == width);
  for (gint x = run->first; plane && x < run->last; x++)
    part->weight += plane[(gsize)run->y * width + x];
}

/* Sums the parts up and leaves each run with its part's number, from 0 in reading order
 * of their first pixels. */
static GArray *
count_parts (GArray *runs, gint width, gint height, const guint8 *plane)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (SmearPart));
  Run *all = (Run *)(gpointer)runs->data;

  for (guint i = 0; i < runs->len; i++)
    {
      Run *run = &all[i];

      /* Parents stand before their children and so have their number already. */
      if (run->part != i)
        run->part = all[run->part].part;
      else
        {
          SmearPart part = { width, run->y, -1, run->y, 0, 0, 0 };
          run->part = parts->len;
          g_array_append_val (parts, part);
        }
      add_run (&g_array_index (parts, SmearPart, run->part), run, width, height, plane);
    }
  return parts;
}

GArray *
smear_mask_parts (const guint8 *mask, gint width, gint height, gint32 *labels,
                  const guint8 *plane)
{
  g_autoptr (GArray) runs = find_runs (mask, width, height, 1);
  GArray *parts = count_parts (runs, width, height, plane);

  memset (labels, 0, (gsize)width * height * sizeof *labels);
  for (guint i = 0; i < runs->len; i++)
    {
      const Run *run = &g_array_index (runs, Run, i);
      gint32 *row = labels + (gsize)run->y * width;
      for (gint x = run->first; x < run->last; x++)
        row[x] = (gint32)run->part + 1;
    }
  return parts;
}

SmearPart *
smear_label_parts (const gint32 *labels, gint n_labels, gint width, gint height,
                   const guint8 *plane)
{
  SmearPart *parts = g_new (SmearPart, MAX (n_labels, 1));

  for (gint i = 0; i < n_labels; i++)
    parts[i] = (SmearPart){ G_MAXINT, G_MAXINT, -1, -1, 0, 0, 0 };
  for (gint y = 0; y < height; y++)
    {
      const gint32 *row = labels + (gsize)y * width;
      for (gint first, last = 0; smear_next_label (row, width, &first, &last);)
        {
          Run run = { y, first, last, (guint)row[first] };
          SmearPart *part = &parts[run.part - 1];
          if (part->area == 0)
            part->y0 = y;
          add_run (part, &run, width, height, plane);
        }
    }
  return parts;
}

void
smear_mask_fill_holes (guint8 *mask, gint width, gint height, gint largest)
{
  g_autoptr (GArray) runs = find_runs (mask, width, height, 0);
  g_autoptr (GArray) holes = count_parts (runs, width, height, NULL);

  for (guint i = 0; i < runs->len; i++)
    {
      const Run *run = &g_array_index (runs, Run, i);
      const SmearPart *hole = &g_array_index (holes, SmearPart, run->part);
      if (!hole->border && hole->area <= largest)
        memset (mask + (gsize)run->y * width + run->first, 1,
                (gsize)(run->last - run->first));
    }
}
