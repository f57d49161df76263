/* A folder of its own for a test, gone afterwards. */
#pragma once

#include <check.h>
#include <glib.h>
#include <glib/gstdio.h>

/* Returns: (transfer full): the path of a new, empty folder */
static inline char *
folder_new (void)
{
  char *path = g_dir_make_tmp ("smearscope-test-XXXXXX", NULL);
  ck_assert_ptr_nonnull (path);
  return path;
}

/* How many entries it holds. */
static inline guint
folder_count (const char *path)
{
  guint n = 0;
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  ck_assert_ptr_nonnull (dir);
  while (g_dir_read_name (dir))
    n++;
  return n;
}

/* Removes the folder and what is in it, one level deep, and frees @path. */
static inline void
folder_free (char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      g_remove (child);
    }
  g_rmdir (path);
  g_free (path);
}
