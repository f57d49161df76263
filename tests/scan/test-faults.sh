#!/bin/bash
# Where a sweep or a batch cannot write, or not any more; headers that lie; two at once.
# timeout: 600
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"

make_cell_model
"$smearscope" synthesise --scan --width 2900 --height 2200 --um-per-pixel 0.3 --compression jpeg \
  --output s.tif > /dev/null || fail "synthesise"
"$smearscope" scan s.tif --output good --model cell.safetensors > /dev/null || fail "scan"
"$smearscope" classify -r seen --model cell.safetensors --csv good.csv --jsonl good.jsonl > /dev/null ||
  fail "classify"
outputs="cells.csv cells.geojson heat-map.tif class-map.tif summary.json"

# A disk that is really full, at one place after the other, and one that may only be read; in a name
# space of its own, so that nothing else sees them. Root is stopped by both.
cat > disk.sh << 'END'
set -u -o pipefail
fail () { echo "FAILED: $*"; cat out err; exit 1; }
fits=0 full=0
for room in 4 12 64 128 192 256 320 2048; do
  mount -t tmpfs -o size=${room}k tmpfs disk || exit 77
  "$1" scan s.tif --output disk/swept --model cell.safetensors > out 2> err
  status=$?
  if [ $status = 0 ]; then fits=$((fits + 1)); umount disk; continue; fi
  full=$((full + 1))
  [ $status = 2 ] || fail "status $status with $room KiB"
  grep -q 'disk/swept.*No space left on device; make room' err || fail "with $room KiB it does not say what to do"
  [ "$(find disk -name '*.tif' -size 0 | wc -l)" = 0 ] || fail "an empty map is left"
  mount -o remount,size=8m disk
  "$1" scan s.tif --output disk/swept --model cell.safetensors --resume > out 2> err || fail "resumed after $room KiB"
  for name in $2; do cmp "good/$name" "disk/swept/$name" || fail "$name differs after $room KiB"; done
  umount disk
done
[ $full -ge 3 ] && [ $fits -ge 1 ] || fail "$full times full, $fits times not: the sizes tell nothing"

mount -t tmpfs -o size=4k tmpfs disk
"$1" classify -r seen --model cell.safetensors --csv disk/t.csv --jsonl disk/t.jsonl > out 2> err
[ $? = 2 ] || fail "a table on a full disk"
grep -q 'disk/t.*No space left on device; make room' err || fail "a table on a full disk: what to do"
mount -o remount,size=8m disk
"$1" classify -r seen --model cell.safetensors --csv disk/t.csv --jsonl disk/t.jsonl --resume > out 2> err ||
  fail "resumed"
cmp good.csv disk/t.csv && cmp good.jsonl disk/t.jsonl || fail "tables differ after a full disk"

mkdir disk/maps
mount -o remount,ro disk
refused () { # WORDS COMMAND…
  local words=$1
  shift
  "$@" > out 2> err
  [ $? = 2 ] || fail "status for an output that may not be written: $*"
  grep -q "$words" err || fail "it does not name $words"
}
refused 'disk/new.*Read-only' "$1" scan s.tif --output disk/new --model cell.safetensors
refused 'disk/maps.*Read-only.*; choose' "$1" scan s.tif --output disk/maps --model cell.safetensors
refused 'disk/u.csv.*Read-only.*; choose' "$1" classify seen/Pre --model cell.safetensors --csv disk/u.csv
refused 'disk/maps.*Read-only.*; choose' "$1" classify seen/Pre --model cell.safetensors --maps disk/maps
END
mkdir disk
if unshare -rm true 2> /dev/null; then
  unshare -rm bash disk.sh "$smearscope" "$outputs" > said 2>&1
  case $? in
    0) ;;
    77) echo "no tmpfs can be mounted here: the full disk is left to the limits of test-scan.sh" ;;
    *) cat said; exit 1 ;;
  esac
else
  echo "no mount name space here: the full disk is left to the limits of test-scan.sh"
fi

# Two at once into one folder: one does it, the other says so, and nothing is mixed up.
for _ in 1 2 3 4 5; do
  rm -rf both
  "$smearscope" scan s.tif --output both --model cell.safetensors > /dev/null 2> err1 &
  first=$!
  "$smearscope" scan s.tif --output both --model cell.safetensors > /dev/null 2> err2 &
  second=$!
  wait $first
  one=$?
  wait $second
  two=$?
  # One after the other is well, too: then nobody was in the way.
  case $one$two in
    00) ;;
    02) says err2 "another run" ;;
    20) says err1 "another run" ;;
    *) fail "two at once end with $one and $two: $(cat err1 err2)" ;;
  esac
  for name in $outputs; do cmp "good/$name" "both/$name" || fail "$name differs with two at once"; done
done

# Headers that promise what is not there. None may take the memory for it: half a gigabyte is all
# there is.
python3 - << 'END'
import struct
def write (name, tags, big=False):
    entries = b''.join (struct.pack ('<HHQQ', t, 4, 1, v) if big else struct.pack ('<HHII', t, 4, 1, v)
                        for t, v in sorted (tags.items ()))
    head = b'II+\0\x08\0\0\0' + struct.pack ('<QQ', 16, len (tags)) if big else \
           b'II*\0\x08\0\0\0' + struct.pack ('<H', len (tags))
    open (name + '.tif', 'wb').write (head + entries + bytes (400))
most = 2 ** 32 - 1
rgb = {258: 8, 259: 1, 262: 2, 277: 3}
grey = {258: 8, 259: 1, 262: 1, 277: 1}
tiles = lambda side: {322: side, 323: side, 324: 8, 325: 100}
strips = lambda rows: {273: 8, 278: rows, 279: 100}
for big in False, True:
    kind = 'big' if big else 'small'
    for name, tags in {
        'all-in-one-strip': {256: 65536, 257: 65536, **rgb, **strips (65536)},
        'strips': {256: 65536, 257: 65536, **rgb, **strips (16)},
        'tiles': {256: 65536, 257: 65536, **rgb, **tiles (256)},
        'most-pixels': {256: most, 257: most, **grey, **tiles (256)},
        'most-columns': {256: most, 257: 1, **grey, **strips (1)},
        'most-rows': {256: 1, 257: most, **grey, **strips (most)},
        'huge-tiles': {256: 65536, 257: 65536, **rgb, **tiles (65536)},
        'most-tiles': {256: 65536, 257: 65536, **rgb, **tiles (2 ** 31)},
        'no-tiles': {256: 65536, 257: 65536, **rgb, **tiles (0)},
        'no-pixels': {256: 0, 257: 0, **rgb, **strips (1)},
        'many-samples': {256: 60000, 257: 60000, 258: 8, 259: 1, 262: 2, 277: 65535, **strips (1)},
        'past-the-end': {256: 4096, 257: 4096, **rgb, 322: 4096, 323: 4096, 324: most, 325: most},
    }.items ():
        write (f'{kind}-{name}', tags, big)
END
# Sanitizers need address space of their own.
memory=$((512 * 1024))
[ "$(nm "$smearscope" 2> /dev/null | grep -c __asan_init)" = 0 ] || memory=unlimited
for file in small-*.tif big-*.tif; do
  for scale in '' '--um-per-pixel 0.25'; do
    # shellcheck disable=SC2086
    (ulimit -v "$memory"; expect 2 timeout 60 "$smearscope" scan "$file" $scale --jobs 2 --output lied \
      --model cell.safetensors) || exit
    says err "$file"
  done
done
