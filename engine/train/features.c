#include "train/features.h"

#include <math.h>
#include <string.h>

#define LEVELS 16

/* @grey: 0..255 by pixel. */
typedef struct
{
  gint w, h;
  const guint8 *rgb, *mask;
  guint8 *grey;
} Field;

static gboolean
seen (const Field *f, gint x, gint y)
{
  return x >= 0 && y >= 0 && x < f->w && y < f->h
         && (f->mask == NULL || !f->mask[(gsize)y * f->w + x]);
}

static guint8
grey_at (const Field *f, gint x, gint y)
{
  return f->grey[(gsize)y * f->w + x];
}

static void
share (gfloat *values, gint n)
{
  gdouble sum = 0;

  for (gint i = 0; i < n; i++)
    sum += values[i];
  for (gint i = 0; sum > 0 && i < n; i++)
    values[i] /= sum;
}

/* Hue in 0..6, saturation and value in 0..1. */
static void
to_hsv (const guint8 *p, gdouble *hue, gdouble *saturation, gdouble *value)
{
  gdouble top = MAX (p[0], MAX (p[1], p[2])), low = MIN (p[0], MIN (p[1], p[2]));
  gdouble span = top - low;

  *value = top / 255;
  *saturation = top > 0 ? span / top : 0;
  *hue = span <= 0     ? 0
         : top == p[0] ? fmod ((p[1] - p[2]) / span + 6, 6)
         : top == p[1] ? (p[2] - p[0]) / span + 2
                       : (p[0] - p[1]) / span + 4;
}

static gfloat *
colour_histograms (const Field *f, gfloat *out)
{
  gfloat *rgb = out, *hue = out + 64, *saturation = hue + 16, *value = saturation + 8;

  for (gint y = 0; y < f->h; y++)
    for (gint x = 0; x < f->w; x++)
      {
        const guint8 *p = f->rgb + 3 * ((gsize)y * f->w + x);
        gdouble h, s, v;
        if (!seen (f, x, y))
          continue;
        to_hsv (p, &h, &s, &v);
        rgb[p[0] / 64 * 16 + p[1] / 64 * 4 + p[2] / 64]++;
        hue[MIN (15, (gint)(h / 6 * 16))] += s;
        saturation[MIN (7, (gint)(s * 8))]++;
        value[MIN (7, (gint)(v * 8))]++;
      }
  share (rgb, 64);
  share (hue, 16);
  share (saturation, 8);
  share (value, 8);
  return value + 8;
}

static gfloat *
moments (const Field *f, gfloat *out)
{
  for (gint c = 0; c < 3; c++)
    {
      gdouble n = 0, mean = 0, second = 0, third = 0;
      for (gsize i = 0; i < (gsize)f->w * f->h; i++)
        if (f->mask == NULL || !f->mask[i])
          {
            mean += f->rgb[3 * i + c] / 255.0;
            n++;
          }
      mean /= MAX (n, 1);
      for (gsize i = 0; i < (gsize)f->w * f->h; i++)
        if (f->mask == NULL || !f->mask[i])
          {
            gdouble off = f->rgb[3 * i + c] / 255.0 - mean;
            second += off * off;
            third += off * off * off;
          }
      gdouble deviation = sqrt (second / MAX (n, 1));
      *out++ = mean;
      *out++ = deviation;
      *out++ = deviation > 0 ? third / MAX (n, 1) / pow (deviation, 3) : 0;
    }
  return out;
}

/* Patterns with at most two changes along the circle count by their ones, others
 * together. */
static gfloat *
binary_patterns (const Field *f, gfloat *out)
{
  static const gint dx[] = { 1, 1, 0, -1, -1, -1, 0, 1 },
                    dy[] = { 0, 1, 1, 1, 0, -1, -1, -1 };

  for (gint y = 0; y < f->h; y++)
    for (gint x = 0; x < f->w; x++)
      {
        gint ones = 0, changes = 0, bit[8];
        gboolean whole = seen (f, x, y);
        for (gint k = 0; whole && k < 8; k++)
          {
            whole = seen (f, x + dx[k], y + dy[k]);
            bit[k] = whole && grey_at (f, x + dx[k], y + dy[k]) >= grey_at (f, x, y);
            ones += bit[k];
          }
        if (!whole)
          continue;
        for (gint k = 0; k < 8; k++)
          changes += bit[k] != bit[(k + 1) % 8];
        out[changes <= 2 ? ones : 9]++;
      }
  share (out, 10);
  return out + 10;
}

static void
count_pairs (const Field *f, gint distance, gfloat pairs[LEVELS][LEVELS])
{
  static const gint dx[] = { 1, 1, 0, -1 }, dy[] = { 0, 1, 1, 1 };

  for (gint y = 0; y < f->h; y++)
    for (gint x = 0; x < f->w; x++)
      for (gint k = 0; k < 4; k++)
        {
          gint u = x + dx[k] * distance, v = y + dy[k] * distance;
          if (!seen (f, x, y) || !seen (f, u, v))
            continue;
          gint a = grey_at (f, x, y) * LEVELS / 256, b = grey_at (f, u, v) * LEVELS / 256;
          pairs[a][b]++;
          pairs[b][a]++;
        }
}

static gfloat *
co_occurrence (const Field *f, gint distance, gfloat *out)
{
  gfloat pairs[LEVELS][LEVELS] = { { 0 } };
  gdouble contrast = 0, homogeneity = 0, energy = 0, entropy = 0, mean = 0, spread = 0,
          together = 0;

  count_pairs (f, distance, pairs);
  share (&pairs[0][0], LEVELS * LEVELS);
  for (gint a = 0; a < LEVELS; a++)
    for (gint b = 0; b < LEVELS; b++)
      mean += a * pairs[a][b];
  for (gint a = 0; a < LEVELS; a++)
    for (gint b = 0; b < LEVELS; b++)
      {
        gdouble p = pairs[a][b];
        contrast += p * (a - b) * (a - b);
        homogeneity += p / (1 + (a - b) * (a - b));
        energy += p * p;
        entropy -= p > 0 ? p * log2 (p) : 0;
        spread += p * (a - mean) * (a - mean);
        together += p * (a - mean) * (b - mean);
      }
  *out++ = contrast;
  *out++ = homogeneity;
  *out++ = energy;
  *out++ = spread > 0 ? together / spread : 0;
  *out++ = entropy;
  return out;
}

static void
orientations (const Field *f, gfloat *out)
{
  for (gint y = 0; y < f->h; y++)
    for (gint x = 0; x < f->w; x++)
      {
        if (!seen (f, x - 1, y) || !seen (f, x + 1, y) || !seen (f, x, y - 1)
            || !seen (f, x, y + 1))
          continue;
        gdouble gx = grey_at (f, x + 1, y) - grey_at (f, x - 1, y);
        gdouble gy = grey_at (f, x, y + 1) - grey_at (f, x, y - 1);
        gdouble angle = atan2 (gy, gx);
        if (angle < 0)
          angle += G_PI;
        out[MIN (8, (gint)(angle / G_PI * 9))] += hypot (gx, gy);
      }
  share (out, 9);
}

void
smear_features (SmearImage *image, const guint8 *mask, gfloat out[SMEAR_N_FEATURES])
{
  Field f = { .w = smear_image_get_width (image),
              .h = smear_image_get_height (image),
              .rgb = smear_image_get_pixels (image),
              .mask = mask };
  gsize n = (gsize)f.w * f.h;
  g_autofree guint8 *grey = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    grey[i] = (guint8)lrint (0.299 * f.rgb[3 * i] + 0.587 * f.rgb[3 * i + 1]
                             + 0.114 * f.rgb[3 * i + 2]);
  f.grey = grey;
  memset (out, 0, SMEAR_N_FEATURES * sizeof (gfloat));
  out = moments (&f, colour_histograms (&f, out));
  out = binary_patterns (&f, out);
  for (gint distance = 1; distance <= 4; distance *= 2)
    out = co_occurrence (&f, distance, out);
  orientations (&f, out);
}
