/* From nuclei to whole cells. */
#include "image/leukocytes-private.h"

#include <math.h>

/* Cytoplasm reaches no farther from a nucleus than this. */
#define REACH_UM 4.0f
/* The same where the scale is no more than a guess. */
#define REACH_GUESSED_UM 9.0f

/* Cytoplasm begins this many deviations above the open field, or at this share of what
 * the nuclei stand out by. */
#define ABOVE_NOISE 1.5
#define ABOVE_HALO 0.1

/* Where no more than this share of the open field is covered, there is nothing that could
 * be mistaken for cytoplasm, and all that lies on the glass at a nucleus is the cell. */
#define FEW_RED_CELLS 0.08f

/* Weights of the three densities in which both grey and red cells vanish, so that what is
 * left is the stain of the cell's own. FALSE if there are no red cells to learn from. */
static gboolean
against_red_cells (const SmearStain *stain, const gfloat *to_nucleus, gfloat weights[3])
{
  gsize n = (gsize)stain->width * stain->height, open = 0, covered = 0;
  gdouble sum[3] = { 0, 0, 0 };

  for (gsize i = 0; i < n; i++)
    if (to_nucleus[i] > REACH_UM)
      {
        open++;
        if (stain->density[i] <= stain->clear)
          continue;
        covered++;
        for (gint c = 0; c < 3; c++)
          sum[c] += stain->optical[c][i] - SMEAR_STAIN_ZERO;
      }
  if (covered < FEW_RED_CELLS * open || covered < 50)
    return FALSE;

  gfloat cross[3] = { sum[1] - sum[2], sum[2] - sum[0], sum[0] - sum[1] };
  gfloat largest = MAX (MAX (ABS (cross[0]), ABS (cross[1])), ABS (cross[2]));
  if (largest <= 0)
    return FALSE;
  /* The green weight is positive: nuclei and cytoplasm take most of their light there. */
  for (gint c = 0; c < 3; c++)
    weights[c] = (cross[1] < 0 ? -cross[c] : cross[c]) / largest;
  return TRUE;
}

/* Cytoplasm has to stand out from the noise of the open field, and not only as far as the
 * halo of a dense nucleus does. */
static gint
cytoplasm_level (const guint8 *own, const guint8 *nuclei, const gfloat *to_nucleus,
                 gsize n)
{
  gdouble sum = 0, sum2 = 0, inside = 0;
  gsize n_open = 0, n_inside = 0;

  for (gsize i = 0; i < n; i++)
    if (nuclei[i])
      {
        inside += own[i];
        n_inside++;
      }
    else if (to_nucleus[i] > REACH_UM)
      {
        sum += own[i];
        sum2 += own[i] * own[i];
        n_open++;
      }
  gdouble mean = sum / n_open;
  gdouble noise = sqrt (MAX (sum2 / n_open - mean * mean, 0));
  gdouble stained = n_inside ? inside / n_inside - mean : 0;
  return (gint)(mean + MAX (ABOVE_NOISE * noise, ABOVE_HALO * stained) + 0.5);
}

void
smear_cytoplasm_grow (guint8 *cells, const SmearStain *stain, gboolean has_red_cells,
                      gfloat step_x, gfloat step_y)
{
  gint width = stain->width, height = stain->height;
  gsize n = (gsize)width * height;
  g_autofree guint8 *outside = g_malloc (n);
  g_autofree guint8 *own = NULL;
  g_autofree gint32 *labels = g_new (gint32, n);
  g_autofree gfloat *to_nucleus = g_new (gfloat, n);
  g_autoptr (GArray) parts = NULL;
  gfloat weights[3];
  gint level;
  gfloat reach = has_red_cells ? REACH_UM : REACH_GUESSED_UM;

  smear_mask_near (cells, width, height, step_x, step_y, MAX (reach, REACH_UM),
                   to_nucleus);

  if (has_red_cells && against_red_cells (stain, to_nucleus, weights))
    {
      own = g_malloc (n);
      for (gsize i = 0; i < n; i++)
        {
          gfloat value = 0;
          for (gint c = 0; c < 3; c++)
            value += weights[c] * (stain->optical[c][i] - SMEAR_STAIN_ZERO);
          own[i] = CLAMP ((gint)(value + SMEAR_STAIN_ZERO + 0.5f), 0, 255);
        }
      smear_plane_blur (own, width, height);
      level = cytoplasm_level (own, cells, to_nucleus, n);
    }
  else
    {
      own = g_memdup2 (stain->density, n);
      level = stain->clear;
    }

  for (gsize i = 0; i < n; i++)
    outside[i] = cells[i] || (own[i] > level && to_nucleus[i] <= reach);
  parts = smear_mask_parts (outside, width, height, labels, cells);
  for (gsize i = 0; i < n; i++)
    cells[i] = labels[i] && g_array_index (parts, SmearPart, labels[i] - 1).weight > 0;
}
