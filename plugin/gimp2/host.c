/* Reading from GIMP 2.10: what the image is, its pixels, its masks. */
#include "gimp2/host.h"

#include <gegl.h>

#include "core/over-white.h"
#include "core/texts.h"

gboolean
smear_gimp2_is_ours (gint32 item)
{
  for (; item != -1; item = gimp_item_get_parent (item))
    {
      GimpParasite *mark = gimp_item_get_parasite (item, SMEAR_MARK_PARASITE);

      if (mark != NULL)
        {
          gimp_parasite_free (mark);
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
describe (SmearHost *host, SmearScene *scene, GError **error)
{
  static const SmearBase bases[] = { SMEAR_BASE_RGB, SMEAR_BASE_GREY,
                                     SMEAR_BASE_INDEXED };
  SmearGimp2Host *self = (SmearGimp2Host *)host;
  gdouble ppi_down;

  *scene = (SmearScene){ 0 };
  if (!gimp_image_is_valid (self->image))
    {
      g_set_error_literal (
          error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
          _ ("No image is open. Open a smear, then run Smearscope again."));
      return FALSE;
    }
  scene->name = gimp_image_get_name (self->image);
  scene->width = gimp_image_width (self->image);
  scene->height = gimp_image_height (self->image);
  scene->base = bases[gimp_image_base_type (self->image)];
  gimp_image_get_resolution (self->image, &scene->ppi, &ppi_down);
  scene->target = SMEAR_TARGET_CHANNEL;
  if (!gimp_item_is_layer (self->drawable))
    return TRUE;

  gimp_drawable_offsets (self->drawable, &scene->drawable.x, &scene->drawable.y);
  scene->drawable.width = gimp_drawable_width (self->drawable);
  scene->drawable.height = gimp_drawable_height (self->drawable);
  scene->target = smear_gimp2_is_ours (self->drawable) ? SMEAR_TARGET_OURS
                                                       : SMEAR_TARGET_LAYER;
  scene->has_mask = gimp_layer_get_mask (self->drawable) != -1
                    && gimp_layer_get_apply_mask (self->drawable);
  return TRUE;
}

static void
read_rows (gint32 drawable, const SmearRegion *region, gint x, gint y, const Babl *format,
           gpointer pixels)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (drawable);

  gegl_buffer_get (
      buffer,
      GEGL_RECTANGLE (region->x - x, region->y - y, region->width, region->height), 1.0,
      format, pixels, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
}

const Babl *
smear_gimp2_space_of (gint32 image, const char *encoding)
{
  GimpColorProfile *profile = gimp_image_get_effective_color_profile (image);
  const Babl *space = profile ? gimp_color_profile_get_space (
                          profile, GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC,
                          NULL)
                              : NULL;

  g_clear_object (&profile);
  return space ? babl_format_with_space (encoding, space) : babl_format (encoding);
}

/* GIMP 2.10 hands pixels out as if every image were sRGB: they are read as they stand,
 * said to be in the image's own space, and only then converted. */
static gboolean
read_rgb (SmearHost *host, const SmearRegion *region, guint8 *rgb, GError **error)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;
  const Babl *stored = gimp_drawable_get_format (self->drawable);
  const char *encoding = gimp_drawable_is_indexed (self->drawable)
                             ? "R'G'B'A u8"
                             : babl_format_get_encoding (stored);
  const Babl *read = babl_format (encoding);
  gsize n = (gsize)region->width * region->height;
  g_autofree guint8 *pixels = g_malloc (n * babl_format_get_bytes_per_pixel (read));
  g_autofree guint8 *rgba = g_malloc (n * 4);
  gint x, y;

  gimp_drawable_offsets (self->drawable, &x, &y);
  read_rows (self->drawable, region, x, y, read, pixels);
  babl_process (babl_fish (smear_gimp2_space_of (self->image, encoding),
                           babl_format ("R'G'B'A u8")),
                pixels, rgba, n);
  smear_over_white (rgba, n, rgb);
  return TRUE;
}

static void
read_mask (SmearHost *host, const SmearRegion *region, guint8 *coverage)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;
  gint x, y;

  gimp_drawable_offsets (self->drawable, &x, &y);
  read_rows (gimp_layer_get_mask (self->drawable), region, x, y, babl_format ("Y u8"),
             coverage);
}

static gboolean
selection_bounds (SmearHost *host, SmearRegion *bounds)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;
  gboolean non_empty = FALSE;
  gint x1, y1, x2, y2;

  if (!gimp_selection_bounds (self->image, &non_empty, &x1, &y1, &x2, &y2) || !non_empty)
    return FALSE;
  *bounds = (SmearRegion){ x1, y1, x2 - x1, y2 - y1 };
  return TRUE;
}

static void
read_selection (SmearHost *host, const SmearRegion *region, guint8 *coverage)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;

  read_rows (gimp_image_get_selection (self->image), region, 0, 0, babl_format ("Y u8"),
             coverage);
}

static char *
get_findings (SmearHost *host)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;
  GimpParasite *parasite = gimp_image_get_parasite (self->image, SMEAR_FINDINGS_PARASITE);
  char *json;

  if (parasite == NULL)
    return NULL;
  json = g_strndup (gimp_parasite_data (parasite), gimp_parasite_data_size (parasite));
  gimp_parasite_free (parasite);
  return json;
}

static void
message (SmearHost *host, const char *text)
{
  gimp_message (text);
}

/* Each call is a message to GIMP and back: only what can be seen is worth one. */
static void
progress (SmearHost *host, const char *stage, gdouble fraction)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;

  if (self->stage == NULL)
    gimp_progress_init (stage);
  else if (g_strcmp0 (stage, self->stage) != 0)
    gimp_progress_set_text (stage);
  else if (fraction - self->fraction < 0.01 && fraction >= self->fraction)
    return;
  gimp_progress_update (fraction);
  self->stage = stage;
  self->fraction = fraction;
}

static void
close_file (SmearHost *host)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;

  if (self->opened != -1)
    gimp_image_delete (self->opened);
  self->opened = self->image = self->drawable = -1;
}

/* What a person would see: hidden layers left out, and what earlier runs laid over it. */
static gboolean
open_file (SmearHost *host, const char *path, GError **error)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;

  close_file (host);
  self->opened = self->image = gimp_file_load (GIMP_RUN_NONINTERACTIVE, path, path);
  if (self->opened == -1)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   _ ("%s: GIMP cannot open it: %s"), path, gimp_get_pdb_error ());
      return FALSE;
    }
  smear_gimp2_remove_earlier (self->image);
  self->drawable = gimp_layer_new_from_visible (self->image, self->image, "visible");
  if (self->drawable != -1
      && gimp_image_insert_layer (self->image, self->drawable, -1, 0))
    return TRUE;
  close_file (host);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
               _ ("%s: nothing in it is visible."), path);
  return FALSE;
}

void
smear_gimp2_host_init (SmearGimp2Host *self, gint32 image, gint32 drawable,
                       gboolean interactive)
{
  *self = (SmearGimp2Host){ .image = image, .drawable = drawable, .opened = -1 };
  /* A layer mask arrives as the drawable while it is being edited: its layer is meant. */
  if (gimp_item_is_valid (drawable) && gimp_item_is_layer_mask (drawable))
    self->drawable = gimp_layer_from_mask (drawable);

  self->host.interactive = interactive;
  self->host.profile_dir = gimp_directory ();
  self->host.describe = describe;
  self->host.read_rgb = read_rgb;
  self->host.read_mask = read_mask;
  self->host.selection_bounds = selection_bounds;
  self->host.read_selection = read_selection;
  self->host.get_findings = get_findings;
  self->host.message = message;
  self->host.progress = progress;
  self->host.open_file = open_file;
  self->host.close_file = close_file;
  smear_gimp2_fill_layers (&self->host);
  smear_gimp2_fill_records (&self->host);
}
