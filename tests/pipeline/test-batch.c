/* Which files a batch takes, in which order their rows come, and who opens the rest. */
#include "support/folder.h"
#include "support/random-model.h"
#include "support/suite.h"

#include "pipeline/batch.h"

#include <string.h>
#include <unistd.h>

static char *folder;

static void
setup (void)
{
  folder = folder_new ();
  ck_assert_int_eq (chdir (folder), 0);
}

static void
teardown (void)
{
  ck_assert_int_eq (chdir ("/"), 0);
  g_autofree char *command = g_strdup_printf ("rm -r %s", folder);
  ck_assert (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (folder);
}

static void
touch (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  ck_assert_int_eq (g_mkdir_with_parents (parent, 0777), 0);
  ck_assert (
      g_file_set_contents_full (path, "x", 1, G_FILE_SET_CONTENTS_NONE, 0666, NULL));
}

/* The names that are collected, one a line. */
static char *
collected (const char *const *paths, gboolean recursive, const char *const *include,
           const char *const *exclude, const char *leave_out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = smear_batch_collect (paths, recursive, include, exclude,
                                                     leave_out, &error);
  ck_assert_no_error (error);
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < files->len; i++)
    g_string_append_printf (names, "%s\n", ((SmearBatchFile *)files->pdata[i])->name);
  return g_string_free (names, FALSE);
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
make_tree (void)
{
  const char *const paths[] = { "d/b.jpg",      "d/a.PNG",          "d/10.tif",
                                "d/9.tiff",     "d/notes.txt",      "d/.hidden.jpg",
                                "d/sub/c.jpeg", "d/maps/b.jpg.png", "d/.git/e.jpg",
                                "z.jpg" };
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    touch (paths[i]);
}

START_TEST (test_order)
{
  make_tree ();
  g_autofree char *flat = collected (LIST ("z.jpg", "d"), FALSE, NULL, NULL, NULL);
  ck_assert_str_eq (flat, "z.jpg\nd/10.tif\nd/9.tiff\nd/a.PNG\nd/b.jpg\n");
  g_autofree char *deep = collected (LIST ("d"), TRUE, NULL, NULL, NULL);
  ck_assert_str_eq (
      deep, "d/10.tif\nd/9.tiff\nd/a.PNG\nd/b.jpg\nd/maps/b.jpg.png\nd/sub/c.jpeg\n");
  g_autofree char *gone = collected (LIST ("gone.jpg", "z.jpg"), FALSE, NULL, NULL, NULL);
  ck_assert_str_eq (gone, "gone.jpg\nz.jpg\n");
}
END_TEST

START_TEST (test_filters)
{
  make_tree ();
  g_autofree char *maps = collected (LIST ("d"), TRUE, NULL, NULL, "d/maps");
  ck_assert_ptr_null (strstr (maps, "maps"));
  g_autofree char *some = collected (LIST ("d"), TRUE, LIST ("*.jp*", "[0-9].*"),
                                     LIST ("maps"), NULL);
  ck_assert_str_eq (some, "d/9.tiff\nd/b.jpg\nd/sub/c.jpeg\n");
  g_autofree char *below = collected (LIST ("d"), TRUE, LIST ("sub/*"), NULL, NULL);
  ck_assert_str_eq (below, "d/sub/c.jpeg\n");
  g_autofree char *named = collected (LIST ("d/notes.txt"), TRUE, LIST ("*.jpg"), NULL,
                                      NULL);
  ck_assert_str_eq (named, "d/notes.txt\n"); /* what is named is meant */
}
END_TEST

START_TEST (test_loops)
{
  make_tree ();
  ck_assert_int_eq (symlink ("..", "d/sub/up"), 0);
  ck_assert_int_eq (symlink ("nowhere.jpg", "d/sub/dangling.jpg"), 0);
  g_autofree char *deep = collected (LIST ("d", "d/sub"), TRUE, NULL, LIST ("maps"),
                                     NULL);
  ck_assert_str_eq (deep, "d/10.tif\nd/9.tiff\nd/a.PNG\nd/b.jpg\nd/sub/c.jpeg\n"
                          "d/sub/dangling.jpg\n");
}
END_TEST

START_TEST (test_map_names)
{
  touch ("one/a.jpg");
  touch ("two/a.jpg");
  touch ("two/a.png");
  g_autoptr (GPtrArray) files = smear_batch_collect (
      LIST ("one/a.jpg", "two/a.jpg", "two/a.png"), FALSE, NULL, NULL, NULL, NULL);
  g_autoptr (GHashTable) maps = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < files->len; i++)
    ck_assert (g_hash_table_add (maps, ((SmearBatchFile *)files->pdata[i])->map));
  ck_assert (g_hash_table_contains (maps, "a.jpg.png"));
}
END_TEST

typedef struct
{
  GString *lines;
  GThread *caller;
  guint n_loaded;
} Seen;

static void
note (const SmearBatchRow *row, guint n_files, gpointer user_data)
{
  Seen *seen = user_data;
  g_autofree char *line = smear_batch_row_to_json (row);
  ck_assert_ptr_eq (g_thread_self (), seen->caller);
  g_string_append_printf (seen->lines, "%u/%u %s\n", row->index, n_files, line);
}

/* Stands for a program that knows more formats: one file opens, another does not. */
static SmearImage *
load (const char *path, gpointer user_data, GError **error)
{
  Seen *seen = user_data;
  ck_assert_ptr_eq (g_thread_self (), seen->caller);
  seen->n_loaded++;
  if (strstr (path, "good"))
    return smear_image_new (40, 30, error);
  g_set_error_literal (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT, "cannot open this");
  return NULL;
}

static void
make_images (void)
{
  for (gint i = 0; i < 12; i++)
    {
      g_autoptr (SmearImage) image = smear_image_new (40, 30, NULL);
      g_autofree char *path = g_strdup_printf ("%02d.png", i);
      memset (smear_image_get_pixels (image), 20 * i, 40 * 30 * 3);
      ck_assert (smear_image_save_png (image, path, NULL));
    }
  touch ("03-good.xcf");
  touch ("04-bad.xcf");
}

static char *
run (SmearModel *model, SmearBatchOptions *options, SmearBatchTotals *totals)
{
  g_autoptr (GError) error = NULL;
  Seen seen = { g_string_new (NULL), g_thread_self (), 0 };
  g_autoptr (GPtrArray) files = smear_batch_collect (
      LIST ("."), FALSE, LIST ("*.png", "*.xcf"), NULL, NULL, &error);
  ck_assert_no_error (error);
  options->load_data = &seen;
  ck_assert (smear_batch_run (model, files, options, NULL, note, &seen, totals, &error));
  ck_assert_no_error (error);
  ck_assert_uint_eq (seen.n_loaded, options->load ? 2 : 0);
  return g_string_free (seen.lines, FALSE);
}

START_TEST (test_rows)
{
  g_autoptr (SmearModel) model = random_model_new ("m.safetensors");
  SmearBatchOptions options = SMEAR_BATCH_OPTIONS_DEFAULT;
  SmearBatchTotals totals;
  make_images ();

  options.n_jobs = 1;
  options.load = load;
  g_autofree char *expected = run (model, &options, &totals);
  ck_assert_uint_eq (totals.n_files, 14);
  ck_assert_uint_eq (totals.n_failed, 1);
  ck_assert_uint_eq (totals.n_answered + totals.n_uncertain + totals.n_refused, 13);
  ck_assert_ptr_nonnull (strstr (expected, "./04-bad.xcf: cannot open this"));
  for (gint jobs = 2; jobs < 8; jobs += 2)
    {
      options.n_jobs = jobs;
      g_autofree char *lines = run (model, &options, &totals);
      ck_assert_str_eq (lines, expected);
    }

  options.load = NULL; /* without help both are errors */
  g_free (run (model, &options, &totals));
  ck_assert_uint_eq (totals.n_failed, 2);
}
END_TEST

static void
cancel (const SmearBatchRow *row, guint n_files, gpointer user_data)
{
  if (row->index == 4)
    g_cancellable_cancel (user_data);
  ck_assert_uint_le (row->index, 4);
}

START_TEST (test_cancel)
{
  g_autoptr (SmearModel) model = random_model_new ("m.safetensors");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  SmearBatchOptions options = SMEAR_BATCH_OPTIONS_DEFAULT;
  make_images ();
  g_autoptr (GPtrArray) files = smear_batch_collect (LIST ("."), FALSE, LIST ("*.png"),
                                                     NULL, NULL, NULL);
  options.n_jobs = _i;
  options.csv = "table.csv";
  ck_assert (!smear_batch_run (model, files, &options, cancellable, cancel, cancellable,
                               NULL, &error));
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  ck_assert (!g_file_test ("table.csv.lock", G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (test_maps)
{
  g_autoptr (SmearModel) model = random_model_new ("m.safetensors");
  SmearBatchOptions options = SMEAR_BATCH_OPTIONS_DEFAULT;
  SmearBatchTotals totals;
  make_images ();
  options.maps = "maps";
  options.style.overlay = _i;
  g_free (run (model, &options, &totals));
  ck_assert_uint_eq (folder_count ("maps"), 13); /* and a note of how they are drawn */
  g_autoptr (SmearImage) map = smear_image_load ("maps/07.png.png", NULL);
  ck_assert_int_eq (smear_image_get_width (map), 40);
  ck_assert_int_eq (smear_image_get_height (map), 30);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("batch");
  TCase *tests = tcase_create ("batch");
  tcase_add_checked_fixture (tests, setup, teardown);
  tcase_add_test (tests, test_order);
  tcase_add_test (tests, test_filters);
  tcase_add_test (tests, test_loops);
  tcase_add_test (tests, test_map_names);
  tcase_add_test (tests, test_rows);
  tcase_add_loop_test (tests, test_cancel, 1, 3);
  tcase_add_loop_test (tests, test_maps, 0, 2);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
