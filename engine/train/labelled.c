#include "train/labelled.h"

#include "base/csv.h"
#include "base/folder.h"

#include <string.h>

static void
clear_label (gpointer data)
{
  SmearLabel *label = data;
  g_free (label->smear);
  g_free (label->fold);
}

void
smear_labelled_free (SmearLabelled *labelled)
{
  if (labelled == NULL)
    return;
  g_clear_pointer (&labelled->files, g_ptr_array_unref);
  g_array_unref (labelled->labels);
  g_free (labelled);
}

static SmearLabelled *
labelled_new (void)
{
  SmearLabelled *labelled = g_new0 (SmearLabelled, 1);
  labelled->labels = g_array_new (FALSE, TRUE, sizeof (SmearLabel));
  g_array_set_clear_func (labelled->labels, clear_label);
  return labelled;
}

/* @paths: as many as there are labels. */
static gboolean
take_paths (SmearLabelled *labelled, GPtrArray *paths, const char *source, GError **error)
{
  if (paths->len == 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT, "%s: no images in it",
                   source);
      return FALSE;
    }
  g_ptr_array_add (paths, NULL);
  labelled->files = smear_batch_collect ((const char *const *)paths->pdata, FALSE, NULL,
                                         NULL, NULL, error);
  if (labelled->files == NULL)
    return FALSE;
  if (labelled->files->len == labelled->labels->len)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               "%s: names a directory where an image should be", source);
  return FALSE;
}

static SmearClass
class_of_folder (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  const char *bracket = name[0] == '[' ? strchr (name, ']') : NULL;
  g_autofree char *plain = g_strdup (bracket ? bracket + 1 : name);
  return smear_class_from_name (g_strstrip (plain));
}

static gboolean
add_folder (SmearLabelled *labelled, const char *path, SmearClass klass, GPtrArray *paths,
            GError **error)
{
  const char *const whole[] = { path, NULL };
  g_autoptr (GPtrArray) files = smear_batch_collect (whole, TRUE, NULL, NULL, NULL,
                                                     error);
  if (files == NULL)
    return FALSE;
  for (guint i = 0; i < files->len; i++)
    {
      SmearLabel label = { .klass = klass };
      g_array_append_val (labelled->labels, label);
      g_ptr_array_add (paths, g_strdup (((SmearBatchFile *)files->pdata[i])->path));
    }
  return TRUE;
}

/* Folders of classes in @folder, or @folder if it is one; in byte order. */
static GPtrArray *
class_folders (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = smear_folder_names (folder, error);
  if (names == NULL)
    return NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      if (class_of_folder (path) != SMEAR_CLASS_NONE
          && g_file_test (path, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (found, g_steal_pointer (&path));
    }

  g_autofree char *whole = g_canonicalize_filename (folder, NULL);
  if (found->len == 0 && class_of_folder (whole) != SMEAR_CLASS_NONE)
    g_ptr_array_add (found, g_steal_pointer (&whole));
  if (found->len > 0)
    return g_steal_pointer (&found);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               "%s: no folder named after a class; make Benign, Early, Pre and Pro",
               folder);
  return NULL;
}

SmearLabelled *
smear_labelled_from_folder (const char *folder, GError **error)
{
  g_autoptr (SmearLabelled) labelled = labelled_new ();
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) folders = class_folders (folder, error);
  if (folders == NULL)
    return NULL;
  for (guint i = 0; i < folders->len; i++)
    if (!add_folder (labelled, folders->pdata[i], class_of_folder (folders->pdata[i]),
                     paths, error))
      return NULL;
  return take_paths (labelled, paths, folder, error) ? g_steal_pointer (&labelled) : NULL;
}

static gint
column (char **head, const char *name)
{
  for (gint i = 0; head[i]; i++)
    if (g_ascii_strcasecmp (head[i], name) == 0)
      return i;
  return -1;
}

/* A path of the table starts at the table, or else at the folder of the data. */
static char *
resolve (const char *path, const char *csv, const char *folder)
{
  if (g_path_is_absolute (path))
    return g_strdup (path);
  g_autofree char *beside = g_path_get_dirname (csv);
  char *found = g_build_filename (beside, path, NULL);
  /* DIR may be the folder that holds the paths' first part, or that part itself. */
  for (gint up = 0; folder && up < 2 && !g_file_test (found, G_FILE_TEST_EXISTS); up++)
    {
      g_free (found);
      found = g_build_filename (folder, up ? ".." : ".", path, NULL);
    }
  return found;
}

static char *
field_at (char **fields, gint at)
{
  return at < 0 || fields[at][0] == '\0' ? NULL : g_strdup (fields[at]);
}

SmearLabelled *
smear_labelled_from_table (const char *csv, const char *folder, const char *fold,
                           GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (GString) text = NULL;
  char *data;
  gsize length, at = 0;
  if (!g_file_get_contents (csv, &data, &length, &failed))
    {
      g_set_error_literal (error, SMEAR_ERROR, SMEAR_ERROR_IO, failed->message);
      return NULL;
    }
  text = g_string_new_len (data, length);
  g_free (data);
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');

  g_auto (GStrv) head = NULL;
  at = smear_csv_parse (text->str, text->len, &head);
  gint path = at ? column (head, "path") : -1, klass = at ? column (head, "class") : -1;
  gint smear = at ? column (head, "smear") : -1, folds = at ? column (head, "fold") : -1;
  if (path < 0 || klass < 0 || (fold && folds < 0))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   "%s: needs the columns path and class%s", csv,
                   fold ? ", and fold" : "");
      return NULL;
    }

  g_autoptr (SmearLabelled) labelled = labelled_new ();
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  guint n_columns = g_strv_length (head), record = 1;
  while (at < text->len)
    {
      g_auto (GStrv) fields = NULL;
      gsize step = smear_csv_parse (text->str + at, text->len - at, &fields);
      record++;
      SmearClass truth = step && g_strv_length (fields) == n_columns
                             ? smear_class_from_name (fields[klass])
                             : SMEAR_CLASS_NONE;
      if (truth == SMEAR_CLASS_NONE)
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                       "%s: record %u does not name a class or has missing fields", csv,
                       record);
          return NULL;
        }
      if (folds >= 0 && fields[folds][0] != '\0'
          && !g_ascii_string_to_unsigned (fields[folds], 10, 0, G_MAXINT, NULL, NULL))
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                       "%s: record %u: the fold is “%s”; folds are numbers from 0", csv,
                       record, fields[folds]);
          return NULL;
        }
      at += step;
      if (fold && strcmp (fields[folds], fold) != 0)
        continue;
      SmearLabel label = { truth, field_at (fields, smear), field_at (fields, folds) };
      g_array_append_val (labelled->labels, label);
      g_ptr_array_add (paths, resolve (fields[path], csv, folder));
    }
  return take_paths (labelled, paths, csv, error) ? g_steal_pointer (&labelled) : NULL;
}

static gint
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
smear_labelled_folds (const SmearLabelled *labelled, gboolean *complete)
{
  GPtrArray *folds = g_ptr_array_new ();
  gboolean all = TRUE;

  for (guint i = 0; i < labelled->labels->len; i++)
    {
      char *fold = g_array_index (labelled->labels, SmearLabel, i).fold;
      if (fold == NULL)
        all = FALSE;
      else if (!g_ptr_array_find_with_equal_func (folds, fold, g_str_equal, NULL))
        g_ptr_array_add (folds, fold);
    }
  g_ptr_array_sort (folds, by_name);
  if (complete != NULL)
    *complete = all;
  return folds;
}
