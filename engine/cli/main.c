/* smearscope: the engine on the command line. */
#include "cli/commands.h"

#include <smearscope/smearscope.h>

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct
{
  const char *name, *what;
  int (*run) (int argc, char **argv);
} commands[] = {
  { "classify", "name the class of smear images, one by one or whole folders",
    smear_cmd_classify },
  { "merge", "put the tables of a run in shards together", smear_cmd_merge },
  { "scan", "count and judge all leukocytes of a slide, however large", smear_cmd_scan },
  { "explain", "show where in an image the answer comes from", smear_cmd_explain },
  { "evaluate", "measure a model on labelled images", smear_cmd_evaluate },
  { "audit", "show what a model's answer rests on", smear_cmd_audit },
  { "compare", "train and audit a model and its rivals under one budget",
    smear_cmd_compare },
  { "train", "train a model on labelled images", smear_cmd_train },
  { "info", "say what a model is and what this program runs on", smear_cmd_info },
  { "export", "write a model's network for other programs, as ONNX", smear_cmd_export },
  { "synthesise", "make artificial smears with known cells", smear_cmd_synthesise },
  { "report", "put findings on paper: PDF or HTML to sign and file", smear_cmd_report },
  { "history", "look into what was recorded, prove it whole, erase from it",
    smear_cmd_history },
  { "feedback", "agree with findings, correct or flag them; agreement and training list",
    smear_cmd_feedback },
  { "reproduce", "classify a recorded image again and compare to the bit",
    smear_cmd_reproduce },
};

static void
print_help (FILE *stream)
{
  fputs ("Usage: smearscope COMMAND [OPTION…] [FILE…]\n\n"
         "Classes of acute lymphoblastic leukaemia in stained blood "
         "smears.\n" SMEAR_DISCLAIMER "\n\nCommands:\n",
         stream);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (stream, "  %-12s %s\n", commands[i].name, commands[i].what);
  fputs ("\n“smearscope COMMAND --help” says more about a command.\n", stream);
}

static int
run (int argc, char **argv)
{
  const char *name = argc > 1 ? argv[1] : NULL;
  if (name == NULL)
    {
      print_help (stderr);
      return SMEAR_EXIT_COULD_NOT_RUN;
    }
  if (strcmp (name, "--help") == 0 || strcmp (name, "-h") == 0
      || strcmp (name, "help") == 0)
    {
      print_help (stdout);
      return SMEAR_EXIT_OK;
    }
  if (strcmp (name, "--version") == 0)
    {
      puts ("smearscope " SMEARSCOPE_VERSION);
      return SMEAR_EXIT_OK;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (name, commands[i].name) == 0)
      {
        g_autofree char *called = g_strconcat ("smearscope ", name, NULL);
        g_set_prgname (called); /* for “Usage:” */
        return commands[i].run (argc - 1, argv + 1);
      }
  fprintf (stderr, "smearscope: no command “%s”; “smearscope --help” lists them\n", name);
  return SMEAR_EXIT_COULD_NOT_RUN;
}

/* What a full disk or a closed pipe took of the answer is no success. */
static int
all_was_said (int status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  fprintf (stderr, "smearscope: standard output could not be written: %s\n",
           g_strerror (errno));
  return SMEAR_EXIT_COULD_NOT_RUN;
}

int
main (int argc, char **argv)
{
  /* Numbers keep their point whatever the language. */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  return all_was_said (run (argc, argv));
}
