/* How strongly the leukocytes of a field are stained. */
#pragma once

#include <smearscope/leukocytes.h>

/**
 * SmearDensity: of red, green and blue
 * @glass: light of clear glass, 1 to 255
 * @cells: mean optical density of the leukocytes against it; at least what is more than
 *   the camera's noise, also where there are none
 */
typedef struct
{
  gdouble glass[3], cells[3];
} SmearDensity;

SmearDensity smear_density_measure (SmearImage *image, const SmearLeukocytes *found);
