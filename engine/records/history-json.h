/* What of an entry may be erased, before it becomes text. */
#pragma once

#include "records/history-private.h"

typedef struct
{
  const char *name, *path, *pixel_hash, *user, *model_path, *picture_hash;
} SmearPersonal;

char *smear_record_facts_from_finding (const SmearFinding *finding, SmearImage *image,
                                       const SmearRecordContext *context);
char *smear_record_facts_from_feedback (const SmearFeedback *feedback);
char *smear_record_facts_from_erasure (const char *reason);
char *smear_record_personal_from_finding (const SmearPersonal *personal);
char *smear_record_personal_from_feedback (const char *who, const char *note);

/* Both are read from a file that anyone may have written: FALSE if it is not our text. */
gboolean smear_record_read_facts (SmearRecord *record, const char *facts);
gboolean smear_record_read_personal (SmearRecord *record, const char *personal);
/** smear_record_read_member: a text member by itself. Returns: (transfer full) (nullable)
 */
char *smear_record_read_member (const char *json, const char *key);
