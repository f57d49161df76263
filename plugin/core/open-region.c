/* The procedure plug-in-smearscope-open-region: a part of a scan as an image. */
#include "core/run.h"

#include "core/texts.h"

static gboolean
check (SmearScan *scan, gint level, const SmearRegion *region, GError **error)
{
  gint width, height, n_levels = smear_scan_get_n_levels (scan);

  if (level >= n_levels)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   _ ("level: the scan has levels 0 to %d only."), n_levels - 1);
      return FALSE;
    }
  smear_scan_get_level_size (scan, level, &width, &height);
  if (region->width <= width - region->x && region->height <= height - region->y)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               _ ("The region %d × %d at %d, %d does not lie inside the level's %d × %d "
                  "pixels."),
               region->width, region->height, region->x, region->y, width, height);
  return FALSE;
}

gboolean
smear_run_open_region (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                       GError **error)
{
  const char *file = "";
  gint level = 0;
  SmearRegion region;

  g_variant_dict_lookup (arguments, "file", "&s", &file);
  g_variant_dict_lookup (arguments, "x", "i", &region.x);
  g_variant_dict_lookup (arguments, "y", "i", &region.y);
  g_variant_dict_lookup (arguments, "width", "i", &region.width);
  g_variant_dict_lookup (arguments, "height", "i", &region.height);
  g_variant_dict_lookup (arguments, "level", "i", &level);
  if (*file == '\0')
    {
      g_set_error_literal (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                           _ ("Say which scan a region is to be opened of."));
      return FALSE;
    }
  host->progress (host, _ ("Reading the region"), 0);
  g_autoptr (SmearScan) scan = smear_scan_open (file, 0, error);
  if (scan == NULL || !check (scan, level, &region, error))
    return FALSE;
  g_autoptr (SmearImage) pixels = smear_scan_read_region (scan, level, &region, error);
  if (pixels == NULL)
    return FALSE;

  g_autofree char *base = g_path_get_basename (file);
  g_autofree char *shown = g_filename_display_name (base);
  g_autofree char *name = g_strdup_printf (level > 0 ? "%s (%d, %d; %d)" : "%s (%d, %d)",
                                           shown, region.x, region.y, level);
  gint image = host->image_new (host, name, pixels, error);
  if (image < 0)
    return FALSE;
  g_variant_dict_insert (results, "image", "i", image);
  return TRUE;
}
