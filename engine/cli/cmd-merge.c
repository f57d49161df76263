/* smearscope merge: one table of the shards' tables. */
#include "cli/commands.h"
#include "cli/options.h"

#include "records/shard.h"

static char *output, **paths;

static const GOptionEntry entries[]
    = { { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Table to write", "FILE" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "TABLE…" },
        G_OPTION_ENTRY_NULL };

int
smear_cmd_merge (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  guint n_rows = 0;

  if (!smear_cli_parse (
          &argc, &argv, entries, NULL,
          "Makes one table of those that “classify --shard” wrote, CSV or "
          "JSON Lines, in the order of an undivided run. Refuses if a shard "
          "is missing, there twice or not finished. Exit status: 0 merged, "
          "2 not."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (!output || !paths)
    {
      smear_cli_error ("say with --output where the table shall go, and name the shards' "
                       "tables");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (!smear_shards_merge ((const char *const *)paths, output, &n_rows, &error))
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  printf ("%u rows of %u shards\n", n_rows, g_strv_length (paths));
  return SMEAR_EXIT_OK;
}
