#!/bin/bash
# GIMP 3 in a window: feedback, a report, the history with its buttons, its settings.
# timeout: 900
. "$(dirname "$0")/support.sh"
. tests/gimp3/window.sh
draw_smear
told () { grep -q "^$1" "$WORK/said"; }
history () { "$BUILD/smearscope" history "$@"; }

start_screen 1280x900x24
start_gimp records_window "$WORK/smear.png"
wait_for 240 told kept

wait_for 120 window '^Smearscope: Feedback$'
sleep 1
press '^Smearscope: Feedback$' alt+r
xdotool type --delay 30 'Dr Lind'
press '^Smearscope: Feedback$' alt+n
xdotool type --delay 30 'smudge cells'
sleep 1
shot feedback
press '^Smearscope: Feedback$' Return
wait_for 90 told feedback
history list --feedback > "$WORK/list"
grep -q 'agree on 3.*Dr Lind' "$WORK/list" || fail "the feedback is not in the history: $(cat "$WORK/list")"

wait_for 120 window '^Smearscope: Report$'
sleep 1
shot report
press '^Smearscope: Report$' ctrl+a
xdotool type --delay 30 "$WORK/window.pdf"
press '^Smearscope: Report$' Return
wait_for 120 told report
[ -s "$WORK/window.pdf" ] || fail "no report was written: $(cat "$WORK/said")"

wait_for 120 window '^Smearscope: History$'
sleep 1
shot history
press '^Smearscope: History$' shift+Down alt+c
wait_for 90 window '^Smearscope: Comparison$'
sleep 1
shot comparison
press '^Smearscope: Comparison$' Escape
wait_for 90 no_window '^Smearscope: Comparison$'
press '^Smearscope: History$' alt+w
wait_for 90 window '^Smearscope$'
sleep 1
shot proved
press '^Smearscope$' Escape
wait_for 90 no_window '^Smearscope$'
press '^Smearscope: History$' Up alt+o
wait_for 120 window '^\[Untitled\]-2.0' # GIMP 3 calls so what a plug-in loads
press '^Smearscope: History$' Escape
wait_for 90 told history

wait_for 120 window '^Smearscope: History Settings$'
sleep 1
shot settings
press '^Smearscope: History Settings$' alt+d ctrl+a
xdotool type --delay 30 30
sleep 1
press '^Smearscope: History Settings$' alt+o
wait_for 90 told history-settings
history settings > "$WORK/settings"
grep -q '^retention-days=30' "$WORK/settings" || fail "the settings did not change: $(cat "$WORK/settings")"
stop_gimp
finish
