/* The parts a report on paper is made of. */
#pragma once

#include "records/report-private.h"
#include "records/report-sheet.h"

/** smear_report_page: a finding with its pictures, probabilities and provenance. */
void smear_report_page (SmearSheets *sheets, const SmearReport *report,
                        const SmearReportEntry *entry);
/** smear_report_list: all findings, a line each. */
void smear_report_list (SmearSheets *sheets, const SmearReport *report);
void smear_report_model_part (SmearSheets *sheets, const SmearReport *report);
void smear_report_signatures (SmearSheets *sheets);
