#include "core/parts.h"

#include "core/texts.h"

/* A stretch of selected pixels in one row: first to before last. */
typedef struct
{
  gint first, last;
  guint label;
} Run;

typedef struct
{
  GArray *parent; /* guint: a forest; roots point at themselves */
  GArray *parts;  /* SmearPart, bounds kept as left, top, right, bottom (exclusive) */
} Labels;

static guint
root (Labels *labels, guint label)
{
  guint *parent = (guint *)(gpointer)labels->parent->data;

  while (parent[label] != label)
    {
      parent[label] = parent[parent[label]];
      label = parent[label];
    }
  return label;
}

static guint
new_label (Labels *labels, gint x, gint y)
{
  guint label = labels->parent->len;
  SmearPart part = { { x, y, x, y }, 0, x, y };

  g_array_append_val (labels->parent, label);
  g_array_append_val (labels->parts, part);
  return label;
}

/* The older label survives, so that the seed stays the topmost pixel. */
static guint
join (Labels *labels, guint a, guint b)
{
  a = root (labels, a);
  b = root (labels, b);
  g_array_index (labels->parent, guint, MAX (a, b)) = MIN (a, b);
  return MIN (a, b);
}

static void
grow (SmearPart *part, const SmearPart *other)
{
  part->bounds.x = MIN (part->bounds.x, other->bounds.x);
  part->bounds.y = MIN (part->bounds.y, other->bounds.y);
  part->bounds.width = MAX (part->bounds.width, other->bounds.width);
  part->bounds.height = MAX (part->bounds.height, other->bounds.height);
  part->area += other->area;
}

/* One row: its runs take the label of a run above that they touch, corners included. */
static void
label_row (Labels *labels, const guint8 *row, gint x0, gint y, gint width, GArray *above,
           GArray *runs)
{
  guint next = 0;

  g_array_set_size (runs, 0);
  for (gint x = 0; x < width; x++)
    {
      Run run = { x, x, G_MAXUINT };
      SmearPart piece;

      if (row[x] < SMEAR_PART_SELECTED)
        continue;
      while (x < width && row[x] >= SMEAR_PART_SELECTED)
        x++;
      run.last = x;
      while (next < above->len && g_array_index (above, Run, next).last < run.first)
        next++;
      for (guint i = next; i < above->len; i++)
        {
          const Run *up = &g_array_index (above, Run, i);
          if (up->first > run.last)
            break;
          run.label = run.label == G_MAXUINT ? root (labels, up->label)
                                             : join (labels, run.label, up->label);
        }
      if (run.label == G_MAXUINT)
        run.label = new_label (labels, x0 + run.first, y);
      piece = (SmearPart){ { x0 + run.first, y, x0 + run.last, y + 1 },
                           run.last - run.first,
                           x0 + run.first,
                           y };
      grow (&g_array_index (labels->parts, SmearPart, run.label), &piece);
      g_array_append_val (runs, run);
    }
}

static void
label_all (SmearHost *host, const SmearRegion *within, Labels *labels)
{
  g_autoptr (GArray) above = g_array_new (FALSE, FALSE, sizeof (Run));
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (Run));
  g_autofree guint8 *strip = g_malloc ((gsize)within->width * SMEAR_STRIP_ROWS);

  for (gint y = 0; y < within->height; y += SMEAR_STRIP_ROWS)
    {
      SmearRegion part = { within->x, within->y + y, within->width,
                           MIN (SMEAR_STRIP_ROWS, within->height - y) };

      host->read_selection (host, &part, strip);
      for (gint row = 0; row < part.height; row++)
        {
          GArray *swap = above;
          label_row (labels, strip + (gsize)row * part.width, part.x, part.y + row,
                     part.width, above, runs);
          above = runs;
          runs = swap;
        }
    }
}

GArray *
smear_parts_find (SmearHost *host, const SmearRegion *within, gint smallest,
                  guint *n_dropped, GError **error)
{
  g_autoptr (GArray) parent = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (SmearPart));
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (SmearPart));
  Labels labels = { parent, pieces };

  *n_dropped = 0;
  label_all (host, within, &labels);
  for (guint i = 0; i < pieces->len; i++)
    if (root (&labels, i) != i)
      grow (&g_array_index (pieces, SmearPart, root (&labels, i)),
            &g_array_index (pieces, SmearPart, i));
  for (guint i = 0; i < pieces->len; i++)
    {
      SmearPart part = g_array_index (pieces, SmearPart, i);

      if (root (&labels, i) != i)
        continue;
      part.bounds.width -= part.bounds.x;
      part.bounds.height -= part.bounds.y;
      if (part.bounds.width < smallest || part.bounds.height < smallest)
        ++*n_dropped;
      else
        g_array_append_val (found, part);
    }
  if (found->len > SMEAR_PARTS_MAX)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("The selection has %u separate parts; at most %d can be judged at "
                      "once. Smooth or shrink the selection."),
                   found->len, SMEAR_PARTS_MAX);
      return NULL;
    }
  return g_steal_pointer (&found);
}

gboolean
smear_part_is_rectangle (const SmearPart *part)
{
  return part->area == (gint64)part->bounds.width * part->bounds.height;
}

/* Marks the run around (x, y) and puts its ends' neighbours on the stack. */
static void
fill_run (guint8 *mask, gint width, gint height, gint x, gint y, GArray *stack)
{
  guint8 *row = mask + (gsize)y * width;
  gint first = x, last = x;

  while (first > 0 && row[first - 1] == 1)
    first--;
  while (last < width && row[last] == 1)
    last++;
  memset (row + first, 255, last - first);
  for (gint dy = -1; dy <= 1; dy += 2)
    for (gint i = MAX (first - 1, 0);
         y + dy >= 0 && y + dy < height && i < MIN (last + 1, width); i++)
      {
        const guint8 *other = mask + (gsize)(y + dy) * width;
        gint point[2] = { i, y + dy };
        if (other[i] == 1 && (i == MAX (first - 1, 0) || other[i - 1] != 1))
          g_array_append_val (stack, point);
      }
}

guint8 *
smear_part_mask (SmearHost *host, const SmearPart *part)
{
  const SmearRegion *bounds = &part->bounds;
  gsize n = (gsize)bounds->width * bounds->height;
  guint8 *mask = g_malloc (n);
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (gint[2]));
  gint seed[2] = { part->x - bounds->x, part->y - bounds->y };

  host->read_selection (host, bounds, mask);
  for (gsize i = 0; i < n; i++)
    mask[i] = mask[i] >= SMEAR_PART_SELECTED;
  g_array_append_val (stack, seed);
  while (stack->len > 0)
    {
      const gint *point = (const gint *)(gpointer)stack->data + 2 * (stack->len - 1);
      gint x = point[0], y = point[1];

      g_array_set_size (stack, stack->len - 1);
      if (mask[(gsize)y * bounds->width + x] == 1)
        fill_run (mask, bounds->width, bounds->height, x, y, stack);
    }
  for (gsize i = 0; i < n; i++)
    mask[i] = mask[i] == 255 ? 255 : 0;
  return mask;
}
