/* The search itself, on a reduced image. */
#include "image/leukocytes-private.h"

#include <math.h>
#include <string.h>

/* A valley between red cells and nuclei is at least this many times lower than the lesser
 * of the peaks beside it, and its left slope ends at this share of its depth. */
#define LEAST_VALLEY 1.5f
#define VALLEY_SLOPE 0.5f
/* A peak holds at least this share of what lies on the glass in one bin. */
#define LEAST_PEAK 0.0005f
#define LEVEL_WITHOUT_VALLEY 0.45f
/* The level is at least this share of what this share of the pixels surpass, or that. */
#define TOP_SHARE 0.01f
#define TOP_LEVEL 0.2f
#define MOST_LEAST_LEVEL 0.35f

/* A nucleus is about this wide. */
#define NUCLEUS_UM 9.0f

/* Red cells are believed from this many pixels up, and if nuclei, heaps of them included,
 * are neither absurdly large nor absurdly small beside them. */
#define LEAST_RED_CELL 4.0f
#define MOST_TIMES_RED_CELL 3.5f
#define MOST_TIMES_NUCLEUS 2.2f
/* So many round red cells are not mistaken: what is too large beside them is a heap. */
#define MANY_RED_CELLS 8
/* Of what lies on the glass; less may be platelets, which tell nothing of the scale. */
#define FEW_NUCLEI 0.05f

/* Cells touch at a neck this much narrower than the lesser of them, if that is so deep
 * (micrometres); in heaps of more than this area (square micrometres) at slighter ones.
 */
#define NECK 0.75f
#define LEAST_DEPTH 2.0f
#define HEAP_AREA 300.0f
#define HEAP_NECK 0.9f

/* Ragged parts of more than this area (square micrometres) may hold a cell: they lose
 * what is thinner than this radius (micrometres) allows. */
#define LEAST_RAGGED 30.0f
#define RAGGED_OPENING 2.0f

/* Squashed stain of a bin, and the stain it stands for. */
#define SQUASH_BINS 64
#define SQUASH_HALF 0.7f

static gint
squash (gfloat stained)
{
  return (gint)(SQUASH_BINS * stained / (stained + SQUASH_HALF));
}

static gfloat
unsquash (gint bin)
{
  gfloat share = bin / (gfloat)SQUASH_BINS;
  return SQUASH_HALF * share / (1 - share);
}

/* The leftmost bin of a valley about as deep as the deepest: pale nuclei lie on its right
 * slope. 0 where there is no valley worth the name. */
static gint
valley_of (const gfloat height[SQUASH_BINS], gint first, gfloat least_peak)
{
  gfloat depth[SQUASH_BINS] = { 0 }, right[SQUASH_BINS] = { 0 }, left = 0, deepest = 0;

  for (gint bin = SQUASH_BINS - 2; bin >= 0; bin--)
    right[bin] = MAX (right[bin + 1], height[bin + 1]);
  for (gint bin = 0; bin < SQUASH_BINS; bin++)
    {
      gfloat lesser = MIN (left, right[bin]);
      depth[bin] = bin >= first && lesser >= least_peak ? lesser / MAX (height[bin], 1)
                                                        : 0;
      deepest = MAX (deepest, depth[bin]);
      left = MAX (left, height[bin]);
    }
  if (deepest < LEAST_VALLEY)
    return 0;
  for (gint bin = 0; bin < SQUASH_BINS; bin++)
    if (depth[bin] >= MAX (1, VALLEY_SLOPE * deepest))
      return bin;
  return 0;
}

/* The level of nuclear stain that parts nuclei from red cells. */
static gint
nuclear_level (const SmearStain *stain)
{
  gsize n = (gsize)stain->width * stain->height, covered = 0, above = 0;
  gint top = 255;
  guint32 histogram[256] = { 0 }, squashed[256] = { 0 };
  gfloat height[SQUASH_BINS] = { 0 };

  for (gsize i = 0; i < n; i++)
    if (stain->density[i] > stain->clear)
      {
        histogram[stain->nuclear[i]]++;
        covered++;
      }
  /* Dark nuclei vary a lot among themselves; squashed, they stay together. */
  for (gint v = 0; v < 256; v++)
    squashed[squash (v / (gfloat)SMEAR_NUCLEAR_STEPS)] += histogram[v];
  for (gint bin = 0; bin < SQUASH_BINS; bin++)
    for (gint d = -2; d <= 2; d++)
      height[bin] += squashed[CLAMP (bin + d, 0, SQUASH_BINS - 1)] * (3 - ABS (d)) / 9.0f;

  /* Red cells alone make hills and valleys too, but far below what nuclei reach. */
  for (; top > 0 && (above += histogram[top]) < TOP_SHARE * covered; top--)
    ;
  gfloat least = MIN (TOP_LEVEL * top / SMEAR_NUCLEAR_STEPS, MOST_LEAST_LEVEL);
  gint bin = valley_of (height, squash (least), MAX (LEAST_PEAK * covered, 4));
  if (bin)
    return SMEAR_NUCLEAR_BYTE (unsquash (bin));
  return SMEAR_NUCLEAR_BYTE (
      MAX (unsquash (smear_otsu (squashed) + 1), LEVEL_WITHOUT_VALLEY));
}

/* What is stained like a nucleus, taken together. */
typedef struct
{
  gfloat diameter; /* pixels */
  gfloat share;    /* of what lies on the glass */
} Nuclei;

/* By area, which makes one large nucleus of a heap of them. */
static Nuclei
measure_nuclei (const SmearSearch *search, const SmearStain *stain)
{
  g_autoptr (GArray) parts = smear_mask_parts (search->nuclei, stain->width,
                                               stain->height, search->labels, NULL);
  gdouble sum = 0, area = 0;
  gdouble covered = (1 - stain->background) * stain->width * stain->height;

  for (guint i = 0; i < parts->len; i++)
    {
      gdouble a = g_array_index (parts, SmearPart, i).area;
      sum += a * sqrt (a * 4 / G_PI);
      area += a;
    }
  return (Nuclei){ area > 0 ? sum / area : 0, area / MAX (covered, 1) };
}

/* Of the largest disc that fits into any, which heaps do not deceive, but which takes
 * longer. */
static gfloat
largest_disc (const guint8 *mask, gint width, gint height, gfloat *distance)
{
  gsize n = (gsize)width * height;
  gfloat deepest = 0;

  smear_mask_distance (mask, width, height, 1, 1, distance);
  for (gsize i = 0; i < n; i++)
    if (mask[i])
      deepest = MAX (deepest, distance[i]);
  return 2 * deepest;
}

static gboolean
is_absurd (gfloat nucleus, gfloat red_cell)
{
  return nucleus > MOST_TIMES_RED_CELL * red_cell
         || red_cell > MOST_TIMES_NUCLEUS * nucleus;
}

/* Scale for the search, in micrometres a pixel: given, measured, or for want of better
 * guessed from the nuclei themselves, which is not reported. FALSE if it is a guess, or 0
 * where nothing is left to guess from. */
static gboolean
find_scale (SmearSearch *search, const SmearStain *stain, gfloat *distance,
            gfloat *step_x, gfloat *step_y)
{
  *step_x = search->um_x;
  *step_y = search->um_y;
  if (*step_x > 0 && *step_y > 0)
    return TRUE;

  Nuclei nuclei = measure_nuclei (search, stain);
  gboolean any_nuclei = nuclei.share > FEW_NUCLEI;
  gfloat across, down;
  gint n_red_cells = smear_scale_estimate (stain, search->nuclei, &across, &down);
  gfloat red_cell = sqrtf (across * down);
  if (n_red_cells >= MANY_RED_CELLS && nuclei.diameter > MOST_TIMES_RED_CELL * red_cell)
    nuclei.diameter = largest_disc (search->nuclei, stain->width, stain->height,
                                    distance);
  gboolean seen = red_cell >= LEAST_RED_CELL
                  && !(any_nuclei && is_absurd (nuclei.diameter, red_cell));
  search->um_x = seen ? SMEAR_RED_CELL_UM / across : 0;
  search->um_y = seen ? SMEAR_RED_CELL_UM / down : 0;
  *step_x = search->um_x;
  *step_y = search->um_y;
  if (*step_x > 0 && *step_y > 0)
    return TRUE;
  *step_x = *step_y = any_nuclei ? NUCLEUS_UM / MAX (nuclei.diameter, 4) : 0;
  return FALSE;
}

/* What is too large or too ragged to be one cell is cut at slighter necks; before that
 * ragged parts lose what is thin, debris that clings to a cell. */
static void
part_heaps (SmearSearch *search, gfloat *distance, gint width, gint height, gfloat step_x,
            gfloat step_y)
{
  gsize n = (gsize)width * height;
  gfloat largest = HEAP_AREA / (step_x * step_y),
         smallest = LEAST_RAGGED / (step_x * step_y);
  g_autofree SmearPart *parts = smear_label_parts (search->labels, search->n_cells, width,
                                                   height, NULL);
  g_autofree gboolean *heap = g_new0 (gboolean, search->n_cells + 1);
  gboolean any = FALSE, any_ragged = FALSE;

  for (gint i = 0; i < search->n_cells; i++)
    {
      gboolean ragged = parts[i].area > smallest && parts[i].border == 0
                        && smear_solidity (search->labels, width, &parts[i], i + 1)
                               < SMEAR_LEAST_SOLIDITY;
      heap[i + 1] = ragged || parts[i].area > largest;
      any = any || heap[i + 1];
      any_ragged = any_ragged || ragged;
    }
  if (!any)
    return;

  g_autofree guint8 *heaps = g_malloc (n);
  g_autofree gint32 *pieces = g_new (gint32, n);
  for (gsize i = 0; i < n; i++)
    heaps[i] = heap[search->labels[i]];
  if (any_ragged)
    {
      smear_mask_open (heaps, width, height, step_x, step_y, RAGGED_OPENING, distance);
      smear_mask_distance (heaps, width, height, step_x, step_y, distance);
    }
  gint found = smear_split_touching (heaps, distance, width, height, HEAP_NECK,
                                     LEAST_DEPTH, pieces);
  for (gsize i = 0; i < n; i++)
    if (heap[search->labels[i]])
      search->labels[i] = heaps[i] ? search->n_cells + pieces[i] : 0;
  search->n_cells += found;
}

void
smear_search_run (SmearSearch *search, const SmearStain *stain)
{
  gint width = stain->width, height = stain->height;
  gsize n = (gsize)width * height;
  gint level = nuclear_level (stain);
  g_autofree gfloat *distance = g_new (gfloat, n);
  g_autofree guint8 *cells = NULL;
  gfloat step_x, step_y;
  search->labels = g_new0 (gint32, n);
  search->nuclei = g_malloc (n);
  for (gsize i = 0; i < n; i++)
    search->nuclei[i] = stain->nuclear[i] > level && stain->density[i] > stain->clear;

  gboolean has_red_cells = find_scale (search, stain, distance, &step_x, &step_y);
  if (step_x <= 0)
    return;
  smear_mask_fill_holes (search->nuclei, width, height, (gint)(20 / (step_x * step_y)));
  smear_mask_open (search->nuclei, width, height, step_x, step_y, 0.7f, distance);
  cells = g_memdup2 (search->nuclei, n);
  smear_cytoplasm_grow (cells, stain, has_red_cells, step_x, step_y);
  smear_mask_fill_holes (cells, width, height, (gint)(30 / (step_x * step_y)));
  smear_mask_open (cells, width, height, step_x, step_y, 1.2f, distance);
  smear_mask_distance (cells, width, height, step_x, step_y, distance);
  search->n_cells = smear_split_touching (cells, distance, width, height, NECK,
                                          LEAST_DEPTH, search->labels);
  part_heaps (search, distance, width, height, step_x, step_y);

  smear_sift (search, stain, step_x, step_y);
}

void
smear_search_clear (SmearSearch *search)
{
  g_clear_pointer (&search->labels, g_free);
  g_clear_pointer (&search->nuclei, g_free);
}
