#!/bin/bash
# GIMP 2.10 in a window: Cancel in the middle of a run stops it within half a second and leaves the
# image, its findings and its undo history as they were.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh
. tests/gimp2/window.sh

smear smear.png
start_screen 1280x900x24
start_gimp "$PWD/tests/gimp2/cancel.scm"

at_work () { pgrep -P "$gimp_pid" -x smearscope; }

# cancel HOW SECONDS: that long after its progress is shown.
cancel () {
  wait_for 60 window '^Progress$'
  sleep "$2"
  stops_within_limit press '^Progress$' Escape || fail "$1: went on after Cancel"
  echo "$1: stopped after $took ms"
  wait_for 20 said "^$1: .*\.$"
  said "^$1: layers 1, paths 0, left as it was #t, findings no, changed 0\.$" ||
    fail "$(grep "^$1: " "$WORK/said")"
}

wait_for 100 said '^starts in the process'
cancel "in the process that stays" 0.2
cancel "in a process of its own" 0.2
wait_for 60 window '^Smearscope: Classify$'
answer '^Smearscope: Classify$' Return
cancel "after the dialog" 0.2
wait_for 20 said '^the end'
# The only undo step is the renaming that came afterwards.
press 'smear.*layer)' ctrl+z
wait_for 20 window '^smear.*1 layer)'
stop_gimp
finish
