#include "base/random.h"

#include <math.h>

static guint64
splitmix (guint64 *state)
{
  guint64 z = *state += 0x9e3779b97f4a7c15u;

  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

guint64
smear_hash (guint64 a, guint64 b)
{
  guint64 state = a;
  guint64 mixed = splitmix (&state) ^ b;

  return splitmix (&mixed);
}

SmearRandom
smear_random (guint64 seed)
{
  SmearRandom random;

  for (gint i = 0; i < 4; i++)
    random.state[i] = splitmix (&seed);
  return random;
}

static inline guint64
rotate (guint64 x, gint k)
{
  return x << k | x >> (64 - k);
}

guint64
smear_random_next (SmearRandom *random)
{
  guint64 *s = random->state, result = rotate (s[1] * 5, 7) * 9, t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate (s[3], 45);
  return result;
}

gdouble
smear_random_uniform (SmearRandom *random, gdouble low, gdouble high)
{
  return low + (high - low) * ((smear_random_next (random) >> 11) * 0x1p-53);
}

guint32
smear_random_below (SmearRandom *random, guint32 n)
{
  return (smear_random_next (random) >> 32) * n >> 32;
}

gdouble
smear_random_normal (SmearRandom *random)
{
  gdouble u = 1 - smear_random_uniform (random, 0, 1),
          v = smear_random_uniform (random, 0, 1);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * v);
}

void
smear_random_shuffle (SmearRandom *random, gint *items, gint n)
{
  for (gint i = n - 1; i > 0; i--)
    {
      gint j = smear_random_below (random, i + 1), t = items[i];
      items[i] = items[j];
      items[j] = t;
    }
}
