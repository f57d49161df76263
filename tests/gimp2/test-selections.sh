#!/bin/bash
# GIMP 2.10: what is selected is what is judged, and what cannot be judged is told.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh

smear smear.png
check_script tests/gimp2/selections.scm
compare_said
finish
