/* What dialogs call arguments and choices; the procedure browser shows their full titles.
 */
#pragma once

#include "core/procedures.h"

G_BEGIN_DECLS

/** smear_arg_label: a word or two with mnemonic, translated. */
const char *smear_arg_label (const SmearArg *arg);
/** smear_arg_needs: Returns: (nullable): the argument without which this one is without
 * effect */
const char *smear_arg_needs (const char *name);
/** smear_arg_suits: whether what is chosen elsewhere in @arguments leaves it an effect.
 */
gboolean smear_arg_suits (const char *name, GVariantDict *arguments);
/** smear_choice_label: for people, translated. */
const char *smear_choice_label (const char *choice);

/** smear_stage_label: what the engine does, translated. */
const char *smear_stage_label (const char *stage);

/**
 * smear_shown_args:
 * @scene: (nullable): what the dialog is about
 *
 * Returns: (transfer full) (element-type SmearArg): what a dialog should ask for, from
 * top to bottom: first what others depend on
 */
GPtrArray *smear_shown_args (const SmearProcedure *procedure, const SmearScene *scene);

/** smear_procedure_title: of its window. Returns: (transfer full) */
char *smear_procedure_title (const SmearProcedure *procedure);

G_END_DECLS
