#include "core/pixels.h"

#include "core/texts.h"

/* What a microscope's camera can give, as smear_image_load() has it. */
#define UM_PER_PIXEL_MIN 0.01
#define UM_PER_PIXEL_MAX 10.0
/* Each strip costs GIMP a score of questions and answers: few and large, but not so large
 * that a scan would not fit. */
#define STRIP_PIXELS (1 << 20)

void
smear_scene_clear (SmearScene *scene)
{
  g_clear_pointer (&scene->name, g_free);
}

gboolean
smear_region_intersect (const SmearRegion *a, const SmearRegion *b, SmearRegion *result)
{
  gint left = MAX (a->x, b->x), top = MAX (a->y, b->y);
  gint right = MIN (a->x + a->width, b->x + b->width);
  gint bottom = MIN (a->y + a->height, b->y + b->height);

  if (right <= left || bottom <= top)
    return FALSE;
  *result = (SmearRegion){ left, top, right - left, bottom - top };
  return TRUE;
}

gboolean
smear_scene_check (const SmearScene *scene, GError **error)
{
  const SmearRegion canvas = { 0, 0, scene->width, scene->height };
  SmearRegion seen;

  switch (scene->target)
    {
    case SMEAR_TARGET_LAYER:
      if (smear_region_intersect (&canvas, &scene->drawable, &seen))
        return TRUE;
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("The layer lies outside of the canvas, where nothing of it can be "
                      "seen. Move "
                      "it, or choose the layer with the smear."));
      return FALSE;
    case SMEAR_TARGET_CHANNEL:
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
          _ ("This is a channel, not a layer. Choose the layer with the smear."));
      return FALSE;
    case SMEAR_TARGET_OURS:
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
          _ ("This layer was made by Smearscope. Choose the layer with the smear."));
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

static void
hide_on_white (guint8 *rgb, const guint8 *coverage, gsize n)
{
  for (gsize i = 0; i < n; i++)
    for (gint c = 0; c < 3; c++)
      rgb[3 * i + c] = (rgb[3 * i + c] * coverage[i] + 255 * (255 - coverage[i]) + 127)
                       / 255;
}

SmearImage *
smear_pixels_read (SmearHost *host, const SmearScene *scene, const SmearRegion *region,
                   const guint8 *keep, GError **error)
{
  g_autoptr (SmearImage) image = smear_image_new (region->width, region->height, error);
  g_autofree guint8 *mask = NULL;
  const gint n_rows = SMEAR_STRIP_ROWS
                      * MAX (1, STRIP_PIXELS / SMEAR_STRIP_ROWS / region->width);
  gdouble um = scene->ppi > 0 ? SMEAR_UM_PER_INCH / scene->ppi : 0;

  if (image == NULL)
    return NULL;
  if (scene->has_mask)
    mask = g_malloc ((gsize)region->width * n_rows);
  for (gint y = 0; y < region->height; y += n_rows)
    {
      SmearRegion strip = { region->x, region->y + y, region->width,
                            MIN (n_rows, region->height - y) };
      gsize first = (gsize)y * region->width, n = (gsize)strip.width * strip.height;
      guint8 *rgb = smear_image_get_pixels (image) + 3 * first;

      if (!host->read_rgb (host, &strip, rgb, error))
        return NULL;
      if (mask)
        {
          host->read_mask (host, &strip, mask);
          hide_on_white (rgb, mask, n);
        }
      if (keep)
        hide_on_white (rgb, keep + first, n);
    }
  if (um >= UM_PER_PIXEL_MIN && um <= UM_PER_PIXEL_MAX)
    smear_image_set_um_per_pixel (image, um);
  return g_steal_pointer (&image);
}
