/* Writing to GIMP 3: one undo step with a group of layers, paths and the findings. */
#include "gimp3/host.h"

#include <gegl.h>

#include "core/texts.h"

/* What an earlier run made is known by this, whatever the user has renamed it to. Undo
   would complain of a parasite that is not undoable. */
static void
mark_ours (GimpItem *item)
{
  GimpParasite *mark = gimp_parasite_new (
      SMEAR_MARK_PARASITE, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE, 2, "1");

  gimp_item_attach_parasite (item, mark);
  gimp_parasite_free (mark);
}

static void
undo_begin (SmearHost *host)
{
  ((SmearGimp3Host *)host)->changing = FALSE;
}

/* Not before there is something to undo: whoever cancels finds no empty step. */
static void
change (SmearGimp3Host *self)
{
  if (!self->changing)
    gimp_image_undo_group_start (self->image);
  self->changing = TRUE;
}

static gboolean
make_rgb (SmearHost *host, GError **error)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;

  change (self);
  if (gimp_image_convert_rgb (self->image))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED,
               _ ("GIMP could not convert the image to RGB: %s"),
               gimp_pdb_get_last_error (gimp_get_pdb ()));
  return FALSE;
}

static void
group_new (SmearHost *host, const char *name)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;

  self->group = gimp_group_layer_new (self->image, name);
  gimp_layer_set_composite_space (GIMP_LAYER (self->group),
                                  GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL);
  mark_ours (GIMP_ITEM (self->group));
}

static GimpImageType
type_with_alpha (GimpImage *image)
{
  switch (gimp_image_get_base_type (image))
    {
    case GIMP_GRAY:
      return GIMP_GRAYA_IMAGE;
    case GIMP_INDEXED:
      return GIMP_INDEXEDA_IMAGE;
    default:
      return GIMP_RGBA_IMAGE;
    }
}

static void
layer_new (SmearHost *host, const char *name, const SmearRegion *place, gdouble opacity,
           SmearRowsFunc rows, gpointer user_data)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;
  GimpLayer *layer = gimp_layer_new (self->image, name, place->width, place->height,
                                     type_with_alpha (self->image), opacity,
                                     GIMP_LAYER_MODE_NORMAL);
  g_autofree guint8 *rgba = g_malloc ((gsize)place->width * SMEAR_STRIP_ROWS * 4);
  GeglBuffer *buffer;

  gimp_layer_set_composite_space (layer, GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL);
  gimp_layer_set_offsets (layer, place->x, place->y);
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  for (gint row = 0; row < place->height; row += SMEAR_STRIP_ROWS)
    {
      const gint n_rows = MIN (SMEAR_STRIP_ROWS, place->height - row);

      rows (row, n_rows, rgba, user_data);
      gegl_buffer_set (buffer, GEGL_RECTANGLE (0, row, place->width, n_rows), 0,
                       babl_format ("R'G'B'A u8"), rgba, GEGL_AUTO_ROWSTRIDE);
    }
  g_object_unref (buffer); /* sends what is left to GIMP */
  mark_ours (GIMP_ITEM (layer));
  self->layers = g_list_append (self->layers, layer);
}

static void
path_new (SmearHost *host, const char *name, GPtrArray *polygons)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;
  GimpPath *path = gimp_path_new (self->image, name);

  for (guint i = 0; i < polygons->len; i++)
    {
      const GArray *polygon = g_ptr_array_index (polygons, i);
      g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (gdouble));

      /* A corner is a Bezier anchor whose two handles lie on it. */
      for (guint j = 0; j + 1 < polygon->len; j += 2)
        for (gint k = 0; k < 3; k++)
          g_array_append_vals (points, &g_array_index (polygon, gdouble, j), 2);
      gimp_path_stroke_new_from_points (path, GIMP_PATH_STROKE_TYPE_BEZIER, points->len,
                                        (const gdouble *)(gpointer)points->data, TRUE);
    }
  mark_ours (GIMP_ITEM (path));
  self->paths = g_list_append (self->paths, path);
}

static void
remove_from (GimpImage *image, GList *layers)
{
  for (GList *item = layers; item != NULL; item = item->next)
    if (smear_gimp3_is_ours (item->data))
      gimp_image_remove_layer (image, item->data); /* with all inside it */
    else if (gimp_item_is_group (item->data))
      remove_from (image, gimp_item_list_children (item->data));
  g_list_free (layers);
}

static void
remove_ours (SmearHost *host)
{
  ((SmearGimp3Host *)host)->removing = TRUE;
}

static void
set_findings (SmearHost *host, const char *json)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;

  g_free (self->findings);
  self->findings = g_strdup (json);
}

void
smear_gimp3_remove_earlier (GimpImage *image)
{
  g_autoptr (GList) paths = gimp_image_list_paths (image);

  remove_from (image, gimp_image_list_layers (image));
  for (GList *path = paths; path != NULL; path = path->next)
    if (smear_gimp3_is_ours (path->data))
      gimp_image_remove_path (image, path->data);
}

/* Above the topmost group that the drawable is in, which has to stay as it is, and above
 * what earlier runs put there. */
static void
insert_group (SmearGimp3Host *self)
{
  g_autoptr (GList) layers = gimp_image_list_layers (self->image);
  GimpItem *below = GIMP_ITEM (self->drawable);
  gint position;

  /* A floating selection has no place in the stack of its own: take what it floats over.
   */
  if (GIMP_IS_LAYER (below) && gimp_layer_is_floating_sel (GIMP_LAYER (below)))
    below = GIMP_ITEM (gimp_image_floating_sel_attached_to (self->image));
  while (gimp_item_get_parent (below) != NULL)
    below = gimp_item_get_parent (below);
  position = gimp_image_get_item_position (self->image, below);
  while (position > 0 && smear_gimp3_is_ours (g_list_nth_data (layers, position - 1)))
    position--;
  gimp_image_insert_layer (self->image, GIMP_LAYER (self->group), NULL, position);
  for (GList *layer = self->layers; layer != NULL; layer = layer->next)
    gimp_image_insert_layer (self->image, layer->data, GIMP_LAYER (self->group), 0);
}

static void
attach_findings (SmearGimp3Host *self)
{
  GimpParasite *parasite = gimp_parasite_new (
      SMEAR_FINDINGS_PARASITE, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
      strlen (self->findings), self->findings);

  gimp_image_attach_parasite (self->image, parasite);
  gimp_parasite_free (parasite);
}

/* GIMP selects whatever was inserted last; a second run would then judge our own heat
 * map. */
static void
select_again (GimpImage *image, GList *drawables, GList *paths)
{
  GList *layers = NULL, *channels = NULL;

  for (GList *item = drawables; item != NULL; item = item->next)
    if (!gimp_item_is_valid (item->data))
      continue;
    else if (GIMP_IS_LAYER_MASK (item->data))
      layers = g_list_append (layers, gimp_layer_from_mask (item->data));
    else if (GIMP_IS_LAYER (item->data))
      layers = g_list_append (layers, item->data);
    else
      channels = g_list_append (channels, item->data);
  if (layers != NULL)
    gimp_image_take_selected_layers (image, layers);
  if (channels != NULL)
    gimp_image_take_selected_channels (image, channels);
  if (paths != NULL && gimp_item_is_valid (paths->data))
    gimp_image_take_selected_paths (image, g_list_copy (paths));
}

static void
undo_end (SmearHost *host)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;
  g_autoptr (GList) drawables = gimp_image_list_selected_drawables (self->image);
  g_autoptr (GList) paths = gimp_image_list_selected_paths (self->image);

  change (self);
  if (self->removing)
    smear_gimp3_remove_earlier (self->image);
  if (self->group != NULL)
    insert_group (self);
  for (GList *path = self->paths; path != NULL; path = path->next)
    {
      gimp_image_insert_path (self->image, path->data, NULL, 0);
      gimp_item_set_visible (GIMP_ITEM (path->data), TRUE);
    }
  if (self->findings != NULL)
    attach_findings (self);
  select_again (self->image, drawables, paths);
  gimp_image_undo_group_end (self->image);
  gimp_displays_flush ();

  self->removing = FALSE;
  self->group = NULL;
  g_clear_pointer (&self->layers, g_list_free);
  g_clear_pointer (&self->paths, g_list_free);
  g_clear_pointer (&self->findings, g_free);
}

static gint
image_new (SmearHost *host, const char *name, SmearImage *pixels, GError **error)
{
  gint width = smear_image_get_width (pixels), height = smear_image_get_height (pixels);
  gdouble um = smear_image_get_um_per_pixel (pixels);
  GimpImage *image = gimp_image_new (width, height, GIMP_RGB);
  GimpLayer *layer;

  if (image == NULL)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   _ ("GIMP cannot make an image of %d × %d pixels: %s"), width, height,
                   gimp_pdb_get_last_error (gimp_get_pdb ()));
      return -1;
    }
  gimp_image_undo_disable (image);
  layer = gimp_layer_new (image, name, width, height, GIMP_RGB_IMAGE, 100,
                          GIMP_LAYER_MODE_NORMAL);
  gimp_image_insert_layer (image, layer, NULL, 0);
  {
    g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
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
  return gimp_image_get_id (image);
}

void
smear_gimp3_host_fill_layers (SmearHost *host)
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
