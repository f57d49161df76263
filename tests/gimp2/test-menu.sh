#!/bin/bash
# GIMP 2.10 in a window with its light theme: from the menu to the heat map, and the same again with
# Repeat, which the process that stays answers.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh
. tests/gimp2/window.sh

dialog='^Smearscope: Classify$'
smear smear.png
cat > "$WORK/open.scm" <<'END'
(define image (load-image "smear.png"))
(gimp-image-clean-all image)
(gimp-display-new image)
(say "opened")
END
start_screen 1280x900x24
new_profile "$WORK/profile"
echo '(theme "Light")' >> "$WORK/profile/gimprc"
start_gimp "$WORK/open.scm"
wait_for 60 said opened
wait_for 20 window 'smear.*1 layer)'
sleep 1
resident=$(pgrep -P "$gimp_pid" -x smearscope)
spent () { awk '{ print $14 + $15 }' "/proc/$resident/stat"; }

search_action 'smear.*1 layer)' Classify Return "$dialog"
sleep 1
shot dialog-light
[ "$(background "$dialog")" -gt 150 ] || fail "the dialog is not light: $(background "$dialog")"
answer "$dialog" Return
wait_for 120 window 'smear.*4 layers'
# GIMP repeats what has come to its end: its own process has.
alone () { [ "$(pgrep -P "$gimp_pid" -x smearscope)" = "$resident" ]; }
wait_for 60 alone
before=$(spent)
press_until 'smear.*4 layers' ctrl+f window 'smear.*7 layers'
[ "$(spent)" -gt "$before" ] || fail "Repeat was not answered by the process that stays"
no_window "$dialog" || fail "Repeat asks again"
stop_gimp
finish
