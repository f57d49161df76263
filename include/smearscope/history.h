/* What was found, by whom and when: kept in a file that shows if anything in it was
 * changed. */
#pragma once

#include <gio/gio.h>
#include <smearscope/classify.h>
#include <smearscope/finding.h>

G_BEGIN_DECLS

/**
 * SmearRecording:
 * @SMEAR_RECORDING_OFF: nothing is kept
 * @SMEAR_RECORDING_ON: every finding is kept
 * @SMEAR_RECORDING_ASK: windows ask each time; the command line keeps only with
 * `--record`
 */
typedef enum
{
  SMEAR_RECORDING_OFF,
  SMEAR_RECORDING_ON,
  SMEAR_RECORDING_ASK
} SmearRecording;

/**
 * SmearHistorySettings:
 * @recording: whether findings are kept; ask by default
 * @pseudonyms: write a keyed hash in place of the image's name, and no path
 * @pixels: keep a small picture of the region with the finding; off by default
 * @retention_days: erase what is personal after so many days, whenever the history is
 *   opened for writing; 0 keeps it
 * @key_file: (nullable): file with the key of an encrypted history
 * @secret_service: the key is in the desktop's secret service (used where @key_file is
 * not set)
 * @timeout_ms: how long to wait for other writers
 *
 * Kept in `smearscope/history.ini` in the user's configuration folder.
 */
typedef struct
{
  SmearRecording recording;
  gboolean pseudonyms, pixels;
  gint retention_days;
  char *key_file;
  gboolean secret_service;
  gint timeout_ms;
} SmearHistorySettings;

/** smear_history_settings_load: the defaults where there is no file; %NULL if it is
 * damaged. */
SmearHistorySettings *smear_history_settings_load (GError **error);
gboolean smear_history_settings_save (const SmearHistorySettings *settings,
                                      GError **error);
void smear_history_settings_free (SmearHistorySettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearHistorySettings, smear_history_settings_free)

/** smear_history_default_path: `$SMEARSCOPE_HISTORY`, or `smearscope/history.sqlite` in
 * the user's data folder. Returns: (transfer full) */
char *smear_history_default_path (void);

/**
 * SmearHistory:
 *
 * One connection; use it from one thread at a time. Any number of processes may write at
 * once.
 */
typedef struct _SmearHistory SmearHistory;

/**
 * smear_history_open:
 * @path: (nullable): %NULL for smear_history_default_path()
 * @settings: (nullable): %NULL to load the user's
 *
 * Makes the file (mode 0600) where there is none. Errors are %SMEAR_ERROR_RECORD and say
 * what to do; a caller that classifies prints them as a warning and goes on.
 *
 * Returns: (transfer full) (nullable)
 */
SmearHistory *smear_history_open (const char *path, const SmearHistorySettings *settings,
                                  GError **error);
/** smear_history_open_existing: for reading; an error where there is no history yet. */
SmearHistory *smear_history_open_existing (const char *path,
                                           const SmearHistorySettings *settings,
                                           GError **error);
void smear_history_close (SmearHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearHistory, smear_history_close)

const char *smear_history_get_path (const SmearHistory *history);
const SmearHistorySettings *smear_history_get_settings (const SmearHistory *history);

/**
 * SmearRecordContext:
 * @path: (nullable): file the image came from; needed to open or reproduce it later
 * @user: (nullable): %NULL for the login name
 * @program: (nullable): "smearscope", "gimp 2.10.34", …
 * @model: (nullable): the model that answered; where it lies is kept for reproducing
 * @options: (nullable): as given to smear_classify()
 * @cut: (nullable): where in the source @image lies, when it is only a part cut out of it
 * @width: of the source, where @cut is given
 * @height: of the source, where @cut is given
 */
typedef struct
{
  const char *path, *user, *program;
  SmearModel *model;
  const SmearClassifyOptions *options;
  const SmearRegion *cut;
  gint width, height;
} SmearRecordContext;

/**
 * smear_history_add:
 * @finding: what to keep; its map only as a hash
 * @image: (nullable): the image that the finding's region lies in, or the part of it that
 *   @context->cut says. With it a hash of the judged pixels is kept, without it the
 *   finding cannot be reproduced
 * @context: (nullable)
 *
 * When it returns the entry is on disk. Returns: the entry's id from 1, or 0 on error
 */
gint64 smear_history_add (SmearHistory *history, const SmearFinding *finding,
                          SmearImage *image, const SmearRecordContext *context,
                          GError **error);

/**
 * smear_history_begin:
 *
 * Entries added before smear_history_commit() are kept all together or not at all, and
 * cost one write to disk. Other writers wait meanwhile: keep it short, classify before.
 */
gboolean smear_history_begin (SmearHistory *history, GError **error);
gboolean smear_history_commit (SmearHistory *history, GError **error);

/**
 * SmearFeedbackKind:
 * @SMEAR_FEEDBACK_AGREE: the reviewer gives the same class
 * @SMEAR_FEEDBACK_CORRECT: another class
 * @SMEAR_FEEDBACK_FLAG: to be looked at again
 */
typedef enum
{
  SMEAR_FEEDBACK_AGREE,
  SMEAR_FEEDBACK_CORRECT,
  SMEAR_FEEDBACK_FLAG
} SmearFeedbackKind;

/**
 * SmearFeedback:
 * @klass: the reviewer's class for %SMEAR_FEEDBACK_CORRECT, else ignored
 * @cell: index among the finding's cells, -1 for the region
 * @who: (nullable): %NULL for the login name
 * @note: (nullable)
 */
typedef struct
{
  SmearFeedbackKind kind;
  SmearClass klass;
  gint cell;
  char *who, *note;
} SmearFeedback;

/** smear_feedback_kind_name: "agree", "correct", "flag". */
const char *smear_feedback_kind_name (SmearFeedbackKind kind);

/** smear_feedback_add: a new entry about finding @id. Returns: its id, or 0 on error */
gint64 smear_feedback_add (SmearHistory *history, gint64 id,
                           const SmearFeedback *feedback, GError **error);

typedef enum
{
  SMEAR_RECORD_FINDING,
  SMEAR_RECORD_FEEDBACK,
  SMEAR_RECORD_ERASURE
} SmearRecordKind;

/**
 * SmearRecord:
 * @id: place in the chain, from 1
 * @about: entry that this one is about, 0 for findings
 * @time: microseconds since 1970, UTC
 * @erased: what was personal is gone: name, path, user, note, picture and pixel hash
 * @finding: (nullable): for findings; without map and quality's static reason
 * @feedback: (nullable): for feedback
 * @path: (nullable): file
 * @pixel_hash: (nullable): SHA-256 of the judged pixels
 * @map_hash: (nullable): SHA-256 of the heat map's values
 * @model_path: (nullable): where the model lay
 * @image_width: of the image that the region lies in, 0 if not known
 * @options: as given to smear_classify()
 * @warnings: the sentences shown with the finding
 * @reason: (nullable): of an erasure
 * @picture: (nullable): PNG of the region, where pixels were allowed
 * @hash: of this entry, hex
 * @previous: of the entry before it
 */
typedef struct
{
  gint64 id, about, time;
  SmearRecordKind kind;
  gboolean erased;
  SmearFinding *finding;
  SmearFeedback *feedback;
  char *path, *pixel_hash, *map_hash, *model_path, *user, *program, *version, *reason;
  gint image_width, image_height;
  SmearClassifyOptions options;
  char **warnings;
  GBytes *picture;
  char *hash, *previous;
} SmearRecord;

void smear_record_free (SmearRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearRecord, smear_record_free)

/** smear_history_get: %SMEAR_ERROR_RECORD if there is none. Returns: (transfer full) */
SmearRecord *smear_history_get (SmearHistory *history, gint64 id, GError **error);

/** smear_record_to_json: of a finding, one line, without path, user and picture. Returns:
 * (transfer full) */
char *smear_record_to_json (const SmearRecord *record);

/**
 * SmearComparison:
 * @what: is compared; static, English
 * @first: as people read it
 * @second: likewise
 * @same: to the bit, not only as read
 */
typedef struct
{
  const char *what;
  char *first, *second;
  gboolean same;
} SmearComparison;

/** smear_record_compare: two findings, member by member. Returns: (transfer full)
 * (element-type SmearComparison) */
GPtrArray *smear_record_compare (const SmearRecord *first, const SmearRecord *second);

/**
 * SmearHistoryQuery:
 * @kind: -1 for all
 * @about: entries about this one; 0 for all
 * @name: (nullable): part of the image's name, any case; or a name whose pseudonym is
 * meant
 * @klass: %SMEAR_CLASS_NONE for all
 * @verdict: -1 for all
 * @model: (nullable): name of the model
 * @pixel_hash: (nullable): findings of the same pixels
 * @unerased: only entries whose personal part is still there
 * @since: microseconds since 1970, 0 for no limit
 * @until: exclusive, 0 for no limit
 * @offset: skip so many
 * @limit: at most so many, 0 for all
 */
typedef struct
{
  gint kind;
  gint64 about;
  const char *name;
  SmearClass klass;
  gint verdict;
  const char *model, *pixel_hash;
  gboolean unerased;
  gint64 since, until;
  gint offset, limit;
} SmearHistoryQuery;

#define SMEAR_HISTORY_QUERY_ALL                                                          \
  {                                                                                      \
    SMEAR_RECORD_FINDING, 0, NULL, SMEAR_CLASS_NONE, -1, NULL, NULL, FALSE, 0, 0, 0, 0   \
  }

/** smear_history_days_ago: for @since and @until; never 0, which would be no limit. */
gint64 smear_history_days_ago (gint days);

/**
 * smear_history_search:
 *
 * Returns: (transfer full) (element-type SmearRecord): newest first, without pictures
 */
GPtrArray *smear_history_search (SmearHistory *history, const SmearHistoryQuery *query,
                                 GError **error);

/**
 * SmearRecordFunc:
 * @record: valid during the call
 *
 * Returns: FALSE to stop
 */
typedef gboolean (*SmearRecordFunc) (const SmearRecord *record, gpointer user_data);

/** smear_history_foreach: the same, oldest first and one at a time. */
gboolean smear_history_foreach (SmearHistory *history, const SmearHistoryQuery *query,
                                SmearRecordFunc func, gpointer user_data, GError **error);

/** smear_history_count: how many smear_history_search() would find without limit; -1 on
 * error. */
gint64 smear_history_count (SmearHistory *history, const SmearHistoryQuery *query,
                            GError **error);

/**
 * smear_history_export:
 * @path: ends in .csv or .jsonl; written beside it and renamed
 * @query: (nullable): %NULL for all findings
 *
 * Without paths, pictures and users; names as they stand in the history.
 */
gboolean smear_history_export (SmearHistory *history, const SmearHistoryQuery *query,
                               const char *path, GError **error);

/**
 * smear_history_erase:
 * @id: a finding
 * @reason: (nullable): kept in the entry that records the erasure; name nobody in it
 *
 * Removes what is personal from a finding and from all feedback on it. The anonymous rest
 * and its place in the chain stay. Erasing twice is no error.
 */
gboolean smear_history_erase (SmearHistory *history, gint64 id, const char *reason,
                              GError **error);

/** smear_history_purge: erases all that @query finds. Returns: how many, -1 on error */
gint64 smear_history_purge (SmearHistory *history, const SmearHistoryQuery *query,
                            const char *reason, GError **error);

/**
 * SmearHistoryCheck:
 * @intact: the chain holds from first to last
 * @n_entries: how many there are
 * @broken: id of the first broken entry, 0 if none
 * @why: (nullable): what is wrong with it
 * @head: hash of the last entry; noted elsewhere, it proves that nobody rewrote all of it
 */
typedef struct
{
  gboolean intact;
  gint64 n_entries, n_erased, broken;
  char *why;
  char head[65];
} SmearHistoryCheck;

void smear_history_check_clear (SmearHistoryCheck *check);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmearHistoryCheck, smear_history_check_clear)

/**
 * smear_history_verify:
 * @expected: (nullable): hash of an entry noted earlier, which has to be there still
 * @check: (out caller-allocates)
 *
 * Returns: FALSE only when the check could not be made
 */
gboolean smear_history_verify (SmearHistory *history, const char *expected,
                               SmearHistoryCheck *check, GError **error);

/**
 * smear_history_encrypt:
 * @settings: where the new key lies (@key_file or @secret_service)
 *
 * Seals all entries, present and future, with XChaCha20-Poly1305. Times, kinds and hashes
 * of the chain stay readable. smear_history_decrypt() takes it back.
 */
gboolean smear_history_encrypt (SmearHistory *history,
                                const SmearHistorySettings *settings, GError **error);
gboolean smear_history_decrypt (SmearHistory *history, GError **error);
gboolean smear_history_is_encrypted (const SmearHistory *history);
/** smear_history_key_new: a new random key in @path (mode 0600; never overwritten), or,
 * with %NULL, in the desktop's secret service. */
gboolean smear_history_key_new (const char *path, GError **error);

/** smear_pseudonym: keyed hash of @name with the user's key. Returns: (transfer full) */
char *smear_pseudonym (const char *name, GError **error);

/** smear_pixel_hash: SHA-256 over width, height and pixels of a region, hex.
 * Returns: (transfer full) (nullable): %NULL if @region is not inside @image */
char *smear_pixel_hash (SmearImage *image, const SmearRegion *region);
/** smear_map_hash: SHA-256 over width, height and values. Returns: (transfer full) */
char *smear_map_hash (const SmearHeatMap *map);

/**
 * SmearReproduction:
 * @same: pixels, model and every bit of the answer agree
 * @finding: (nullable): the new one; %NULL for a scan, whose counts are compared
 * @image: (nullable): the image it was made from
 * @model: (nullable)
 * @differences: %NULL-ended list of sentences
 */
typedef struct
{
  gboolean same;
  SmearFinding *finding;
  SmearImage *image;
  SmearModel *model;
  char **differences;
} SmearReproduction;

void smear_reproduction_free (SmearReproduction *reproduction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearReproduction, smear_reproduction_free)

/**
 * smear_reproduce:
 * @image_path: (nullable): where the image is now; %NULL for where it was
 * @model_path: (nullable): likewise
 *
 * Classifies again and compares. Returns: (transfer full) (nullable): %NULL with @error
 * when it could not be run
 */
SmearReproduction *smear_reproduce (const SmearRecord *record, const char *image_path,
                                    const char *model_path, GError **error);

/**
 * SmearAgreement:
 * @n: pairs counted: latest word of each reviewer on each region or cell that has an
 * answer
 * @n_flagged: latest word is a flag; not counted
 * @confusion: [reviewer][model]
 * @observed: share of agreement
 * @expected: share to expect by chance
 * @kappa: Cohen's kappa; NaN where chance alone gives full agreement
 * @low: 95 % interval, large-sample approximation
 * @high: 95 % interval
 */
typedef struct
{
  guint n, n_flagged;
  guint confusion[SMEAR_N_CLASSES][SMEAR_N_CLASSES];
  gdouble observed, expected, kappa, low, high;
} SmearAgreement;

/** smear_agreement_compute: fills the rest from @confusion. */
void smear_agreement_compute (SmearAgreement *agreement);

/**
 * smear_feedback_agreement:
 * @who: (nullable): one reviewer; %NULL for all
 * @since: microseconds since 1970, 0 for no limit; of the feedback
 * @until: exclusive, 0 for no limit
 */
gboolean smear_feedback_agreement (SmearHistory *history, const char *who, gint64 since,
                                   gint64 until, SmearAgreement *agreement,
                                   GError **error);

/**
 * SmearTrainingList:
 * @n_images: lines written for whole images
 * @n_crops: lines written for regions and cells, cut out into the folder
 * @n_disputed: left out: reviewers give different classes
 * @n_unavailable: left out: erased, no path, file gone or changed, or a crop not allowed
 */
typedef struct
{
  guint n_images, n_crops, n_disputed, n_unavailable;
} SmearTrainingList;

/**
 * smear_feedback_export:
 * @path: CSV to write, `path,class`, as `smearscope train --from` takes it
 * @crops: (nullable): folder for cut-out regions and cells; %NULL writes whole images
 * only
 * @list: (out caller-allocates)
 *
 * Needs the paths of the images, so the list is not pseudonymous: it stays in the house.
 */
gboolean smear_feedback_export (SmearHistory *history, const char *path,
                                const char *crops, SmearTrainingList *list,
                                GError **error);

G_END_DECLS
