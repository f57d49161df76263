/* Records that survive being killed: appended row by row, repaired and continued. */
#pragma once

#include "records/row.h"

typedef struct _SmearTable SmearTable;

/**
 * smear_table_open:
 * @path: where the table goes; held against other runs until it is closed
 * @resume: keep the rows that are there; a half row at the end is cut off
 *
 * Errors: %SMEAR_ERROR_IO if it cannot be written or another run holds it,
 * %SMEAR_ERROR_FORMAT if @resume finds a file of another kind.
 *
 * Returns: (transfer full) (nullable)
 */
SmearTable *smear_table_open (const char *path, const SmearRowFormat *format,
                              const SmearRowContext *context, gboolean resume,
                              GError **error);

/** smear_table_has: a finished row for this content, model and region was there when the
 * table was opened, and its heat map is there if one is wanted. Any thread. */
gboolean smear_table_has (const SmearTable *table, const SmearBatchFile *file,
                          const char *sha256);

/** smear_table_append: handed to the system when this returns, or not at all: it outlives
 * this process, though perhaps no power cut. */
gboolean smear_table_append (SmearTable *table, const SmearBatchRow *row, GError **error);

/**
 * smear_table_finish:
 * @files: (element-type SmearBatchFile): the order rows are to have
 * @only_listed: drop rows of other files, which else come first
 *
 * Puts rows in order, one a file, the last written of each. The table is replaced in one
 * step, and only if that changes it.
 */
gboolean smear_table_finish (SmearTable *table, GPtrArray *files, gboolean only_listed,
                             GError **error);

void smear_table_close (SmearTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearTable, smear_table_close)
