#include "pipeline/batch-file.h"

#include "pipeline/thumbnail.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

void
smear_batch_result_clear (SmearBatchResult *result)
{
  g_clear_pointer (&result->sha256, g_free);
  g_clear_pointer (&result->finding, smear_finding_free);
  g_clear_error (&result->error);
  g_clear_pointer (&result->thumbnail, g_bytes_unref);
  g_clear_pointer (&result->image, smear_image_unref);
}

/* Read rather than mapped: a file that shrinks under a map ends the process. */
static GBytes *
read_file (const SmearBatchFile *file, GError **error)
{
  GStatBuf status;
  if (g_stat (file->path, &status) != 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: %s", file->name,
                   g_strerror (errno));
      return NULL;
    }
  if (!S_ISREG (status.st_mode))
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED, "%s: %s", file->name,
                   S_ISDIR (status.st_mode) ? "a directory that cannot be read"
                                            : "not a file");
      return NULL;
    }
  if (status.st_size > SMEAR_BATCH_MAX_BYTES)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "%s: larger than 1 GiB; sweep it with “smearscope scan”", file->name);
      return NULL;
    }

  char *content;
  gsize length;
  g_autoptr (GError) failed = NULL;
  if (!g_file_get_contents (file->path, &content, &length, &failed))
    {
      g_set_error_literal (error, SMEAR_ERROR, SMEAR_ERROR_IO, failed->message);
      return NULL;
    }
  return g_bytes_new_take (content, length);
}

static void
judge_image (SmearModel *model, SmearImage *image, const SmearBatchFile *file,
             const SmearBatchOptions *options, gint n_threads, gboolean want_thumbnail,
             GCancellable *cancellable, SmearBatchResult *result)
{
  SmearClassifyOptions how = { options->explain,
                               options->want_map || options->maps || want_thumbnail,
                               n_threads };
  result->finding = smear_classify (model, image, options->region, &how, cancellable,
                                    NULL, NULL, &result->error);
  if (result->finding == NULL)
    return;

  SmearFinding *finding = result->finding;
  g_free (finding->source);
  finding->source = g_strdup (file->name);
  if (options->maps && finding->map)
    {
      g_autofree char *path = g_build_filename (options->maps, file->map, NULL);
      if (!smear_finding_save_map (finding, image, &options->style, path, &result->error))
        {
          g_clear_pointer (&result->finding, smear_finding_free);
          return;
        }
    }
  if (want_thumbnail)
    result->thumbnail = smear_thumbnail_new (image, finding, &options->style);
  if (options->want_image)
    result->image = smear_image_ref (image);
}

/* What went wrong says in which file, whoever reports it. */
static void
name_file (const SmearBatchFile *file, GError *error)
{
  if (strstr (error->message, file->name) == NULL)
    {
      g_autofree char *old = error->message;
      error->message = g_strdup_printf ("%s: %s", file->name, old);
    }
}

void
smear_batch_file_judge (SmearModel *model, const SmearBatchFile *file, guint index,
                        const SmearBatchOptions *options, gint n_threads,
                        gboolean want_thumbnail, SmearBatchDoneFunc done,
                        gpointer user_data, GCancellable *cancellable,
                        SmearBatchResult *result)
{
  g_autoptr (GBytes) bytes = read_file (file, &result->error);
  if (bytes)
    {
      if (done)
        {
          result->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
          result->done = done (file, index, result->sha256, user_data);
          result->skipped = result->done && !options->again;
          if (result->skipped)
            return;
        }
      g_autoptr (SmearImage) image = smear_image_load_bytes (bytes, file->name,
                                                             &result->error);
      if (image)
        judge_image (model, image, file, options, n_threads, want_thumbnail, cancellable,
                     result);
      else if (options->load
               && g_error_matches (result->error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED))
        {
          g_clear_error (&result->error);
          result->wants_host = TRUE;
        }
    }
  if (result->error)
    name_file (file, result->error);
}

void
smear_batch_file_judge_by_host (SmearModel *model, const SmearBatchFile *file,
                                const SmearBatchOptions *options, gint n_threads,
                                gboolean want_thumbnail, GCancellable *cancellable,
                                SmearBatchResult *result)
{
  g_autoptr (SmearImage) image = options->load (file->path, options->load_data,
                                                &result->error);
  if (image)
    judge_image (model, image, file, options, n_threads, want_thumbnail, cancellable,
                 result);
  if (result->error)
    name_file (file, result->error);
}
