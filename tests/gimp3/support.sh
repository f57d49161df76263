# Sourced by the tests of GIMP 3: a fresh profile with the plug-in, and GIMP without windows.
# shellcheck shell=bash

set -eu
: "${BUILD:?the folder of the build}"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export SMEARSCOPE_WEIGHTS=${SMEARSCOPE_WEIGHTS:-$PWD/weights}

skip () { echo "$*"; exit 77; }
command -v gimp-console-3.0 >/dev/null || command -v gimp-console-3.2 >/dev/null ||
  skip "GIMP 3 is not here: tests/gimp3/run goes where it is"
[ -x "$BUILD/gimp3/smearscope/smearscope" ] || skip "the plug-in for GIMP 3 is not built"
compgen -G "$SMEARSCOPE_WEIGHTS/*.safetensors" >/dev/null ||
  skip "there are no weights in $SMEARSCOPE_WEIGHTS"

WORK=$(mktemp -d "${TMPDIR:-/tmp}/smearscope-gimp3.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
export WORK BUILD NO_AT_BRIDGE=1
# Settings and history of a user who has none.
export XDG_CONFIG_HOME=$WORK/config XDG_DATA_HOME=$WORK/data
# What GIMP knows of its plug-ins, where scripts/smearscope-batch keeps it: one for all tests.
XDG_CACHE_HOME=$(realpath "$BUILD")/tests/cache
export XDG_CACHE_HOME
known=$XDG_CACHE_HOME/smearscope/pluginrc-3
unset SMEARSCOPE_HISTORY

# new_profile FOLDER: as a person has it who has met GIMP before.
new_profile () {
  mkdir -p "$1"/{gradients,scripts,tmp,plug-ins}
  cp -a "$BUILD/gimp3/smearscope" "$1/plug-ins/"
  printf '(config-version "%s")\n(show-welcome-dialog no)\n' \
    "$(gimp-console --version | grep -o '[0-9.]*$')" >"$1/gimprc"
  export GIMP3_DIRECTORY=$1
  cp "$known" "$1/pluginrc" 2>/dev/null && return
  gimp_console plug-in-script-fu-eval -b '#t' >/dev/null
  mkdir -p "${known%/*}" && cp "$1/pluginrc" "$known.$$" && mv "$known.$$" "$known"
}

# GIMP's exit status is that of the batch command here. Its own noise on stderr goes to a log.
gimp_console () {
  local interpreter=$1 status=0
  shift
  timeout "${LIMIT:-880}" gimp-console -i -d -s --batch-interpreter="$interpreter" "$@" --quit \
    >"$WORK/gimp.out" 2>"$WORK/gimp.log" </dev/null || status=$?
  cat "$WORK/gimp.out"
  return "$status"
}

new_profile "$WORK/profile"

script_fu () {
  gimp_console plug-in-script-fu-eval -b "$1"
}

python_batch () {
  printf "import sys\nsys.path.insert (0, 'tests/gimp3')\n"
  printf "exec (compile (open ('tests/gimp3/%s.py').read (), '%s.py', 'exec'))\n" "$1" "$1"
}

said_by_gimp () {
  grep -v -E 'scriptfu-WARNING|cannot open display|gimp_wire_read|^$' "$WORK/gimp.log" | tail -n 40
}

# Runs tests/gimp3/NAME.py inside GIMP; it has to get to its end.
run_python () { # NAME [FILE…] that are opened before
  local status=0 name=$1
  shift
  rm -f "$WORK/done"
  gimp_console python-fu-eval -b "$(python_batch "$name")" "$@" || status=$?
  if [ "$status" != 0 ] || [ ! -e "$WORK/done" ]; then
    echo "gimp-console ended with status $status"
    said_by_gimp
    return 1
  fi
}

# A drawn smear that every test may open: $WORK/smear.png.
draw_smear () {
  "$BUILD/smearscope" synthesise --class Pre --width 640 --height 480 --um-per-pixel 0.1 --seed 7 \
    --output "$WORK/smear.png" --truth "$WORK/truth.csv"
}
