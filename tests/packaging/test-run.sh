#!/bin/bash
# tests/run itself: what it counts, that it stops what hangs, and that it fails when it has to.
set -u
cd "$(dirname "$0")/../.." || exit
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/tests/"{some,gimp2,gimp3} "$scratch/build/tests/some"
cp tests/run "$scratch/tests/run"

script () { printf '#!/bin/sh\n%s\n' "$2" > "$scratch/$1"; chmod +x "$scratch/$1"; }
suite () { : > "$scratch/tests/some/$1.c"; script "build/tests/some/$1" "$2"; }
expect () {
  local said status
  said=$(BUILD=build "$scratch/tests/run" "${@:3}" 2>&1)
  status=$?
  [[ $status == "$2" && $(tail -n 1 <<< "$said") == "$1" ]] && return
  printf 'expected "%s" and status %s, got %s and:\n%s\n' "$1" "$2" "$status" "$said" >&2
  exit 1
}

expect "0 passed, 0 failed, 0 skipped" 1
script tests/some/test-good.sh 'exit 0'
expect "1 passed, 0 failed, 0 skipped" 0
script tests/gimp2/test-absent.sh 'echo no GIMP; exit 77'
script tests/gimp3/test-elsewhere.sh 'exit 1'
expect "1 passed, 0 failed, 1 skipped" 0
suite test-checks 'echo "100%: Checks: 7, Failures: 0, Errors: 0"'
expect "8 passed, 0 failed, 1 skipped" 0
expect "7 passed, 0 failed, 0 skipped" 0 unit
expect "1 passed, 0 failed, 1 skipped" 0 end-to-end
suite test-leaky 'echo "100%: Checks: 3, Failures: 0, Errors: 0"; exit 1'
expect "11 passed, 1 failed, 1 skipped" 1
suite test-leaky 'echo "60%: Checks: 5, Failures: 1, Errors: 1"; exit 1'
expect "11 passed, 2 failed, 1 skipped" 1
rm "$scratch/build/tests/some/test-leaky"
expect "8 passed, 1 failed, 1 skipped" 1
rm "$scratch/tests/some/test-leaky.c"
script "tests/some/test-hangs by name.sh" $'# timeout: 1\nsleep 30'
expect "8 passed, 1 failed, 1 skipped" 1
