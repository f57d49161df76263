/* The findings an image holds, and where they are in the history. */
#include "core/records.h"

#include <json-glib/json-glib.h>

#include "core/document.h"
#include "core/texts.h"

void
smear_kept_free (SmearKept *kept)
{
  smear_finding_free (kept->finding);
  g_clear_pointer (&kept->numbers, g_array_unref);
  g_free (kept->hash);
  g_free (kept);
}

/* What smear_keeper_line() added to the finding's own members. */
static void
read_rest (SmearKept *kept, JsonObject *object)
{
  JsonNode *id = json_object_get_member (object, "record");
  JsonNode *hash = json_object_get_member (object, "record_hash");
  JsonNode *numbers = json_object_get_member (object, "numbers");

  if (id != NULL && json_node_get_value_type (id) == G_TYPE_INT64 && hash != NULL
      && json_node_get_value_type (hash) == G_TYPE_STRING)
    {
      kept->id = json_node_get_int (id);
      kept->hash = g_strdup (json_node_get_string (hash));
    }
  if (numbers == NULL || !JSON_NODE_HOLDS_ARRAY (numbers))
    return;
  kept->numbers = g_array_new (FALSE, FALSE, sizeof (gint));
  for (guint i = 0; i < json_array_get_length (json_node_get_array (numbers)); i++)
    {
      JsonNode *node = json_array_get_element (json_node_get_array (numbers), i);
      gint number = JSON_NODE_HOLDS_VALUE (node) ? (gint)json_node_get_int (node) : 0;

      g_array_append_val (kept->numbers, number);
    }
}

GPtrArray *
smear_kept_list (SmearHost *host, GError **error)
{
  g_autofree char *json = host->get_findings (host);
  g_autoptr (GPtrArray) lines = smear_document_lines (json);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (
      (GDestroyNotify)smear_kept_free);

  for (guint i = 0; i < lines->len; i++)
    {
      g_autoptr (JsonNode) node = json_from_string (lines->pdata[i], NULL);
      SmearFinding *finding = smear_finding_from_json (lines->pdata[i], NULL);
      SmearKept *kept;

      if (finding == NULL)
        continue;
      kept = g_new0 (SmearKept, 1);
      kept->finding = finding;
      read_rest (kept, json_node_get_object (node));
      g_ptr_array_add (list, kept);
    }
  if (list->len > 0)
    return g_steal_pointer (&list);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               _ ("This image holds no findings yet. Run Classify or Find Cells first."));
  return NULL;
}

SmearRecord *
smear_kept_record (const SmearKept *kept, SmearHistory *history, GError **error)
{
  g_autoptr (SmearRecord) record = NULL;

  if (kept->id > 0)
    record = smear_history_get (history, kept->id, NULL);
  if (record != NULL && record->finding != NULL
      && g_strcmp0 (record->hash, kept->hash) == 0)
    return g_steal_pointer (&record);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT, "%s",
               kept->id > 0
                   ? _ ("The finding was kept in another history than the one in use.")
                   : _ ("This finding is not in the history. Judge the image again with "
                        "“Keep in the history” ticked, or switch recording on in the "
                        "history's settings."));
  return NULL;
}

/* The engine may have judged fewer cells than were drawn: the place tells which is meant.
 */
gint
smear_kept_cell (const SmearKept *kept, const SmearRecord *record, gint number,
                 GError **error)
{
  const GArray *drawn = kept->finding->cells, *judged = record->finding->cells;
  const SmearCell *cell = NULL;

  if (number == 0)
    return -1;
  for (guint i = 0; i < drawn->len && cell == NULL; i++)
    {
      gint own = kept->numbers != NULL && i < kept->numbers->len
                     ? g_array_index (kept->numbers, gint, i)
                     : (gint)i + 1;
      if (own == number)
        cell = &g_array_index (drawn, SmearCell, i);
    }
  for (guint i = 0; cell != NULL && judged != NULL && i < judged->len; i++)
    {
      const SmearRegion *box = &g_array_index (judged, SmearCell, i).box;

      if (cell->x >= box->x && cell->x < box->x + box->width && cell->y >= box->y
          && cell->y < box->y + box->height)
        return (gint)i;
    }
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
               cell == NULL ? _ ("The finding has no cell %d.")
                            : _ ("Cell %d was not judged by itself."),
               number);
  return -2;
}
