/* The procedures, said once for every GIMP: names, arguments, results, what they run.
 *
 * An adapter registers smear_procedures() one by one. To run one it packs the arguments
 * it got into a GVariantDict by name, calls smear_procedure_run() and hands the results
 * out. Run mode, image and drawable are the adapter's: they come first where @on is not
 * SMEAR_ON_NOTHING, the run mode always.
 */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

typedef enum
{
  SMEAR_ARG_BOOLEAN,      /* GVariant "b" */
  SMEAR_ARG_INT,          /* "i", within minimum and maximum */
  SMEAR_ARG_DOUBLE,       /* "d", within minimum and maximum */
  SMEAR_ARG_STRING,       /* "s" */
  SMEAR_ARG_CHOICE,       /* "s", one of choices; "" stands for the first */
  SMEAR_ARG_DOUBLE_ARRAY, /* "ad"; results only */
  SMEAR_ARG_IMAGE         /* "i": GIMP's id; results only */
} SmearArgKind;

/**
 * SmearArg:
 * @name: as GIMP wants it: lower case, hyphens
 * @title: for dialogs and the procedure browser, translatable
 * @text: fallback of a string or choice
 * @choices: (nullable): %NULL-ended names
 * @of_one_image: what was given for one image means something else for the next: never
 * kept as the value last used
 */
typedef struct
{
  SmearArgKind kind;
  const char *name, *title;
  gdouble minimum, maximum, fallback;
  const char *text;
  const char *const *choices;
  gboolean of_one_image;
} SmearArg;

typedef enum
{
  SMEAR_ON_DRAWABLE, /* needs an image and a drawable */
  SMEAR_ON_IMAGE,    /* needs an image */
  SMEAR_ON_NOTHING   /* runs without any image */
} SmearOn;

/**
 * SmearProcedure:
 * @name: in GIMP's procedure database
 * @menu_label: (nullable): with mnemonic, translatable; %NULL for none
 * @blurb: one sentence
 * @help: paragraphs
 * @arguments: ended by an entry without name
 * @more: ended by an entry without name: what only the dialog and the last-used values
 * know where arguments are given by position; named arguments may offer them too
 * @results: ended by an entry without name
 * @has_dialog: the adapter has a dialog for it (gimp2/dialog.c, gimp3/dialog.c)
 * @asks_anew: repeated with the last values, it asks all the same: they name a file or an
 * opinion that was meant for one image, or say how the history was set up before
 * @run: does it; @arguments are complete and checked, @results is filled in
 */
typedef struct
{
  const char *name, *menu_label, *blurb, *help;
  SmearOn on;
  gboolean has_dialog, asks_anew;
  const SmearArg *arguments, *more, *results;
  gboolean (*run) (SmearHost *host, GVariantDict *arguments, GVariantDict *results,
                   GError **error);
} SmearProcedure;

/** SMEAR_MENU: where the entries stand. */
#define SMEAR_MENU "<Image>/Filters/Smearscope"

/** smear_procedures: all of them, ended by %NULL. */
const SmearProcedure *const *smear_procedures (void);
/** smear_procedure_find: Returns: (nullable) */
const SmearProcedure *smear_procedure_find (const char *name);

/** smear_procedure_arg: the @n-th of @procedure->arguments and of ->more behind them.
 * Returns: (nullable): %NULL past the last */
const SmearArg *smear_procedure_arg (const SmearProcedure *procedure, guint n);

/** smear_procedure_takes: whether it has an argument of this name. */
gboolean smear_procedure_takes (const SmearProcedure *procedure, const char *name);

/**
 * smear_procedure_recall: fill @arguments with the values last used by this user, or the
 * fallbacks. Values already in it stay.
 */
void smear_procedure_recall (const SmearProcedure *procedure, SmearHost *host,
                             GVariantDict *arguments);
/** smear_procedure_remember: keep @arguments for the next smear_procedure_recall(). */
void smear_procedure_remember (const SmearProcedure *procedure, SmearHost *host,
                               GVariantDict *arguments);

/** smear_procedure_complete: give missing @arguments their fallback, as a form shows
 * them.
 */
void smear_procedure_complete (const SmearProcedure *procedure, GVariantDict *arguments);

/**
 * smear_procedure_run:
 * @arguments: missing ones are given their fallback, present ones are checked
 * @results: filled in on success
 *
 * Errors: %SMEAR_ERROR_ARGUMENT naming the argument, its value and what it may be;
 * whatever the engine and the host report.
 */
gboolean smear_procedure_run (const SmearProcedure *procedure, SmearHost *host,
                              GVariantDict *arguments, GVariantDict *results,
                              GError **error);

G_END_DECLS
