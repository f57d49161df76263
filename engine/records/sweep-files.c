/* Table, GeoJSON and summary of a sweep. */
#include "base/csv.h"
#include "image/image-private.h"
#include "pipeline/json-line.h"
#include "records/geojson.h"
#include "records/sweep-records.h"

#include <string.h>

/* Text goes to the file in pieces: there may be a million cells. */
#define PIECE 65536

typedef struct
{
  const SmearSweepResult *result;
  gint fd, code;
  GString *text;
} Writer;

static void
flush (Writer *writer, gsize least)
{
  if (writer->text->len < least)
    return;
  if (writer->code == 0)
    writer->code = smear_write_fully (writer->fd, (const guint8 *)writer->text->str,
                                      writer->text->len);
  g_string_truncate (writer->text, 0);
}

gboolean
smear_sweep_is_uncertain (const SmearSweepResult *result, const SmearCell *cell)
{
  return cell->probabilities[cell->klass] < smear_model_threshold (result->model);
}

gfloat
smear_cell_malignant (const SmearCell *cell)
{
  return cell->probabilities[SMEAR_CLASS_EARLY] + cell->probabilities[SMEAR_CLASS_PRE]
         + cell->probabilities[SMEAR_CLASS_PRO];
}

gboolean
smear_sweep_own_part (const SmearSweepResult *result, guint index, SmearRegion *part)
{
  const SmearRegion *region = &result->region;
  SmearRegion core, outer;

  smear_sweep_grid_tile (&result->grid, index, &core, &outer);
  part->x = MAX (core.x, region->x);
  part->y = MAX (core.y, region->y);
  part->width = MIN (core.x + core.width, region->x + region->width) - part->x;
  part->height = MIN (core.y + core.height, region->y + region->height) - part->y;
  return part->width > 0 && part->height > 0;
}

static void
write_csv (Writer *writer)
{
  const SmearSweepResult *result = writer->result;

  g_string_append (writer->text, "x,y,box_x,box_y,box_width,box_height,nucleus_um2,class,"
                                 "Benign,Early,Pre,Pro,malignant,uncertain,touches_edge,"
                                 "research_use_only\n");
  for (guint i = 0; i < result->cells->len; i++)
    {
      const SmearCell *cell = &g_array_index (result->cells, SmearCell, i);
      GString *line = writer->text;
      smear_csv_append_number (line, cell->x);
      smear_csv_append_number (line, cell->y);
      smear_csv_append_number (line, cell->box.x);
      smear_csv_append_number (line, cell->box.y);
      smear_csv_append_number (line, cell->box.width);
      smear_csv_append_number (line, cell->box.height);
      smear_csv_append_number (line, cell->area * result->grid.um * result->grid.um);
      smear_csv_append (line, smear_class_name (cell->klass));
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        smear_csv_append_number (line, cell->probabilities[c]);
      smear_csv_append_number (line, smear_cell_malignant (cell));
      smear_csv_append (line, smear_sweep_is_uncertain (result, cell) ? "yes" : "no");
      smear_csv_append (line, cell->touches_edge ? "yes" : "no");
      smear_csv_append (line, "yes");
      smear_csv_end (line);
      flush (writer, PIECE);
    }
}

/* Neighbours in a row that were refused for the same reason are one area. */
static guint
refused_run (const SmearSweepResult *result, guint first, SmearRegion *area)
{
  const SmearSweepTile *tile = result->tiles->pdata[first];
  guint next = first + 1;
  SmearRegion part;

  for (; next < result->tiles->len; next++)
    {
      const SmearSweepTile *other = result->tiles->pdata[next];
      if (other->refused != tile->refused || other->index != tile->index + next - first
          || !smear_sweep_own_part (result, other->index, &part) || part.y != area->y)
        break;
      area->width = part.x + part.width - area->x;
    }
  return next;
}

static void
add_outlines (Writer *writer)
{
  const GPtrArray *areas = writer->result->areas;

  for (guint i = 0; i < areas->len; i++)
    {
      const SmearSweepArea *area = areas->pdata[i];
      g_autoptr (GString) counts = g_string_new (NULL);

      smear_json_member_integer (counts, "Leukocytes", area->tally.n_cells);
      if (area->tally.n_cells > 0)
        smear_json_member_number (counts, "Blast fraction", area->tally.blasts);
      g_string_append (writer->text, i ? ",\n" : "");
      smear_geojson_outline (writer->text, area->area,
                             area->finding ? area->finding->klass : SMEAR_CLASS_NONE,
                             counts->str);
      flush (writer, PIECE);
    }
}

static void
write_geojson (Writer *writer)
{
  const SmearSweepResult *result = writer->result;

  smear_geojson_begin (writer->text);
  if (result->areas)
    add_outlines (writer);
  else
    smear_geojson_area (writer->text, &result->region, "Swept by Smearscope", NULL);
  for (guint i = 0; i < result->tiles->len;)
    {
      const SmearSweepTile *tile = result->tiles->pdata[i];
      SmearRegion area;
      if (!tile->refused || !smear_sweep_own_part (result, tile->index, &area))
        {
          i++;
          continue;
        }
      i = refused_run (result, i, &area);
      g_string_append (writer->text, ",\n");
      smear_geojson_area (writer->text, &area, tile->refused, "Refused");
      flush (writer, PIECE);
    }
  for (guint i = 0; i < result->cells->len; i++)
    {
      g_string_append (writer->text, ",\n");
      smear_geojson_cell (writer->text, &g_array_index (result->cells, SmearCell, i));
      flush (writer, PIECE);
    }
  smear_geojson_end (writer->text);
}

static void
add_text (GString *json, const char *name, const char *value)
{
  g_string_append_printf (json, "  \"%s\": ", name);
  smear_json_string (json, value);
  g_string_append (json, ",\n");
}

static void
add_number (GString *json, const char *name, gdouble value)
{
  g_string_append_printf (json, "  \"%s\": ", name);
  smear_json_number (json, value);
  g_string_append (json, ",\n");
}

/* Area in mm² by reason, and where nothing could be read. */
static void
add_refusals (GString *json, const SmearSweepResult *result)
{
  g_autoptr (GPtrArray) reasons = g_ptr_array_new ();
  gdouble mm2 = result->grid.um * result->grid.um * 1e-6;
  SmearRegion part;

  for (guint i = 0; i < result->tiles->len; i++)
    {
      const SmearSweepTile *tile = result->tiles->pdata[i];
      if (tile->refused && !g_ptr_array_find (reasons, tile->refused, NULL)
          && smear_sweep_own_part (result, tile->index, &part))
        g_ptr_array_add (reasons, (gpointer)tile->refused);
    }
  g_string_append (json, "  \"refused\": [");
  for (guint r = 0; r < reasons->len; r++)
    {
      gdouble area = 0;
      guint n = 0;
      for (guint i = 0; i < result->tiles->len; i++)
        {
          const SmearSweepTile *tile = result->tiles->pdata[i];
          if (tile->refused != reasons->pdata[r]
              || !smear_sweep_own_part (result, tile->index, &part))
            continue;
          area += (gdouble)part.width * part.height * mm2;
          n++;
        }
      g_string_append (json, r ? ", {\"why\": " : "{\"why\": ");
      smear_json_string (json, reasons->pdata[r]);
      g_string_append_printf (json, ", \"tiles\": %u, \"mm2\": ", n);
      smear_json_number (json, area);
      g_string_append_c (json, '}');
    }
  g_string_append (json, "],\n  \"unreadable\": [");
  gboolean first = TRUE;
  for (guint i = 0; i < result->tiles->len; i++)
    {
      const SmearSweepTile *tile = result->tiles->pdata[i];
      if (!tile->error || !smear_sweep_own_part (result, tile->index, &part))
        continue;
      g_string_append_printf (json, "%s{\"region\": [%d, %d, %d, %d], \"why\": ",
                              first ? "" : ", ", part.x, part.y, part.width, part.height);
      smear_json_string (json, tile->error->message);
      g_string_append_c (json, '}');
      first = FALSE;
    }
  g_string_append (json, "],\n");
}

static void
write_summary (Writer *writer)
{
  const SmearSweepResult *result = writer->result;
  const SmearSweepTotals *totals = result->totals;
  const SmearRegion *region = &result->region;
  GString *json = writer->text;
  gdouble mm2 = result->grid.um * result->grid.um * 1e-6;

  g_string_append (json, "{\n");
  add_text (json, "scan", result->scan);
  add_text (json, "model", smear_model_get_name (result->model));
  add_text (json, "model_sha256", smear_model_get_hash (result->model));
  add_number (json, "width", result->grid.width);
  add_number (json, "height", result->grid.height);
  add_number (json, "um_per_pixel", result->grid.um);
  g_string_append_printf (json, "  \"region\": [%d, %d, %d, %d],\n", region->x, region->y,
                          region->width, region->height);
  add_number (json, "region_mm2", (gdouble)region->width * region->height * mm2);
  if (result->areas)
    add_number (json, "regions", result->areas->len);
  add_number (json, "cells", totals->n_cells);
  g_string_append (json, "  \"by_class\": {");
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    g_string_append_printf (json, "%s\"%s\": %u", c ? ", " : "", smear_class_name (c),
                            totals->by_class[c]);
  g_string_append (json, "},\n");
  add_number (json, "uncertain", totals->n_uncertain);
  g_string_append (json, "  \"blast_fraction\": ");
  smear_json_number (json, totals->blasts);
  g_string_append (json, ",\n  \"blast_fraction_95\": [");
  smear_json_number (json, totals->blasts_low);
  g_string_append (json, ", ");
  smear_json_number (json, totals->blasts_high);
  g_string_append (json, "],\n");
  add_refusals (json, result);
  g_string_append (json, "  \"research_use_only\": true,\n  \"disclaimer\": ");
  smear_json_string (json, SMEAR_DISCLAIMER);
  g_string_append (json, "\n}\n");
}

typedef struct
{
  const SmearSweepResult *result;
  void (*write) (Writer *writer);
} Task;

static gint
save (gint fd, gpointer data)
{
  const Task *task = data;
  Writer writer = { task->result, fd, 0, g_string_new (NULL) };

  task->write (&writer);
  flush (&writer, 0);
  g_string_free (writer.text, TRUE);
  return writer.code;
}

gboolean
smear_sweep_write_csv (const SmearSweepResult *result, const char *path, GError **error)
{
  Task task = { result, write_csv };
  return smear_save (path, save, &task, error);
}

gboolean
smear_sweep_write_geojson (const SmearSweepResult *result, const char *path,
                           GError **error)
{
  Task task = { result, write_geojson };
  return smear_save (path, save, &task, error);
}

gboolean
smear_sweep_write_summary (const SmearSweepResult *result, const char *path,
                           GError **error)
{
  Task task = { result, write_summary };
  return smear_save (path, save, &task, error);
}
