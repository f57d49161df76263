#include "records/map-folder.h"

#include "base/put-file.h"
#include "base/remedy.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *
path_of_note (const SmearBatchOptions *options)
{
  return g_build_filename (options->maps, ".settings", NULL);
}

/* In whole numbers, as GIMP's locale may have another decimal point. */
static char *
how_drawn (const SmearBatchOptions *options)
{
  const SmearMapStyle *style = &options->style;

  return g_strdup_printf (
      "class %s, colour map %s, opacity %ld %%, threshold %ld %%, %s\n",
      options->explain == SMEAR_CLASS_NONE ? "winner"
                                           : smear_class_name (options->explain),
      smear_colour_map_name (style->colours), lrint (100 * style->opacity),
      lrint (100 * style->threshold), style->overlay ? "overlay" : "alone");
}

static gboolean
are_alike (const SmearBatchOptions *options, GError **error)
{
  g_autofree char *path = path_of_note (options);
  g_autofree char *now = how_drawn (options);
  g_autofree char *before = NULL;

  if (!options->resume || !g_file_get_contents (path, &before, NULL, NULL)
      || strcmp (before, now) == 0)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               "%s: holds heat maps drawn otherwise (%s); draw them so again, or choose "
               "another folder",
               options->maps, g_strchomp (before));
  return FALSE;
}

SmearOutputLock *
smear_map_folder_hold (const SmearBatchOptions *options, GError **error)
{
  g_autofree char *path = g_build_filename (options->maps, ".lock", NULL);
  SmearOutputLock *lock;

  if (g_mkdir_with_parents (options->maps, 0777) != 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s%s", options->maps,
                   g_strerror (errno), smear_io_remedy (errno, FALSE));
      return NULL;
    }
  lock = smear_output_lock_new (path, options->maps, error);
  if (lock && !are_alike (options, error))
    g_clear_pointer (&lock, smear_output_lock_free);
  return lock;
}

static gboolean
has_maps (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (dir && (name = g_dir_read_name (dir)) && *name == '.')
    ; /* lock and note */
  return name != NULL;
}

gboolean
smear_map_folder_note (const SmearBatchOptions *options, GError **error)
{
  g_autofree char *path = path_of_note (options);
  g_autofree char *text = how_drawn (options);

  /* Maps of a version that kept no note may be drawn in any way. */
  if (options->resume && !g_file_test (path, G_FILE_TEST_EXISTS)
      && has_maps (options->maps))
    return TRUE;
  return smear_put_file (path, text, strlen (text), 0666, error);
}
