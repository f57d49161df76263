/* The four classes of the task. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SmearClass:
 * @SMEAR_CLASS_BENIGN: haematogones
 * @SMEAR_CLASS_EARLY: Early Pre-B acute lymphoblastic leukaemia
 * @SMEAR_CLASS_PRE: Pre-B
 * @SMEAR_CLASS_PRO: Pro-B
 */
typedef enum
{
  SMEAR_CLASS_NONE = -1,
  SMEAR_CLASS_BENIGN,
  SMEAR_CLASS_EARLY,
  SMEAR_CLASS_PRE,
  SMEAR_CLASS_PRO,
  SMEAR_N_CLASSES
} SmearClass;

/** smear_class_name: the short name used in folders, tables and JSON: Benign, Early, Pre,
 * Pro. */
const char *smear_class_name (SmearClass klass);
/** smear_class_title: the name for people: Benign, Early Pre-B, Pre-B, Pro-B. */
const char *smear_class_title (SmearClass klass);
/** smear_class_from_name: either of the two, case-insensitive; %SMEAR_CLASS_NONE if
 * unknown. */
SmearClass smear_class_from_name (const char *name);
/** smear_class_rgb: the colour a class has everywhere; Okabe and Ito's set, told apart by
 * the colour-blind too. One of its own for %SMEAR_CLASS_NONE. */
void smear_class_rgb (SmearClass klass, guint8 rgb[3]);

/** SMEAR_DISCLAIMER: said wherever a class is shown. */
#define SMEAR_DISCLAIMER "For research use only. Not a diagnostic device."

G_END_DECLS
