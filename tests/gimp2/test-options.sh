#!/bin/bash
# GIMP 2.10: what the dialog asks is an argument too, told of in the procedure browser.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh

smear smear.png
check_script tests/gimp2/options.scm
documented=$(sed -n 's/^argument\t\([^\t]*\)\t.*/\1/p' "$WORK/said" | tr '\n' ' ')
[ "$documented" = "run-mode image drawable model class colour-map opacity heat-map threshold outlines caption colour-bar earlier colours record " ] ||
  fail "arguments: $documented"
for range in '0 <= opacity <= 100' '0 <= threshold <= 1' '"add", "replace"' '"keep", "convert"' \
             '"winner", "Benign", "Early", "Pre", "Pro"' 'TRUE'; do
  grep '^argument' "$WORK/said" | grep -qF "$range" || fail "the procedure browser does not say: $range"
done
finish
