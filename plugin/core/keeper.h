/* Findings of a run on their way into the user's history and the image's parasite. */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

/**
 * SmearKeeper:
 * @recorder: follows the user's settings of the history
 * @path: (nullable): file the image was opened from
 */
typedef struct
{
  SmearHost *host;
  const SmearScene *scene;
  SmearRecorder *recorder;
  char *path;
} SmearKeeper;

/**
 * smear_keeper_init:
 * @arguments: of the run; "record" asks for its findings to be kept
 * @how: as the findings are made with
 */
void smear_keeper_init (SmearKeeper *keeper, SmearHost *host, const SmearScene *scene,
                        SmearModel *model, GVariantDict *arguments,
                        const SmearClassifyOptions *how);
/** smear_keeper_clear: tells the user if the history could not be written. */
void smear_keeper_clear (SmearKeeper *keeper);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmearKeeper, smear_keeper_clear)

/**
 * smear_keeper_add:
 * @finding: in places of the canvas
 * @image: what was judged
 * @cut: where @image lies on the canvas
 *
 * Returns: (transfer full) (nullable): its entry in the history; %NULL if it is not kept
 */
SmearRecord *smear_keeper_add (SmearKeeper *keeper, const SmearFinding *finding,
                               SmearImage *image, const SmearRegion *cut);

/**
 * smear_keeper_line:
 * @record: (nullable): the entry of @finding
 * @numbers: (nullable) (element-type gint): of the cells as they are drawn
 *
 * Returns: (transfer full): the finding as the parasite holds it: its JSON, with `record`
 *   and `record_hash` where it is in the history, and `numbers`
 */
char *smear_keeper_line (const SmearFinding *finding, const SmearRecord *record,
                         GArray *numbers);

/** smear_keeper_asks: the user's settings want to be asked for each run. */
gboolean smear_keeper_asks (void);

G_END_DECLS
