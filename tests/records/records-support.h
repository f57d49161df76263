/* Findings made by hand and a history in a folder of its own. */
#pragma once

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "records/history-private.h"
#include "support/folder.h"
#include "support/suite.h"

#include <smearscope/history.h>

/* A folder that stands in for the user's home; the caller leaves with bench_free(). */
typedef struct
{
  char *folder, *path;
  SmearHistorySettings *settings;
} Bench;

static inline Bench
bench_new (void)
{
  Bench bench = { .folder = folder_new () };
  g_autofree char *config = g_build_filename (bench.folder, "config", NULL);
  g_autoptr (GError) error = NULL;

  /* Read once by GLib: every check runs in a process of its own. */
  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  bench.path = g_build_filename (bench.folder, "history.sqlite", NULL);
  bench.settings = smear_history_settings_load (&error);
  ck_assert_no_error (error);
  return bench;
}

static inline void
bench_free (Bench *bench)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", bench->folder);

  ck_assert_int_eq (system (command), 0);
  smear_history_settings_free (bench->settings);
  g_free (bench->folder);
  g_free (bench->path);
}

/* The end of a process that was forked off, as another program: a leak checker would take
 * for lost what only the parent frees. */
static inline void
leave (gint status)
{
  g_autofree char *command = g_strdup_printf ("exit %d", status);

  execl ("/bin/sh", "sh", "-c", command, NULL);
  _exit (status);
}

static inline SmearHistory *
bench_open (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  SmearHistory *history = smear_history_open (bench->path, bench->settings, &error);

  ck_assert_no_error (error);
  ck_assert_ptr_nonnull (history);
  return history;
}

/* A finding whose numbers depend on @seed and are no round ones. */
static inline SmearFinding *
finding_new (const char *source, guint seed)
{
  SmearFinding *finding = g_new0 (SmearFinding, 1);
  gfloat sum = 0;

  finding->source = g_strdup (source);
  finding->region = (SmearRegion){ 2, 3, 20, 18 };
  finding->verdict = SMEAR_VERDICT_ANSWERED;
  finding->klass = seed % SMEAR_N_CLASSES;
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      finding->probabilities[i] = i == (guint)finding->klass ? 7.7f
                                                             : 1.0f / (3 + seed % 17 + i);
      sum += finding->probabilities[i];
    }
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    finding->probabilities[i] /= sum;
  finding->confidence = finding->probabilities[finding->klass];
  finding->malignant = 1 - finding->probabilities[SMEAR_CLASS_BENIGN];
  finding->explained = finding->klass;
  finding->cells = g_array_new (FALSE, TRUE, sizeof (SmearCell));
  for (guint i = 0; i < 2; i++)
    {
      SmearCell cell = { { 4 + i, 5, 6, 7 }, 7.25f + i, 8.1f, 31, i == 1,
                         finding->klass,     { 0 } };
      memcpy (cell.probabilities, finding->probabilities, sizeof cell.probabilities);
      g_array_append_val (finding->cells, cell);
    }
  finding->has_quality = TRUE;
  finding->quality
      = (SmearQuality){ TRUE, TRUE, FALSE, FALSE, 0.123f, 0.1f, 0.07f, NULL };
  finding->model_name = g_strdup ("handmade");
  finding->model_hash = g_strdup ("00ff");
  return finding;
}

static inline gint64
add_named (SmearHistory *history, const char *source, guint seed)
{
  g_autoptr (SmearFinding) finding = finding_new (source, seed);
  g_autoptr (GError) error = NULL;
  gint64 id = smear_history_add (history, finding, NULL, NULL, &error);

  ck_assert_no_error (error);
  return id;
}

/* 32x24 pixels, all different. */
static inline SmearImage *
image_new (void)
{
  SmearImage *image = smear_image_new (32, 24, NULL);
  guint8 *pixels = smear_image_get_pixels (image);

  for (guint i = 0; i < 32 * 24; i++)
    {
      pixels[3 * i] = i;
      pixels[3 * i + 1] = i >> 2;
      pixels[3 * i + 2] = 3 * i;
    }
  return image;
}

/* How many files the history has now: its own, the log, the log's index; all 0600. */
static inline guint
bench_count_private (const Bench *bench)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (bench->path, suffixes[i], NULL);
      GStatBuf info;

      if (g_stat (path, &info) != 0)
        continue;
      ck_assert_msg ((info.st_mode & 0777) == 0600, "%s has mode %o", path,
                     info.st_mode & 0777);
      n++;
    }
  return n;
}

/* Whether any file of the history holds these bytes. */
static inline gboolean
bench_holds (const Bench *bench, const char *words)
{
  g_autoptr (GDir) dir = g_dir_open (bench->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (bench->folder, name, NULL);
      g_autofree char *data = NULL;
      gsize length;

      if (g_file_get_contents (path, &data, &length, NULL)
          && memmem (data, length, words, strlen (words)))
        return TRUE;
    }
  return FALSE;
}

/* What someone with a database tool and no scruples would do. */
static inline void
bench_tamper (const Bench *bench, const char *sql)
{
  sqlite3 *db;
  char *message = NULL;
  static const char unlock[]
      = "DROP TRIGGER entries_append; DROP TRIGGER entries_sealed;"
        "DROP TRIGGER entries_update; DROP TRIGGER entries_delete;"
        "DROP TRIGGER personal_update; DROP TRIGGER personal_delete";

  ck_assert_int_eq (sqlite3_open (bench->path, &db), SQLITE_OK);
  ck_assert_int_eq (sqlite3_exec (db, unlock, NULL, NULL, &message), SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  ck_assert_msg (message == NULL, "%s", message);
  sqlite3_close (db);
}

static inline SmearHistoryCheck
bench_verify (Bench *bench)
{
  g_autoptr (SmearHistory) history = bench_open (bench);
  g_autoptr (GError) error = NULL;
  SmearHistoryCheck check;

  ck_assert (smear_history_verify (history, NULL, &check, &error));
  ck_assert_no_error (error);
  return check;
}
