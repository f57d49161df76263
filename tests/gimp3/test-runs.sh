#!/bin/bash
# tests/gimp3/runs.py in GIMP 3 without windows
# timeout: 900
. "$(dirname "$0")/support.sh"
draw_smear
run_python runs
