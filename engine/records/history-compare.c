/* Two findings side by side. */
#include "records/history-private.h"

#include <string.h>

static void
comparison_free (gpointer data)
{
  SmearComparison *comparison = data;

  g_free (comparison->first);
  g_free (comparison->second);
  g_free (comparison);
}

static SmearComparison *
add (GPtrArray *rows, const char *what, char *first, char *second)
{
  SmearComparison *row = g_new (SmearComparison, 1);

  *row = (SmearComparison){ what, first, second, g_str_equal (first, second) };
  g_ptr_array_add (rows, row);
  return row;
}

static void
add_text (GPtrArray *rows, const char *what, const char *first, const char *second)
{
  add (rows, what, g_strdup (first ? first : "–"), g_strdup (second ? second : "–"));
}

static void
add_share (GPtrArray *rows, const char *what, gfloat first, gfloat second)
{
  SmearComparison *row = add (rows, what, g_strdup_printf ("%.2f %%", 100 * first),
                              g_strdup_printf ("%.2f %%", 100 * second));

  row->same = memcmp (&first, &second, sizeof first) == 0;
}

static char *
region_text (const SmearRegion *region)
{
  return g_strdup_printf ("%d, %d, %d × %d", region->x, region->y, region->width,
                          region->height);
}

static char *
warnings_text (char **warnings)
{
  return warnings && *warnings ? g_strjoinv (" ", warnings) : g_strdup ("–");
}

static void
add_cells (GPtrArray *rows, const SmearFinding *first, const SmearFinding *second)
{
  const SmearFinding *both[] = { first, second };
  char *texts[2];

  for (guint i = 0; i < 2; i++)
    {
      guint counts[SMEAR_N_CLASSES] = { 0 }, n = both[i]->cells ? both[i]->cells->len : 0;
      GString *text = g_string_new (NULL);

      g_string_printf (text, "%u", n);
      for (guint k = 0; k < n; k++)
        {
          SmearClass klass = g_array_index (both[i]->cells, SmearCell, k).klass;
          if (klass != SMEAR_CLASS_NONE)
            counts[klass]++;
        }
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        if (counts[c] > 0)
          g_string_append_printf (text, ", %u %s", counts[c], smear_class_title (c));
      texts[i] = g_string_free (text, FALSE);
    }
  add (rows, "cells", texts[0], texts[1]);
}

static char *
local_time (gint64 time)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return g_date_time_format (local, "%Y-%m-%d %H:%M:%S");
}

GPtrArray *
smear_record_compare (const SmearRecord *first, const SmearRecord *second)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (comparison_free);
  const SmearFinding *a, *b;

  g_return_val_if_fail (first != NULL && first->finding != NULL, rows);
  g_return_val_if_fail (second != NULL && second->finding != NULL, rows);
  a = first->finding;
  b = second->finding;
  add (rows, "time", local_time (first->time), local_time (second->time));
  add_text (rows, "user", first->user, second->user);
  add_text (rows, "image", first->erased ? "(erased)" : a->source,
            second->erased ? "(erased)" : b->source);
  add (rows, "region", region_text (&a->region), region_text (&b->region));
  add_text (rows, "pixels SHA-256", first->pixel_hash, second->pixel_hash);
  add (rows, "finding", smear_finding_title (a), smear_finding_title (b));
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    add_share (rows, smear_class_title (c), a->probabilities[c], b->probabilities[c]);
  add_share (rows, "malignant", a->malignant, b->malignant);
  add_cells (rows, a, b);
  add (rows, "warnings", warnings_text (first->warnings),
       warnings_text (second->warnings));
  add_text (rows, "heat map SHA-256", first->map_hash, second->map_hash);
  add_text (rows, "model", a->model_name, b->model_name);
  add_text (rows, "model SHA-256", a->model_hash, b->model_hash);
  add_text (rows, "version", first->version, second->version);
  add_text (rows, "program", first->program, second->program);
  return rows;
}
