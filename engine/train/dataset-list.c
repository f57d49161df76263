#include "train/dataset.h"

#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

static void
clear_sample (gpointer data)
{
  SmearSample *sample = data;

  g_free (sample->path);
  g_free (sample->smear);
  g_free (sample->pictures);
}

static SmearDataset *
dataset_new (void)
{
  SmearDataset *dataset = g_new0 (SmearDataset, 1);

  dataset->samples = g_array_new (FALSE, TRUE, sizeof (SmearSample));
  g_array_set_clear_func (dataset->samples, clear_sample);
  return dataset;
}

void
smear_dataset_free (SmearDataset *dataset)
{
  g_array_unref (dataset->samples);
  g_free (dataset);
}

static gint
by_path (gconstpointer a, gconstpointer b)
{
  return strcmp (((const SmearSample *) a)->path, ((const SmearSample *) b)->path);
}

static SmearClass
class_of_folder (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  const char      *bracket = name[0] == '[' ? strchr (name, ']') : NULL;
  g_autofree char *plain = g_strdup (bracket != NULL ? bracket + 1 : name);

  return smear_class_from_name (g_strstrip (plain));
}

static gboolean
looks_like_image (const char *name)
{
  static const char *const endings[] = { ".jpg", ".jpeg", ".png", ".tif", ".tiff" };
  g_autofree char         *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  return FALSE;
}

static void
list_class (SmearDataset *dataset, const char *folder, SmearClass label)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (looks_like_image (name))
      {
        SmearSample sample = { .path = g_build_filename (folder, name, NULL), .label = label,
                               .fold = -1 };
        g_array_append_val (dataset->samples, sample);
      }
}

static gboolean
list_folders (SmearDataset *dataset, const char *directory, GError **error)
{
  g_autofree char  *whole = g_canonicalize_filename (directory, NULL);
  g_autoptr (GError) failed = NULL;
  g_autoptr (GDir)  dir = g_dir_open (whole, 0, &failed);
  const char       *name;

  if (dir == NULL)
    {
      g_set_error_literal (error, SMEAR_ERROR, SMEAR_ERROR_IO, failed->message);
      return FALSE;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (directory, name, NULL);
      if (class_of_folder (name) != SMEAR_CLASS_NONE && g_file_test (folder, G_FILE_TEST_IS_DIR))
        list_class (dataset, folder, class_of_folder (name));
    }
  if (dataset->samples->len == 0 && class_of_folder (whole) != SMEAR_CLASS_NONE)
    list_class (dataset, directory, class_of_folder (whole));
  g_array_sort (dataset->samples, by_path);
  return TRUE;
}

static char *
resolve (const char *path, const char *directory, const char *table)
{
  g_autofree char *beside = g_path_get_dirname (table);
  const char      *roots[] = { beside, directory };

  if (g_path_is_absolute (path))
    return g_strdup (path);
  for (guint i = 0; i < G_N_ELEMENTS (roots) && roots[i] != NULL; i++)
    {
      g_autofree char *whole = g_build_filename (roots[i], path, NULL);
      g_autofree char *above = g_build_filename (roots[i], "..", path, NULL);
      if (g_file_test (whole, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&whole);
      if (g_file_test (above, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&above);
    }
  return g_build_filename (beside, path, NULL);
}

static gint
column (char **head, const char *name)
{
  for (gint i = 0; head != NULL && head[i] != NULL; i++)
    if (g_ascii_strcasecmp (head[i], name) == 0)
      return i;
  return -1;
}

static gboolean
list_table (SmearDataset *dataset, const char *directory, const char *table, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autofree char   *data = NULL;
  g_auto (GStrv)     head = NULL;
  gsize              length;

  if (!g_file_get_contents (table, &data, &length, &failed))
    {
      g_set_error_literal (error, SMEAR_ERROR, SMEAR_ERROR_IO, failed->message);
      return FALSE;
    }
  g_autoptr (GString) text = g_string_new_len (data, length);
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
  gsize at = smear_csv_parse (text->str, text->len, &head);
  gint  path = column (head, "path"), klass = column (head, "class");
  gint  fold = column (head, "fold"), smear = column (head, "smear");
  if (at == 0 || path < 0 || klass < 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   "%s: the first record must name the columns path and class", table);
      return FALSE;
    }
  for (guint record = 2; at < text->len; record++)
    {
      g_auto (GStrv) f = NULL;
      gsize          step = smear_csv_parse (text->str + at, text->len - at, &f);
      SmearClass     label = step > 0 && g_strv_length (f) == g_strv_length (head)
                                 ? smear_class_from_name (f[klass]) : SMEAR_CLASS_NONE;
      if (label == SMEAR_CLASS_NONE)
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                       "%s: record %u names no class or has missing fields", table, record);
          return FALSE;
        }
      SmearSample sample = { .path = resolve (f[path], directory, table), .label = label,
                             .fold = fold >= 0 && f[fold][0] != '\0' ? atoi (f[fold]) : -1,
                             .smear = smear >= 0 ? g_strdup (f[smear]) : NULL };
      g_array_append_val (dataset->samples, sample);
      at += step;
    }
  return TRUE;
}

SmearDataset *
smear_dataset_list (const char *directory, const char *table, GError **error)
{
  g_autoptr (SmearDataset) dataset = dataset_new ();
  gboolean ok = table != NULL ? list_table (dataset, directory, table, error)
                              : list_folders (dataset, directory, error);

  if (!ok)
    return NULL;
  if (dataset->samples->len == 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "%s: no images; make folders named Benign, Early, Pre and Pro",
                   table != NULL ? table : directory);
      return NULL;
    }
  return g_steal_pointer (&dataset);
}
