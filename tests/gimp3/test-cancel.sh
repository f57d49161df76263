#!/bin/bash
# GIMP 3 in a window: Cancel in the middle of a run stops it within half a second and leaves the
# image, its findings and its undo history as they were.
# timeout: 900
. "$(dirname "$0")/support.sh"
. tests/gimp3/window.sh
draw_smear
start_screen 1280x900x24
start_gimp cancel

at_work () { pgrep -f "smearscope/smearscope -gimp"; }
says () { grep -q "$1" "$WORK/said"; }

progress_window () { window '^Progress$'; }
press_escape () { press '^Progress$' Escape; }
bar_of_window () { window '12000x9000' && at_work; }
# The button is at the right end of the window's status bar, left of the dock.
click_cancel () {
  local WIDTH HEIGHT
  eval "$(xdotool getwindowgeometry --shell "$(window '12000x9000')")"
  click '12000x9000' $((WIDTH - 283)) $((HEIGHT - 20))
}

# cancel HOW SECONDS SHOWN ACTION: that long after its progress is shown.
cancel () {
  wait_for 120 "$3"
  sleep "$2"
  stops_within_limit "$4" || fail "$1: went on after Cancel"
  echo "$1: stopped after $took ms"
  wait_for 60 says "^$1: .*\\.$"
  says "^$1: cancelled, left as it was True, paths 0, findings False, changed False\\.$" ||
    fail "$(grep "^$1: " "$WORK/said")"
}

wait_for 180 says '^starts in the process'
cancel "in the process that stays" 0.2 progress_window press_escape
cancel "in a process of its own" 0.2 bar_of_window click_cancel
wait_for 180 window '^Smearscope: Classify$'
answer '^Smearscope: Classify$' Return
cancel "after the dialog" 0.2 bar_of_window click_cancel
wait_for 60 says '^the end'
# The only undo step is the renaming that came afterwards.
press '12000x9000' ctrl+z
wait_for 60 window '^\[Untitled\].*1 layer)'
stop_gimp
finish
