/* The picture sheet of an audit: each probe of one image of each class, with the answer.
 */
#pragma once

#include "train/probe-run.h"
#include <smearscope/heat-map.h>

typedef struct _SmearAuditSheet SmearAuditSheet;

/**
 * smear_audit_sheet_new:
 * @folder: where pictures go; has to exist when the first is added
 * @chosen: (element-type gint): samples of the audit; the first of each class is shown
 */
SmearAuditSheet *smear_audit_sheet_new (const char *folder, const SmearDataset *dataset,
                                        GArray *chosen);
void smear_audit_sheet_free (SmearAuditSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearAuditSheet, smear_audit_sheet_free)

/* Each passes over what is not shown; any thread may call. */

/** smear_audit_sheet_add: saves the image as CLASS-NN-PROBE.png, and keeps it. */
gboolean smear_audit_sheet_add (SmearAuditSheet *sheet, const SmearProbed *probed,
                                SmearClass answer, gfloat confidence, GError **error);
/** smear_audit_sheet_add_map: the heat map of an untouched image; @random of the network
 * with weights drawn anew. */
void smear_audit_sheet_add_map (SmearAuditSheet *sheet, const SmearProbed *probed,
                                const SmearHeatMap *map, gboolean random);

/** smear_audit_sheet_draw: sheet.png with everything that was added. */
gboolean smear_audit_sheet_draw (SmearAuditSheet *sheet, GError **error);
