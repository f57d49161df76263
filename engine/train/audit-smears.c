#include "train/audit-smears.h"

#define ROUNDS 2000
#define SEED 1

SmearInterval
smear_outcomes_over_smears (const guint8 *outcomes, const SmearDataset *dataset,
                            const GArray *chosen, SmearOutcome which, guint *n_smears)
{
  g_autoptr (GArray) counted = g_array_new (FALSE, TRUE, sizeof (SmearPrediction));
  SmearInterval share, macro_f1;

  for (guint i = 0; i < chosen->len; i++)
    {
      const SmearSample *sample = smear_dataset_sample (dataset,
                                                        g_array_index (chosen, gint, i));
      /* A share is the accuracy of a question whose right answer is always the first. */
      SmearPrediction one = { .truth = SMEAR_CLASS_BENIGN,
                              .predicted = outcomes[i] & which ? SMEAR_CLASS_BENIGN
                                                               : SMEAR_CLASS_NONE,
                              .group = sample->smear };
      if (outcomes[i] & SMEAR_OUTCOME_PUT)
        g_array_append_val (counted, one);
    }
  guint n = smear_bootstrap ((const SmearPrediction *)counted->data, counted->len, ROUNDS,
                             SEED, &share, &macro_f1);
  if (n_smears != NULL)
    *n_smears = n;
  return share;
}
