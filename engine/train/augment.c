#include "train/augment.h"

#include <math.h>
#include <string.h>

/* Of every picture the same numbers are drawn, used or not, so that changing one range
 * does not shift the others' luck. */
typedef struct
{
  gfloat angle, zoom, brightness, balance[3], stain[4], saturation, gamma, noise, blur;
  gboolean mirror_x, mirror_y, grey, blurred;
  guint64 noise_seed;
} Draw;

static gfloat
around (SmearRandom *random, gfloat range)
{
  return range * smear_random_uniform (random, -1, 1);
}

static Draw
draw (const SmearAugmentation *how, SmearRandom *random)
{
  Draw d;

  d.angle = around (random, how->rotation) * (gfloat)G_PI / 180;
  d.mirror_x = smear_random_below (random, 2) && how->flip;
  d.mirror_y = smear_random_below (random, 2) && how->flip;
  d.zoom = 1 + around (random, how->zoom);
  d.brightness = 1 + around (random, how->brightness);
  for (gint c = 0; c < 3; c++)
    d.balance[c] = 1 + around (random, how->balance);
  for (gint c = 0; c < 3; c++)
    d.stain[c] = 1 + around (random, how->stain) / 2;
  d.stain[3] = 1 + around (random, how->stain);
  d.saturation = 1 + around (random, how->saturation);
  d.gamma = expf (around (random, how->gamma));
  d.noise = how->noise * smear_random_uniform (random, 0, 1);
  d.blurred = smear_random_below (random, 2) && how->blur > 0;
  d.blur = how->blur * smear_random_uniform (random, 0, 1);
  d.grey = smear_random_uniform (random, 0, 1) < how->grey;
  d.noise_seed = smear_random_next (random);
  return d;
}

static inline gint
mirror (gint i, gint n)
{
  i = i < 0 ? -1 - i : i;
  i %= 2 * n;
  return i < n ? i : 2 * n - 1 - i;
}

/* Turned, mirrored and scaled about the centre, bilinear. */
static void
warp (const guint8 *picture, gint size, const Draw *d, gfloat *out)
{
  gfloat centre = (size - 1) / 2.0f;
  gfloat ux = cosf (d->angle) / d->zoom, uy = sinf (d->angle) / d->zoom;
  gfloat vx = -uy, vy = ux;

  if (d->mirror_x)
    {
      ux = -ux;
      uy = -uy;
    }
  if (d->mirror_y)
    {
      vx = -vx;
      vy = -vy;
    }
  for (gint y = 0; y < size; y++)
    for (gint x = 0; x < size; x++, out += 3)
      {
        gfloat sx = centre + ux * (x - centre) + vx * (y - centre);
        gfloat sy = centre + uy * (x - centre) + vy * (y - centre);
        gint x0 = (gint)floorf (sx), y0 = (gint)floorf (sy), x1 = x0 + 1, y1 = y0 + 1;
        gfloat fx = sx - x0, fy = sy - y0;
        if (x0 < 0 || y0 < 0 || x1 >= size || y1 >= size)
          {
            x0 = mirror (x0, size);
            y0 = mirror (y0, size);
            x1 = mirror (x1, size);
            y1 = mirror (y1, size);
          }
        const guint8 *a = picture + 3 * (y0 * size + x0),
                     *b = picture + 3 * (y0 * size + x1);
        const guint8 *c = picture + 3 * (y1 * size + x0),
                     *e = picture + 3 * (y1 * size + x1);
        for (gint i = 0; i < 3; i++)
          out[i] = ((a[i] * (1 - fx) + b[i] * fx) * (1 - fy)
                    + (c[i] * (1 - fx) + e[i] * fx) * fy)
                   / 255;
      }
}

static inline gfloat
clamp (gfloat v)
{
  return v < 0 ? 0 : v > 1 ? 1 : v;
}

/* A power of each channel is a multiple of its optical density: white stays white. A
 * table of 256 steps is finer than the bytes the picture came from. */
static void
recolour (gfloat *out, gint pixels, const Draw *d, const gfloat density[3])
{
  gfloat table[3][257];

  for (gint c = 0; c < 3; c++)
    for (gint i = 0; i <= 256; i++)
      table[c][i] = d->brightness * d->balance[c]
                    * powf (MAX (i, 1) / 256.0f,
                            density[c] * d->stain[c] * d->stain[3] * d->gamma);
  gfloat saturation = d->grey ? 0 : d->saturation;
  for (gint p = 0; p < pixels; p++, out += 3)
    {
      gfloat v[3], grey;
      for (gint c = 0; c < 3; c++)
        {
          gfloat at = clamp (out[c]) * 256;
          gint i = MIN ((gint)at, 255);
          v[c] = table[c][i] + (table[c][i + 1] - table[c][i]) * (at - i);
        }
      grey = 0.299f * v[0] + 0.587f * v[1] + 0.114f * v[2];
      for (gint c = 0; c < 3; c++)
        out[c] = clamp (grey + saturation * (v[c] - grey));
    }
}

/* Blends with the binomial mean of 3x3, one direction after the other. */
static void
blur (gfloat *out, gint size, gfloat strength)
{
  gfloat *line = g_newa (gfloat, size * 3);

  for (gint pass = 0; pass < 2; pass++)
    {
      gint step = pass == 0 ? 3 : 3 * size, next = pass == 0 ? 3 * size : 3;
      for (gint l = 0; l < size; l++)
        {
          gfloat *at = out + l * next;
          for (gint i = 0; i < size; i++)
            memcpy (line + 3 * i, at + i * step, 3 * sizeof (gfloat));
          for (gint i = 0; i < size; i++)
            for (gint c = 0; c < 3; c++)
              {
                gfloat mean = (line[3 * MAX (i - 1, 0) + c] + 2 * line[3 * i + c]
                               + line[3 * MIN (i + 1, size - 1) + c])
                              / 4;
                at[i * step + c] += strength * (mean - line[3 * i + c]);
              }
        }
    }
}

/* The sum of four bytes is near enough to a normal deviate, and fast. */
static void
add_noise (gfloat *out, gsize n, gfloat deviation, guint64 seed)
{
  SmearRandom random = smear_random (seed);
  guint64 bits = 0;

  for (gsize i = 0; i < n; i++)
    {
      bits = i % 2 == 0 ? smear_random_next (&random) : bits >> 32;
      gint sum = (gint)(bits & 255) + (gint)(bits >> 8 & 255) + (gint)(bits >> 16 & 255)
                 + (gint)(bits >> 24 & 255);
      out[i] = clamp (out[i] + deviation * (sum - 510) / 147.8f);
    }
}

void
smear_augment (const guint8 *picture, gint size, const SmearAugmentation *how,
               const gfloat density[3], SmearRandom *random, gfloat *out)
{
  Draw d = draw (how, random);

  warp (picture, size, &d, out);
  recolour (out, size * size, &d, density);
  for (gfloat left = d.blurred ? d.blur : 0; left > 0; left--)
    blur (out, size, MIN (left, 1));
  if (d.noise > 0)
    add_noise (out, (gsize)size * size * 3, d.noise, d.noise_seed);
}
