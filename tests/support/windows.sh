# Sourced by the window tests of both GIMPs, after what finds windows and clicks on them.
# shellcheck shell=bash disable=SC2034,SC2154

# A browser of the test's own, that writes down what it is asked to show.
fake_browser () {
  export XDG_DATA_HOME=$WORK/share XDG_CONFIG_HOME=$WORK/config
  mkdir -p "$XDG_DATA_HOME/applications" "$XDG_CONFIG_HOME"
  printf '#!/bin/sh\necho "$1" >> "%s/opened"\n' "$WORK" > "$WORK/browser"
  chmod +x "$WORK/browser"
  printf '[Desktop Entry]\nType=Application\nName=Browser\nExec=%s %%u\nMimeType=text/html;\n' \
    "$WORK/browser" > "$XDG_DATA_HOME/applications/browser.desktop"
  printf '[Default Applications]\ntext/html=browser.desktop\n' > "$XDG_CONFIG_HOME/mimeapps.list"
}
shown () { grep -q "/help/smearscope.*\.html$" "$WORK/opened"; }

# Without one no window gets a key. On a screen that has only just come up it may find none and
# end at once.
start_window_manager () {
  local manager _
  for _ in 1 2 3 4 5; do
    openbox > /dev/null 2>&1 &
    manager=$!
    for _ in $(seq 25); do
      xdotool get_num_desktops > /dev/null 2>&1 && return
      kill -0 "$manager" 2> /dev/null || break
      sleep 0.2
    done
    kill "$manager" 2> /dev/null || true
    wait "$manager" 2> /dev/null || true
  done
  fail "no window manager starts"
  finish
}

# press_until WINDOW KEYS COMMAND…: keys that a window did not get, on a busy machine, are pressed
# again. Only for what may be asked for twice.
press_until () {
  local window=$1 keys=$2 try _
  shift 2
  for try in 1 2 3 4 5; do
    # shellcheck disable=SC2086 # a list
    if window "$window" > /dev/null; then press "$window" $keys || true; fi
    for _ in $(seq 75); do
      "$@" > /dev/null 2>&1 && return
      sleep 0.2
    done
  done
  wait_for 1 "$@"
}

# answer WINDOW KEYS: and it is gone.
answer () { press_until "$1" "$2" no_window "$1"; }

# search_action IMAGE WORDS KEYS WINDOW: GIMP's search of its menus, with what it opens.
search_action () {
  local try _
  for try in 1 2 3 4 5; do
    press_until "$1" slash window '^Search Actions$'
    xdotool type --delay 60 "$2"
    # The list below the words is as slow as the machine.
    sleep $((2 * try - 1))
    # shellcheck disable=SC2086 # a list
    xdotool key $3
    for _ in $(seq 75); do
      window "$4" > /dev/null && return
      sleep 0.2
    done
    if window '^Search Actions$' > /dev/null; then answer '^Search Actions$' Escape; fi
  done
  wait_for 1 window "$4"
}

# changes WINDOW KEYS: whether what the window shows is another picture afterwards.
changes () {
  local before _
  before=$(colours_of "$1" | sha256sum)
  # shellcheck disable=SC2086 # a list
  press "$1" $2
  for _ in $(seq 100); do
    [ "$(colours_of "$1" | sha256sum)" = "$before" ] || return 0
    sleep 0.2
  done
  return 1
}

# The colours a window shows, with their numbers.
colours_of () {
  import -window "$(window "$1")" -depth 8 rgb:- | od -An -v -tx1 -w3 | sort | uniq -c
}

# background WINDOW: how bright it is, 0 to 255.
background () {
  import -window "$(window "$1")" png:- |
    convert - -crop 6x6+2+2 -colorspace gray -scale "1x1!" -depth 8 gray:- | od -An -tu1 | tr -d " "
}

# The button stands in the lower left corner of every dialog.
click_help () { # NAME-OF-WINDOW
  local WIDTH HEIGHT
  eval "$(xdotool getwindowgeometry --shell "$(window "$1")")"
  click "$1" 54 $((HEIGHT - 30))
}

# alive PID…: any of them; one that waits to be buried is not.
alive () {
  local id
  for id; do readlink "/proc/$id/exe" >/dev/null && return 0; done
  return 1
}

# stops_within_limit ACTION…: what at_work tells of is gone within half a second of it, as is
# promised; where others keep the machine busy, all takes its time. A key or click that a window
# did not get, or that came before there was a button, is tried again. Leaves the milliseconds in $took.
stops_within_limit () {
  local limit start watched
  limit=$(awk -v cores="$(nproc)" '{ print ($1 > 2 * cores ? 2000 : 500) }' /proc/loadavg)
  watched=$(at_work)
  for _ in $(seq 20); do
    start=$(date +%s%3N)
    "$@" || true
    # shellcheck disable=SC2086 # a list
    while took=$(($(date +%s%3N) - start)) && alive $watched; do
      [ $took -le "$limit" ] || continue 2
      sleep 0.01
    done
    return 0
  done
  return 1
}
