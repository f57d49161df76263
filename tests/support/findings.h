/* Findings made up for tests of what becomes of them. */
#pragma once

#include <smearscope/finding.h>

/* A Pre-B finding of 0.75 on a region of 40x30 at (10, 20), one cell in it. */
static inline SmearFinding *
finding_new (const char *source)
{
  SmearFinding *finding = g_new0 (SmearFinding, 1);
  SmearCell cell = { .box = { 12, 22, 9, 8 },
                     .x = 16.5f,
                     .y = 25.25f,
                     .area = 50,
                     .touches_edge = TRUE,
                     .klass = SMEAR_CLASS_PRO,
                     .probabilities = { 0, 0.25f, 0.25f, 0.5f } };
  finding->source = g_strdup (source);
  finding->region = (SmearRegion){ 10, 20, 40, 30 };
  finding->klass = finding->explained = SMEAR_CLASS_PRE;
  finding->probabilities[SMEAR_CLASS_BENIGN] = 0.125f;
  finding->probabilities[SMEAR_CLASS_EARLY] = 0.0625f;
  finding->probabilities[SMEAR_CLASS_PRE] = 0.75f;
  finding->probabilities[SMEAR_CLASS_PRO] = 0.0625f;
  finding->confidence = 0.75f;
  finding->malignant = 0.875f;
  finding->cells = g_array_new (FALSE, FALSE, sizeof (SmearCell));
  g_array_append_val (finding->cells, cell);
  finding->model_name = g_strdup ("made up");
  finding->model_hash = g_strdup ("cafe");
  return finding;
}
