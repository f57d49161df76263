/* Reading from GIMP 3: what the image is, its pixels, its masks. */
#include "gimp3/host.h"

#include <gegl.h>

#include "core/over-white.h"
#include "core/texts.h"

gboolean
smear_gimp3_is_ours (GimpItem *item)
{
  for (; item != NULL; item = gimp_item_get_parent (item))
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

static SmearBase
base_of (GimpImage *image)
{
  switch (gimp_image_get_base_type (image))
    {
    case GIMP_GRAY:
      return SMEAR_BASE_GREY;
    case GIMP_INDEXED:
      return SMEAR_BASE_INDEXED;
    default:
      return SMEAR_BASE_RGB;
    }
}

/* GIMP calls a picture that was imported "[Untitled]"; people know it by its file. */
static char *
name_of (GimpImage *image)
{
  g_autoptr (GFile) file = gimp_image_get_file (image);

  if (file == NULL)
    file = gimp_image_get_imported_file (image);
  return file != NULL ? g_file_get_basename (file) : gimp_image_get_name (image);
}

static gboolean
describe (SmearHost *host, SmearScene *scene, GError **error)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;
  gdouble ppi_down;

  *scene = (SmearScene){ 0 };
  if (self->image == NULL || !gimp_image_is_valid (self->image))
    {
      g_set_error_literal (
          error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
          _ ("No image is open. Open a smear, then run Smearscope again."));
      return FALSE;
    }
  scene->name = name_of (self->image);
  scene->width = gimp_image_get_width (self->image);
  scene->height = gimp_image_get_height (self->image);
  gimp_image_get_resolution (self->image, &scene->ppi, &ppi_down);
  scene->base = base_of (self->image);
  scene->target = SMEAR_TARGET_CHANNEL;
  if (self->drawable == NULL)
    return TRUE;

  gimp_drawable_get_offsets (self->drawable, &scene->drawable.x, &scene->drawable.y);
  scene->drawable.width = gimp_drawable_get_width (self->drawable);
  scene->drawable.height = gimp_drawable_get_height (self->drawable);
  if (GIMP_IS_LAYER (self->drawable))
    {
      GimpLayer *layer = GIMP_LAYER (self->drawable);

      scene->target = smear_gimp3_is_ours (GIMP_ITEM (layer)) ? SMEAR_TARGET_OURS
                                                              : SMEAR_TARGET_LAYER;
      scene->has_mask = gimp_layer_get_mask (layer) != NULL
                        && gimp_layer_get_apply_mask (layer);
    }
  return TRUE;
}

/* The buffer of a drawable covers its own pixels: canvas coordinates have to be shifted.
 */
static void
read_rows (GimpDrawable *drawable, const SmearRegion *region, const char *format,
           guint8 *pixels)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (drawable);
  gint x = 0, y = 0;

  gimp_drawable_get_offsets (drawable, &x, &y);
  /* Without a space of its own the format stands for sRGB: babl converts from the image's
     effective profile, whatever the precision. */
  gegl_buffer_get (
      buffer,
      GEGL_RECTANGLE (region->x - x, region->y - y, region->width, region->height), 1.0,
      babl_format (format), pixels, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
}

static gboolean
read_rgb (SmearHost *host, const SmearRegion *region, guint8 *rgb, GError **error)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;
  const gsize n = (gsize)region->width * region->height;
  g_autofree guint8 *rgba = NULL;

  if (!gimp_drawable_has_alpha (self->drawable))
    {
      read_rows (self->drawable, region, "R'G'B' u8", rgb);
      return TRUE;
    }
  rgba = g_malloc (n * 4);
  read_rows (self->drawable, region, "R'G'B'A u8", rgba);
  smear_over_white (rgba, n, rgb);
  return TRUE;
}

static void
read_mask (SmearHost *host, const SmearRegion *region, guint8 *coverage)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;
  GimpLayerMask *mask = gimp_layer_get_mask (GIMP_LAYER (self->drawable));
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (mask));
  gint x = 0, y = 0;

  /* A mask lies where its layer lies, whatever offsets it reports itself. */
  gimp_drawable_get_offsets (self->drawable, &x, &y);
  gegl_buffer_get (
      buffer,
      GEGL_RECTANGLE (region->x - x, region->y - y, region->width, region->height), 1.0,
      babl_format ("Y u8"), coverage, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
}

static gboolean
selection_bounds (SmearHost *host, SmearRegion *bounds)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;
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
  SmearGimp3Host *self = (SmearGimp3Host *)host;

  read_rows (GIMP_DRAWABLE (gimp_image_get_selection (self->image)), region, "Y u8",
             coverage);
}

static char *
get_findings (SmearHost *host)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;
  GimpParasite *parasite = gimp_image_get_parasite (self->image, SMEAR_FINDINGS_PARASITE);
  gconstpointer data;
  guint32 size = 0;
  char *json;

  if (parasite == NULL)
    return NULL;
  data = gimp_parasite_get_data (parasite, &size);
  json = g_strndup (data, size);
  gimp_parasite_free (parasite);
  return json;
}

static void
message (SmearHost *host, const char *text)
{
  gimp_message (text);
}

/* Each call is a message to GIMP and back: only say what can be seen. */
static void
progress (SmearHost *host, const char *stage, gdouble fraction)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;

  if (self->stage == NULL)
    gimp_progress_init (stage);
  else if (g_strcmp0 (stage, self->stage) != 0)
    gimp_progress_set_text_printf ("%s", stage);
  else if (fraction - self->fraction < 0.01 && fraction >= self->fraction)
    return;
  gimp_progress_update (fraction);
  self->stage = stage;
  self->fraction = fraction;
}

static void
close_file (SmearHost *host)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;

  if (self->opened == NULL)
    return;
  gimp_image_delete (self->opened);
  self->opened = self->image = NULL;
  self->drawable = NULL;
}

/* What a person would see: hidden layers left out, and what earlier runs laid over it. */
static gboolean
open_file (SmearHost *host, const char *path, GError **error)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GimpLayer *visible;

  close_file (host);
  self->opened = gimp_file_load (GIMP_RUN_NONINTERACTIVE, file);
  if (self->opened == NULL)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   _ ("%s: GIMP cannot open it: %s"), path,
                   gimp_pdb_get_last_error (gimp_get_pdb ()));
      return FALSE;
    }
  gimp_image_policy_rotate (self->opened, FALSE);
  self->image = self->opened;
  smear_gimp3_remove_earlier (self->image);
  visible = gimp_layer_new_from_visible (self->image, self->image, "visible");
  if (visible == NULL || !gimp_image_insert_layer (self->image, visible, NULL, 0))
    {
      close_file (host);
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   _ ("%s: nothing in it is visible."), path);
      return FALSE;
    }
  self->drawable = GIMP_DRAWABLE (visible);
  return TRUE;
}

void
smear_gimp3_host_init (SmearGimp3Host *self, GimpImage *image, GimpDrawable *drawable,
                       gboolean interactive)
{
  *self = (SmearGimp3Host){ .image = image, .drawable = drawable };
  /* A layer mask arrives as the drawable while it is being edited: its layer is meant. */
  if (drawable != NULL && GIMP_IS_LAYER_MASK (drawable))
    self->drawable = GIMP_DRAWABLE (gimp_layer_from_mask (GIMP_LAYER_MASK (drawable)));

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
  smear_gimp3_host_fill_layers (&self->host);
  smear_gimp3_fill_records (&self->host);
}
