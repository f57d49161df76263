/* smearscope reproduce: a recorded finding once more, compared to the bit. */
#include "cli/commands.h"
#include "cli/history-options.h"
#include "cli/options.h"

static char *image_path, *model_path;

static const GOptionEntry entries[]
    = { SMEAR_CLI_HISTORY_ENTRIES,
        { "image", 0, 0, G_OPTION_ARG_FILENAME, &image_path,
          "Where the image is now (default: where it was)", "FILE" },
        { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_path,
          "Where the model is now (default: where it was, or by its name)", "MODEL" },
        G_OPTION_ENTRY_NULL };

int
smear_cmd_reproduce (int argc, char **argv)
{
  gint64 id;

  if (!smear_cli_parse (
          &argc, &argv, entries, "ID",
          "Classifies the image of a recorded finding again and says whether the\n"
          "bits agree; of a scan, whether the counts do. Exit status: 0 they do, 1 they "
          "differ, 2 could not run."))
    return SMEAR_EXIT_COULD_NOT_RUN;
  if (argc != 2)
    {
      smear_cli_error ("name one finding: smearscope reproduce ID");
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (!smear_cli_id (argv[1], &id))
    return SMEAR_EXIT_COULD_NOT_RUN;
  g_autoptr (SmearHistory) history = smear_cli_history (FALSE);
  if (history == NULL)
    return SMEAR_EXIT_COULD_NOT_RUN;

  g_autoptr (GError) error = NULL;
  g_autoptr (SmearRecord) record = smear_history_get (history, id, &error);
  g_autoptr (SmearReproduction) run
      = record ? smear_reproduce (record, image_path, model_path, &error) : NULL;
  if (run == NULL)
    {
      smear_cli_error (error->message);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  g_autofree char *title = smear_finding_title (run->finding ? run->finding
                                                             : record->finding);
  printf ("%s: %s\n",
          !run->same     ? "differs"
          : run->finding ? "the same to the bit"
                         : "the same leukocytes, class by class",
          title);
  for (guint i = 0; run->differences[i]; i++)
    printf ("  %s\n", run->differences[i]);
  puts (SMEAR_DISCLAIMER);
  return run->same ? SMEAR_EXIT_OK : SMEAR_EXIT_SOME_FAILED;
}
