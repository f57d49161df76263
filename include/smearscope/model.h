/* A trained model: network, preprocessing, calibration and identity from one weights
 * file. */
#pragma once

#include <smearscope/error.h>

G_BEGIN_DECLS

/**
 * SmearModel:
 *
 * Immutable after loading, reference counted, shareable between threads.
 */
typedef struct _SmearModel SmearModel;

/**
 * smear_model_load:
 * @path: a `.safetensors` file, or the bare name of a shipped model ("published-cnn"),
 *   or %NULL for the default model
 * @error: return location; %SMEAR_ERROR_FORMAT or %SMEAR_ERROR_MODEL for hostile files
 *
 * Names are looked up in `$SMEARSCOPE_WEIGHTS`, `weights/` beside the binary or above it,
 * and the installed data folders. The file is mapped, not read.
 *
 * Returns: (transfer full) (nullable)
 */
SmearModel *smear_model_load (const char *path, GError **error);
SmearModel *smear_model_ref (SmearModel *model);
void smear_model_unref (SmearModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearModel, smear_model_unref)

const char *smear_model_get_name (const SmearModel *model);
/** smear_model_get_path: the file it came from. */
const char *smear_model_get_path (const SmearModel *model);
/** smear_model_get_hash: SHA-256 of the weights file, lower-case hex; computed on first
 * call. */
const char *smear_model_get_hash (SmearModel *model);
/** smear_model_get_metadata: the value of a metadata key of the file; %NULL if absent. */
const char *smear_model_get_metadata (const SmearModel *model, const char *key);
/** smear_model_list: names of all models found. Returns: (transfer full): a %NULL-ended
 * list */
char **smear_model_list (void);

G_END_DECLS
