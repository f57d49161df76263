#include "train/audit-sheet.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

/* Places in the sheet: every probe, then the two heat maps. */
#define MAP_LEARNT SMEAR_N_PROBES
#define MAP_RANDOM (SMEAR_N_PROBES + 1)
#define N_PLACES (SMEAR_N_PROBES + 2)

#define PICTURE 150 /* longer side */
#define CAPTION 18
#define GAP 6
#define LEFT 90
#define HEAD 22
#define ACROSS 8 /* pictures in a row */

/* @image: (nullable): as large as it is drawn */
typedef struct
{
  SmearImage *image;
  SmearClass answer;
  gfloat confidence;
} Place;

struct _SmearAuditSheet
{
  char *folder;
  gint shown[SMEAR_N_CLASSES]; /* index among the chosen, -1 for none */
  GMutex mutex;
  Place places[SMEAR_N_CLASSES][N_PLACES];
};

SmearAuditSheet *
smear_audit_sheet_new (const char *folder, const SmearDataset *dataset, GArray *chosen)
{
  SmearAuditSheet *sheet = g_new0 (SmearAuditSheet, 1);

  sheet->folder = g_strdup (folder);
  g_mutex_init (&sheet->mutex);
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    sheet->shown[c] = -1;
  for (guint i = chosen->len; i-- > 0;)
    sheet->shown[smear_dataset_sample (dataset, g_array_index (chosen, gint, i))->label]
        = i;
  return sheet;
}

void
smear_audit_sheet_free (SmearAuditSheet *sheet)
{
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    for (gint p = 0; p < N_PLACES; p++)
      g_clear_pointer (&sheet->places[c][p].image, smear_image_unref);
  g_mutex_clear (&sheet->mutex);
  g_free (sheet->folder);
  g_free (sheet);
}

static gboolean
is_shown (const SmearAuditSheet *sheet, const SmearProbed *probed)
{
  return sheet->shown[probed->sample->label] == (gint)probed->index;
}

static void
put (SmearAuditSheet *sheet, const SmearProbed *probed, gint place, SmearImage *image,
     SmearClass answer, gfloat confidence)
{
  gint w = smear_image_get_width (image), h = smear_image_get_height (image);
  gdouble scale = PICTURE / (gdouble)MAX (w, h);
  SmearImage *small = smear_image_resize (image, MAX (1, lrint (w * scale)),
                                          MAX (1, lrint (h * scale)), NULL);

  g_mutex_lock (&sheet->mutex);
  sheet->places[probed->sample->label][place] = (Place){ small, answer, confidence };
  g_mutex_unlock (&sheet->mutex);
}

gboolean
smear_audit_sheet_add (SmearAuditSheet *sheet, const SmearProbed *probed,
                       SmearClass answer, gfloat confidence, GError **error)
{
  if (!is_shown (sheet, probed))
    return TRUE;
  g_autofree char *name = g_strdup_printf (
      "%s-%02d-%s.png", smear_class_name (probed->sample->label), probed->probe,
      smear_probe_name (probed->probe));
  g_autofree char *path = g_build_filename (sheet->folder, name, NULL);
  put (sheet, probed, probed->probe, probed->image, answer, confidence);
  return smear_image_save_png (probed->image, path, error);
}

void
smear_audit_sheet_add_map (SmearAuditSheet *sheet, const SmearProbed *probed,
                           const SmearHeatMap *map, gboolean random)
{
  if (!is_shown (sheet, probed))
    return;
  g_autoptr (SmearImage) overlay = smear_heat_map_overlay (map, probed->image,
                                                           SMEAR_COLOUR_MAP_VIRIDIS, 0.6);
  put (sheet, probed, random ? MAP_RANDOM : MAP_LEARNT, overlay, SMEAR_CLASS_NONE, 0);
}

static void
show_text (cairo_t *cr, gdouble x, gdouble y, const char *text)
{
  cairo_move_to (cr, x, y);
  cairo_show_text (cr, text);
}

static void
draw_image (cairo_t *cr, SmearImage *image, gdouble x, gdouble y)
{
  gint w = smear_image_get_width (image), h = smear_image_get_height (image);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, w, h);
  guint8 *to = cairo_image_surface_get_data (surface);
  const guint8 *from = smear_image_get_pixels (image);
  gint stride = cairo_image_surface_get_stride (surface);

  for (gint v = 0; v < h; v++)
    for (gint u = 0; u < w; u++, from += 3)
      ((guint32 *)(to + (gsize)v * stride))[u] = (guint32)from[0] << 16
                                                 | (guint32)from[1] << 8 | from[2];
  cairo_surface_mark_dirty (surface);
  cairo_set_source_surface (cr, surface, x + (PICTURE - w) / 2, y + (PICTURE - h) / 2);
  cairo_paint (cr);
  cairo_surface_destroy (surface);
}

/* Green for right, red for wrong, grey for nothing said. */
static void
draw_answer (cairo_t *cr, const Place *place, SmearClass truth, gdouble x, gdouble y)
{
  g_autofree char *text = place->answer == SMEAR_CLASS_NONE
                              ? g_strdup ("no class")
                              : g_strdup_printf ("%s %.0f %%",
                                                 smear_class_title (place->answer),
                                                 100 * place->confidence);

  if (place->answer == SMEAR_CLASS_NONE)
    cairo_set_source_rgb (cr, 0.4, 0.4, 0.4);
  else if (place->answer == truth)
    cairo_set_source_rgb (cr, 0, 0.45, 0.25);
  else
    cairo_set_source_rgb (cr, 0.75, 0.15, 0);
  show_text (cr, x, y, text);
}

static const char *
place_name (gint place)
{
  return place == MAP_LEARNT   ? "heat map"
         : place == MAP_RANDOM ? "map, random weights"
                               : smear_probe_name (place);
}

/* Some of the places for all classes, from @y down. */
static void
draw_band (cairo_t *cr, const SmearAuditSheet *sheet, gint first, gdouble y)
{
  for (gint i = 0; i < ACROSS && first + i < N_PLACES; i++)
    {
      g_autofree char *name = g_strdelimit (g_strdup (place_name (first + i)), "_", ' ');
      gdouble x = LEFT + i * (PICTURE + GAP);
      cairo_set_source_rgb (cr, 0, 0, 0);
      show_text (cr, x, y + HEAD - 7, name);
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        {
          const Place *place = &sheet->places[c][first + i];
          gdouble top = y + HEAD + c * (PICTURE + CAPTION + GAP);
          if (place->image == NULL)
            continue;
          draw_image (cr, place->image, x, top);
          if (first + i < SMEAR_N_PROBES)
            draw_answer (cr, place, c, x, top + PICTURE + CAPTION - 5);
        }
    }
  cairo_set_source_rgb (cr, 0, 0, 0);
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    show_text (cr, GAP, y + HEAD + c * (PICTURE + CAPTION + GAP) + PICTURE / 2,
               smear_class_title (c));
}

gboolean
smear_audit_sheet_draw (SmearAuditSheet *sheet, GError **error)
{
  gint bands = (N_PLACES + ACROSS - 1) / ACROSS;
  gint band = HEAD + SMEAR_N_CLASSES * (PICTURE + CAPTION + GAP) + GAP;
  gint w = LEFT + ACROSS * (PICTURE + GAP), h = bands * band + CAPTION;
  g_autofree char *path = g_build_filename (sheet->folder, "sheet.png", NULL);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, w, h);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                          CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, 12);
  for (gint b = 0; b < bands; b++)
    draw_band (cr, sheet, b * ACROSS, b * band);
  show_text (cr, GAP, h - 5, SMEAR_DISCLAIMER);
  cairo_status_t status = cairo_surface_write_to_png (surface, path);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s", path,
               cairo_status_to_string (status));
  return FALSE;
}
