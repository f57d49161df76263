/* A synthetic slide: an endless plane of cells of which any rectangle can be drawn alone.
 */
#pragma once

#include <smearscope/synthesise.h>

#include <math.h>

/* Absorbance is summed in whole units, so that the order of drawing leaves no trace. */
#define SMEAR_OD_UNITS 1024
#define SMEAR_TEXTURE_SIZE 256

typedef enum
{
  SMEAR_THING_LEUKOCYTE,
  SMEAR_THING_RED,
  SMEAR_THING_PLATELET,
  SMEAR_THING_SMUDGE,
  SMEAR_N_THINGS
} SmearThingKind;

/**
 * SmearThing:
 * @x: centre, micrometres from the slide's origin
 * @y: centre
 * @radius: of a leukocyte's nucleus or of the whole thing; 0 where there is none
 * @reach: micrometres from the centre beyond which nothing of it is drawn
 * @dice: its own stream of random numbers, and its rank among neighbours
 * @kin: which sort of its kind
 */
typedef struct
{
  gdouble x, y, radius, reach;
  guint64 dice;
  gint kin;
} SmearThing;

/**
 * SmearKin:
 * @share: how often among the leukocytes of the class
 * @radius: least and greatest, of the nucleus, micrometres
 * @cytoplasm: least and greatest ratio of the cell's radius to the nucleus'
 * @nucleus: absorbance in red, green and blue
 * @plasm: absorbance of the cytoplasm
 * @coarse: 0 fine chromatin to 1 clumps
 * @contrast: of the chromatin
 * @ragged: how far the outline strays from an ellipse
 * @nucleoli: how many at most
 * @notch: how often the nucleus is indented
 */
typedef struct
{
  gdouble share, radius[2], cytoplasm[2];
  gfloat nucleus[3], plasm[3];
  gfloat coarse, contrast, ragged;
  gint nucleoli;
  gdouble notch;
} SmearKin;

/** SmearSlide: what does not change from one tile to the next; safe to share between
 * threads. */
typedef struct
{
  SmearSynthesis what;
  guint64 seed;
  const SmearKin *kins;
  gint n_kins;
  gdouble leukocytes, reds, platelets; /* how likely a square of the grid holds one */
  gdouble soft;                        /* blur of edges, micrometres */
  gdouble vignette, centre_x, centre_y;
  gfloat light[3], red[3], halo[3], stain[3];
  SmearRegion bar; /* of the scale bar; width 0 without one */
  gfloat *fine, *coarse;
  gfloat *passes; /* from absorbance to what passes */
  gint8 *grain;
} SmearSlide;

SmearSlide *smear_slide_new (const SmearSynthesis *what, gboolean field, GError **error);
void smear_slide_free (SmearSlide *slide);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearSlide, smear_slide_free)

/** smear_slide_render: @rgb is tightly packed; centres within @tile are added to @cells.
 */
void smear_slide_render (const SmearSlide *slide, const SmearRegion *tile, guint8 *rgb,
                         GArray *cells);

/** smear_slide_gather: every thing of @kind that reaches into the rectangle
 * (micrometres). */
GArray *smear_slide_gather (const SmearSlide *slide, SmearThingKind kind, gdouble x0,
                            gdouble y0, gdouble x1, gdouble y1);

/** smear_slide_draw: adds what @thing absorbs to @od, three a pixel of @tile. */
void smear_slide_draw (const SmearSlide *slide, SmearThingKind kind,
                       const SmearThing *thing, const SmearRegion *tile, gint16 *od);

/** smear_class_kins: the sorts of leukocyte of a class. Returns: (transfer none) */
const SmearKin *smear_class_kins (SmearClass klass, gint *n_kins, gdouble *density);

/** smear_scale_bar_place: where it goes on an image of this size; width 0 where it
 * cannot. */
SmearRegion smear_scale_bar_place (const SmearSynthesis *what);
/** smear_scale_bar_draw: the part of it that lies in @tile. */
void smear_scale_bar_draw (const SmearSynthesis *what, const SmearRegion *bar,
                           const SmearRegion *tile, guint8 *rgb);

/** smear_texture_new: periodic noise of mean 0 and deviation 1, @cells hills across. */
gfloat *smear_texture_new (guint64 seed, gint cells, gint octaves);

static inline guint64
smear_mix (guint64 x)
{
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static inline guint64
smear_hash (guint64 seed, guint64 kind, gint64 x, gint64 y)
{
  return smear_mix (smear_mix (smear_mix (seed ^ smear_mix (kind)) ^ (guint64)x)
                    ^ (guint64)y);
}

/** smear_roll: the next number of the stream, 0 <= it < 1. */
static inline gdouble
smear_roll (guint64 *dice)
{
  *dice += 0x9e3779b97f4a7c15u;
  return (gdouble)(smear_mix (*dice) >> 11) * 0x1p-53;
}

static inline gdouble
smear_roll_between (guint64 *dice, gdouble low, gdouble high)
{
  return low + (high - low) * smear_roll (dice);
}
