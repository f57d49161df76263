# Sourced after support.sh by the tests that look at GIMP 2.10's windows: a screen of their own,
# GIMP on it, and what a person does with keyboard and eyes.
# shellcheck shell=bash

for tool in gimp-2.10 Xvfb openbox xdotool import; do
  command -v $tool >/dev/null || skip "$tool is not installed"
done
shots=${SCREENSHOTS:-${BUILD%%/*}/screenshots}
mkdir -p "$shots"
# What still runs, not a number that by now may be another's.
# shellcheck disable=SC2046
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$WORK"' EXIT

start_screen () { # WIDTHxHEIGHTxDEPTH
  local fd
  exec {fd}<> <(:)
  Xvfb -displayfd "$fd" -screen 0 "$1" -nolisten tcp 2>/dev/null &
  read -r -t 20 display <&"$fd" || skip "Xvfb does not start"
  export DISPLAY=:$display
  start_window_manager
}

# start_gimp SCRIPT…: with support.scm before them.
start_gimp () {
  [ -d "$WORK/profile" ] || new_profile "$WORK/profile"
  rm -f "$WORK/said"
  printf '(define work "%s")\n(load "%s")\n' "$WORK" "$PWD/tests/gimp2/support.scm" > "$WORK/all.scm"
  printf '(load "%s")\n' "$@" >> "$WORK/all.scm"
  GIMP2_DIRECTORY=$WORK/profile gimp-2.10 --no-data --no-splash -b "(load \"$WORK/all.scm\")" \
    > "$WORK/gimp.out" 2> "$WORK/gimp.err" < /dev/null &
  gimp_pid=$!
}

stop_gimp () { kill "$gimp_pid" 2>/dev/null; wait "$gimp_pid" 2>/dev/null; }

# wait_for SECONDS COMMAND…: until it succeeds; in vain, it ends the test.
wait_for () {
  local tries=$(($1 * 5))
  shift
  while ! "$@" > /dev/null 2>&1; do
    tries=$((tries - 1))
    if [ $tries -le 0 ]; then
      fail "in vain waited for: $*"
      shot "in-vain"
      tail -n 5 "$WORK/gimp.err"
      finish
    fi
    sleep 0.2
  done
}

window () { xdotool search --onlyvisible --name "$1" 2>/dev/null | tail -n 1 | grep .; }
no_window () { ! window "$1"; }
said () { grep -q "$1" "$WORK/said"; }

press () { # NAME-OF-WINDOW KEY…
  local id
  id=$(window "$1") || return
  shift
  xdotool windowactivate --sync "$id"
  xdotool key --delay 60 "$@"
}

click () { # NAME-OF-WINDOW X Y, within the window
  xdotool mousemove --window "$(window "$1")" "$2" "$3" click 1
}

shot () { import -window root "$shots/gimp2-$1.png" || true; }

. tests/support/windows.sh
