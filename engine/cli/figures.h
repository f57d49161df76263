/* Figures about answers, as members of a JSON object and as lines for people. */
#pragma once

#include "train/metrics.h"

/* Each appends members to an object that is open. */
void smear_figures_json_accuracy (GString *text, const SmearMetrics *m);
void smear_figures_json_smears (GString *text, guint n_smears, SmearInterval accuracy,
                                SmearInterval macro_f1);
void smear_figures_json_classes (GString *text, const SmearMetrics *m);
void smear_figures_json_calibration (GString *text, const SmearMetrics *m);

/** smear_figures_reliability: appends [[from, to, answers, right], …], bins without
 * answers left out: what a model's metadata hold under `reliability`. */
void smear_figures_reliability (GString *text, const SmearMetrics *m);

/* Each prints on standard output. */
void smear_figures_print_matrix (const SmearMetrics *m);
void smear_figures_print_rates (const SmearMetrics *m);
void smear_figures_print_reliability (const SmearMetrics *m);
