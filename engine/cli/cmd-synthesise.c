/* smearscope synthesise: artificial smears with known cells. */
#include "base/csv.h"
#include "base/put-file.h"
#include "cli/commands.h"
#include "cli/options.h"

#include <errno.h>
#include <string.h>

static char *output, *truth_path, *class_name, *format, *compression;
static gint count, width, height;
static gint64 seed;
static gdouble um_per_pixel;
static gboolean no_scale_bar, scan;

static const GOptionEntry entries[]
    = { { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
          "Image to make (.png, .jpg); with --scan a .tif; with --count a directory",
          "FILE|DIR" },
        { "count", 'n', 0, G_OPTION_ARG_INT, &count,
          "Make N images of each class, in one folder a class", "N" },
        { "class", 0, 0, G_OPTION_ARG_STRING, &class_name,
          "Benign, Early, Pre, Pro, none for red cells only, or, with --count, all "
          "(default: all "
          "with --count, else Pre)",
          "NAME" },
        { "width", 0, 0, G_OPTION_ARG_INT, &width, "Pixels (default 1024)", "N" },
        { "height", 0, 0, G_OPTION_ARG_INT, &height, "Pixels (default 768)", "N" },
        { "um-per-pixel", 0, 0, G_OPTION_ARG_DOUBLE, &um_per_pixel,
          "Micrometres a pixel, 0.02 to 2 (default 0.12)", "X" },
        { "seed", 0, 0, G_OPTION_ARG_INT64, &seed,
          "The same seed gives the same bytes (default 1)", "N" },
        { "no-scale-bar", 0, 0, G_OPTION_ARG_NONE, &no_scale_bar,
          "Leave the scale bar out", NULL },
        { "format", 0, 0, G_OPTION_ARG_STRING, &format,
          "With --count: png (default) or jpg", "NAME" },
        { "scan", 0, 0, G_OPTION_ARG_NONE, &scan,
          "Make a tiled TIFF of any size, tile by tile", NULL },
        { "compression", 0, 0, G_OPTION_ARG_STRING, &compression,
          "With --scan: deflate (default) or jpeg", "NAME" },
        { "truth", 0, 0, G_OPTION_ARG_FILENAME, &truth_path,
          "Write the cells' centres and nuclear radii, in pixels, as CSV", "FILE" },
        G_OPTION_ENTRY_NULL };

static gboolean
refuse (const char *message)
{
  smear_cli_error (message);
  return FALSE;
}

static gboolean
is_jpeg_name (const char *path)
{
  const char *dot = strrchr (path, '.');
  return dot
         && (g_ascii_strcasecmp (dot, ".jpg") == 0
             || g_ascii_strcasecmp (dot, ".jpeg") == 0);
}

static void
add_cells (GString *truth, const char *file, const GArray *cells)
{
  if (!truth)
    return;
  for (guint i = 0; i < cells->len; i++)
    {
      const SmearSyntheticCell *cell = &g_array_index (cells, SmearSyntheticCell, i);
      smear_csv_append (truth, file);
      g_string_append_printf (truth, "%s,%.2f,%.2f,%.2f\n",
                              smear_class_name (cell->klass), cell->x, cell->y,
                              cell->radius);
    }
}

static gboolean
make_image (const SmearSynthesis *what, const char *path, const char *label,
            GString *truth)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) cells = NULL;
  g_autoptr (SmearImage) image = smear_synthesise (what, &cells, &error);
  if (!image
      || !(is_jpeg_name (path) ? smear_image_save_jpeg (image, path, 92, &error)
                               : smear_image_save_png (image, path, &error)))
    return refuse (error->message);
  add_cells (truth, label, cells);
  return TRUE;
}

static gboolean
make_scan (const SmearSynthesis *what, GString *truth)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) cells = NULL;
  if (!smear_synthesise_scan (what, output, compression ? compression : "deflate", &cells,
                              &error))
    return refuse (error->message);
  g_autofree char *label = g_path_get_basename (output);
  add_cells (truth, label, cells);
  return TRUE;
}

static gboolean
make_class (const SmearSynthesis *what, GString *truth)
{
  const char *name = smear_class_name (what->klass);
  g_autofree char *folder = g_build_filename (output, name, NULL);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_autofree char *message = g_strdup_printf ("%s: cannot be made: %s", folder,
                                                  g_strerror (errno));
      return refuse (message);
    }
  for (gint i = 1; i <= count; i++)
    {
      SmearSynthesis one = *what;
      one.seed = (what->seed << 36) ^ (guint64)(what->klass + 1) << 32 ^ (guint64)i;
      g_autofree char *label = g_strdup_printf ("%s/%s-%04d.%s", name, name, i,
                                                format ? format : "png");
      g_autofree char *path = g_build_filename (output, label, NULL);
      if (!make_image (&one, path, label, truth))
        return FALSE;
    }
  return TRUE;
}

static gboolean
make_all (SmearSynthesis *what, GString *truth)
{
  gboolean all = class_name == NULL || g_ascii_strcasecmp (class_name, "all") == 0;
  if (!all)
    return make_class (what, truth);
  for (what->klass = 0; what->klass < SMEAR_N_CLASSES; what->klass++)
    if (!make_class (what, truth))
      return FALSE;
  return TRUE;
}

/* What the options say, or what is wrong with them. */
static gboolean
understand (SmearSynthesis *what)
{
  *what = (SmearSynthesis){ width,           height,        um_per_pixel,
                            SMEAR_CLASS_PRE, (guint64)seed, !no_scale_bar };
  if (!output)
    return refuse ("--output is missing: say where the smears shall go");
  if (count < 0)
    return refuse ("--count: give at least 1");
  if (scan && count > 0)
    return refuse ("--scan makes one file; leave --count out");
  if (compression && !scan)
    return refuse ("--compression is for --scan");
  if (format && count == 0)
    return refuse ("--format is for --count; one image is named by its ending");
  if (format && !g_str_equal (format, "png") && !g_str_equal (format, "jpg"))
    return refuse ("--format: choose png or jpg");
  if (class_name == NULL)
    return TRUE;
  if (g_ascii_strcasecmp (class_name, "all") == 0)
    return count > 0 || refuse ("--class all needs --count");
  if (g_ascii_strcasecmp (class_name, "none") == 0)
    {
      what->klass = SMEAR_CLASS_NONE;
      return TRUE;
    }
  return smear_cli_class (class_name, &what->klass);
}

int
smear_cmd_synthesise (int argc, char **argv)
{
  width = 1024;
  height = 768;
  um_per_pixel = 0.12;
  seed = 1;
  if (!smear_cli_parse (&argc, &argv, entries, "",
                        "Makes artificial smears whose leukocytes are known."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  SmearSynthesis what;
  if (argc > 1)
    {
      g_autofree char *message = g_strdup_printf ("%s: not expected here", argv[1]);
      smear_cli_error (message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (!understand (&what))
    return SMEAR_EXIT_COULD_NOT_RUN;

  g_autoptr (GString) truth = truth_path ? g_string_new ("file,class,x,y,radius\n")
                                         : NULL;
  gboolean ok;
  if (scan)
    ok = make_scan (&what, truth);
  else if (count > 0)
    ok = make_all (&what, truth);
  else
    {
      g_autofree char *label = g_path_get_basename (output);
      ok = make_image (&what, output, label, truth);
    }
  g_autoptr (GError) error = NULL;
  if (ok && truth && !smear_put_file (truth_path, truth->str, truth->len, 0666, &error))
    ok = refuse (error->message);
  return ok          ? SMEAR_EXIT_OK
         : count > 0 ? SMEAR_EXIT_SOME_FAILED
                     : SMEAR_EXIT_COULD_NOT_RUN;
}
