/* Measures the leukocyte finder against masks and boxes drawn by people.
 *
 *   measure-finder DATA [all|even|odd]
 *
 * DATA holds the sets as described in the data set's own read-me. Pictures whose number
 * in the sorted list is even served to choose the finder's constants; odd ones did not.
 */
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <smearscope/image.h>
#include <smearscope/leukocytes.h>

typedef enum
{
  ALL,
  EVEN,
  ODD
} Part;

static gint
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* Files of a folder in order of name, those of one part only. */
static GPtrArray *
list (const char *data, const char *folder, Part part)
{
  g_autofree char *path = g_build_filename (data, folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  guint kept = 0;

  while (dir && (name = g_dir_read_name (dir)))
    if (!g_str_has_suffix (name, ".csv") && strcmp (name, "LICENSE") != 0)
      g_ptr_array_add (files, g_build_filename (path, name, NULL));
  g_ptr_array_sort (files, by_name);
  if (part == ALL)
    return files;

  GPtrArray *chosen = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < files->len; i++)
    if ((i % 2 == 0) == (part == EVEN))
      g_ptr_array_add (chosen, g_strdup (files->pdata[i])), kept++;
  g_ptr_array_unref (files);
  return chosen;
}

/* The single cells come as plain 24-bit BMP, which the product has no use for. */
static SmearImage *
load_bmp (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length;
  guint32 offset;
  gint32 width, height;

  if (!g_file_get_contents (path, &bytes, &length, NULL) || length < 54)
    return NULL;
  memcpy (&offset, bytes + 10, 4);
  memcpy (&width, bytes + 18, 4);
  memcpy (&height, bytes + 22, 4);
  gsize stride = ((gsize)width * 3 + 3) / 4 * 4;
  if (bytes[28] != 24 || height <= 0 || offset + stride * height > length)
    return NULL;
  SmearImage *image = smear_image_new (width, height, NULL);
  guint8 *to = smear_image_get_pixels (image);
  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++, to += 3)
      {
        const char *from = bytes + offset + stride * (height - 1 - y) + 3 * x;
        to[0] = (guint8)from[2];
        to[1] = (guint8)from[1];
        to[2] = (guint8)from[0];
      }
  return image;
}

static SmearImage *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  SmearImage *image = g_str_has_suffix (path, ".bmp") ? load_bmp (path)
                                                      : smear_image_load (path, &error);
  if (!image)
    g_printerr ("measure-finder: %s\n", error ? error->message : path);
  return image;
}

static SmearLeukocytes *
find (SmearImage *image)
{
  g_autoptr (GError) error = NULL;
  SmearLeukocytes *found = smear_leukocytes_find (image, 0, 0, &error);
  if (!found)
    g_error ("%s", error->message);
  return found;
}

static gint
compare_dice (gconstpointer a, gconstpointer b)
{
  gdouble difference = *(const gdouble *)a - *(const gdouble *)b;
  return (difference > 0) - (difference < 0);
}

static void
measure_masks (const char *data, const char *set, Part part)
{
  g_autofree char *folder = g_build_filename ("wbc-masks", set, "input", NULL);
  g_autoptr (GPtrArray) files = list (data, folder, part);
  g_autoptr (GArray) dices = g_array_new (FALSE, FALSE, sizeof (gdouble));
  gint64 inter = 0, sum = 0;
  gdouble total = 0;
  guint good = 0, refused = 0;

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *name = g_path_get_basename (files->pdata[i]);
      *strrchr (name, '.') = 0;
      g_autofree char *mask_name = g_str_has_prefix (name, "BloodImage_")
                                       ? g_strdup_printf ("BloodImage_Mask_%s.png",
                                                          name + strlen ("BloodImage_"))
                                       : g_strdup_printf ("%s.png", name);
      g_autofree char *mask_path = g_build_filename (data, "wbc-masks", set, "mask",
                                                     mask_name, NULL);
      g_autoptr (SmearImage) image = load (files->pdata[i]);
      g_autoptr (SmearImage) mask = load (mask_path);
      if (!image || !mask)
        continue;
      g_autoptr (SmearLeukocytes) found = find (image);
      const guint8 *truth = smear_image_get_pixels (mask);
      gint64 both = 0, either = 0;

      for (gsize k = 0; k < (gsize)found->width * found->height; k++)
        {
          gboolean is = truth[3 * k] > 64, said = found->labels[k] > 0;
          both += is && said;
          either += is + said;
        }
      gdouble dice = either ? 2.0 * both / either : 1;
      if (g_getenv ("SMEARSCOPE_VERBOSE"))
        printf ("%s %.3f\n", (char *)files->pdata[i], dice);
      g_array_append_val (dices, dice);
      total += dice;
      good += dice >= 0.9;
      refused += !found->quality.is_smear;
      inter += both;
      sum += either;
    }
  if (!dices->len)
    return;
  g_array_sort (dices, compare_dice);
  printf (
      "masks %s: %u pictures, Dice mean %.4f, median %.4f, over all pixels %.4f, tenth "
      "percentile %.3f, %.1f %% at least 0.9, refused %u\n",
      set, dices->len, total / dices->len, g_array_index (dices, gdouble, dices->len / 2),
      2.0 * inter / sum, g_array_index (dices, gdouble, dices->len / 10),
      100.0 * good / dices->len, refused);
}

/* Boxes around leukocytes from a VOC file; it is regular enough to be read by its tags.
 */
static GArray *
read_boxes (const char *path)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (SmearRegion));
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return boxes;
  for (char *at = strstr (text, "<name>"); at; at = strstr (at + 1, "<name>"))
    {
      gint bounds[4];
      char *tag = at;
      const char *tags[] = { "<xmin>", "<ymin>", "<xmax>", "<ymax>" };
      for (gint k = 0; k < 4 && tag; k++)
        if ((tag = strstr (tag, tags[k])))
          bounds[k] = atoi (tag + 6);
      SmearRegion box = { bounds[0], bounds[1], bounds[2] - bounds[0],
                          bounds[3] - bounds[1] };
      if (tag && g_str_has_prefix (at, "<name>WBC"))
        g_array_append_val (boxes, box);
    }
  return boxes;
}

static gdouble
overlap (const SmearRegion *a, const SmearRegion *b)
{
  gint width = MIN (a->x + a->width, b->x + b->width) - MAX (a->x, b->x);
  gint height = MIN (a->y + a->height, b->y + b->height) - MAX (a->y, b->y);
  if (width <= 0 || height <= 0)
    return 0;
  gdouble both = (gdouble)width * height;
  return both / ((gdouble)a->width * a->height + (gdouble)b->width * b->height - both);
}

static void
measure_boxes (const char *data, Part part)
{
  g_autoptr (GPtrArray) files = list (data, "bccd/JPEGImages", part);
  guint boxes_total = 0, hit = 0, tight = 0, wrong = 0, fields = 0, refused = 0,
        doubled = 0;

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *name = g_path_get_basename (files->pdata[i]);
      *strrchr (name, '.') = 0;
      g_autofree char *xml = g_strdup_printf ("%s/bccd/Annotations/%s.xml", data, name);
      g_autoptr (GArray) boxes = read_boxes (xml);
      g_autoptr (SmearImage) image = load (files->pdata[i]);
      if (!image)
        continue;
      g_autoptr (SmearLeukocytes) found = find (image);
      g_autofree gboolean *used = g_new0 (gboolean, found->cells->len + 1);
      guint missed = 0, extra = 0;

      fields++;
      refused += !found->quality.is_smear;
      for (guint b = 0; b < boxes->len; b++)
        {
          const SmearRegion *box = &g_array_index (boxes, SmearRegion, b);
          gdouble best = 0;
          guint inside = 0;
          for (guint c = 0; c < found->cells->len; c++)
            {
              const SmearCell *cell = &g_array_index (found->cells, SmearCell, c);
              if (cell->x >= box->x && cell->x < box->x + box->width && cell->y >= box->y
                  && cell->y < box->y + box->height)
                {
                  used[c] = TRUE;
                  inside++;
                }
              best = MAX (best, overlap (&cell->box, box));
            }
          hit += inside > 0;
          doubled += inside > 1;
          tight += best >= 0.5;
          missed += !inside;
        }
      for (guint c = 0; c < found->cells->len; c++)
        extra += !used[c];
      boxes_total += boxes->len;
      wrong += extra;
      if ((missed || extra) && g_getenv ("SMEARSCOPE_VERBOSE"))
        printf ("%s missed %u extra %u\n", (char *)files->pdata[i], missed, extra);
    }
  if (fields)
    printf (
        "boxes bccd: %u fields, %u leukocytes, %.1f %% found (centre inside the box), "
        "%.1f %% with IoU at least 0.5, %u found twice, %.3f false a field, refused %u\n",
        fields, boxes_total, 100.0 * hit / boxes_total, 100.0 * tight / boxes_total,
        doubled, (gdouble)wrong / fields, refused);
}

static void
measure_fields (const char *data, const char *folder, Part part)
{
  g_autoptr (GPtrArray) files = list (data, folder, part);
  guint refused = 0, empty = 0, cells = 0, scaled = 0, blurred = 0, dark = 0, bright = 0;
  gdouble aspect = 0, spread = 0, um = 0, um2 = 0;
  gint64 spent = 0;

  for (guint i = 0; i < files->len; i++)
    {
      g_autoptr (SmearImage) image = load (files->pdata[i]);
      if (!image)
        continue;
      gint64 start = g_get_monotonic_time ();
      g_autoptr (SmearLeukocytes) found = find (image);
      spent += g_get_monotonic_time () - start;
      const SmearQuality *quality = &found->quality;

      refused += !quality->is_smear;
      if (!quality->is_smear && g_getenv ("SMEARSCOPE_VERBOSE"))
        printf ("%s refused: %s\n", (char *)files->pdata[i], quality->reason);
      empty += quality->is_smear && !found->cells->len;
      cells += found->cells->len;
      blurred += quality->blurred;
      dark += quality->too_dark;
      bright += quality->too_bright;
      if (quality->um_per_pixel_x > 0)
        {
          gdouble log_um = log (quality->um_per_pixel_y);
          scaled++;
          um += log_um;
          um2 += log_um * log_um;
          gdouble a = log (quality->um_per_pixel_x / quality->um_per_pixel_y);
          aspect += a;
          spread += a * a;
        }
    }
  guint n = MAX (files->len, 1), m = MAX (scaled, 1);
  printf (
      "fields %s: %u, refused %u, without cells %u, %.2f cells a field, blurred %u, dark "
      "%u, "
      "bright %u, %.1f ms; scale of %u: um/px down %.4f (spread %.1f %%), squeeze %.3f "
      "(spread %.1f %%)\n",
      folder, files->len, refused, empty, (gdouble)cells / n, blurred, dark, bright,
      spent / 1000.0 / n, scaled, exp (um / m),
      100 * sqrt (MAX (um2 / m - um / m * um / m, 0)), exp (-aspect / m),
      100 * sqrt (MAX (spread / m - aspect / m * aspect / m, 0)));
}

int
main (int argc, char **argv)
{
  const char *fields[] = { "taleqani/Benign",      "taleqani/Early",   "taleqani/Pre",
                           "taleqani/Pro",         "taleqani-fullres", "bccd/JPEGImages",
                           "wbc-masks/JTSC/input", "not-blood" };
  Part part = argc > 2 && strcmp (argv[2], "even") == 0  ? EVEN
              : argc > 2 && strcmp (argv[2], "odd") == 0 ? ODD
                                                         : ALL;

  if (argc < 2)
    {
      g_printerr ("usage: measure-finder DATA [all|even|odd]\n");
      return 2;
    }
  measure_masks (argv[1], "BCCD", part);
  measure_masks (argv[1], "JTSC", part);
  measure_boxes (argv[1], part);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    measure_fields (argv[1], fields[i], i < 4 ? part : ALL);
  return 0;
}
