#!/bin/bash
# GIMP 2.10: every kind of image is judged as its sRGB pixels are judged by the command line.
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh

smear smear.png
cat > "$WORK/ppm.scm" <<'END'
(let ((image (load-image "smear.png")))
  (file-ppm-save RUN-NONINTERACTIVE image (active image) (file "smear.ppm") "smear.ppm" 1))
END
run_script "$WORK/ppm.scm" > /dev/null || fail "no PPM"
python3 tests/gimp2/adobe.py "$WORK/smear.ppm" "$WORK/adobe.icc" "$WORK/adobe.png" || fail "no profile"
check_script tests/gimp2/types.scm
compare_said
finish
