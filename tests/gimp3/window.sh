# Sourced after support.sh by the tests that look at GIMP 3's windows: a screen of their own,
# GIMP on it, and what a person does with keyboard, mouse and eyes.
# shellcheck shell=bash

shots=${SCREENSHOTS:-${BUILD%/gimp3}/screenshots}
mkdir -p "$shots"
# What still runs, not a number that by now may be another's.
# shellcheck disable=SC2046
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$WORK"' EXIT

start_screen () {
  local fd number
  export XDG_RUNTIME_DIR=$WORK/runtime
  mkdir "$XDG_RUNTIME_DIR"
  chmod 700 "$XDG_RUNTIME_DIR"
  exec {fd}<> <(:)
  Xvfb -displayfd "$fd" -screen 0 "$1" -nolisten tcp 2>/dev/null &
  read -r -t 20 number <&"$fd" || skip "Xvfb does not start"
  export DISPLAY=:$number
  start_window_manager
}

# Starts GIMP in the background with tests/gimp3/NAME.py running inside it.
start_gimp () { # NAME [FILE…] that are opened before
  local name=$1
  shift
  rm -f "$WORK/said"
  dbus-run-session -- gimp -d -s --batch-interpreter=python-fu-eval -b "$(python_batch "$name")" "$@" \
    >"$WORK/gimp.out" 2>"$WORK/gimp.log" </dev/null &
  gimp_pid=$!
}

stop_gimp () {
  kill "$gimp_pid" 2>/dev/null || true
  wait "$gimp_pid" 2>/dev/null || true
}

failures=0
fail () { echo "FAILED: $*"; failures=$((failures + 1)); }
finish () { [ "$failures" = 0 ] && echo "all as expected"; exit "$((failures > 0))"; }

# wait_for SECONDS COMMAND…: until it succeeds; in vain it ends the test.
wait_for () {
  local tries=$(($1 * 5))
  shift
  while ! "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
      echo "FAILED: in vain waited for: $*; on the screen are:"
      xdotool search --onlyvisible --name . 2>/dev/null |
        while read -r id; do xdotool getwindowname "$id"; done
      shot in-vain
      cat "$WORK/said" 2>/dev/null
      said_by_gimp
      exit 1
    fi
    sleep 0.2
  done
}

window () { xdotool search --onlyvisible --name "$1" 2>/dev/null | tail -n 1 | grep .; }
no_window () { ! window "$1"; }

# said N: the Nth thing that the script inside GIMP told, in a line.
said () {
  sed -n "$1p" "$WORK/said" 2>/dev/null | grep . | python3 -c '
import json, sys
it = json.load (sys.stdin)
print ("%s %d layers, as it was: %s, findings: %s" % (
  it["answer"], it["layers"], json.dumps (it["as it was"]), json.dumps (it["findings"])))'
}

press () { # NAME-OF-WINDOW KEY…
  local id
  id=$(window "$1")
  shift
  xdotool windowactivate --sync "$id"
  xdotool key --delay 60 "$@"
}

click () { # NAME-OF-WINDOW X Y, within the window
  xdotool mousemove --window "$(window "$1")" "$2" "$3" click 1
}

shot () { import -window root "$shots/gimp3-$1.png" || true; }

. tests/support/windows.sh
