#!/bin/bash
# GIMP 2.10 in a window: feedback, a report, the history with its buttons, its settings.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh
. tests/gimp2/window.sh

history () { "$BUILD/smearscope" history "$@"; }
smear smear.png
start_screen 1280x900x24
start_gimp "$PWD/tests/gimp2/records-window.scm"
wait_for 120 said '^kept'

# Agreed, with a name and a note.
wait_for 60 window '^Smearscope: Feedback$'
sleep 1
press '^Smearscope: Feedback$' alt+r
xdotool type --delay 30 'Dr Lind'
sleep 1 # else the first letters still go to the field before
press '^Smearscope: Feedback$' alt+n
sleep 1
xdotool type --delay 30 'smudge cells'
sleep 1
shot feedback
press '^Smearscope: Feedback$' Return
wait_for 60 said '^feedback'
history list --feedback > "$WORK/list"
grep -q 'agree on 3.*Dr Lind$' "$WORK/list" || fail "the feedback is not in the history: $(cat "$WORK/list")"
history show 4 | grep -q '^note *smudge cells$' || fail "the note is not in the history: $(history show 4)"

wait_for 60 window '^Smearscope: Report$'
sleep 1
shot report
press '^Smearscope: Report$' ctrl+a
xdotool type --delay 30 "$WORK/window.pdf"
press '^Smearscope: Report$' Return
wait_for 60 said '^report'
[ -s "$WORK/window.pdf" ] || fail "no report was written"

# Three rows; the first shows its details; two are compared; the image is opened again.
wait_for 60 window '^Smearscope: History$'
sleep 1
shot history
press '^Smearscope: History$' shift+Down alt+c
wait_for 30 window '^Smearscope: Comparison$'
sleep 1
shot comparison
press '^Smearscope: Comparison$' Escape
wait_for 30 no_window '^Smearscope: Comparison$'
press '^Smearscope: History$' alt+w
wait_for 30 window '^Smearscope$'
sleep 1
shot proved
press '^Smearscope$' Escape
wait_for 30 no_window '^Smearscope$'
press '^Smearscope: History$' Up alt+o
wait_for 60 window 'smear.*-2.0'

# Another class is the one that the form shows. Enter in a field searches; nothing is left to be opened.
press '^Smearscope: History$' alt+f
wait_for 30 window '^Feedback'
sleep 1
press '^Feedback' alt+p Down
sleep 1
shot history-feedback
press '^Feedback' alt+o
wait_for 30 no_window '^Feedback'
sleep 1
history list --feedback | grep -q 'correct.*Benign' ||
  fail "another class was refused: $(history list --feedback)"
press '^Smearscope: History$' alt+n
xdotool type --delay 30 'none of them'
press '^Smearscope: History$' Return
sleep 1
press '^Smearscope: History$' alt+o
wait_for 30 window '^Smearscope$'
shot nothing-chosen
press '^Smearscope$' Escape
wait_for 30 no_window '^Smearscope$'
press '^Smearscope: History$' Escape
wait_for 30 said '^history'

wait_for 60 window '^Smearscope: History Settings$'
sleep 1
shot settings
press '^Smearscope: History Settings$' alt+d ctrl+a
xdotool type --delay 30 30
sleep 1
press '^Smearscope: History Settings$' alt+o
wait_for 60 said '^settings'
history settings > "$WORK/settings"
grep -q '^retention-days=30' "$WORK/settings" || fail "the settings did not change: $(cat "$WORK/settings")"

# Repeated, both ask anew; a name without ending is not taken for that of a file that is there.
wait_for 60 window '^Smearscope: Feedback$'
sleep 1
press '^Smearscope: Feedback$' Escape
wait_for 60 said '^asked for feedback'
[ "$(history list --feedback | grep -c 'Dr Lind$')" = 1 ] || fail "the opinion was given once more"
written=$(stat -c %y "$WORK/window.pdf")
wait_for 60 window '^Smearscope: Report$'
sleep 1
press '^Smearscope: Report$' ctrl+a
xdotool type --delay 30 "$WORK/window"
press '^Smearscope: Report$' Return
sleep 2
shot report-again
window '^Smearscope: Report$' > /dev/null || fail "a name without ending was taken at once"
press '^Smearscope: Report$' Return
sleep 2
shot report-replace
xdotool key Escape
sleep 1
press_until '^Smearscope: Report$' Escape said '^asked for a file'
[ "$(stat -c %y "$WORK/window.pdf")" = "$written" ] || fail "a report was replaced unasked"
stop_gimp
finish
