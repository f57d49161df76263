/* Finding white cells, their scale, and whether an image can be judged at all. */
#pragma once

#include <smearscope/class.h>
#include <smearscope/image.h>

G_BEGIN_DECLS

/**
 * SmearCell:
 * @box: bounds in pixels of the image it was found in
 * @x: centre of the nucleus
 * @y: centre of the nucleus
 * @area: pixels of the nucleus
 * @touches_edge: cut by the border of the image
 * @klass: class the model gave it, %SMEAR_CLASS_NONE before
 * @probabilities: by class, all 0 before
 */
typedef struct
{
  SmearRegion box;
  gfloat x, y;
  gint area;
  gboolean touches_edge;
  SmearClass klass;
  gfloat probabilities[SMEAR_N_CLASSES];
} SmearCell;

/**
 * SmearQuality:
 * @is_smear: FALSE for what is no stained smear (a cat, one flat colour)
 * @blurred: too little detail at the nuclei's edges
 * @too_dark: exposure
 * @too_bright: exposure
 * @sharpness: the measure behind @blurred, dimensionless
 * @um_per_pixel_x: scale: as it was stated, or estimated from red cells (7.5 µm); 0
 * unknown
 * @um_per_pixel_y: the same down the image; differs from x where the field was squeezed
 * @reason: (nullable): why @is_smear is FALSE; static
 * @scale_stated: by the caller, or by the image's resolution
 */
typedef struct
{
  gboolean is_smear, blurred, too_dark, too_bright;
  gfloat sharpness;
  gfloat um_per_pixel_x, um_per_pixel_y;
  const char *reason;
  gboolean scale_stated;
} SmearQuality;

/**
 * SmearLeukocytes:
 * @width: of the image and of @labels
 * @height: of the image and of @labels
 * @labels: row-major, 0 outside, i + 1 inside nucleus and visible cytoplasm of cell i
 * @cells: (element-type SmearCell): in reading order
 * @quality: judgement of the whole image
 */
typedef struct
{
  gint width, height;
  guint16 *labels;
  GArray *cells;
  SmearQuality quality;
} SmearLeukocytes;

/**
 * smear_leukocytes_find:
 * @image: a field, or a tile of a scan; at least 16x16
 * @um_per_pixel_x: scale, or 0 to estimate it from the red cells
 * @um_per_pixel_y: scale, or 0
 *
 * Stained nuclei are told from background and red cells by colour, holes filled, touching
 * cells split, and objects of implausible size, the burned-in scale bar, platelets and
 * debris left out. Deterministic; independent of any other image.
 *
 * Returns: (transfer full) (nullable)
 */
SmearLeukocytes *smear_leukocytes_find (SmearImage *image, gdouble um_per_pixel_x,
                                        gdouble um_per_pixel_y, GError **error);
void smear_leukocytes_free (SmearLeukocytes *leukocytes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearLeukocytes, smear_leukocytes_free)

G_END_DECLS
