#!/bin/bash
# GIMP 2.10: every kind of image is judged as its sRGB pixels are judged by the command line.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh

# Of a seed whose answer other colours move.
smear smear.png --seed 8
smear page.png --width 400 --height 300 --seed 4
convert "$WORK/smear.png" "$WORK/page.png" "$WORK/pages.tif" || skip "ImageMagick is not installed"
smear turned.jpg
# EXIF's orientation 6: to be turned by a quarter.
python3 - "$WORK/turned.jpg" <<'END' || fail "no EXIF"
import struct, sys
tiff = b'MM\0*' + struct.pack ('>IHHHIHHI', 8, 1, 0x112, 3, 1, 6, 0, 0)
with open (sys.argv[1], 'r+b') as file:
    jpeg = file.read ()
    file.seek (2)
    file.write (b'\xff\xe1' + struct.pack ('>H', len (tiff) + 8) + b'Exif\0\0' + tiff + jpeg[2:])
END
cat > "$WORK/ppm.scm" <<'END'
(let ((image (load-image "smear.png")))
  (file-ppm-save RUN-NONINTERACTIVE image (active image) (file "smear.ppm") "smear.ppm" 1))
END
run_script "$WORK/ppm.scm" > /dev/null || fail "no PPM"
python3 tests/gimp2/profile.py "$WORK/smear.ppm" "$WORK/other.icc" "$WORK/other.png" \
  "$WORK/smear.png" || fail "no profile"
"$BUILD/smearscope" classify --json "$WORK/smear.png" "$WORK/other.png" | python3 -c '
import json, sys
a, b = (json.loads (line)["probabilities"] for line in sys.stdin)
sys.exit (max (abs (a[name] - b[name]) for name in a) < 0.1)' ||
  fail "the profile makes too little difference: the comparison would be blind"
check_script tests/gimp2/types.scm
compare_said

# The heat map is the engine's, pixel by pixel; under another profile, other numbers that mean the
# same colours.
"$BUILD/smearscope" classify --json --maps "$WORK/maps" "$WORK/smear.png" > /dev/null || fail "no map"
raw () { convert "$1" -depth 8 -background black -alpha background "rgba:$2"; }
raw "$WORK"/maps/*.png "$WORK/engine" && raw "$WORK/heat.png" "$WORK/heat" || fail "no pixels"
cmp "$WORK/engine" "$WORK/heat" || fail "the heat map is not the engine's"
raw "$WORK/heat-other.png" "$WORK/heat-other"
python3 tests/gimp2/profile.py "$WORK/heat" "$WORK/heat-other" ||
  fail "the heat map has other colours under another profile"
finish
