/* Numbers that are the same on every machine for the same seed: xoshiro256** seeded by
 * SplitMix64 (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * 2021). */
#pragma once

#include <glib.h>

typedef struct
{
  guint64 state[4];
} SmearRandom;

SmearRandom smear_random (guint64 seed);
guint64 smear_random_next (SmearRandom *random);
/** smear_random_uniform: in [@low, @high). */
gdouble smear_random_uniform (SmearRandom *random, gdouble low, gdouble high);
/** smear_random_below: an integer in [0, @n). */
guint32 smear_random_below (SmearRandom *random, guint32 n);
gdouble smear_random_normal (SmearRandom *random);
/** smear_random_shuffle: Fisher and Yates. */
void smear_random_shuffle (SmearRandom *random, gint *items, gint n);
/** smear_hash: mixes two numbers into a seed. */
guint64 smear_hash (guint64 a, guint64 b);
