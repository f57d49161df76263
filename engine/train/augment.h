/* Changes to a training picture that leave its class as it is. */
#pragma once

#include "base/random.h"

/**
 * SmearAugmentation:
 * @rotation: up to so many degrees either way; 180 for any angle
 * @flip: mirrored left-right and top-bottom, each half of the time
 * @zoom: enlarged or shrunk by up to this share, 0.1 for 0.9 to 1.1
 * @brightness: all channels times 1 ± this
 * @balance: each channel times its own 1 ± this
 * @stain: optical density of each channel times its own 1 ± this, and of all times
 * another: paler or stronger, bluer or redder stain, the white of the background unmoved
 * @saturation: distance from grey times 1 ± this
 * @gamma: exponent exp (± this)
 * @noise: standard deviation of added noise, of 1
 * @blur: half of the time up to this many 3x3 binomial blurs, the last of them in part
 * @grey: with this probability all colour is taken away
 */
typedef struct
{
  gfloat rotation;
  gboolean flip;
  gfloat zoom, brightness;
  gfloat balance, stain, saturation, gamma, noise, blur, grey;
} SmearAugmentation;

/** The published recipe. */
#define SMEAR_AUGMENTATION_PUBLISHED                                                     \
  {                                                                                      \
    .rotation = 20, .flip = TRUE, .zoom = 0.1f, .brightness = 0.2f                       \
  }
/** For cells: stain and light as far as laboratories differ; more costs more than it
 * protects from (see the model card). */
#define SMEAR_AUGMENTATION_CELL                                                          \
  {                                                                                      \
    .rotation = 180, .flip = TRUE, .zoom = 0.2f, .brightness = 0.1f, .balance = 0.1f,    \
    .stain = 0.15f, .saturation = 0.5f, .gamma = 0.35f, .noise = 0.03f, .blur = 2        \
  }

/**
 * smear_augment:
 * @picture: size² RGB bytes
 * @density: what the optical density of each channel is multiplied by; 1 for none
 * @random: moved on by a number of draws that does not depend on the settings' values
 * @out: (out caller-allocates): size² RGB floats, 0..1
 *
 * Places outside the picture show it mirrored at the edge.
 */
void smear_augment (const guint8 *picture, gint size, const SmearAugmentation *how,
                    const gfloat density[3], SmearRandom *random, gfloat *out);
