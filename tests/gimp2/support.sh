# What the tests in GIMP 2.10 share: a profile of their own, a way to run Script-Fu in a GIMP
# without display, and checks of what it wrote. Sourced, after cd to the checkout.
# shellcheck shell=bash

BUILD=${BUILD:-build}
export SMEARSCOPE_WEIGHTS=${SMEARSCOPE_WEIGHTS:-$PWD/weights}
PLUGINS=$(realpath "$BUILD")/gimp2
export LC_ALL=C.UTF-8
WORK=$(mktemp -d "${TMPDIR:-/tmp}/smearscope-gimp2.XXXXXX") || exit 1
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
# Settings and history of a user who has none.
export XDG_CONFIG_HOME=$WORK/config XDG_DATA_HOME=$WORK/data
# What GIMP knows of its plug-ins, where scripts/smearscope-batch keeps it: one for all tests.
XDG_CACHE_HOME=$(realpath "$BUILD")/tests/cache
export XDG_CACHE_HOME
known=$XDG_CACHE_HOME/smearscope/pluginrc-2
unset SMEARSCOPE_HISTORY
failures=0

skip () { echo "$*"; exit 77; }
fail () { echo "FAILED: $*"; failures=$((failures + 1)); }
finish () { [ "$failures" -eq 0 ] && echo "all as expected"; exit "$((failures > 0))"; }

command -v gimp-console-2.10 >/dev/null || skip "GIMP 2.10 is not installed"
[ -x "$PLUGINS/smearscope/smearscope" ] || skip "the plug-in for GIMP 2.10 is not built"
compgen -G "$SMEARSCOPE_WEIGHTS/*.safetensors" >/dev/null || skip "there are no weights in $SMEARSCOPE_WEIGHTS"

# new_profile DIR: as a person has it who has started GIMP once.
new_profile () {
  mkdir -p "$1"/gradients "$1"/scripts "$1"/tmp
  # shellcheck disable=SC2016 # for GIMP to expand
  printf '(plug-in-path "%s:%s")\n' "$PLUGINS" '${gimp_plug_in_dir}/plug-ins' > "$1/gimprc"
  cp "$known" "$1/pluginrc" 2>/dev/null && return
  gimp_batch "$1" > /dev/null 2>&1
  mkdir -p "${known%/*}" && cp "$1/pluginrc" "$known.$$" && mv "$known.$$" "$known"
}

# gimp_batch PROFILE COMMAND…: each a Script-Fu expression. An error in one would leave GIMP 2.10
# waiting for ever were it not for the last, which quits.
gimp_batch () {
  local profile=$1 arguments=()
  shift
  for command; do arguments+=(-b "$command"); done
  GIMP2_DIRECTORY=$profile timeout --kill-after=5 "${LIMIT:-880}" gimp-console-2.10 --no-interface --no-data \
    "${arguments[@]}" -b '(gimp-quit 0)' < /dev/null
}

# run_script FILE: with tests/gimp2/support.scm before it; what it writes with (say …) comes out
# on stdout, one line each, and has to end in "end".
run_script () {
  [ -d "$WORK/profile" ] || new_profile "$WORK/profile"
  rm -f "$WORK/said"
  # One file for all: GIMP 2.10 evaluates each -b in an interpreter of its own.
  printf '(define work "%s")\n(load "%s")\n(load "%s")\n(say "end")\n' \
    "$WORK" "$PWD/tests/gimp2/support.scm" "$(realpath "$1")" > "$WORK/all.scm"
  gimp_batch "$WORK/profile" "(load \"$WORK/all.scm\")" > "$WORK/gimp.out" 2> "$WORK/gimp.err"
  cat "$WORK/said" 2>/dev/null
  if [ "$(tail -n 1 "$WORK/said" 2>/dev/null)" != end ]; then
    echo "the script did not come to its end:"
    tail -n 20 "$WORK/gimp.out" "$WORK/gimp.err"
    return 1
  fi
}

# check_script FILE: every (check …) in it has to hold.
check_script () {
  run_script "$1" > "$WORK/result" || failures=$((failures + 1))
  grep -v '^compare\|^end$' "$WORK/result"
  grep -q '^ok ' "$WORK/result" || fail "$1 checked nothing"
  failures=$((failures + $(grep -c '^FAILED' "$WORK/result")))
}

# compare_said: what the last script wrote with (compare-with …), against the command line.
compare_said () {
  python3 tests/gimp2/compare.py "$BUILD/smearscope" "$WORK" "$WORK/said" || fail "answers differ"
}

# smear NAME [options]: a drawn one, 640 x 480.
smear () {
  local name=$1
  shift
  "$BUILD/smearscope" synthesise --width 640 --height 480 --seed 3 --output "$WORK/$name" "$@" ||
    skip "the command line does not draw smears"
}
