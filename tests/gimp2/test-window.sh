#!/bin/bash
# GIMP 2.10 in a window: the dialog opens, Cancel leaves the image as it was, OK adds the group, one
# undo takes it back.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh
. tests/gimp2/window.sh

dialog='^Smearscope: Classify$'
smear smear.png
fake_browser
start_screen 1280x900x24
start_gimp "$PWD/tests/gimp2/window.scm"

wait_for 60 window "$dialog"
sleep 1
shot dialog
click_help "$dialog"
wait_for 20 shown
# Another of the same name follows at once.
press_until "$dialog" Escape said '^layers'
[ "$(sed -n 1p "$WORK/said")" = "layers 1, left as it was #t, findings no" ] ||
  fail "after Cancel: $(sed -n 1p "$WORK/said")"

# The second time another colour map, by keyboard, which the preview follows, and OK.
wait_for 60 window "$dialog"
changes "$dialog" "alt+p Down Down" || fail "the preview does not follow the colour map"
shot dialog-changed
answer "$dialog" alt+o
wait_for 120 said 'findings yes'
[ "$(sed -n 2p "$WORK/said")" = "layers 2, left as it was #t, findings yes" ] ||
  fail "after OK: $(sed -n 2p "$WORK/said")"
# The same again without a question, by the values used last.
wait_for 120 said '^with last values 2'
grep -q "colour-map='inferno'" "$WORK/profile/smearscope/last-values.ini" ||
  fail "the values used are not remembered: $(cat "$WORK/profile/smearscope/last-values.ini")"

cells='^Smearscope: Find Cells$'
wait_for 60 window "$cells"
sleep 1
shot find-cells
answer "$cells" Return
wait_for 120 said '^with cells 3'
wait_for 120 said '^by script'
said '^by script the same findings #t, the same heat map #t' ||
  fail "the dialog's answer is not the script's: $(tail -n 1 "$WORK/said")"

# Four groups with a caption each; every undo takes back one whole run.
wait_for 60 window 'smear.*13 layers'
shot heat-map
for left in '10 layers' '7 layers' '4 layers' '1 layer)'; do
  press 'smear.*layers' ctrl+z
  wait_for 60 window "smear.*$left"
done
shot undone
stop_gimp

# Without any image, the menu still answers. Another profile: GIMP asks what to do after a kill.
rm -rf "$WORK/profile"
echo '(say "started")' > "$WORK/started.scm"
start_gimp "$WORK/started.scm"
wait_for 60 said started
wait_for 60 window '^GNU Image Manipulation Program$'
search_action '^GNU Image Manipulation Program$' 'Self-test and' 'Down Return' Message
sleep 1
shot self-test
stop_gimp
finish
