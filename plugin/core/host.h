/* What the plug-in needs of a GIMP: the only door between plugin/core and a GIMP version.
 *
 * plugin/core includes no GIMP header. An adapter (plugin/gimp2, plugin/gimp3) embeds
 * SmearHost as the first member of its own struct, fills in every function and registers
 * the procedures of core/procedures.h. All coordinates are pixels of the canvas; an
 * adapter translates them to its drawable's. Layers and groups are named by GIMP's item
 * ids.
 */
#pragma once

#include <smearscope/smearscope.h>

G_BEGIN_DECLS

typedef struct _SmearHost SmearHost;

/** SmearBase: how the image stores colour. Layers of a grey or indexed image cannot hold
 * the colours of a heat map. */
typedef enum
{
  SMEAR_BASE_RGB,
  SMEAR_BASE_GREY,
  SMEAR_BASE_INDEXED
} SmearBase;

/** SmearTarget: what kind of drawable the user pointed at (a layer mask counts as its
 * layer). */
typedef enum
{
  SMEAR_TARGET_LAYER,
  SMEAR_TARGET_CHANNEL, /* a channel, the selection: nothing to judge */
  SMEAR_TARGET_OURS     /* a layer or group made by an earlier run */
} SmearTarget;

/**
 * SmearScene:
 * @name: of the image, for people and for the finding's source
 * @width: of the canvas
 * @height: of the canvas
 * @base: how the image stores colour
 * @target: kind of the drawable
 * @drawable: its bounds on the canvas; may reach outside
 * @ppi: the image's resolution in pixels per inch, across
 * @has_mask: the layer has a mask that is in force
 */
typedef struct
{
  char *name;
  gint width, height;
  SmearBase base;
  SmearTarget target;
  SmearRegion drawable;
  gdouble ppi;
  gboolean has_mask;
} SmearScene;

/** SmearRowsFunc: fills @n_rows rows of 4 * width bytes, R G B A not premultiplied, sRGB.
 */
typedef void (*SmearRowsFunc) (gint first_row, gint n_rows, guint8 *rgba,
                               gpointer user_data);

/**
 * SmearHost:
 * @interactive: a person is there: questions may be asked, messages shown in windows
 * @profile_dir: GIMP's folder of this user; where GIMP keeps no last-used values itself,
 * they are kept there
 * @program: name and version of the GIMP, for people
 * @describe: fill in @scene (@scene->name is owned by the caller afterwards)
 * @read_rgb: the drawable's pixels over @region, which lies inside drawable and canvas,
 * as 8-bit sRGB, converted from the image's effective profile, alpha composited on white;
 * rows packed
 * @read_mask: the layer mask over @region, 0 hidden to 255 shown, linear coverage
 * @selection_bounds: %FALSE when nothing is selected; else bounds of the selection
 * @read_selection: coverage of the selection over @region, 0 to 255
 * @undo_begin: all that follows up to @undo_end becomes one undo step
 * @undo_end: put it into the image, keeping the active layers, and refresh the display
 * @make_rgb: convert the image, which is not RGB, to RGB, undoably
 * @group_new: a layer group above the drawable, outside of any group of ours, marked as
 * ours
 * @layer_new: a layer in that group (on top of its earlier children), marked as ours;
 * @opacity is 0 to 100, in the gamma of sRGB as the preview draws it; @rows is called for
 * strips of it from top to bottom
 * @path_new: a path (vectors) of closed polygons, marked as ours; @polygons holds GArrays
 * of gdouble x, y pairs
 * @remove_ours: delete every layer, group and path that earlier runs made
 * @get_findings: (transfer full) (nullable): the image's parasite SMEAR_FINDINGS_PARASITE
 * @set_findings: attach it, persistent and undoable
 * @message: tell the user something that is no failure
 * @progress: 0 to 1 with a word or two on the stage
 * @image_path: (transfer full) (nullable): the file the image was opened from
 * @show_file: open @path as an image with a window of its own; GIMP's id of it, or -1
 * @open_file: batch: let GIMP's loader read @path and make it image and drawable of this
 *   host: what is visible, as one layer
 * @close_file: forget the image of @open_file
 * @image_new: a new image of one layer that shows @pixels, with their scale as its
 *   resolution where known; in a window if @interactive. Returns its id, -1 on failure.
 *
 * Functions that return gboolean set @error when they return %FALSE, unless said
 * otherwise.
 */
struct _SmearHost
{
  gboolean interactive;
  const char *profile_dir;
  const char *program;

  gboolean (*describe) (SmearHost *host, SmearScene *scene, GError **error);
  gboolean (*read_rgb) (SmearHost *host, const SmearRegion *region, guint8 *rgb,
                        GError **error);
  void (*read_mask) (SmearHost *host, const SmearRegion *region, guint8 *coverage);
  gboolean (*selection_bounds) (SmearHost *host, SmearRegion *bounds);
  void (*read_selection) (SmearHost *host, const SmearRegion *region, guint8 *coverage);

  void (*undo_begin) (SmearHost *host);
  void (*undo_end) (SmearHost *host);
  gboolean (*make_rgb) (SmearHost *host, GError **error);
  void (*group_new) (SmearHost *host, const char *name);
  void (*layer_new) (SmearHost *host, const char *name, const SmearRegion *place,
                     gdouble opacity, SmearRowsFunc rows, gpointer user_data);
  void (*path_new) (SmearHost *host, const char *name, GPtrArray *polygons);
  void (*remove_ours) (SmearHost *host);
  char *(*get_findings) (SmearHost *host);
  void (*set_findings) (SmearHost *host, const char *json);

  void (*message) (SmearHost *host, const char *text);
  void (*progress) (SmearHost *host, const char *stage, gdouble fraction);
  char *(*image_path) (SmearHost *host);
  gint (*show_file) (SmearHost *host, const char *path, GError **error);
  gboolean (*open_file) (SmearHost *host, const char *path, GError **error);
  void (*close_file) (SmearHost *host);
  gint (*image_new) (SmearHost *host, const char *name, SmearImage *pixels,
                     GError **error);
};

/** SMEAR_FINDINGS_PARASITE: name of the parasite on the image that holds its findings. */
#define SMEAR_FINDINGS_PARASITE "smearscope-findings"
/** SMEAR_MARK_PARASITE: name of the parasite on every layer, group and path we make. */
#define SMEAR_MARK_PARASITE "smearscope-overlay"
/** SMEAR_UM_PER_INCH: GIMP's resolutions are in pixels an inch. */
#define SMEAR_UM_PER_INCH 25400.0
/** SMEAR_STRIP_ROWS: rows handed over at once; a multiple of GIMP's tile height. */
#define SMEAR_STRIP_ROWS 128

G_END_DECLS
