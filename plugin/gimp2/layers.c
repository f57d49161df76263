/* Writing to GIMP 2.10: layers, groups, paths, the parasite, undo.
 *
 * All is made outside of the image and put into it at the very end: Cancel kills this
 * process, and then leaves all or nothing, except that an image which had to be converted
 * to RGB first stays converted. */
#include <gegl.h>

#include "core/texts.h"
#include "gimp2/host.h"

static void
mark (gint32 item)
{
  GimpParasite *parasite = gimp_parasite_new (
      SMEAR_MARK_PARASITE, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE, 1, "1");

  gimp_item_attach_parasite (item, parasite);
  gimp_parasite_free (parasite);
}

static void
undo_begin (SmearHost *host)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;

  self->group = -1;
  self->layers = g_array_new (FALSE, FALSE, sizeof (gint32));
  self->paths = g_array_new (FALSE, FALSE, sizeof (gint32));
  self->changing = FALSE;
}

/* Not before there is something to undo: whoever cancels finds no empty step. */
static void
change (SmearGimp2Host *self)
{
  if (!self->changing)
    gimp_image_undo_group_start (self->image);
  self->changing = TRUE;
}

static gboolean
make_rgb (SmearHost *host, GError **error)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;

  change (self);
  if (gimp_image_convert_rgb (self->image))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED,
               _ ("The image could not be converted to RGB: %s"), gimp_get_pdb_error ());
  return FALSE;
}

/* The layer that stands in the stack: a floating selection's own, or its mask's. */
static gint32
layer_in_stack (gint32 image, gint32 layer)
{
  gint32 below;

  if (!gimp_layer_is_floating_sel (layer))
    return layer;
  below = gimp_image_floating_sel_attached_to (image);
  if (gimp_item_is_layer_mask (below))
    return gimp_layer_from_mask (below);
  return gimp_item_is_layer (below) ? below : layer;
}

static void
group_new (SmearHost *host, const char *name)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;

  self->group = gimp_layer_group_new (self->image);
  gimp_item_set_name (self->group, name);
  gimp_layer_set_composite_space (self->group, GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL);
  mark (self->group);
}

static GimpImageType
layer_type (gint32 image)
{
  static const GimpImageType types[] = { GIMP_RGBA_IMAGE, GIMP_GRAYA_IMAGE,
                                         GIMP_INDEXEDA_IMAGE };
  return types[gimp_image_base_type (image)];
}

/* The rows are sRGB; the layer holds the image's own space, see read_rgb() of host.c. */
static void
write_rows (gint32 image, gint32 layer, const SmearRegion *place, SmearRowsFunc rows,
            gpointer user_data)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (layer);
  const Babl *stored = gimp_drawable_get_format (layer);
  const char *encoding = gimp_drawable_is_indexed (layer)
                             ? "R'G'B'A u8"
                             : babl_format_get_encoding (stored);
  const Babl *written = babl_format (encoding);
  const Babl *fish = babl_fish (babl_format ("R'G'B'A u8"),
                                smear_gimp2_space_of (image, encoding));
  gsize strip = (gsize)place->width * SMEAR_STRIP_ROWS;
  g_autofree guint8 *rgba = g_malloc (strip * 4);
  g_autofree guint8 *pixels = g_malloc (strip
                                        * babl_format_get_bytes_per_pixel (written));

  for (gint y = 0; y < place->height; y += SMEAR_STRIP_ROWS)
    {
      gint n = MIN (SMEAR_STRIP_ROWS, place->height - y);

      rows (y, n, rgba, user_data);
      babl_process (fish, rgba, pixels, (glong)place->width * n);
      gegl_buffer_set (buffer, GEGL_RECTANGLE (0, y, place->width, n), 0, written, pixels,
                       GEGL_AUTO_ROWSTRIDE);
    }
}

static void
layer_new (SmearHost *host, const char *name, const SmearRegion *place, gdouble opacity,
           SmearRowsFunc rows, gpointer user_data)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;
  gint32 layer = gimp_layer_new (self->image, name, place->width, place->height,
                                 layer_type (self->image), opacity,
                                 GIMP_LAYER_MODE_NORMAL);

  gimp_layer_set_composite_space (layer, GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL);
  gimp_layer_set_offsets (layer, place->x, place->y);
  mark (layer);
  write_rows (self->image, layer, place, rows, user_data);
  g_array_append_val (self->layers, layer);
}

static void
path_new (SmearHost *host, const char *name, GPtrArray *polygons)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;
  gint32 path = gimp_vectors_new (self->image, name);

  for (guint i = 0; i < polygons->len; i++)
    {
      const GArray *polygon = polygons->pdata[i];
      guint n = polygon->len / 2;
      g_autofree gdouble *points = g_new (gdouble, 6 * n);

      /* A straight line in GIMP is a curve whose handles lie on its anchors. */
      for (guint p = 0; p < n; p++)
        for (guint k = 0; k < 6; k++)
          points[6 * p + k] = g_array_index (polygon, gdouble, 2 * p + k % 2);
      gimp_vectors_stroke_new_from_points (path, GIMP_VECTORS_STROKE_TYPE_BEZIER, 6 * n,
                                           points, TRUE);
    }
  mark (path);
  g_array_append_val (self->paths, path);
}

static void
remove_layers (gint32 image, const gint *layers, gint n)
{
  for (gint i = 0; i < n; i++)
    if (smear_gimp2_is_ours (layers[i]))
      gimp_image_remove_layer (image, layers[i]);
    else if (gimp_item_is_group (layers[i]))
      {
        gint n_children = 0;
        g_autofree gint *children = gimp_item_get_children (layers[i], &n_children);
        remove_layers (image, children, n_children);
      }
}

void
smear_gimp2_remove_earlier (gint32 image)
{
  gint n_layers = 0, n_paths = 0;
  g_autofree gint *layers = gimp_image_get_layers (image, &n_layers);
  g_autofree gint *paths = gimp_image_get_vectors (image, &n_paths);

  remove_layers (image, layers, n_layers);
  for (gint i = 0; i < n_paths; i++)
    if (smear_gimp2_is_ours (paths[i]))
      gimp_image_remove_vectors (image, paths[i]);
}

static void
remove_ours (SmearHost *host)
{
  ((SmearGimp2Host *)host)->removing = TRUE;
}

static void
set_findings (SmearHost *host, const char *json)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;

  g_free (self->findings);
  self->findings = g_strdup (json);
}

/* Above the topmost group that the drawable is in, and above what earlier runs put there.
 */
static void
insert_group (SmearGimp2Host *self)
{
  gint32 top = layer_in_stack (self->image, self->drawable);
  g_autofree gint *layers = NULL;
  gint n = 0, position;

  while (gimp_item_get_parent (top) != -1)
    top = gimp_item_get_parent (top);
  position = gimp_image_get_item_position (self->image, top);
  layers = gimp_image_get_layers (self->image, &n);
  while (position > 0 && position <= n && smear_gimp2_is_ours (layers[position - 1]))
    position--;
  gimp_image_insert_layer (self->image, self->group, -1, position);
  for (guint i = 0; i < self->layers->len; i++)
    gimp_image_insert_layer (self->image, g_array_index (self->layers, gint32, i),
                             self->group, 0);
}

static void
attach_findings (SmearGimp2Host *self)
{
  GimpParasite *parasite = gimp_parasite_new (
      SMEAR_FINDINGS_PARASITE, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
      strlen (self->findings), self->findings);

  gimp_image_attach_parasite (self->image, parasite);
  gimp_parasite_free (parasite);
}

/* GIMP makes active whatever was inserted last; a second run would then judge our heat
 * map. */
static void
undo_end (SmearHost *host)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;
  gint32 layer = gimp_image_get_active_layer (self->image);
  gint32 channel = gimp_image_get_active_channel (self->image);
  gint32 path = gimp_image_get_active_vectors (self->image);

  change (self);
  if (self->removing)
    smear_gimp2_remove_earlier (self->image);
  if (self->group != -1)
    insert_group (self);
  for (guint i = 0; i < self->paths->len; i++)
    {
      gint32 added = g_array_index (self->paths, gint32, i);
      gimp_image_insert_vectors (self->image, added, -1, 0);
      gimp_item_set_visible (added, TRUE);
    }
  if (self->findings)
    attach_findings (self);

  if (path != -1 && gimp_item_is_valid (path))
    gimp_image_set_active_vectors (self->image, path);
  if (layer != -1 && gimp_item_is_valid (layer))
    gimp_image_set_active_layer (self->image, layer);
  if (channel != -1 && gimp_item_is_valid (channel))
    gimp_image_set_active_channel (self->image, channel);
  gimp_image_undo_group_end (self->image);
  gimp_displays_flush ();

  self->removing = FALSE;
  g_clear_pointer (&self->layers, g_array_unref);
  g_clear_pointer (&self->paths, g_array_unref);
  g_clear_pointer (&self->findings, g_free);
}

static gint
image_new (SmearHost *host, const char *name, SmearImage *pixels, GError **error)
{
  gint width = smear_image_get_width (pixels), height = smear_image_get_height (pixels);
  gdouble um = smear_image_get_um_per_pixel (pixels);
  gint32 image = gimp_image_new (width, height, GIMP_RGB), layer;

  if (image == -1)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   _ ("GIMP cannot make an image of %d × %d pixels: %s"), width, height,
                   gimp_get_pdb_error ());
      return -1;
    }
  gimp_image_undo_disable (image);
  layer = gimp_layer_new (image, name, width, height, GIMP_RGB_IMAGE, 100,
                          GIMP_LAYER_MODE_NORMAL);
  gimp_image_insert_layer (image, layer, -1, 0);
  {
    g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (layer);
    gegl_buffer_set (buffer, GEGL_RECTANGLE (0, 0, width, height), 0,
                     babl_format ("R'G'B' u8"), smear_image_get_pixels (pixels),
                     GEGL_AUTO_ROWSTRIDE);
  }
  if (um > 0)
    gimp_image_set_resolution (image, SMEAR_UM_PER_INCH / um, SMEAR_UM_PER_INCH / um);
  gimp_image_undo_enable (image);
  gimp_image_clean_all (image);
  if (host->interactive)
    gimp_display_new (image);
  return image;
}

void
smear_gimp2_fill_layers (SmearHost *host)
{
  host->undo_begin = undo_begin;
  host->undo_end = undo_end;
  host->make_rgb = make_rgb;
  host->group_new = group_new;
  host->layer_new = layer_new;
  host->path_new = path_new;
  host->remove_ours = remove_ours;
  host->set_findings = set_findings;
  host->image_new = image_new;
}
