#!/bin/bash
# GIMP 2.10 in a window: from the menu to the heat map, and the same again with Repeat, which the
# process that stays answers.
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
start_gimp "$WORK/open.scm"
wait_for 60 said opened
wait_for 20 window 'smear.*1 layer)'
sleep 1
resident=$(pgrep -P "$gimp_pid" -x smearscope)
spent () { awk '{ print $14 + $15 }' "/proc/$resident/stat"; }

press 'smear.*1 layer)' slash
wait_for 20 window '^Search Actions$'
xdotool type --delay 60 Classify
sleep 1
xdotool key Return
wait_for 60 window "$dialog"
press "$dialog" Return
wait_for 60 window 'smear.*4 layers'
before=$(spent)
wait_for 20 no_window "$dialog"
sleep 1
press 'smear.*4 layers' ctrl+f
wait_for 60 window 'smear.*7 layers'
[ "$(spent)" -gt "$before" ] || fail "Repeat was not answered by the process that stays"
no_window "$dialog" || fail "Repeat asks again"
stop_gimp
finish
