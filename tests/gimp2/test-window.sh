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
press "$dialog" Escape
wait_for 20 said '^layers'
[ "$(sed -n 1p "$WORK/said")" = "layers 1, left as it was #t, findings no" ] ||
  fail "after Cancel: $(sed -n 1p "$WORK/said")"

# The second time, OK.
wait_for 20 window "$dialog"
press "$dialog" Return
wait_for 60 no_window "$dialog"
wait_for 20 said 'findings yes'
[ "$(sed -n 2p "$WORK/said")" = "layers 2, left as it was #t, findings yes" ] ||
  fail "after OK: $(sed -n 2p "$WORK/said")"
# The same again without a question, by the values used last.
wait_for 60 said '^with last values 2'

cells='^Smearscope: Find Cells$'
wait_for 60 window "$cells"
sleep 1
shot find-cells
press "$cells" Return
wait_for 60 no_window "$cells"
wait_for 60 said '^with cells 3'

# Three groups with a caption each; every undo takes back one whole run.
wait_for 20 window 'smear.*10 layers'
shot heat-map
press 'smear.*layers' ctrl+z
wait_for 20 window 'smear.*7 layers'
press 'smear.*layers' ctrl+z
wait_for 20 window 'smear.*4 layers'
press 'smear.*layers' ctrl+z
wait_for 20 window 'smear.*1 layer)'
shot undone
[ -s "$WORK/profile/smearscope/last-values.ini" ] || fail "the values used are not remembered"
stop_gimp

# Without any image, the menu still answers. Another profile: GIMP asks what to do after a kill.
rm -rf "$WORK/profile"
echo '(say "started")' > "$WORK/started.scm"
start_gimp "$WORK/started.scm"
wait_for 60 said started
wait_for 60 window '^GNU Image Manipulation Program$'
press '^GNU Image Manipulation Program$' slash
wait_for 20 window '^Search Actions$'
xdotool type --delay 60 'Self-test and'
sleep 1
xdotool key Down Return
wait_for 60 window 'Message'
sleep 1
shot self-test
stop_gimp
finish
