/* From nuclei to whole cells. */
#include "image/leukocytes-private.h"

#include "base/cpu.h"

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

/* What lies on the glass in the open field: pixels, and sums of their densities. */
typedef struct
{
  gsize open, covered;
  guint64 sum[3];
} Field;

SMEAR_WIDE static void
add_row_of_field (const SmearStain *stain, const gfloat *to_nucleus, gsize at, gint n,
                  Field *field)
{
  const gfloat *restrict far = to_nucleus + at;
  const guint8 *restrict density = stain->density + at;
  const guint8 *restrict red
      = stain->optical[0] + at,
      *restrict green = stain->optical[1] + at, *restrict blue = stain->optical[2] + at;
  const gint clear = stain->clear;
  guint open = 0, covered = 0, reds = 0, greens = 0, blues = 0;

  for (gint x = 0; x < n; x++)
    {
      guint here = far[x] > REACH_UM, stained = here & (density[x] > clear);
      open += here;
      covered += stained;
      reds += stained * red[x];
      greens += stained * green[x];
      blues += stained * blue[x];
    }
  field->open += open;
  field->covered += covered;
  field->sum[0] += reds;
  field->sum[1] += greens;
  field->sum[2] += blues;
}

/* Weights of the three densities in which both grey and red cells vanish, so that what is
 * left is the stain of the cell's own. FALSE if there are no red cells to learn from. */
static gboolean
against_red_cells (const SmearStain *stain, const gfloat *to_nucleus, gfloat weights[3])
{
  Field field = { 0 };
  gdouble sum[3];

  for (gint y = 0; y < stain->height; y++)
    add_row_of_field (stain, to_nucleus, (gsize)y * stain->width, stain->width, &field);
  if (field.covered < FEW_RED_CELLS * field.open || field.covered < 50)
    return FALSE;
  for (gint c = 0; c < 3; c++)
    sum[c] = (gdouble)field.sum[c] - (gdouble)field.covered * SMEAR_STAIN_ZERO;

  gfloat cross[3] = { sum[1] - sum[2], sum[2] - sum[0], sum[0] - sum[1] };
  gfloat largest = MAX (MAX (ABS (cross[0]), ABS (cross[1])), ABS (cross[2]));
  if (largest <= 0)
    return FALSE;
  /* The green weight is positive: nuclei and cytoplasm take most of their light there. */
  for (gint c = 0; c < 3; c++)
    weights[c] = (cross[1] < 0 ? -cross[c] : cross[c]) / largest;
  return TRUE;
}

/* Densities by @weights, in bytes. */
SMEAR_WIDE static void
weigh (const SmearStain *stain, const gfloat weights[3], gsize n, guint8 *restrict own)
{
  const guint8 *restrict red = stain->optical[0], *restrict green = stain->optical[1],
                         *restrict blue = stain->optical[2];
  const gfloat r = weights[0], g = weights[1], b = weights[2];

  for (gsize i = 0; i < n; i++)
    {
      gfloat value = r * (red[i] - SMEAR_STAIN_ZERO) + g * (green[i] - SMEAR_STAIN_ZERO)
                     + b * (blue[i] - SMEAR_STAIN_ZERO);
      gint byte = (gint)(value + SMEAR_STAIN_ZERO + 0.5f);
      own[i] = (guint8)CLAMP (byte, 0, 255);
    }
}

/* Of a cell's own stain: sums inside of nuclei and in the open field. */
typedef struct
{
  guint64 inside, n_inside, open, open2, n_open;
} Own;

SMEAR_WIDE static void
add_row_of_own (const guint8 *restrict own, const guint8 *restrict nuclei,
                const gfloat *restrict to_nucleus, gint n, Own *sums)
{
  guint inside = 0, n_inside = 0, open = 0, open2 = 0, n_open = 0;

  for (gint x = 0; x < n; x++)
    {
      guint in = nuclei[x], out = (in ^ 1) & (to_nucleus[x] > REACH_UM);
      inside += own[x] * in;
      n_inside += in;
      open += own[x] * out;
      open2 += own[x] * own[x] * out;
      n_open += out;
    }
  sums->inside += inside;
  sums->n_inside += n_inside;
  sums->open += open;
  sums->open2 += open2;
  sums->n_open += n_open;
}

/* Cytoplasm has to stand out from the noise of the open field, and not only as far as the
 * halo of a dense nucleus does. */
static gint
cytoplasm_level (const guint8 *own, const guint8 *nuclei, const gfloat *to_nucleus,
                 gint width, gint height)
{
  Own sums = { 0 };

  for (gsize at = 0; at < (gsize)width * height; at += width)
    add_row_of_own (own + at, nuclei + at, to_nucleus + at, width, &sums);
  gdouble mean = (gdouble)sums.open / sums.n_open;
  gdouble noise = sqrt (MAX ((gdouble)sums.open2 / sums.n_open - mean * mean, 0));
  gdouble stained = sums.n_inside ? (gdouble)sums.inside / sums.n_inside - mean : 0;
  return (gint)(mean + MAX (ABOVE_NOISE * noise, ABOVE_HALO * stained) + 0.5);
}

SMEAR_WIDE static void
find_stained (const guint8 *restrict cells, const guint8 *restrict own,
              const gfloat *restrict to_nucleus, gint level, gfloat reach, gsize n,
              guint8 *restrict stained)
{
  for (gsize i = 0; i < n; i++)
    stained[i] = cells[i] | ((own[i] > level) & (to_nucleus[i] <= reach));
}

void
smear_cytoplasm_grow (guint8 *cells, const SmearStain *stain, gboolean has_red_cells,
                      gfloat step_x, gfloat step_y)
{
  gint width = stain->width, height = stain->height;
  gsize n = (gsize)width * height;
  g_autofree guint8 *stained = g_malloc (n);
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
      weigh (stain, weights, n, own);
      smear_plane_blur (own, width, height);
      level = cytoplasm_level (own, cells, to_nucleus, width, height);
    }
  else
    {
      own = g_memdup2 (stain->density, n);
      level = stain->clear;
    }

  find_stained (cells, own, to_nucleus, level, reach, n, stained);
  parts = smear_mask_parts (stained, width, height, labels, cells);
  for (gsize i = 0; i < n; i++)
    cells[i] = labels[i] && g_array_index (parts, SmearPart, labels[i] - 1).weight > 0;
}
