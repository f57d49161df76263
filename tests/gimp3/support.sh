# Sourced by the tests of GIMP 3: a fresh profile with the plug-in, and GIMP without windows.
# shellcheck shell=bash

set -eu
: "${BUILD:?the folder of the build}"
plug_in=$BUILD/gimp3/smearscope/smearscope
[ -x "$plug_in" ] || { echo "$plug_in is missing: run tests/gimp3/run"; exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/smearscope-gimp3.XXXXXX")
trap 'rm -rf "$work"' EXIT
export WORK=$work
export GIMP3_DIRECTORY=$work/profile
mkdir -p "$GIMP3_DIRECTORY"/{gradients,scripts,tmp,plug-ins}
cp -r "$BUILD/gimp3/smearscope" "$GIMP3_DIRECTORY/plug-ins/"
printf '(config-version "%s")\n(show-welcome-dialog no)\n' "$(gimp-console --version | grep -o '[0-9.]*$')" \
  >"$GIMP3_DIRECTORY/gimprc"
export NO_AT_BRIDGE=1

# GIMP's exit status is that of the batch command here. Its own noise on stderr goes to a log.
gimp_console () {
  local interpreter=$1 status=0
  shift
  timeout "${LIMIT:-240}" gimp-console -i -d -s --batch-interpreter="$interpreter" "$@" --quit \
    >"$work/gimp.out" 2>"$work/gimp.log" </dev/null || status=$?
  cat "$work/gimp.out"
  return "$status"
}

script_fu () {
  gimp_console plug-in-script-fu-eval -b "$1"
}

# Runs tests/gimp3/NAME.py inside GIMP; it has to get to its end.
run_python () {
  local status=0
  rm -f "$work/done"
  gimp_console python-fu-eval -b "
import sys
sys.path.insert(0, 'tests/gimp3')
exec (compile (open ('tests/gimp3/$1.py').read (), '$1.py', 'exec'))
" || status=$?
  if [ "$status" != 0 ] || [ ! -e "$work/done" ]; then
    echo "gimp-console ended with status $status"
    grep -v -E 'scriptfu-WARNING|cannot open display|gimp_wire_read|^$' "$work/gimp.log" | tail -n 40
    return 1
  fi
}
