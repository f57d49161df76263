# Sourced after support.sh by the tests that look at GIMP 3's windows: a screen of their own,
# GIMP on it, and what a person does with keyboard and eyes.
# shellcheck shell=bash

shots=${SCREENSHOTS:-${BUILD%%/*}/screenshots}
mkdir -p "$shots"

start_screen () {
  export XDG_RUNTIME_DIR=$work/runtime
  mkdir -pm 700 "$XDG_RUNTIME_DIR"
  exec {fd}<> <(:)
  Xvfb -displayfd "$fd" -screen 0 "${1:-1280x900x24}" -nolisten tcp 2>/dev/null &
  screen_pid=$!
  read -r -t 20 display <&"$fd" || { echo "Xvfb does not start"; exit 1; }
  export DISPLAY=:$display
  openbox >/dev/null 2>&1 &
  trap 'kill "$screen_pid" 2>/dev/null; rm -rf "$work"' EXIT
}

# Starts GIMP in the background with tests/gimp3/NAME.py running inside it.
start_gimp () {
  rm -f "$work/done"
  dbus-run-session -- gimp -d -s --batch-interpreter=python-fu-eval -b "
import sys
sys.path.insert(0, 'tests/gimp3')
exec (compile (open ('tests/gimp3/$1.py').read (), '$1.py', 'exec'))
" >"$work/gimp.out" 2>"$work/gimp.log" </dev/null &
  gimp_pid=$!
}

stop_gimp () {
  kill "$gimp_pid" 2>/dev/null || true
  wait "$gimp_pid" 2>/dev/null || true
}

# wait_window REGEX [SECONDS]: its id, once it is there to be seen.
wait_window () {
  local try
  for try in $(seq $(( ${2:-30} * 5 ))); do
    xdotool search --onlyvisible --name "$1" 2>/dev/null | tail -n 1 | grep . && return
    sleep 0.2
  done
  echo "after ${try} tries there is no window /$1/, but:" >&2
  xdotool search --onlyvisible --name . 2>/dev/null |
    while read -r id; do xdotool getwindowname "$id" >&2; done
  shot "missing-window"
  return 1
}

wait_gone () {
  local try
  for try in $(seq $(( ${2:-30} * 5 ))); do
    xdotool search --onlyvisible --name "$1" >/dev/null 2>&1 || return 0
    sleep 0.2
  done
  echo "after ${try} tries the window /$1/ is still there" >&2
  return 1
}

# wait_for COMMAND…: until it succeeds.
wait_for () {
  local try
  for try in $(seq 150); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  echo "after ${try} tries: $* does not hold" >&2
  return 1
}

press () { # WINDOW KEY…
  local window=$1
  shift
  xdotool windowactivate --sync "$window"
  xdotool key --delay 60 "$@"
}

shot () { import -window root "$shots/gimp3-$1.png" || true; }
