#!/bin/bash
# tests/gimp3/records.py in GIMP 3 without windows: history, feedback, reports, settings
# timeout: 900
. "$(dirname "$0")/support.sh"
draw_smear
run_python records "$WORK/smear.png"
grep -q 'not kept in the history' "$WORK/gimp.log" "$WORK/gimp.out" || { echo "the damaged history is not told"; exit 1; }
