#include "cli/commands.h"
#include "cli/options.h"

#include "base/cpu.h"
#include "nn/architectures.h"
#include "nn/safetensors.h"
#include "pipeline/json-line.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

static char **arguments;
static char *model_name, *metadata, *output;
static gboolean json;

static const GOptionEntry entries[]
    = { { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
          "Weights file or name of a shipped model", "MODEL" },
        { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
        { "set-metadata", 0, 0, G_OPTION_ARG_FILENAME, &metadata,
          "Write a copy of the weights with the members of this JSON object", "FILE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "The copy", "FILE" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, NULL },
        G_OPTION_ENTRY_NULL };

typedef struct
{
  SmearModel *model;
  char *path;
  GList *keys; /* of the metadata, sorted */
  GHashTable *metadata;
  gsize n_values; /* stored in the file, running statistics included */
  gint64 n_parameters, multiply_adds;
  char **known;
} Info;

static void
print_json (const Info *info)
{
  g_autoptr (GString) text = g_string_new ("{");
  smear_json_member_string (text, "model", smear_model_get_name (info->model));
  smear_json_member_string (text, "sha256", smear_model_get_hash (info->model));
  smear_json_member_string (text, "path", info->path);
  smear_json_member_integer (text, "parameters", info->n_parameters);
  smear_json_member_integer (text, "multiply_adds", info->multiply_adds);
  smear_json_member_integer (text, "values", info->n_values);
  smear_json_member (text, "metadata");
  g_string_append_c (text, '{');
  for (GList *key = info->keys; key; key = key->next)
    smear_json_member_string (text, key->data,
                              g_hash_table_lookup (info->metadata, key->data));
  g_string_append_c (text, '}');
  smear_json_member (text, "models");
  smear_json_strings (text, (const char *const *)info->known);
  smear_json_member_string (text, "instruction_set", smear_isa_name (smear_cpu_isa ()));
  smear_json_member_string (text, "best_instruction_set",
                            smear_isa_name (smear_cpu_best_isa ()));
  smear_json_member_integer (text, "processors", smear_cpu_count ());
  smear_json_member_string (text, "version", SMEARSCOPE_VERSION);
  smear_json_member_boolean (text, "research_use_only", TRUE);
  g_string_append_c (text, '}');
  puts (text->str);
}

/* Longer values (training logs, cards) are for --json. */
static void
print_metadata (const char *key, const char *value)
{
  const gsize most = 100;
  if (strlen (value) <= most && !strchr (value, '\n'))
    {
      printf ("  %-22s %s\n", key, value);
      return;
    }
  g_autofree char *start = g_utf8_substring (value, 0,
                                             MIN (g_utf8_strlen (value, -1), 80));
  g_strdelimit (start, "\n", ' ');
  printf ("  %-22s %s … (%" G_GSIZE_FORMAT " bytes)\n", key, start, strlen (value));
}

static void
print (const Info *info)
{
  g_autofree char *others = g_strjoinv (", ", info->known);
  printf ("model                    %s\n", smear_model_get_name (info->model));
  printf ("file                     %s\n", info->path);
  printf ("SHA-256                  %s\n", smear_model_get_hash (info->model));
  printf ("parameters               %" G_GINT64_FORMAT "\n", info->n_parameters);
  printf ("multiply-adds, forward   %" G_GINT64_FORMAT "\n", info->multiply_adds);
  for (GList *key = info->keys; key; key = key->next)
    print_metadata (key->data, g_hash_table_lookup (info->metadata, key->data));
  printf ("models found             %s\n", others);
  printf ("instruction set          %s (this machine has %s), %d processors\n",
          smear_isa_name (smear_cpu_isa ()), smear_isa_name (smear_cpu_best_isa ()),
          smear_cpu_count ());
  puts (SMEAR_DISCLAIMER);
}

/* The network by its name, without its values. */
static void
measure (Info *info)
{
  const char *architecture = smear_model_get_metadata (info->model, "architecture");
  const char *size = smear_model_get_metadata (info->model, "input_size");
  g_autoptr (SmearNetwork) network = architecture && size ? smear_architecture_new (
                                         architecture, atoi (size), SMEAR_N_CLASSES, NULL)
                                                          : NULL;
  if (network)
    {
      info->n_parameters = smear_network_n_parameters (network);
      info->multiply_adds = smear_network_multiply_adds (network);
    }
}

/* Text goes in as it is, everything else as its JSON; null takes a key out. */
static void
merge (GHashTable *into, JsonObject *object)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, &value))
    if (JSON_NODE_HOLDS_NULL (value))
      g_hash_table_remove (into, key);
    else
      g_hash_table_insert (into, g_strdup (key),
                           JSON_NODE_HOLDS_VALUE (value)
                                   && json_node_get_value_type (value) == G_TYPE_STRING
                               ? json_node_dup_string (value)
                               : json_to_string (value, FALSE));
}

static gint
set_metadata (SmearTensors *file)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  if (!output)
    {
      smear_cli_error ("name the copy with --output: weights are not changed in place");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (json_parser_load_from_file (parser, metadata, &error))
    {
      root = json_parser_get_root (parser);
      if (root && JSON_NODE_HOLDS_OBJECT (root))
        merge (file->metadata, json_node_get_object (root));
      else
        g_set_error (&error, SMEAR_ERROR, SMEAR_ERROR_FORMAT, "%s holds no JSON object",
                     metadata);
    }
  if (!error)
    smear_tensors_write (output, file->metadata, file->tensors, &error);
  if (error)
    smear_cli_error (error->message);
  return error ? SMEAR_EXIT_COULD_NOT_RUN : SMEAR_EXIT_OK;
}

int
smear_cmd_info (int argc, char **argv)
{
  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Says what a model is, where its weights were found, and what this "
          "program runs on.\nOf the metadata, reports show “metrics”, “audit” and "
          "“limits”, and take from “reliability”\n([[from, to, answers, right], …], by "
          "confidence 0 to 1) how often such answers were right."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (arguments)
    {
      smear_cli_error ("name the model with --model");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  g_autoptr (SmearModel) model = smear_cli_model (model_name);
  if (model == NULL)
    return SMEAR_EXIT_COULD_NOT_RUN;

  g_autoptr (GError) error = NULL;
  g_autoptr (SmearTensors) file = smear_tensors_open (smear_model_get_path (model),
                                                      &error);
  if (file == NULL)
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (metadata)
    return set_metadata (file);
  g_autofree char *path = smear_text_from_filename (smear_model_get_path (model));
  g_auto (GStrv) known = smear_model_list ();
  Info info = { .model = model,
                .path = path,
                .keys = g_list_sort (g_hash_table_get_keys (file->metadata),
                                     (GCompareFunc)strcmp),
                .metadata = file->metadata,
                .known = known };
  for (guint i = 0; i < file->tensors->len; i++)
    info.n_values += g_array_index (file->tensors, SmearTensor, i).n;
  measure (&info);
  if (json)
    print_json (&info);
  else
    print (&info);
  g_list_free (info.keys);
  return SMEAR_EXIT_OK;
}
