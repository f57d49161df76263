#!/bin/bash
# tests/gimp3/resident.py in GIMP 3 without windows; what stays between calls ends with GIMP.
# timeout: 900
. "$(dirname "$0")/support.sh"
draw_smear
run_python resident
gimp_console python-fu-eval -b 'print ("nothing to do")'
for _ in 1 2 3 4 5 6 7 8 9 10; do
  pgrep -f "$GIMP3_DIRECTORY/plug-ins/smearscope/smearscope" >/dev/null || exit 0
  sleep 0.5
done
echo "FAILED: a process of ours outlives GIMP"
exit 1
