/* One file's row in the three kinds of record a batch writes. */
#pragma once

#include <smearscope/batch.h>

/**
 * SmearRowContext:
 * @model_name: model of the run
 * @model_hash: its SHA-256
 * @region: (nullable): what was asked for
 * @maps: (nullable): folder of heat maps
 */
typedef struct
{
  const char *model_name, *model_hash;
  const SmearRegion *region;
  const char *maps;
} SmearRowContext;

/**
 * SmearRowKey:
 * @class_name: (nullable): class given
 * @verdict: (nullable): as smear_verdict_name()
 * @error: (nullable): why there is no answer
 * @whole: the whole image was asked for
 *
 * What tells a row read back whether its file has to be judged again.
 */
typedef struct
{
  char *file, *sha256, *model_hash, *class_name, *verdict, *error;
  gboolean whole;
  SmearRegion region;
} SmearRowKey;

void smear_row_key_clear (SmearRowKey *key);

/**
 * SmearRowFormat:
 * @head: (nullable): what the file starts with
 * @start: (nullable): what every record starts with
 * @length: bytes of the complete record at the start of @data, 0 if it is not complete
 * @parse: %FALSE if the record is none of ours
 * @print: appends a record, line end included
 * @page: (nullable): what comes before and after the records in a file that is put
 *   together only at the end
 */
typedef struct
{
  const char *head, *start;
  gsize (*length) (const char *data, gsize length);
  gboolean (*parse) (const char *record, gsize length, SmearRowKey *key);
  void (*print) (const SmearBatchRow *row, const SmearRowContext *context, GString *text);
  void (*page) (GPtrArray *keys, GString *before, GString *after);
} SmearRowFormat;

/** SMEAR_CARD_PICTURES: images of a list that have a picture in the contact sheet; a
 * browser takes no more with ease. */
#define SMEAR_CARD_PICTURES 2000

extern const SmearRowFormat smear_row_csv, smear_row_json_lines, smear_row_card;

/** smear_row_line_length: @length of formats whose records are lines. */
gsize smear_row_line_length (const char *data, gsize length);
