#!/bin/bash
# GIMP 3 in a window: dialogs open with their preview, Cancel leaves the image as it was, OK adds the
# group, one undo takes it back.
# timeout: 900
. "$(dirname "$0")/support.sh"
. tests/gimp3/window.sh
draw_smear
dialog='^Smearscope: Classify$'
fake_browser
start_screen 1280x900x24
ORDERS="classify classify wait-undone find-cells" start_gimp open_smear

wait_for 180 window "$dialog"
sleep 1
shot dialog
colours_of "$dialog" >"$WORK/colours"
[ "$(wc -l <"$WORK/colours")" -gt 500 ] || fail "the dialog shows no picture: $(wc -l <"$WORK/colours") colours"
click_help "$dialog"
wait_for 60 shown
# Another of the same name follows at once.
press_until "$dialog" Escape said 1
[ "$(said 1)" = 'cancelled 1 layers, as it was: true, findings: false' ] || fail "after Cancel: $(said 1)"

# Another colour map by keyboard: the preview follows.
wait_for 90 window "$dialog"
sleep 1
changes "$dialog" "alt+p Down Down" || fail "the preview does not follow the colour map"
shot dialog-changed
answer "$dialog" alt+o
wait_for 180 said 2
[ "$(said 2)" = 'ok 4 layers, as it was: true, findings: true' ] || fail "after OK: $(said 2)"
wait_for 90 window '4 layers'
sleep 1
shot heat-map
press '4 layers' ctrl+z
wait_for 180 window '1 layer)'
shot undone
no_window '^GIMP Message$' || fail "GIMP has something to say of the undo"
touch "$WORK/wait-undone"
wait_for 90 said 3
[ "$(said 3)" = 'wait-undone 1 layers, as it was: true, findings: false' ] || fail "after undo: $(said 3)"

# A cell is left out by a click.
cells='^Smearscope: Find Cells$'
wait_for 180 window "$cells"
sleep 1
shot cells
colours_of "$cells" >"$WORK/before"
for y in 60 100 140 180 220 260; do
  for x in 60 110 160 210 260 310; do click "$cells" $x $y; done
done
sleep 1
shot cells-left-out
colours_of "$cells" >"$WORK/after"
cmp -s "$WORK/before" "$WORK/after" && fail "clicks on cells change nothing"
answer "$cells" alt+o
wait_for 180 said 4
[[ "$(said 4)" = 'ok '*'as it was: true, findings: true' ]] || fail "after finding cells: $(said 4)"
sleep 1
shot cells-found
grep -q inferno "$GIMP3_DIRECTORY"/plug-in-settings/GimpProcedureConfigRun-plug-in-smearscope-classify.last ||
  fail "the values used are not remembered"
stop_gimp

# Without any image the self-test answers. Another profile: GIMP asks what to do after a kill.
new_profile "$WORK/other-profile"
start_gimp self_test
wait_for 180 window '^GIMP Message$'
sleep 1
shot self-test
stop_gimp
finish
