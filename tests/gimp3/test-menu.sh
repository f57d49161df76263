#!/bin/bash
# GIMP 3 in a window with its light theme: from the menu to the heat map, and the same again with
# Repeat, which the process that stays answers.
# timeout: 900
. "$(dirname "$0")/support.sh"
. tests/gimp3/window.sh

dialog='^Smearscope: Classify$'
draw_smear
start_screen 1280x900x24
echo '(theme-color-scheme light)' >> "$GIMP3_DIRECTORY/gimprc"
start_gimp open
wait_for 180 grep opened "$WORK/said"
wait_for 90 window '8-bit.*1 layer)'
sleep 1
resident=$(pgrep -o -f "smearscope/smearscope -gimp")
spent () { awk '{ print $14 + $15 }' "/proc/$resident/stat"; }

search_action '8-bit.*1 layer)' Classify Return "$dialog"
sleep 1
shot dialog-light
[ "$(background "$dialog")" -gt 150 ] || fail "the dialog is not light: $(background "$dialog")"
answer "$dialog" Return
wait_for 180 window '8-bit.*4 layers'
# GIMP repeats what has come to its end: its own process has.
alone () { [ "$(pgrep -f "smearscope/smearscope -gimp")" = "$resident" ]; }
wait_for 90 alone
before=$(spent)
press_until '8-bit.*4 layers' ctrl+f window '8-bit.*7 layers'
[ "$(spent)" -gt "$before" ] || fail "Repeat was not answered by the process that stays"
no_window "$dialog" || fail "Repeat asks again"
stop_gimp
finish
