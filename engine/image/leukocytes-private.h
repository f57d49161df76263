/* What the parts of the leukocyte finder share. All of it works on one reduced image. */
#pragma once

#include <smearscope/leukocytes.h>
#include <string.h>

G_BEGIN_DECLS

/* Optical density is kept in bytes: 128 steps a unit, zero at 64. */
#define SMEAR_STAIN_STEPS 128
#define SMEAR_STAIN_ZERO 64
#define SMEAR_STAIN_BYTE(v) ((gint)((v)*SMEAR_STAIN_STEPS) + SMEAR_STAIN_ZERO)
/* Nuclear stain is never negative and runs to higher values. */
#define SMEAR_NUCLEAR_STEPS 64
#define SMEAR_NUCLEAR_BYTE(v) ((gint)((v)*SMEAR_NUCLEAR_STEPS))

/**
 * SmearStain:
 * @nuclear: how much like a nucleus: purple times the share of purple in the density,
 * where purple is green absorbed more than blue and red
 * @density: mean optical density of the three channels relative to the background
 * @optical: optical density of red, green and blue, not smoothed
 * @clear: density above which something lies on the glass
 * @white: colour of the empty background
 * @background: share of pixels that are empty background
 * @chroma: how far the densities of the three channels lie apart in what is stained,
 * nuclei left out, as a multiple of its density; 1 where nothing is. @nuclear is as it
 * would be with this much
 *
 * Everything is relative to the local background, so a shift of the colour balance
 * cancels, as does uneven light.
 */
typedef struct
{
  gint width, height;
  guint8 *nuclear, *density;
  guint8 *optical[3];
  gint clear;
  gfloat white[3];
  gfloat background, chroma;
} SmearStain;

SmearStain *smear_stain_new (SmearImage *image);
void smear_stain_free (SmearStain *stain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearStain, smear_stain_free)

/* A mask is one byte a pixel, 0 or 1. */

/** smear_next_run: from @last on, 0 at first, the next stretch of ones in a row of a
 * mask:
 * @first to before @last. Returns: %FALSE if there is none */
static inline gboolean
smear_next_run (const guint8 *row, gint width, gint *first, gint *last)
{
  const guint8 *start = *last < width ? (const guint8 *)memchr (row + *last, 1,
                                                                (gsize)(width - *last))
                                      : NULL;
  if (!start)
    return FALSE;
  const guint8 *stop = (const guint8 *)memchr (start, 0, (gsize)(row + width - start));
  *first = (gint)(start - row);
  *last = stop ? (gint)(stop - row) : width;
  return TRUE;
}

/** smear_next_label: from @last on, 0 at first, the next stretch of one label other than
 * 0 in a row: @first to before @last. Returns: %FALSE if there is none */
static inline gboolean
smear_next_label (const gint32 *row, gint width, gint *first, gint *last)
{
  gint x = *last;

  /* Most of a field is no cell: what is empty is passed over many pixels at a time. */
  for (; x + 16 <= width; x += 16)
    {
      gint32 any = 0;
      for (gint i = 0; i < 16; i++)
        any |= row[x + i];
      if (any)
        break;
    }
  while (x < width && row[x] == 0)
    x++;
  if (x == width)
    return FALSE;
  *first = x;
  while (x < width && row[x] == row[*first])
    x++;
  *last = x;
  return TRUE;
}

/**
 * SmearPart: one connected part of a mask.
 * @weight: sum of the plane handed to smear_mask_parts() over the part
 */
typedef struct
{
  gint x0, y0, x1, y1; /* inclusive bounds */
  gint area;
  gint64 weight;
  gint border;
} SmearPart;

/** smear_otsu: the level that best parts a histogram of 256 bins into at or below, and
 * above. */
gint smear_otsu (const guint32 histogram[256]);
/** smear_plane_blur: 3x3 binomial mean of a plane, in place. */
void smear_plane_blur (guint8 *plane, gint width, gint height);
/**
 * smear_mask_parts:
 * @labels: (out caller-allocates): 0 outside, i + 1 inside part i
 * @plane: (nullable): summed into SmearPart.weight
 *
 * Four-connected. Returns: (transfer full) (element-type SmearPart)
 */
GArray *smear_mask_parts (const guint8 *mask, gint width, gint height, gint32 *labels,
                          const guint8 *plane);
/** smear_label_parts: the same of labels 1 to @n_labels. Returns: (transfer full): an
 * array */
SmearPart *smear_label_parts (const gint32 *labels, gint n_labels, gint width,
                              gint height, const guint8 *plane);
/** smear_mask_fill_holes: fills what is enclosed and no larger than @largest pixels. */
void smear_mask_fill_holes (guint8 *mask, gint width, gint height, gint largest);
/**
 * smear_mask_distance:
 *
 * Distance of each pixel of the mask to the nearest outside, in units in which a step
 * across is @step_x and a step down @step_y. The border of the image is no outside: a cut
 * cell keeps its depth.
 */
void smear_mask_distance (const guint8 *mask, gint width, gint height, gfloat step_x,
                          gfloat step_y, gfloat *distance);
/** smear_mask_near: distance of each pixel to the mask, in the same units; where that is
 * more than @reach, something above @reach. */
void smear_mask_near (const guint8 *mask, gint width, gint height, gfloat step_x,
                      gfloat step_y, gfloat reach, gfloat *distance);
/** smear_mask_open: keeps what a disc of @radius (units of the steps) fits into. */
void smear_mask_open (guint8 *mask, gint width, gint height, gfloat step_x, gfloat step_y,
                      gfloat radius, gfloat *scratch);

/**
 * smear_split_touching:
 * @labels: (out caller-allocates): one number a cell from 1
 * @distance: from smear_mask_distance()
 *
 * Watershed of the distance from its peaks; a neck narrower than @neck times the lesser
 * of two peaks parts them if both peaks are at least @least deep. Returns: the number of
 * cells.
 */
gint smear_split_touching (const guint8 *mask, const gfloat *distance, gint width,
                           gint height, gfloat neck, gfloat least, gint32 *labels);

/**
 * smear_solidity:
 *
 * Returns: area of the part of @labels that is numbered @label over that of its convex
 * hull
 */
gfloat smear_solidity (const gint32 *labels, gint width, const SmearPart *part,
                       gint32 label);
/** Least solidity of a whole cell: burst cells, precipitate and heaps are ragged. */
#define SMEAR_LEAST_SOLIDITY 0.84f

/**
 * smear_scale_estimate:
 * @nuclei: mask of what is stained like a nucleus, left out
 * @diameter_x: (out): of a red cell across, in pixels; 0 if none could be measured
 * @diameter_y: (out): down
 *
 * Returns: how many round red cells agree on it; 0 where it comes from overlapping ones
 */
gint smear_scale_estimate (const SmearStain *stain, const guint8 *nuclei,
                           gfloat *diameter_x, gfloat *diameter_y);

/**
 * SmearSearch: what was found in one reduced image.
 * @um_x: micrometres a reduced pixel across; given, or estimated; 0 if neither
 * @um_y: down
 * @n_cells: how many
 * @labels: 1 to @n_cells inside nucleus and cytoplasm
 * @nuclei: mask of the nuclei of those cells
 */
typedef struct
{
  gfloat um_x, um_y;
  gint n_cells;
  gint32 *labels;
  guint8 *nuclei;
} SmearSearch;

void smear_search_run (SmearSearch *search, const SmearStain *stain);
void smear_search_clear (SmearSearch *search);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmearSearch, smear_search_clear)

/**
 * smear_sift:
 *
 * Strikes from @search what is no white cell by size, stain or outline, and numbers the
 * rest in reading order.
 */
void smear_sift (SmearSearch *search, const SmearStain *stain, gfloat step_x,
                 gfloat step_y);

/**
 * smear_cytoplasm_grow:
 * @cells: mask of the nuclei; what belongs to them is added
 * @has_red_cells: FALSE where none could be measured: then all that lies around a nucleus
 *   is taken for its cell
 */
void smear_cytoplasm_grow (guint8 *cells, const SmearStain *stain, gboolean has_red_cells,
                           gfloat step_x, gfloat step_y);

/** SMEAR_RED_CELL_UM: diameter of a red cell on a smear. */
#define SMEAR_RED_CELL_UM 7.5f

/**
 * smear_quality_judge:
 * @image: the reduced image
 * @stain: of @image
 * @search: what was found in it
 */
void smear_quality_judge (SmearImage *image, const SmearStain *stain,
                          const SmearSearch *search, SmearQuality *quality);

G_END_DECLS
