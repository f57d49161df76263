#!/bin/bash
# GIMP 3: a region of a scan that no GIMP could load whole, and the same pixels selected.
# timeout: 300
. "$(dirname "$0")/support.sh"
"$BUILD/smearscope" synthesise --scan --width 1500 --height 1100 --um-per-pixel 0.25 --seed 5 \
  --output "$WORK/scan.tif"
"$BUILD/smearscope" synthesise --scan --width 2048 --height 2048 --um-per-pixel 0.25 --seed 6 \
  --output "$WORK/tiles.tif"
python3 tests/scan/giant.py "$WORK/tiles.tif" "$WORK/giant.tif" 586
run_python scan
