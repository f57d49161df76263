/* What reviewers agree on, as a list to train from. */
#include "records/feedback-latest.h"

#include "base/csv.h"
#include "base/put-file.h"

#include <errno.h>
#include <glib/gstdio.h>

typedef struct
{
  SmearHistory *history;
  const char *crops;
  SmearTrainingList *list;
  GString *text;
  GError *error;
  SmearOpinion place; /* the region or cell being gathered */
  gboolean disputed, any;
} Writer;

static void
add_line (Writer *writer, const char *path, SmearClass klass)
{
  smear_csv_append (writer->text, path);
  smear_csv_append (writer->text, smear_class_name (klass));
  smear_csv_end (writer->text);
}

static gboolean
is_whole_image (const SmearRecord *record)
{
  const SmearRegion *region = &record->finding->region;

  return region->x == 0 && region->y == 0 && region->width == record->image_width
         && region->height == record->image_height;
}

/* Only pixels the model was shown: a file changed since then would get a wrong label. */
static SmearImage *
load_unchanged (const SmearRecord *record)
{
  g_autoptr (SmearImage) image = record->path ? smear_image_load (record->path, NULL)
                                              : NULL;
  g_autofree char *hash = image ? smear_pixel_hash (image, &record->finding->region)
                                : NULL;

  return hash && g_strcmp0 (hash, record->pixel_hash) == 0 ? g_steal_pointer (&image)
                                                           : NULL;
}

static void
write_crop (Writer *writer, const SmearRecord *record, SmearImage *image)
{
  const SmearOpinion *place = &writer->place;
  const SmearRegion *region = &record->finding->region;
  GArray *cells = record->finding->cells;
  g_autoptr (SmearImage) crop = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  if (place->cell >= 0)
    region = cells && (guint)place->cell < cells->len
                 ? &g_array_index (cells, SmearCell, place->cell).box
                 : NULL;
  if (!region || region->x < 0 || region->y < 0 || region->width < 1 || region->height < 1
      || region->x > smear_image_get_width (image) - region->width
      || region->y > smear_image_get_height (image) - region->height)
    {
      writer->list->n_unavailable++;
      return;
    }
  name = place->cell < 0 ? g_strdup_printf ("%" G_GINT64_FORMAT ".png", place->about)
                         : g_strdup_printf ("%" G_GINT64_FORMAT "-cell-%d.png",
                                            place->about, place->cell + 1);
  path = g_build_filename (writer->crops, name, NULL);
  crop = smear_image_crop (image, region);
  if (!smear_image_save_png (crop, path, &writer->error))
    return;
  add_line (writer, path, place->klass);
  writer->list->n_crops++;
}

static void
write_place (Writer *writer)
{
  g_autoptr (SmearRecord) record = NULL;
  g_autoptr (SmearImage) image = NULL;
  gboolean whole;

  if (!writer->any || writer->error)
    return;
  if (writer->disputed)
    {
      writer->list->n_disputed++;
      return;
    }
  record = smear_history_get (writer->history, writer->place.about, &writer->error);
  if (!record)
    return;
  image = record->finding ? load_unchanged (record) : NULL;
  whole = image && writer->place.cell < 0 && is_whole_image (record);
  if (!image || (!whole && !writer->crops))
    writer->list->n_unavailable++;
  else if (!whole)
    write_crop (writer, record, image);
  else
    {
      add_line (writer, record->path, writer->place.klass);
      writer->list->n_images++;
    }
}

/* Opinions come sorted by place: a new place ends the one before. */
static void
gather (const SmearOpinion *opinion, gpointer user_data)
{
  Writer *writer = user_data;

  if (opinion->kind == SMEAR_FEEDBACK_FLAG)
    return;
  if (writer->any && writer->place.about == opinion->about
      && writer->place.cell == opinion->cell)
    {
      writer->disputed = writer->disputed || writer->place.klass != opinion->klass;
      return;
    }
  write_place (writer);
  writer->place = *opinion;
  writer->disputed = FALSE;
  writer->any = TRUE;
}

static gboolean
may_cut_out (SmearHistory *history, const char *crops, GError **error)
{
  if (!history->settings->pixels)
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
          "cutting out cells stores pixels, which is not allowed. Allow it with: "
          "smearscope history settings pixels=yes");
      return FALSE;
    }
  if (g_mkdir_with_parents (crops, 0700) == 0)
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s cannot be made: %s", crops,
               g_strerror (errno));
  return FALSE;
}

gboolean
smear_feedback_export (SmearHistory *history, const char *path, const char *crops,
                       SmearTrainingList *list, GError **error)
{
  const SmearHistoryQuery all = SMEAR_HISTORY_QUERY_ALL;
  g_autoptr (GHashTable) latest = NULL;
  g_autoptr (GString) text = g_string_new ("path,class\n");
  g_autofree char *folder = crops ? g_canonicalize_filename (crops, NULL) : NULL;
  Writer writer = { .history = history, .crops = folder, .list = list, .text = text };

  g_return_val_if_fail (history != NULL && path != NULL && list != NULL, FALSE);
  *list = (SmearTrainingList){ 0 };
  if (crops && !may_cut_out (history, crops, error))
    return FALSE;
  latest = smear_feedback_latest (history, NULL, &all, error);
  if (!latest)
    return FALSE;
  smear_feedback_each_latest (latest, gather, &writer);
  write_place (&writer);
  if (writer.error)
    {
      g_propagate_error (error, writer.error);
      return FALSE;
    }
  return smear_put_file (path, text->str, text->len, 0600, error);
}
