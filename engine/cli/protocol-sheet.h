/* Ways of keeping images back, side by side. */
#pragma once

#include "pipeline/calibration.h"
#include "train/protocol.h"

/**
 * SmearCalibrating:
 * @given: by which; with a temperature of 0 the tables' probabilities stay as they are
 * @cross: each fold by what fits the others instead
 */
typedef struct
{
  SmearCalibration given;
  gboolean cross;
} SmearCalibrating;

/**
 * smear_protocol_sheet:
 * @specs: NAME=CSV each; a name given again is another seed's table
 *
 * Prints the table, or one JSON object. Errors name the table.
 */
gboolean smear_protocol_sheet (char **specs, const SmearCalibrating *calibrating,
                               gboolean json, GError **error);
