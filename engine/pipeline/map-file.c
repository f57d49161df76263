#include <smearscope/finding.h>

#include <errno.h>
#include <glib/gstdio.h>

gboolean
smear_finding_save_map (const SmearFinding *finding, SmearImage *image,
                        const SmearMapStyle *style, const char *path, GError **error)
{
  g_return_val_if_fail (finding != NULL && finding->map != NULL, FALSE);

  const SmearRegion *region = &finding->region;
  g_autofree char *folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_autofree char *name = g_filename_display_name (folder);
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s", name,
                   g_strerror (errno));
      return FALSE;
    }
  if (style->overlay)
    {
      g_autoptr (SmearImage) part = smear_image_crop (image, region);
      g_autoptr (SmearImage) blend = smear_heat_map_overlay (
          finding->map, part, style->colours, style->opacity);
      return smear_image_save_png (blend, path, error);
    }

  g_autofree guint8 *rgba = g_try_malloc_n ((gsize)region->width * region->height, 4);
  if (rgba == NULL)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "no memory for a heat map of %d×%d pixels; choose a smaller region",
                   region->width, region->height);
      return FALSE;
    }
  smear_heat_map_render (finding->map, style->colours, style->threshold, region->width,
                         region->height, 0, region->height, rgba);
  return smear_png_write (path, rgba, region->width, region->height, 4, error);
}
