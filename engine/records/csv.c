#include "base/csv.h"
#include "records/row.h"

#include <stdlib.h>
#include <string.h>

enum
{
  FILE_NAME,
  CLASS,
  CONFIDENCE,
  BENIGN,
  EARLY,
  PRE,
  PRO,
  MALIGNANT,
  VERDICT,
  CELLS,
  WARNINGS,
  X,
  Y,
  WIDTH,
  HEIGHT,
  WHOLE_IMAGE,
  MAP,
  MODEL,
  MODEL_SHA256,
  FILE_SHA256,
  ERROR_TEXT,
  RESEARCH_USE_ONLY,
  N_COLUMNS
};

static gsize
record_length (const char *data, gsize length)
{
  return smear_csv_parse (data, length, NULL);
}

static char *
take (char **fields, gint column)
{
  return fields[column][0] ? g_strdup (smear_csv_name (fields[column])) : NULL;
}

static gboolean
parse (const char *record, gsize length, SmearRowKey *key)
{
  g_auto (GStrv) fields = NULL;
  if (smear_csv_parse (record, length, &fields) == 0
      || g_strv_length (fields) != N_COLUMNS)
    return FALSE;
  key->file = g_strdup (smear_csv_name (fields[FILE_NAME]));
  key->class_name = take (fields, CLASS);
  key->verdict = take (fields, VERDICT);
  key->sha256 = take (fields, FILE_SHA256);
  key->model_hash = take (fields, MODEL_SHA256);
  key->error = take (fields, ERROR_TEXT);
  key->whole = strcmp (fields[WHOLE_IMAGE], "yes") == 0;
  key->region = (SmearRegion){ atoi (fields[X]), atoi (fields[Y]), atoi (fields[WIDTH]),
                               atoi (fields[HEIGHT]) };
  return TRUE;
}

static void
append_integer (GString *line, gint value)
{
  char digits[16];
  g_snprintf (digits, sizeof digits, "%d", value);
  smear_csv_append (line, digits);
}

static void
append_finding (GString *line, const SmearFinding *finding,
                const SmearRowContext *context)
{
  g_auto (GStrv) warnings = smear_finding_warnings (finding);
  g_autofree char *sentences = g_strjoinv (" ", warnings);

  smear_csv_append (
      line, finding->klass == SMEAR_CLASS_NONE ? "" : smear_class_name (finding->klass));
  smear_csv_append_number (line, finding->confidence);
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    smear_csv_append_number (line, finding->probabilities[i]);
  smear_csv_append_number (line, finding->malignant);
  smear_csv_append (line, smear_verdict_name (finding->verdict));
  append_integer (line, finding->cells ? (gint)finding->cells->len : 0);
  smear_csv_append (line, sentences);
  append_integer (line, finding->region.x);
  append_integer (line, finding->region.y);
  append_integer (line, finding->region.width);
  append_integer (line, finding->region.height);
  smear_csv_append (line, context->region ? "no" : "yes");
}

static void
print (const SmearBatchRow *row, const SmearRowContext *context, GString *text)
{
  smear_csv_append_name (text, row->file->name);
  if (row->finding)
    append_finding (text, row->finding, context);
  else
    for (gint column = CLASS; column <= WHOLE_IMAGE; column++)
      smear_csv_append (text, "");

  g_autofree char *map = g_filename_display_name (row->file->map);
  smear_csv_append_name (text,
                         context->maps && row->finding && row->finding->map ? map : "");
  smear_csv_append_name (text, context->model_name);
  smear_csv_append (text, context->model_hash);
  smear_csv_append (text, row->sha256 ? row->sha256 : "");
  smear_csv_append_name (text, row->error ? row->error->message : "");
  smear_csv_append (text, "yes");
  smear_csv_end (text);
}

const SmearRowFormat smear_row_csv = {
  .head = "file,class,confidence,Benign,Early,Pre,Pro,malignant,verdict,cells,warnings,"
          "x,y,width,height,whole_image,map,model,model_sha256,file_sha256,error,"
          "research_use_only\n",
  .length = record_length,
  .parse = parse,
  .print = print,
};
