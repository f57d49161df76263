/* Finished tiles, one line each: what a killed sweep goes on from. */
#include "base/json-read.h"
#include "base/remedy.h"
#include "pipeline/json-line.h"
#include "records/sweep-records.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

struct _SmearSweepJournal
{
  char *path;
  gint fd;
  off_t size; /* of what is whole */
};

/* Numbers of a cell before its probabilities. */
enum
{
  BOX_X,
  BOX_Y,
  BOX_WIDTH,
  BOX_HEIGHT,
  X,
  Y,
  AREA,
  TOUCHES_EDGE,
  CLASS,
  PROBABILITIES,
  N_NUMBERS = PROBABILITIES + SMEAR_N_CLASSES
};

static gboolean
set_io_error (const SmearSweepJournal *journal, gint number, GError **error)
{
  g_autofree char *name = g_filename_display_name (journal->path);
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot be written: %s%s", name,
               g_strerror (number), smear_io_remedy (number, TRUE));
  return FALSE;
}

/* All of @text and through to the disk; otherwise the file is as it was. */
static gboolean
append (SmearSweepJournal *journal, const char *text, gsize length, GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = pwrite (journal->fd, text + done, length - done,
                         journal->size + (off_t)done);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        break;
      done += (gsize)n;
    }
  if (done < length || fdatasync (journal->fd) != 0)
    {
      gint number = errno;
      /* Should this fail too, the half line is cut off when the sweep is resumed. */
      if (ftruncate (journal->fd, journal->size) != 0)
        g_debug ("%s: %s", journal->path, g_strerror (errno));
      return set_io_error (journal, number, error);
    }
  journal->size += (off_t)length;
  return TRUE;
}

/* Nine digits bring every float back as it was. */
static void
append_float (GString *line, gfloat value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (line, ", ");
  g_string_append (line, g_ascii_formatd (digits, sizeof digits, "%.9g", value));
}

gboolean
smear_sweep_journal_append (SmearSweepJournal *journal, const SmearSweepTile *tile,
                            GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_append_printf (line, "{\"tile\": %u, \"refused\": ", tile->index);
  smear_json_string (line, tile->refused);
  g_string_append (line, ", \"cells\": [");
  for (guint i = 0; i < tile->cells->len; i++)
    {
      const SmearCell *cell = &g_array_index (tile->cells, SmearCell, i);
      g_string_append_printf (line, "%s[%d, %d, %d, %d", i ? ", " : "", cell->box.x,
                              cell->box.y, cell->box.width, cell->box.height);
      append_float (line, cell->x);
      append_float (line, cell->y);
      g_string_append_printf (line, ", %d, %d, %d", cell->area, cell->touches_edge,
                              cell->klass);
      for (gint c = 0; c < SMEAR_N_CLASSES; c++)
        append_float (line, cell->probabilities[c]);
      g_string_append_c (line, ']');
    }
  g_string_append (line, "]}\n");
  return append (journal, line->str, line->len, error);
}

static gboolean
read_cell (JsonNode *node, SmearCell *cell)
{
  gdouble numbers[N_NUMBERS];

  if (!JSON_NODE_HOLDS_ARRAY (node)
      || json_array_get_length (json_node_get_array (node)) != N_NUMBERS)
    return FALSE;
  for (guint i = 0; i < N_NUMBERS; i++)
    {
      JsonNode *number = json_array_get_element (json_node_get_array (node), i);
      if (!JSON_NODE_HOLDS_VALUE (number))
        return FALSE;
      numbers[i] = json_node_get_double (number);
      if (!(numbers[i] >= -4 * (gdouble)(1 << 28) && numbers[i] <= G_MAXINT))
        return FALSE;
    }
  *cell = (SmearCell){ .box = { (gint)numbers[BOX_X], (gint)numbers[BOX_Y],
                                (gint)numbers[BOX_WIDTH], (gint)numbers[BOX_HEIGHT] },
                       .x = (gfloat)numbers[X],
                       .y = (gfloat)numbers[Y],
                       .area = (gint)numbers[AREA],
                       .touches_edge = numbers[TOUCHES_EDGE] != 0,
                       .klass = (SmearClass)numbers[CLASS] };
  for (gint c = 0; c < SMEAR_N_CLASSES; c++)
    cell->probabilities[c] = (gfloat)numbers[PROBABILITIES + c];
  return cell->klass >= 0 && cell->klass < SMEAR_N_CLASSES;
}

static JsonNode *
member (JsonObject *object, const char *name, gboolean is_array)
{
  JsonNode *node = json_object_get_member (object, name);
  return node && JSON_NODE_HOLDS_ARRAY (node) == is_array ? node : NULL;
}

/* Returns: (transfer full) (nullable): %NULL if the line is no tile of this sweep */
static SmearSweepTile *
read_tile (const char *line, gsize length, guint n_tiles)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  if (!smear_json_load (parser, line, length, NULL))
    return NULL;
  JsonNode *root = json_parser_get_root (parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  JsonObject *object = json_node_get_object (root);
  JsonNode *index = member (object, "tile", FALSE),
           *cells = member (object, "cells", TRUE);
  JsonNode *refused = member (object, "refused", FALSE);
  if (!index || !JSON_NODE_HOLDS_VALUE (index) || !cells || !refused
      || json_node_get_int (index) < 0 || json_node_get_int (index) >= n_tiles)
    return NULL;

  g_autoptr (SmearSweepTile) tile = g_new0 (SmearSweepTile, 1);
  JsonArray *array = json_node_get_array (cells);
  tile->index = (guint)json_node_get_int (index);
  tile->cells = g_array_new (FALSE, TRUE, sizeof (SmearCell));
  if (JSON_NODE_HOLDS_VALUE (refused)
      && !(tile->refused = smear_sweep_refusal (json_node_get_string (refused))))
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      SmearCell cell;
      if (!read_cell (json_array_get_element (array, i), &cell))
        return NULL;
      g_array_append_val (tile->cells, cell);
    }
  return g_steal_pointer (&tile);
}

/* Reads up to the first line that is not whole. Returns: %FALSE if the first line is
 * there and not @identity */
static gboolean
read_back (SmearSweepJournal *journal, const char *identity, guint n_tiles,
           GPtrArray *tiles)
{
  g_autofree char *line = NULL;
  g_autofree guint8 *seen = g_new0 (guint8, n_tiles);
  gboolean ours = TRUE;
  size_t room = 0;
  FILE *file = fdopen (dup (journal->fd), "r");
  gssize n;

  if (!file)
    return TRUE;
  while ((n = getline (&line, &room, file)) > 0 && line[n - 1] == '\n')
    {
      if (journal->size == 0)
        {
          ours = strncmp (line, identity, (gsize)n - 1) == 0
                 && strlen (identity) == (gsize)n - 1;
          if (!ours)
            break;
        }
      else
        {
          SmearSweepTile *tile = read_tile (line, (gsize)n, n_tiles);
          if (!tile)
            break;
          if (seen[tile->index]++)
            smear_sweep_tile_free (tile);
          else
            g_ptr_array_add (tiles, tile);
        }
      journal->size += n;
    }
  fclose (file);
  return ours;
}

SmearSweepJournal *
smear_sweep_journal_open (const char *path, const char *identity, guint n_tiles,
                          gboolean resume, GPtrArray *tiles, GError **error)
{
  g_autoptr (SmearSweepJournal) journal = g_new0 (SmearSweepJournal, 1);

  journal->path = g_strdup (path);
  journal->fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0666);
  if (journal->fd < 0)
    {
      set_io_error (journal, errno, error);
      return NULL;
    }
  if (resume && !read_back (journal, identity, n_tiles, tiles))
    {
      g_autofree char *name = g_filename_display_name (path);
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                   "%s: from a sweep of another scan, or with another model or scale; "
                   "choose another output, or leave --resume out to begin anew",
                   name);
      return NULL;
    }
  if (ftruncate (journal->fd, journal->size) != 0)
    {
      set_io_error (journal, errno, error);
      return NULL;
    }
  if (journal->size == 0)
    {
      g_autofree char *head = g_strconcat (identity, "\n", NULL);
      if (!append (journal, head, strlen (head), error))
        return NULL;
    }
  return g_steal_pointer (&journal);
}

void
smear_sweep_journal_close (SmearSweepJournal *journal)
{
  if (!journal)
    return;
  if (journal->fd >= 0)
    close (journal->fd);
  g_free (journal->path);
  g_free (journal);
}
