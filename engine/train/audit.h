/* What does a model's answer rest on? */
#pragma once

#include "train/metrics.h"
#include "train/probe-run.h"
#include <smearscope/classify.h>

/**
 * SmearProbeScore:
 * @n: images the probe was put to
 * @n_correct: still, or again, the right class
 * @n_same: the same answer as untouched (of the class, or none at all)
 * @n_named: a class was named, be it as uncertain
 * @n_sure: a class was named at a confidence from the model's threshold on
 * @n_donor: the class that the background or the stain came from
 */
typedef struct
{
  guint n, n_correct, n_same, n_named, n_sure, n_donor;
} SmearProbeScore;

/** smear_probe_score_add: one more answer; @sure: not as uncertain. */
void smear_probe_score_add (SmearProbeScore *score, const SmearProbed *probed,
                            SmearClass untouched, SmearClass answer, gboolean sure);

/**
 * SmearCascade: layers whose weights are drawn anew, from the output down.
 * @SMEAR_CASCADE_OUTPUT: the last layer
 * @SMEAR_CASCADE_HALF: the upper half of all weights and biases
 * @SMEAR_CASCADE_ALL: all
 */
typedef enum
{
  SMEAR_CASCADE_OUTPUT,
  SMEAR_CASCADE_HALF,
  SMEAR_CASCADE_ALL,
  SMEAR_N_CASCADES
} SmearCascade;

/** smear_cascade_name: as in the report. */
const char *smear_cascade_name (SmearCascade cascade);

/**
 * SmearAudit:
 * @scores: by probe
 * @right: 95 % interval of the accuracy by probe, drawn over smears: images of one are
 * not independent; NaN with fewer than two smears
 * @same: the same of the answers that stay
 * @n_smears: how many smears the images are of; one without a smear is its own
 * @refused: untouched images on which nothing was said
 * @energy_cells: mean share of the heat map's sum inside leukocytes
 * @energy_scale_bar: the same in the corner of the scale bar
 * @energy_elsewhere: the rest
 * @randomised: mean rank correlation of the heat map with that of the same network with
 *   weights drawn anew, by how many of its layers; near 0 for an explanation that depends
 *   on what was learnt
 * @within_cells: @randomised is over places in leukocytes only, as the model sees
 *   nothing else and both maps are 0 there
 */
typedef struct
{
  SmearProbeScore scores[SMEAR_N_PROBES];
  SmearInterval right[SMEAR_N_PROBES], same[SMEAR_N_PROBES];
  guint n, n_smears, refused;
  gdouble energy_cells, energy_scale_bar, energy_elsewhere;
  gdouble randomised[SMEAR_N_CASCADES];
  gboolean within_cells;
  guint n_energy, n_randomised;
} SmearAudit;

/**
 * SmearAuditPart: a model and images to audit it on.
 * @dataset: listed, not read
 */
typedef struct
{
  SmearModel *model;
  SmearDataset *dataset;
} SmearAuditPart;

/**
 * smear_audit:
 * @parts: (array length=n_parts): of a cross-validation each fold, with the model that
 * has not learnt from it; they are counted together
 * @limit: at most about this many images, evenly through parts and classes; 0 for all
 * @sheet: (nullable): folder for a picture of every probe of one image of each class of
 *   the first part, and for sheet.png with all of them and what was answered
 *
 * Puts every probe to every image. The weights' test is that of Adebayo et al., "Sanity
 * checks for saliency maps", NeurIPS 2018.
 */
gboolean smear_audit (const SmearAuditPart *parts, guint n_parts, guint limit,
                      guint64 seed, const char *sheet, SmearPool *pool,
                      SmearProgressFunc progress, gpointer user_data, SmearAudit *audit,
                      GError **error);

/** smear_audit_lost: points of accuracy that the worst of the probes from @first to @last
 * costs, beside the untouched images; double magnification beside %SMEAR_PROBE_MIDDLE,
 * which has as many cells. */
gdouble smear_audit_lost (const SmearProbeScore *scores, SmearProbe first,
                          SmearProbe last);

/** smear_audit_verdict: in words, one sentence a line. Returns: (transfer full) */
char *smear_audit_verdict (const SmearAudit *audit);

/** smear_rank_correlation: Spearman's, ties share ranks; 0 if one side is constant. */
gdouble smear_rank_correlation (const gfloat *a, const gfloat *b, guint n);
