/* GeoJSON in the flavour that QuPath imports: shapes in pixels of the scan. */
#pragma once

#include <smearscope/area.h>
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
/** smear_geojson_outline: an annotation of what somebody outlined. @klass: the answer for
 * all of it; @measurements: members of a JSON object */
void smear_geojson_outline (GString *json, const SmearArea *area, SmearClass klass,
                            const char *measurements);
void smear_geojson_end (GString *json);
