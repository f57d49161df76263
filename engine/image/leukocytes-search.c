/* The search itself, on a reduced image. */
#include "image/leukocytes-private.h"

#include <math.h>
#include <string.h>

/* Sizes of white cells, micrometres and square micrometres. */
#define LEAST_AREA 20.0f
#define LEAST_AREA_AT_BORDER 10.0f
#define LARGEST_AREA 700.0f
#define NUCLEUS_UM 9.0f

/* Red cells are believed from this many pixels up, and if nuclei, heaps of them included,
 * are not absurdly large beside them. */
#define LEAST_RED_CELL 4.0f
#define MOST_TIMES_RED_CELL 3.5f

/* The level of nuclear stain that best parts nuclei from red cells. */
static gint
nuclear_level (const SmearStain *stain)
{
  const gfloat half = 0.7f;
  gsize n = (gsize)stain->width * stain->height;
  guint32 histogram[256] = { 0 };
  guint8 squash[256];

  /* Dark nuclei vary a lot among themselves; squashed, they do not pull the level up over
   * the pale ones. */
  for (gint v = 0; v < 256; v++)
    {
      gfloat purple = MAX (v - SMEAR_STAIN_ZERO, 0) / (gfloat)SMEAR_STAIN_STEPS;
      squash[v] = (guint8)(255 * purple / (purple + half));
    }
  for (gsize i = 0; i < n; i++)
    if (stain->density[i] > stain->clear)
      histogram[squash[stain->purple[i]]]++;
  gfloat level = smear_otsu (histogram) / 255.f;
  return SMEAR_STAIN_BYTE (half * level / (1 - level));
}

/* Diameter of what is stained like a nucleus, by area: what is left to tell the scale by
 * where no red cell can be measured. */
static gfloat
nuclear_diameter (const guint8 *nuclei, gint width, gint height, gint32 *labels)
{
  g_autoptr (GArray) parts = smear_mask_parts (nuclei, width, height, labels, NULL);
  gdouble sum = 0, area = 0;

  for (guint i = 0; i < parts->len; i++)
    {
      gdouble a = g_array_index (parts, SmearPart, i).area;
      sum += a * sqrt (a * 4 / G_PI);
      area += a;
    }
  return area > 0 ? sum / area : 0;
}

/* Scale for the search, in micrometres a pixel: given, measured, or for want of better
 * guessed from the nuclei themselves, which is not reported. */
static gboolean
find_scale (SmearSearch *search, const SmearStain *stain, gfloat *step_x, gfloat *step_y)
{
  gfloat across = 0, down = 0;
  gfloat nucleus = nuclear_diameter (search->nuclei, stain->width, stain->height,
                                     search->labels);

  if (search->um_x <= 0 || search->um_y <= 0)
    {
      smear_scale_estimate (stain, search->nuclei, &across, &down);
      gfloat red_cell = sqrtf (across * down);
      /* Seen but a few pixels wide, or absurd beside the nuclei: no red cells. */
      if (red_cell < LEAST_RED_CELL || nucleus > MOST_TIMES_RED_CELL * red_cell)
        across = down = 0;
      search->um_x = across > 0 ? SMEAR_RED_CELL_UM / across : 0;
      search->um_y = down > 0 ? SMEAR_RED_CELL_UM / down : 0;
    }
  *step_x = search->um_x;
  *step_y = search->um_y;
  if (*step_x > 0 && *step_y > 0)
    return TRUE;
  *step_x = *step_y = NUCLEUS_UM / MAX (nucleus, 4);
  return FALSE;
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
    search->nuclei[i] = stain->purple[i] > level && stain->density[i] > stain->clear;

  gboolean has_red_cells = find_scale (search, stain, &step_x, &step_y);
  smear_mask_fill_holes (search->nuclei, width, height, (gint)(20 / (step_x * step_y)));
  smear_mask_open (search->nuclei, width, height, step_x, step_y, 0.7f, distance);
  cells = g_memdup2 (search->nuclei, n);
  smear_cytoplasm_grow (cells, stain, has_red_cells, step_x, step_y);
  smear_mask_fill_holes (cells, width, height, (gint)(30 / (step_x * step_y)));
  smear_mask_open (cells, width, height, step_x, step_y, 1.2f, distance);
  smear_mask_distance (cells, width, height, step_x, step_y, distance);
  search->n_cells = smear_split_touching (cells, distance, width, height, 0.75f, 2.0f,
                                          search->labels);

  g_autofree SmearPart *parts = smear_label_parts (search->labels, search->n_cells, width,
                                                   height, search->nuclei);
  g_autofree gint32 *number = g_new0 (gint32, search->n_cells + 1);
  gint kept = 0;
  for (gint i = 0; i < search->n_cells; i++)
    {
      gfloat area = parts[i].area * step_x * step_y;
      gfloat nucleus = parts[i].weight * step_x * step_y;
      if (nucleus >= (parts[i].border ? LEAST_AREA_AT_BORDER : LEAST_AREA)
          && area <= LARGEST_AREA && kept < G_MAXUINT16)
        number[i + 1] = ++kept;
    }
  for (gsize i = 0; i < n; i++)
    search->labels[i] = number[search->labels[i]];
  search->n_cells = kept;
}

void
smear_search_clear (SmearSearch *search)
{
  g_clear_pointer (&search->labels, g_free);
  g_clear_pointer (&search->nuclei, g_free);
}
