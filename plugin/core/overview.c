#include "core/overview.h"

#include <string.h>

/* The longer side of the picture. */
#define SIDE 512
/* A level of at most this many pixels is read whole. */
#define MOST_WHOLE ((gint64)1 << 25)
/* Of others every point of a grid is looked at: blocks of picture pixels this wide at
 * first, then half as wide, down to the least. */
#define WIDEST_BLOCK 32
#define LEAST_BLOCK 8
/* Scan pixels a side that stand for a block. */
#define SAMPLE 48
#define STEP_SECONDS 0.05

struct _SmearOverview
{
  SmearScan *scan;
  SmearImage *picture;
  gboolean whole; /* a level has been read */
  gint block, next;
};

SmearOverview *
smear_overview_new (const char *path, GError **error)
{
  g_autoptr (SmearScan) scan = smear_scan_open (path, 0, error);
  if (scan == NULL)
    return NULL;
  gint width = smear_scan_get_width (scan), height = smear_scan_get_height (scan);
  gdouble factor = MAX (1.0, MAX (width, height) / (gdouble)SIDE);
  g_autoptr (SmearImage) picture = smear_image_new (
      MAX (1, (gint)(width / factor)), MAX (1, (gint)(height / factor)), error);
  if (picture == NULL)
    return NULL;
  memset (smear_image_get_pixels (picture), 224,
          (gsize)smear_image_get_width (picture) * smear_image_get_height (picture) * 3);

  SmearOverview *overview = g_new0 (SmearOverview, 1);
  *overview = (SmearOverview){ g_steal_pointer (&scan), g_steal_pointer (&picture), FALSE,
                               WIDEST_BLOCK, 0 };
  return overview;
}

void
smear_overview_free (SmearOverview *overview)
{
  if (overview == NULL)
    return;
  smear_image_unref (overview->picture);
  smear_scan_free (overview->scan);
  g_free (overview);
}

SmearScan *
smear_overview_scan (SmearOverview *overview)
{
  return overview->scan;
}

/* The smallest level that is no smaller than the picture. */
static gboolean
read_level (SmearOverview *overview)
{
  gint columns = smear_image_get_width (overview->picture);
  gint rows = smear_image_get_height (overview->picture);

  for (gint level = smear_scan_get_n_levels (overview->scan) - 1; level >= 0; level--)
    {
      SmearRegion all = { 0 };
      smear_scan_get_level_size (overview->scan, level, &all.width, &all.height);
      if ((gint64)all.width * all.height > MOST_WHOLE)
        return FALSE;
      if (level > 0 && (all.width < columns || all.height < rows))
        continue;
      g_autoptr (SmearImage) image = smear_scan_read_region (overview->scan, level, &all,
                                                             NULL);
      SmearImage *small = image ? smear_image_resize (image, columns, rows, NULL) : NULL;
      if (small == NULL)
        return FALSE;
      smear_image_unref (overview->picture);
      overview->picture = small;
      return TRUE;
    }
  return FALSE;
}

/* One block in the mean colour of what lies in its middle. What cannot be read stays
 * grey. */
static void
sample_block (SmearOverview *overview, gint x, gint y)
{
  gint columns = smear_image_get_width (overview->picture);
  gint rows = smear_image_get_height (overview->picture);
  gint width = smear_scan_get_width (overview->scan);
  gint height = smear_scan_get_height (overview->scan);
  gint right = MIN (x + overview->block, columns),
       lower = MIN (y + overview->block, rows);
  SmearRegion sample = { .width = MIN (SAMPLE, width), .height = MIN (SAMPLE, height) };
  guint sum[3] = { 0 };

  sample.x = (gint)CLAMP ((gint64)(x + right) * width / (2 * columns) - sample.width / 2,
                          0, width - sample.width);
  sample.y = (gint)CLAMP ((gint64)(y + lower) * height / (2 * rows) - sample.height / 2,
                          0, height - sample.height);
  g_autoptr (SmearImage) image = smear_scan_read_region (overview->scan, 0, &sample,
                                                         NULL);
  if (image == NULL)
    return;
  const guint8 *p = smear_image_get_pixels (image);
  guint n = (guint)(sample.width * sample.height);
  for (guint i = 0; i < 3 * n; i++)
    sum[i % 3] += p[i];
  for (gint row = y; row < lower; row++)
    for (gint column = x; column < right; column++)
      for (gint c = 0; c < 3; c++)
        smear_image_get_pixels (
            overview->picture)[((gsize)row * columns + column) * 3 + c]
            = (guint8)(sum[c] / n);
}

gboolean
smear_overview_refine (SmearOverview *overview)
{
  gint64 until = g_get_monotonic_time () + (gint64)(STEP_SECONDS * G_USEC_PER_SEC);

  if (overview->whole || overview->block < LEAST_BLOCK)
    return FALSE;
  if (overview->block == WIDEST_BLOCK && overview->next == 0 && read_level (overview))
    {
      overview->whole = TRUE;
      return FALSE;
    }
  gint columns = smear_image_get_width (overview->picture);
  gint rows = smear_image_get_height (overview->picture);
  while (g_get_monotonic_time () < until && overview->block >= LEAST_BLOCK)
    {
      gint across = (columns + overview->block - 1) / overview->block;
      gint down = (rows + overview->block - 1) / overview->block;
      sample_block (overview, overview->next % across * overview->block,
                    overview->next / across * overview->block);
      if (++overview->next >= across * down)
        {
          overview->block /= 2;
          overview->next = 0;
        }
    }
  return overview->block >= LEAST_BLOCK;
}

void
smear_overview_place (const SmearOverview *overview, gint width, gint height,
                      gdouble place[4])
{
  gdouble columns = smear_image_get_width (overview->picture);
  gdouble rows = smear_image_get_height (overview->picture);
  gdouble scale = MIN (width / columns, height / rows);

  place[2] = columns * scale;
  place[3] = rows * scale;
  place[0] = (width - place[2]) / 2;
  place[1] = (height - place[3]) / 2;
}

/* The picture for cairo. */
static cairo_surface_t *
surface_of (SmearImage *picture)
{
  gint width = smear_image_get_width (picture), height = smear_image_get_height (picture);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width,
                                                         height);
  const guint8 *p = smear_image_get_pixels (picture);
  guint8 *data = cairo_image_surface_get_data (surface);
  gint stride = cairo_image_surface_get_stride (surface);

  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++, p += 3)
      ((guint32 *)(gpointer)(data + (gsize)y * stride))[x] = (guint32)p[0] << 16
                                                             | (guint32)p[1] << 8 | p[2];
  cairo_surface_mark_dirty (surface);
  return surface;
}

void
smear_overview_draw (const SmearOverview *overview, cairo_t *cr, gint width, gint height,
                     const SmearRegion *region)
{
  gdouble place[4];
  gdouble scan_width = smear_scan_get_width (overview->scan);
  gdouble scan_height = smear_scan_get_height (overview->scan);
  cairo_surface_t *surface = surface_of (overview->picture);

  smear_overview_place (overview, width, height, place);
  cairo_save (cr);
  cairo_translate (cr, place[0], place[1]);
  cairo_scale (cr, place[2] / smear_image_get_width (overview->picture),
               place[3] / smear_image_get_height (overview->picture));
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);

  /* Black on white: seen on any smear. A small region is still a frame of some size. */
  gdouble x = place[0] + region->x / scan_width * place[2];
  gdouble y = place[1] + region->y / scan_height * place[3];
  gdouble w = MAX (region->width / scan_width * place[2], 4);
  gdouble h = MAX (region->height / scan_height * place[3], 4);
  for (gint line = 0; line < 2; line++)
    {
      cairo_set_source_rgb (cr, 1 - line, 1 - line, 1 - line);
      cairo_set_line_width (cr, line ? 1 : 3);
      cairo_rectangle (cr, x, y, w, h);
      cairo_stroke (cr);
    }
}
