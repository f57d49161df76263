/* Images whose class is known, from a table or from one folder a class. */
#pragma once

#include <smearscope/smearscope.h>

/** SmearLabel: truth, and the smear and fold an image belongs to where a table says so.
 */
typedef struct
{
  SmearClass klass;
  char *smear, *fold; /* (nullable) */
} SmearLabel;

/**
 * SmearLabelled:
 * @files: (element-type SmearBatchFile)
 * @labels: (element-type SmearLabel): one for each of @files
 */
typedef struct
{
  GPtrArray *files;
  GArray *labels;
} SmearLabelled;

/**
 * smear_labelled_from_folder:
 * @folder: holds one folder a class, or is one itself; named as the class, with or
 * without something in brackets before it; other folders are passed over
 *
 * Returns: (transfer full) (nullable)
 */
SmearLabelled *smear_labelled_from_folder (const char *folder, GError **error);

/**
 * smear_labelled_from_table:
 * @csv: has columns `path` and `class`, and may have `smear` and `fold`
 * @folder: (nullable): where paths start that do not start at the table
 * @fold: (nullable): only this one
 *
 * Returns: (transfer full) (nullable)
 */
SmearLabelled *smear_labelled_from_table (const char *csv, const char *folder,
                                          const char *fold, GError **error);

/**
 * smear_labelled_folds:
 * @complete: (out) (optional): every image has one
 *
 * Returns: (transfer full) (element-type utf8): the folds that occur, in the order of
 * their names, which belong to @labelled
 */
GPtrArray *smear_labelled_folds (const SmearLabelled *labelled, gboolean *complete);

void smear_labelled_free (SmearLabelled *labelled);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearLabelled, smear_labelled_free)
