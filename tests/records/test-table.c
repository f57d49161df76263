/* Tables that were killed, resumed, spoilt and fought over. */
#include "support/findings.h"
#include "support/folder.h"
#include "support/suite.h"

#include "base/csv.h"
#include "records/table.h"

#include <string.h>
#include <unistd.h>

static const SmearRowFormat *const formats[] = { &smear_row_csv, &smear_row_json_lines,
                                                 &smear_row_card };

static const SmearRowContext context = { "made up", "cafe", NULL, NULL };

/* Names that break tables written with less care. */
static const char *const names[] = {
  "plain.jpg", "with, comma.jpg", "with \"quotes\".jpg", "two\nlines.jpg", " blank first",
  "ü<&>'.jpg", "tab\there\r.jpg", "back\\x\\FC.jpg",     "=1+1.jpg",       "'quoted.jpg"
};

static void
free_file (gpointer data)
{
  SmearBatchFile *file = data;
  g_free (file->name);
  g_free (file);
}

static GPtrArray *
files_new (void)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (free_file);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      SmearBatchFile *file = g_new0 (SmearBatchFile, 1);
      file->path = file->name = g_strdup (names[i]);
      file->map = (char *)"map.png";
      g_ptr_array_add (files, file);
    }
  return files;
}

static void
append (SmearTable *table, GPtrArray *files, guint index, const char *failure)
{
  const SmearBatchFile *file = files->pdata[index];
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) why
      = failure ? g_error_new_literal (SMEAR_ERROR, SMEAR_ERROR_FORMAT, failure) : NULL;
  g_autoptr (SmearFinding) finding = failure ? NULL : finding_new (file->name);
  SmearBatchRow row = {
    .file = file, .index = index, .sha256 = "beef", .finding = finding, .error = why
  };
  ck_assert (smear_table_append (table, &row, &error));
  ck_assert_no_error (error);
}

static SmearTable *
open_table (const char *path, gint format, gboolean resume)
{
  g_autoptr (GError) error = NULL;
  SmearTable *table = smear_table_open (path, formats[format], &context, resume, &error);
  ck_assert_no_error (error);
  return table;
}

static void
finish (SmearTable *table, GPtrArray *files)
{
  g_autoptr (GError) error = NULL;
  ck_assert (smear_table_finish (table, files, FALSE, &error));
  ck_assert_no_error (error);
  smear_table_close (table);
}

/* Inlined, GCC 12 takes what it returns for the address of its variable. */
static G_NO_INLINE char *
content (const char *path)
{
  char *text = NULL;
  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* What a run that nothing disturbs leaves behind. */
static char *
undisturbed (const char *path, gint format, GPtrArray *files)
{
  SmearTable *table = open_table (path, format, FALSE);
  for (guint i = 0; i < files->len; i++)
    append (table, files, i, i == 2 ? "broken, \"really\"" : NULL);
  finish (table, files);
  return content (path);
}

START_TEST (test_read_back)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "table", NULL);
  g_autoptr (GPtrArray) files = files_new ();
  g_autofree char *text = undisturbed (path, _i, files);

  gsize at = strstr (text, names[0]) - text; /* past the head */
  while (at > 0 && text[at - 1] != '\n')
    at--;
  for (guint i = 0; i < files->len; i++)
    {
      SmearRowKey key = { 0 };
      gsize length = formats[_i]->length (text + at, strlen (text + at));
      ck_assert (formats[_i]->parse (text + at, length, &key));
      ck_assert_str_eq (key.file, names[i]);
      ck_assert_str_eq (key.sha256, "beef");
      ck_assert_str_eq (key.model_hash, "cafe");
      if (i == 2)
        ck_assert_str_eq (key.error, "broken, \"really\"");
      else
        {
          ck_assert_ptr_null (key.error);
          ck_assert_str_eq (key.class_name, "Pre");
          ck_assert_str_eq (key.verdict, "answered");
          ck_assert_int_eq (key.region.height, 30);
        }
      smear_row_key_clear (&key);
      at += length;
    }
  folder_free (folder);
}
END_TEST

/* Cut anywhere and resumed, a table ends as if nothing had happened. */
START_TEST (test_cut_anywhere)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "table", NULL);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  const char *work = formats[_i]->page ? part : path;
  g_autoptr (GPtrArray) files = files_new ();
  g_autofree char *expected = undisturbed (path, _i, files);

  /* Leave the records as they are while a run is going on. */
  SmearTable *table = open_table (path, _i, FALSE);
  for (guint i = 0; i < files->len; i++)
    append (table, files, i, i == 2 ? "broken, \"really\"" : NULL);
  smear_table_close (table);
  g_autofree char *whole = content (work);

  for (gsize cut = 0; cut <= strlen (whole); cut += 43)
    {
      ck_assert (g_file_set_contents_full (work, whole, cut, G_FILE_SET_CONTENTS_NONE,
                                           0666, NULL));
      table = open_table (path, _i, TRUE);
      for (guint i = 0; i < files->len; i++)
        if (!smear_table_has (table, files->pdata[i], "beef"))
          append (table, files, i, i == 2 ? "broken, \"really\"" : NULL);
      finish (table, files);
      g_autofree char *text = content (path);
      ck_assert_str_eq (text, expected);
    }
  folder_free (folder);
}
END_TEST

START_TEST (test_resume_knows)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "table", NULL);
  g_autoptr (GPtrArray) files = files_new ();
  SmearTable *table = open_table (path, _i, FALSE);
  append (table, files, 0, NULL);
  append (table, files, 1, "could not be read");
  finish (table, files);

  table = open_table (path, _i, TRUE);
  ck_assert (smear_table_has (table, files->pdata[0], "beef"));
  ck_assert (!smear_table_has (table, files->pdata[0], "other content"));
  ck_assert (!smear_table_has (table, files->pdata[1], "beef")); /* failed: try again */
  ck_assert (!smear_table_has (table, files->pdata[3], "beef"));
  smear_table_close (table);

  const struct
  {
    SmearRowContext context;
    gboolean has;
  } others[] = {
    { { "another", "f00d", NULL, NULL }, FALSE },
    { { "made up", "cafe", &(SmearRegion){ 10, 20, 40, 30 }, NULL }, FALSE },
    { { "made up", "cafe", NULL, "/nonexistent/maps" }, FALSE },
    { { "renamed", "cafe", NULL, NULL }, TRUE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      table = smear_table_open (path, formats[_i], &others[i].context, TRUE, NULL);
      ck_assert_int_eq (smear_table_has (table, files->pdata[0], "beef"), others[i].has);
      smear_table_close (table);
    }
  folder_free (folder);
}
END_TEST

/* A file that failed and now does not has one row, in its place. */
START_TEST (test_superseded)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "table", NULL);
  g_autoptr (GPtrArray) files = files_new ();
  SmearTable *table = open_table (path, _i, FALSE);
  for (guint i = 0; i < files->len; i++)
    append (table, files, i, NULL);
  finish (table, files);
  g_autofree char *expected = content (path);

  table = open_table (path, _i, FALSE);
  append (table, files, 4, NULL); /* a list that has grown at its start */
  append (table, files, 5, "gone for a moment");
  finish (table, files);
  table = open_table (path, _i, TRUE);
  for (guint i = 0; i < files->len; i++)
    if (!smear_table_has (table, files->pdata[i], "beef"))
      append (table, files, i, NULL);
  finish (table, files);
  g_autofree char *text = content (path);
  ck_assert_str_eq (text, expected);
  folder_free (folder);
}
END_TEST

/* Rows of files that this run is not about stay. */
START_TEST (test_strangers)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "table", NULL);
  g_autoptr (GPtrArray) files = files_new ();
  g_autoptr (GPtrArray) first = g_ptr_array_new ();
  g_ptr_array_add (first, files->pdata[1]);

  SmearTable *table = open_table (path, _i, FALSE);
  append (table, files, 0, NULL);
  smear_table_close (table);
  table = open_table (path, _i, TRUE);
  append (table, files, 1, NULL);
  finish (table, first);
  table = open_table (path, _i, TRUE);
  ck_assert (smear_table_has (table, files->pdata[0], "beef"));
  ck_assert (smear_table_has (table, files->pdata[1], "beef"));

  ck_assert (smear_table_finish (table, first, TRUE, NULL)); /* or leave */
  smear_table_close (table);
  table = open_table (path, _i, TRUE);
  ck_assert (!smear_table_has (table, files->pdata[0], "beef"));
  ck_assert (smear_table_has (table, files->pdata[1], "beef"));
  smear_table_close (table);
  folder_free (folder);
}
END_TEST

START_TEST (test_held)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "table", NULL);
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  g_autoptr (GError) error = NULL;

  SmearTable *table = open_table (path, _i, FALSE);
  ck_assert_ptr_null (smear_table_open (path, formats[_i], &context, TRUE, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_IO, "another run");
  smear_table_close (table);
  ck_assert (!g_file_test (lock, G_FILE_TEST_EXISTS));
  ck_assert (g_file_set_contents (lock, "", 0, NULL)); /* left by a killed run */
  smear_table_close (open_table (path, _i, TRUE));
  folder_free (folder);
}
END_TEST

START_TEST (test_not_ours)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "table", NULL);
  const char *const letters[] = { "Dear doctor,\nthis is no table.\n", "Dear doctor",
                                  "file,class\nx,Pre\n", "[1, 2]\n" };
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    for (gint format = 0; format < 2; format++)
      {
        g_autoptr (GError) error = NULL;
        ck_assert (g_file_set_contents (path, letters[i], -1, NULL));
        ck_assert_ptr_null (
            smear_table_open (path, formats[format], &context, TRUE, &error));
        ck_assert_smear_error (error, SMEAR_ERROR_FORMAT, "choose another name");
        g_autofree char *text = content (path);
        ck_assert_str_eq (text, letters[i]);
      }
  folder_free (folder);
}
END_TEST

START_TEST (test_cannot_write)
{
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (
      smear_table_open ("/nonexistent/table", formats[_i], &context, FALSE, &error));
  ck_assert_smear_error (error, SMEAR_ERROR_IO, "/nonexistent/table");
}
END_TEST

START_TEST (test_csv_quoting)
{
  g_autoptr (GString) line = g_string_new (NULL);
  const char *const fields[] = { "", "a", "b,c", "d\"e", "f\ng", " h", "ü" };
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    smear_csv_append (line, fields[i]);
  smear_csv_end (line);
  ck_assert_str_eq (line->str, ",a,\"b,c\",\"d\"\"e\",\"f\ng\",\" h\",ü\n");

  g_auto (GStrv) back = NULL;
  ck_assert_uint_eq (smear_csv_parse (line->str, line->len, &back), line->len);
  ck_assert_uint_eq (g_strv_length (back), G_N_ELEMENTS (fields));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    ck_assert_str_eq (back[i], fields[i]);
  for (gsize n = 0; n < line->len; n++) /* no half record passes for a whole one */
    ck_assert_uint_eq (smear_csv_parse (line->str, n, NULL), 0);

  g_autoptr (GString) named = g_string_new (NULL); /* what a spreadsheet would run */
  const char *const names_given[] = { "=1+1", "@a", "'=1", "a=1", "" };
  for (guint i = 0; i < G_N_ELEMENTS (names_given); i++)
    smear_csv_append_name (named, names_given[i]);
  smear_csv_end (named);
  ck_assert_str_eq (named->str, "'=1+1,'@a,''=1,a=1,\n");

  g_auto (GStrv) read = NULL;
  smear_csv_parse (named->str, named->len, &read);
  for (guint i = 0; i < G_N_ELEMENTS (names_given); i++)
    ck_assert_str_eq (smear_csv_name (read[i]), names_given[i]);

  g_auto (GStrv) foreign = NULL; /* line ends of other systems */
  ck_assert_uint_eq (smear_csv_parse ("a,\"b\r\n\",c\r\nd", 12, &foreign), 11);
  ck_assert_str_eq (foreign[1], "b\r\n");
  ck_assert_str_eq (foreign[2], "c");
}
END_TEST

/* The page stands by itself: nothing that a browser would fetch, nothing unescaped. */
START_TEST (test_page)
{
  char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "sheet.html", NULL);
  g_autoptr (GPtrArray) files = files_new ();
  g_autofree char *page = undisturbed (path, 2, files);
  ck_assert_ptr_nonnull (strstr (page, SMEAR_DISCLAIMER));
  ck_assert_ptr_nonnull (strstr (page, "<td>Pre-B</td><td>9</td>"));
  ck_assert_ptr_nonnull (strstr (page, "<td>could not be judged</td><td>1</td>"));
  ck_assert_ptr_null (strstr (page, "http://"));
  ck_assert_ptr_null (strstr (page, "https://"));
  ck_assert_ptr_null (strstr (page, "<&>"));
  ck_assert_uint_eq (folder_count (folder), 1); /* the records it was made of are gone */
  folder_free (folder);
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("table");
  TCase *tests = tcase_create ("table");
  gint n = G_N_ELEMENTS (formats);
  tcase_add_loop_test (tests, test_read_back, 0, n);
  tcase_add_loop_test (tests, test_cut_anywhere, 0, n);
  tcase_add_loop_test (tests, test_resume_knows, 0, n);
  tcase_add_loop_test (tests, test_superseded, 0, n);
  tcase_add_loop_test (tests, test_strangers, 0, n);
  tcase_add_loop_test (tests, test_held, 0, n);
  tcase_add_loop_test (tests, test_cannot_write, 0, n);
  tcase_add_test (tests, test_not_ours);
  tcase_add_test (tests, test_csv_quoting);
  tcase_add_test (tests, test_page);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
