/* GeoJSON in the flavour that QuPath imports: rectangles in pixels of the scan. */
#pragma once

#include <smearscope/finding.h>

/** smear_geojson_begin: Further features follow with a comma before each but the first.
 */
void smear_geojson_begin (GString *json);
/** smear_geojson_cell: a detection with class and probabilities. */
void smear_geojson_cell (GString *json, const SmearCell *cell);
/**
 * smear_geojson_area: an annotation.
 * @name: what it is called
 * @note: (nullable): class that QuPath shows it under
 */
void smear_geojson_area (GString *json, const SmearRegion *area, const char *name,
                         const char *note);
void smear_geojson_end (GString *json);
