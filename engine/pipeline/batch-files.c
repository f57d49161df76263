/* Which files a batch is about. */
#include <smearscope/batch.h>

#include "base/folder.h"
#include "pipeline/json-line.h"

#include <fnmatch.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *const decodable[] = { "*.jpg", "*.jpeg", "*.jpe", "*.png",
                                         "*.tif", "*.tiff", NULL };

typedef struct
{
  GPtrArray *files;
  gboolean recursive;
  const char *const *include, *const *exclude;
  GHashTable *seen_folders; /* "device:inode" of every folder entered or left out */
  GHashTable *map_names;
} Walk;

static void
file_free (gpointer data)
{
  SmearBatchFile *file = data;
  g_free (file->path);
  g_free (file->name);
  g_free (file->map);
  g_free (file);
}

static gboolean
matches (const char *const *patterns, const char *below)
{
  const char *slash = strrchr (below, '/');
  for (; *patterns; patterns++)
    if (fnmatch (*patterns, strchr (*patterns, '/') || !slash ? below : slash + 1,
                 FNM_CASEFOLD)
        == 0)
      return TRUE;
  return FALSE;
}

/* Maps of two arguments of the same name must not fall on each other. */
static void
add_file (Walk *walk, const char *path, const char *below)
{
  SmearBatchFile *file = g_new0 (SmearBatchFile, 1);
  file->path = g_strdup (path);
  file->name = smear_text_from_filename (path);
  file->map = g_strconcat (below, ".png", NULL);
  if (!g_hash_table_add (walk->map_names, g_strdup (file->map)))
    {
      g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path,
                                                               -1);
      g_free (file->map);
      file->map = g_strdup_printf ("%s.%.8s.png", below, digest);
      g_hash_table_add (walk->map_names, g_strdup (file->map));
    }
  g_ptr_array_add (walk->files, file);
}

/* Returns: (transfer full) (nullable): the folder under whatever name it is called by */
static char *
identity (const char *path)
{
  GStatBuf status;

  return path && g_stat (path, &status) == 0
             ? g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                (guint64)status.st_dev, (guint64)status.st_ino)
             : NULL;
}

static gboolean
enter_folder (Walk *walk, const char *path)
{
  char *folder = identity (path);

  return folder && g_hash_table_add (walk->seen_folders, folder);
}

/* @below is the path from the directory that was asked for, NULL for itself. A directory
 * further down that cannot be read stays in the list, and so gets a row that says so. */
static gboolean
walk_folder (Walk *walk, const char *folder, const char *below, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (GPtrArray) names = smear_folder_names (folder, &failed);
  if (names == NULL && below == NULL)
    g_propagate_error (error, g_steal_pointer (&failed));
  else if (names == NULL)
    add_file (walk, folder, below);
  if (names == NULL)
    return below != NULL;

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *here = below ? g_build_filename (below, name, NULL)
                                    : g_strdup (name);

      if (walk->exclude && matches (walk->exclude, here))
        continue;
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          if (walk->recursive && enter_folder (walk, path)
              && !walk_folder (walk, path, here, error))
            return FALSE;
        }
      else if (matches (walk->include, here))
        add_file (walk, path, here);
    }
  return TRUE;
}

GPtrArray *
smear_batch_collect (const char *const *paths, gboolean recursive,
                     const char *const *include, const char *const *exclude,
                     const char *leave_out, GError **error)
{
  g_return_val_if_fail (paths != NULL, NULL);

  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (file_free);
  g_autoptr (GHashTable) folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                          NULL);
  g_autoptr (GHashTable) maps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                       NULL);
  Walk walk = { files, recursive, include ? include : decodable, exclude, folders, maps };

  g_autofree char *left = identity (leave_out);
  if (left)
    enter_folder (&walk, leave_out);
  for (; *paths; paths++)
    {
      g_autofree char *base = g_path_get_basename (*paths);
      g_autofree char *own = identity (*paths);
      if (left && g_strcmp0 (own, left) == 0 && files->len == 0 && paths[1] == NULL)
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                       "%s: what is written there would be taken for images next time; "
                       "choose another folder to write to",
                       *paths);
          return NULL;
        }
      if (!g_file_test (*paths, G_FILE_TEST_IS_DIR))
        add_file (&walk, *paths, base);
      else if (enter_folder (&walk, *paths) && !walk_folder (&walk, *paths, NULL, error))
        return NULL;
    }
  return g_steal_pointer (&files);
}
