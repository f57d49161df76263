/* What is said about one region: the one thing that leaves the engine. */
#pragma once

#include <smearscope/class.h>
#include <smearscope/heat-map.h>
#include <smearscope/leukocytes.h>
#include <smearscope/model.h>

G_BEGIN_DECLS

/**
 * SmearVerdict:
 * @SMEAR_VERDICT_ANSWERED: a class is given
 * @SMEAR_VERDICT_UNCERTAIN: the best class is below the model's threshold
 * @SMEAR_VERDICT_NO_LEUKOCYTES: a smear, but nothing in it to judge
 * @SMEAR_VERDICT_NOT_A_SMEAR: refused
 */
typedef enum
{
  SMEAR_VERDICT_ANSWERED,
  SMEAR_VERDICT_UNCERTAIN,
  SMEAR_VERDICT_NO_LEUKOCYTES,
  SMEAR_VERDICT_NOT_A_SMEAR
} SmearVerdict;

/** smear_verdict_name: "answered", "uncertain", "no leukocytes", "not a smear". */
const char *smear_verdict_name (SmearVerdict verdict);

/**
 * SmearFinding:
 * @source: (nullable): file or image name, UTF-8 for display
 * @region: what was judged, in pixels of the source
 * @verdict: whether there is an answer
 * @klass: the most probable class; %SMEAR_CLASS_NONE if nothing could be judged
 * @probabilities: by class, calibrated, sum 1 (all 0 if nothing could be judged)
 * @confidence: probability of @klass
 * @malignant: sum over the three leukaemia classes
 * @explained: class that @map explains
 * @map: (nullable): heat map over @region
 * @cells: (nullable) (element-type SmearCell): leukocytes judged, in pixels of the source
 * @quality: of the region; only where @has_quality
 * @model_name: model that answered
 * @model_hash: its SHA-256
 */
typedef struct
{
  char *source;
  SmearRegion region;
  SmearVerdict verdict;
  SmearClass klass;
  gfloat probabilities[SMEAR_N_CLASSES];
  gfloat confidence, malignant;
  SmearClass explained;
  SmearHeatMap *map;
  GArray *cells;
  gboolean has_quality;
  SmearQuality quality;
  char *model_name, *model_hash;
} SmearFinding;

void smear_finding_free (SmearFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearFinding, smear_finding_free)

/**
 * smear_finding_to_json:
 *
 * One line, no line end: `file`, `class` (null if none), `probabilities` {Benign, Early,
 * Pre, Pro}, `malignant`, `confidence`, `model`, `verdict`, `region` [x, y, width,
 * height], `cells` […], `warnings` […], `research_use_only` true; `model_sha256` and
 * `quality` where known.
 *
 * Returns: (transfer full)
 */
char *smear_finding_to_json (const SmearFinding *finding);

/**
 * smear_finding_from_json:
 * @json: one line of smear_finding_to_json(); members it does not know are passed over
 *
 * Numbers come back with the seven digits they were written with; heat map, explained
 * class and the reason of a refusal are not in it.
 *
 * Returns: (transfer full) (nullable): %NULL with %SMEAR_ERROR_FORMAT
 */
SmearFinding *smear_finding_from_json (const char *json, GError **error);

/** smear_finding_title: "Pre-B 97.3 %", "uncertain (Pre-B 51.0 %)", … Returns: (transfer
 * full) */
char *smear_finding_title (const SmearFinding *finding);

/** smear_finding_warnings: sentences for people. Returns: (transfer full): %NULL-ended
 * list */
char **smear_finding_warnings (const SmearFinding *finding);

/**
 * SmearMapStyle:
 * @overlay: blended over the image instead of standing alone
 * @colours: colour map
 * @opacity: of the blend
 * @threshold: values below it stay transparent in a map that stands alone
 */
typedef struct
{
  gboolean overlay;
  SmearColourMap colours;
  gfloat opacity, threshold;
} SmearMapStyle;

#define SMEAR_MAP_STYLE_DEFAULT                                                          \
  {                                                                                      \
    FALSE, SMEAR_COLOUR_MAP_VIRIDIS, 0.5f, 0                                             \
  }

/**
 * smear_finding_save_map:
 * @finding: one with a heat map
 * @image: what was judged
 * @path: a PNG of the region's size, put in place at once; folders on the way are made
 */
gboolean smear_finding_save_map (const SmearFinding *finding, SmearImage *image,
                                 const SmearMapStyle *style, const char *path,
                                 GError **error);

/**
 * smear_json_is_shallow:
 * @text: JSON that somebody else wrote
 * @length: of it, in bytes
 *
 * json-glib goes down the stack with every bracket, so a million of them end the program.
 * Ask this before it sees what an image or a file brought along. Comments and single
 * quotes, which are no JSON although json-glib takes them, could hide brackets.
 *
 * Returns: whether it is free of them and nested no more than 64 deep
 */
gboolean smear_json_is_shallow (const char *text, gsize length);

G_END_DECLS
