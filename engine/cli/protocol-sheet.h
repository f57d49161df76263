/* Ways of keeping images back, side by side. */
#pragma once

#include "train/protocol.h"

/**
 * SmearCalibration:
 * @temperature: divides all logits; 0 leaves the tables' probabilities as they are
 * @cross: each fold by the temperature of the others
 */
typedef struct
{
  gdouble temperature;
  gboolean cross;
} SmearCalibration;

/**
 * smear_protocol_sheet:
 * @specs: NAME=CSV each; a name given again is another seed's table
 *
 * Prints the table, or one JSON object. Errors name the table.
 */
gboolean smear_protocol_sheet (char **specs, const SmearCalibration *calibration,
                               gboolean json, GError **error);
