#include "cli/commands.h"
#include "cli/options.h"

#include "nn/onnx-export.h"
#include "nn/safetensors.h"
#include "pipeline/model-file.h"

static char *model_name, *onnx;
static char **arguments;

static const GOptionEntry entries[]
    = { { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
          "Weights file or name of a shipped model", "MODEL" },
        { "onnx", 0, 0, G_OPTION_ARG_FILENAME, &onnx, "Where the network goes", "FILE" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, NULL },
        G_OPTION_ENTRY_NULL };

/* The weights file's own metadata, and where it came from. */
static GArray *
notes_of (SmearModel *model, GHashTable *metadata)
{
  GArray *notes = g_array_new (FALSE, FALSE, sizeof (SmearOnnxNote));
  SmearOnnxNote weights = { "weights_sha256", smear_model_get_hash (model) };
  SmearOnnxNote use = { "use", SMEAR_DISCLAIMER };
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (metadata),
                                        (GCompareFunc)g_strcmp0);

  for (GList *key = keys; key; key = key->next)
    {
      SmearOnnxNote note = { key->data, g_hash_table_lookup (metadata, key->data) };
      g_array_append_val (notes, note);
    }
  g_array_append_val (notes, weights);
  g_array_append_val (notes, use);
  return notes;
}

static gboolean export(SmearModel *model, GError **error)
{
  g_autoptr (SmearTensors) tensors = smear_tensors_open (smear_model_get_path (model),
                                                         error);

  if (tensors == NULL)
    return FALSE;
  g_autoptr (GArray) notes = notes_of (model, tensors->metadata);
  return smear_network_export_onnx (
      smear_model_network (model),
      smear_model_temperature (model, smear_model_judges_cells (model) ? 1 : 0),
      (const SmearOnnxNote *)notes->data, notes->len, onnx, error);
}

int
smear_cmd_export (int argc, char **argv)
{
  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Writes the network of a model for other programs, as ONNX (operator "
          "set 17). It takes “input”, float [N, 3, height, width] of 0 to 1, RGB, "
          "already prepared as the file's metadata say, and gives “logits” and "
          "“probabilities” of Benign, Early, Pre and Pro."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (onnx == NULL || arguments != NULL)
    {
      smear_cli_error ("name the file to write with --onnx; “--help” says more");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  g_autoptr (SmearModel) model = smear_cli_model (model_name);
  if (model == NULL)
    return SMEAR_EXIT_COULD_NOT_RUN;
  g_autoptr (GError) error = NULL;
  if (export(model, &error))
    return SMEAR_EXIT_OK;
  smear_cli_error (error->message);
  return SMEAR_EXIT_COULD_NOT_RUN;
}
