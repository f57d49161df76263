/* Hand-made features of colour and texture, for rivals that do not learn their own. */
#pragma once

#include <smearscope/image.h>

/** SMEAR_N_FEATURES: 64 + 32 + 9 of colour, 10 + 15 + 9 of texture. */
#define SMEAR_N_FEATURES 139

/**
 * smear_features:
 * @mask: (nullable): width * height; where it is not 0 the image is not looked at
 * @out: (out caller-allocates): %SMEAR_N_FEATURES numbers; all 0 if the mask leaves
 * nothing
 *
 * Colour: shares of 4x4x4 RGB bins; of 16 hues, weighted by saturation, 8 saturations and
 * 8 values; mean, deviation and skewness of each channel over 255. Texture, of grey:
 * uniform rotation-invariant local binary patterns of 8 neighbours (Ojala, Pietikäinen
 * and Mäenpää, IEEE TPAMI 2002); contrast, homogeneity, energy, correlation and entropy
 * of co-occurrence in 16 levels at distances 1, 2 and 4 over four directions (Haralick,
 * Shanmugam and Dinstein, IEEE TSMC 1973); orientations of the gradient in 9 bins,
 * weighted by its length (Dalal and Triggs, CVPR 2005).
 */
void smear_features (SmearImage *image, const guint8 *mask, gfloat out[SMEAR_N_FEATURES]);
