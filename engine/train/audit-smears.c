#include "train/audit-smears.h"

#define ROUNDS 2000
#define SEED 1

SmearInterval
smear_audited_share (const GArray *images, SmearProbe probe, SmearOutcome which,
                     guint *n_smears)
{
  g_autoptr (GArray) counted = g_array_new (FALSE, TRUE, sizeof (SmearPrediction));
  SmearInterval share, macro_f1;

  for (guint i = 0; i < images->len; i++)
    {
      const SmearAudited *image = &g_array_index (images, SmearAudited, i);
      guint8 outcome = image->outcomes[probe];
      /* A share is the accuracy of a question whose right answer is always the first. */
      SmearPrediction one = { .truth = SMEAR_CLASS_BENIGN,
                              .predicted = outcome & which ? SMEAR_CLASS_BENIGN
                                                           : SMEAR_CLASS_NONE,
                              .group = image->smear };
      if (outcome & SMEAR_OUTCOME_PUT)
        g_array_append_val (counted, one);
    }
  guint n = smear_bootstrap ((const SmearPrediction *)counted->data, counted->len, ROUNDS,
                             SEED, &share, &macro_f1);
  if (n_smears != NULL)
    *n_smears = n;
  return share;
}
