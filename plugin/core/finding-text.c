#include "core/finding-text.h"

#include "core/texts.h"

#include <string.h>

/* The engine's words, for the catalogue to know; the engine itself speaks English. */
G_GNUC_UNUSED static const char *const known[] = {
  N_ ("The answer rests on a single leukocyte."),
  N_ ("No class is probable enough: take this as no answer."),
  N_ ("No leukocytes were found, so there is nothing to judge."),
  N_ ("The cells are out of focus."),
  N_ ("The image is too dark."),
  N_ ("The image is too bright."),
  N_ ("nothing but one colour"),
  N_ ("the background is dark"),
  N_ ("no empty background between cells"),
  N_ ("colours that no blood stain gives"),
  N_ ("no stain, only shades of grey"),
  N_ ("black marks instead of cells"),
  N_ ("neither red cells nor leukocytes"),
  N_ ("This does not look like a stained blood smear."),
};

char *
smear_finding_text (const SmearFinding *finding)
{
  g_autofree char *answer = NULL;

  if (finding->verdict == SMEAR_VERDICT_NO_LEUKOCYTES)
    return g_strdup (_ ("no leukocytes found"));
  if (finding->verdict == SMEAR_VERDICT_NOT_A_SMEAR)
    return g_strdup (_ ("not a stained smear"));
  answer = g_strdup_printf ("%s %.1f %%", _ (smear_class_title (finding->klass)),
                            100.0 * finding->confidence);
  return finding->verdict == SMEAR_VERDICT_UNCERTAIN
             ? g_strdup_printf (_ ("uncertain (%s)"), answer)
             : g_steal_pointer (&answer);
}

/* As the engine begins a refusal; what follows is one of the reasons above, and a full
 * stop. */
#define REFUSAL "This does not look like a stained blood smear: "

char *
smear_warning_text (const char *warning)
{
  g_autofree char *reason = NULL;

  if (!g_str_has_prefix (warning, REFUSAL) || warning[strlen (REFUSAL)] == '\0')
    return g_strdup (_ (warning));
  reason = g_strndup (warning + strlen (REFUSAL),
                      strlen (warning) - strlen (REFUSAL) - 1);
  return g_strdup_printf (_ ("This does not look like a stained blood smear: %s."),
                          _ (reason));
}

char **
smear_warnings_text (const SmearFinding *finding)
{
  char **warnings = smear_finding_warnings (finding);

  for (char **warning = warnings; *warning != NULL; warning++)
    {
      char *text = smear_warning_text (*warning);

      g_free (*warning);
      *warning = text;
    }
  return warnings;
}
