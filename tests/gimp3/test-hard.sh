#!/bin/bash
# tests/gimp3/hard.py in GIMP 3 without windows
# timeout: 600
. "$(dirname "$0")/support.sh"
draw_smear
LIMIT=580 run_python hard
