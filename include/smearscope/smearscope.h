/* Everything the plug-in, the command line and third parties need. */
#pragma once

#include <smearscope/area.h>
#include <smearscope/batch.h>
#include <smearscope/class.h>
#include <smearscope/classify.h>
#include <smearscope/error.h>
#include <smearscope/finding.h>
#include <smearscope/heat-map.h>
#include <smearscope/history.h>
#include <smearscope/image.h>
#include <smearscope/leukocytes.h>
#include <smearscope/model.h>
#include <smearscope/recorder.h>
#include <smearscope/report.h>
#include <smearscope/scan.h>
#include <smearscope/synthesise.h>

#define SMEARSCOPE_VERSION "0.1.0"
