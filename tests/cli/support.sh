# shellcheck shell=bash
# What the tests of the command line share: source it. Works in a folder of its own.
set -u -o pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
case ${BUILD:=build} in /*) ;; *) BUILD=$top/$BUILD ;; esac
smearscope=$BUILD/smearscope

skip () { echo "skipped: $*"; exit 77; }
fail () { echo "FAILED: $*" >&2; exit 1; }

[ -x "$smearscope" ] || skip "$smearscope is not built"
work=$(mktemp -d "${TMPDIR:-/tmp}/smearscope-cli.XXXXXX") || exit
trap 'rm -rf "$work"' EXIT
cd "$work" || exit

# expect STATUS COMMAND…: runs it with standard output and error in files "out" and "err".
expect () {
  local wanted=$1 status
  shift
  "$@" > out 2> err
  status=$?
  [ "$status" = "$wanted" ] || {
    tail -n 20 out err >&2
    fail "exit status $status instead of $wanted: $*"
  }
  ! grep -E 'runtime error:|Sanitizer' err >&2 || fail "a sanitizer objects: $*"
}

# says FILE WORDS: the file holds these words.
says () { grep -qF -e "$2" "$1" || { tail -n 20 "$1" >&2; fail "$1 does not say: $2"; }; }

# make_smears DIR N: N drawn smears of each class, in one folder a class.
make_smears () {
  "$smearscope" synthesise --output "$1" --count "$2" --width 256 --height 192 \
    --um-per-pixel 0.3 --format jpg > /dev/null || fail "synthesise"
}

# A model of cells that has seen a few drawn smears: cell.safetensors.
make_cell_model () {
  make_smears seen 2
  "$smearscope" train -a cell --data seen --epochs 1 --quiet --output cell.safetensors \
    > /dev/null 2> why || skip "no cell model: $(tail -n 1 why)"
}

# The shipped model, or, where there is none, one that has seen a few drawn smears.
need_model () {
  "$smearscope" info > /dev/null 2> why && return
  make_smears seen 2
  "$smearscope" train --data seen --epochs 1 --quiet --output published-cnn.safetensors \
    > /dev/null 2> why || skip "no model: $(tail -n 1 why)"
  export SMEARSCOPE_WEIGHTS=$work
}
