/* Arguments that several procedures around the history have. */
#pragma once

#include "core/procedure-table.h"
#include "core/texts.h"

static const char *const smear_papers[] = { "a4", "letter", NULL };
static const char *const smear_report_maps[] = { "viridis", "magma", "inferno",
                                                 "turbo",   "grey",  NULL };

#define ARG_ID INTEGER ("id", N_ ("Number of the finding in the history"), 1, G_MAXINT, 1)
#define REPORT_ARGUMENTS                                                                 \
  TEXT ("file", N_ ("File to write (.pdf or .html)")),                                   \
      CHOICE ("paper", N_ ("Paper of a PDF"), smear_papers),                             \
      TEXT ("title", N_ ("Title of the report, or empty")),                              \
      TEXT ("laboratory", N_ ("Who issues it, at the head of each page")),               \
      CHOICE ("colour-map", N_ ("Colour map of the heat map"), smear_report_maps)

/* What every procedure has that works on the history and on no image. */
#define ON_HISTORY(arguments_, results_, run_)                                           \
  .on = SMEAR_ON_NOTHING, .arguments = arguments_, .more = nothing, .results = results_, \
  .run = run_
static const SmearArg nothing[] = { END };
