#include "core/finding-text.h"

#include "core/texts.h"

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

static char *
refusal (const SmearFinding *finding)
{
  if (!finding->has_quality || finding->quality.reason == NULL)
    return g_strdup (_ ("This does not look like a stained blood smear."));
  return g_strdup_printf (_ ("This does not look like a stained blood smear: %s."),
                          _ (finding->quality.reason));
}

char **
smear_warnings_text (const SmearFinding *finding)
{
  char **warnings = smear_finding_warnings (finding);

  for (char **warning = warnings; *warning != NULL; warning++)
    {
      /* The refusal comes first, and it alone is made of two parts. */
      char *text = finding->verdict == SMEAR_VERDICT_NOT_A_SMEAR && warning == warnings
                       ? refusal (finding)
                       : g_strdup (_ (*warning));

      g_free (*warning);
      *warning = text;
    }
  return warnings;
}
