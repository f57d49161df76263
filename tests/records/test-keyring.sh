#!/bin/bash
# An encrypted history whose key lies in the desktop's secret service: a real keyring on a bus of
# its own.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"
command -v dbus-run-session > /dev/null || skip "dbus-run-session is not installed (dbus)"
command -v gnome-keyring-daemon > /dev/null || skip "gnome-keyring is not installed"
need_model

export HOME=$work/home XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data
export XDG_RUNTIME_DIR=$work/runtime LC_ALL=C.UTF-8
export SMEARSCOPE_HISTORY=$work/history.sqlite
unset DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"
make_smears smears 1

# Without any keyring: said, and nothing is changed.
expect 0 "$smearscope" classify --record smears -r
expect 2 "$smearscope" history key --secret-service
says err "secret service"

cat > session.sh <<'END'
smearscope=$1
printf 'word of the keyring\n' | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1 || exit 77
say () { echo "FAILED: $*" >&2; exit 1; }
"$smearscope" history key --secret-service || say "no key was stored"
"$smearscope" history key --secret-service 2> second && say "a second key in place of the first"
grep -q "never overwritten" second || say "the second key: $(cat second)"
"$smearscope" history settings secret-service=yes > /dev/null || say "settings"
"$smearscope" history encrypt > /dev/null || say "encrypt"
grep -qa Pre-0001 history.sqlite && say "readable although encrypted"
"$smearscope" history list --name pre-0001 | grep -q Pre-0001 || say "the key does not open it"
"$smearscope" classify --record smears/Pre/Pre-0001.jpg > /dev/null || say "recording"
"$smearscope" history verify | grep -q "intact: 5 entries" || say "not whole"
END
expect_session () {
  dbus-run-session -- bash session.sh "$smearscope" > out 2> err
  status=$?
  [ $status != 77 ] || skip "gnome-keyring-daemon does not start here: $(tail -n 1 err)"
  [ $status = 0 ] || { cat out err >&2; fail "with a keyring"; }
}
expect_session

# On another bus the keyring is shut: said, and classification goes on.
expect 2 "$smearscope" history list
says err "secret service gave no key"
expect 0 "$smearscope" classify --record smears/Pre/Pre-0001.jpg
says err "not recorded"
echo ok
