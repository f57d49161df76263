#!/bin/bash
# Scans swept: the cells that are there, each once, the same whole, in part or resumed.
# timeout: 600
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"

make_cell_model
"$smearscope" synthesise --scan --width 2900 --height 2200 --um-per-pixel 0.3 \
  --compression jpeg --output s.tif --truth truth.csv > /dev/null || fail "synthesise"
scan () { "$smearscope" scan "$1" --output "$2" --model cell.safetensors "${@:3}"; }
outputs="cells.csv cells.geojson heat-map.tif class-map.tif summary.json"
same () {
  for name in $outputs; do cmp "good/$name" "$1/$name" || fail "$name differs $2"; done
  [ ! -e "$1/.lock" ] || fail "a lock is left behind $2"
}

expect 0 scan s.tif good
says out "research use only"
python3 -m json.tool good/summary.json > /dev/null || fail "summary.json is no JSON"
python3 - << 'EOF' || fail "GeoJSON and table disagree"
import csv, json
features = json.load (open ('good/cells.geojson'))['features']
cells = [f for f in features if f['properties']['objectType'] == 'detection']
rows = list (csv.DictReader (open ('good/cells.csv')))
assert len (cells) == len (rows) == json.load (open ('good/summary.json'))['cells'] > 50
for feature, row in zip (cells, rows):
    assert feature['geometry']['coordinates'][0][0] == [int (row['box_x']), int (row['box_y'])]
EOF

# Against the drawn cells: nearly all found, hardly any twice, least of all at the seams.
python3 - << 'EOF' || fail "cells are missing or counted twice"
import csv, math
def read (path): return [(float (r['x']), float (r['y'])) for r in csv.DictReader (open (path))]
truth, found = read ('truth.csv'), read ('good/cells.csv')
near = lambda p, q, d: math.hypot (p[0] - q[0], p[1] - q[1]) < d
hits = sum (any (near (t, f, 12) for f in found) for t in truth)
twins = sum (near (f, g, 10) for i, f in enumerate (found) for g in found[:i])
print (len (truth), 'drawn,', len (found), 'found,', hits, 'right,', twins, 'twice')
assert hits >= 0.95 * len (truth) and len (found) <= 1.15 * len (truth) and twins == 0
EOF

# One worker or several.
expect 0 scan s.tif one --jobs 1
same one "with one worker"

# A region by itself has what the whole has there, to the last digit.
region=700,400,600,500
expect 0 scan s.tif part --region $region
python3 - << 'EOF' || fail "a region differs from the whole"
def inside (line):
    x, y = map (float, line.split (',')[:2])
    return 700 <= x < 1300 and 400 <= y < 900
whole = [l for l in open ('good/cells.csv').readlines ()[1:] if inside (l)]
assert len (whole) > 5 and whole == open ('part/cells.csv').readlines ()[1:]
EOF
cp -r good swept
expect 0 scan s.tif swept --region $region --resume
for name in $outputs; do cmp "part/$name" "swept/$name" || fail "$name differs from the swept"; done

# Kill -9 at random moments, KILLS times (make test-long: 100): the end is the same.
for turn in $(seq "${KILLS:-12}"); do
  # Begun anew now and then, so that not only its end is hit.
  [ $((turn % 8)) != 1 ] || { rm -rf killed; mkdir killed; }
  # Not through the function: it would be a shell that is killed, and its child went on.
  "$smearscope" scan s.tif --output killed --model cell.safetensors --resume > /dev/null 2>&1 &
  pid=$!
  sleep "0.$((RANDOM % 9))$((RANDOM % 9 + 1))"
  kill -9 $pid 2> /dev/null
  wait $pid 2> /dev/null
done
expect 0 scan s.tif killed --resume
same killed "after kill -9"
# Cut at every kind of place, the journal is taken up again.
size=$(stat -c %s killed/tiles.journal)
for cut in 7 $((size / 3)) $((size - 1)); do
  truncate -s "$cut" killed/tiles.journal
  expect 0 scan s.tif killed --resume
  same killed "with the journal cut at $cut"
done

# Another scan's journal is refused; without --resume it is begun anew.
"$smearscope" synthesise --scan --width 900 --height 700 --um-per-pixel 0.24 --seed 2 \
  --output other.tif > /dev/null
cp -r good mixed
expect 2 scan other.tif mixed --resume
says err "another scan"
expect 0 scan other.tif mixed

# Two runs into one folder.
exec 9> good/.lock
flock -n 9 || fail "flock"
expect 2 scan s.tif good
says err "another run"
exec 9>&-
rm -f good/.lock

# A disk that fills up, then has room again.
(
  trap '' XFSZ
  ulimit -f 8
  expect 2 scan s.tif full
) || exit
says err "full/"
expect 0 scan s.tif full --resume
same full "after the disk was full"

# An output that cannot be written.
touch file
expect 2 scan s.tif file/below
says err "file/below"

# Damaged in one place: the rest is swept, what is missing is said; once the file is whole
# again, it is another scan and is swept anew.
cp s.tif broken.tif
dd if=/dev/zero of=broken.tif bs=4096 seek=1 count=2 conv=notrunc 2> /dev/null
expect 1 scan broken.tif broken
says out "unreadable"
says err "could not be read"
grep -q '"why": ".*broken.tif' broken/summary.json || fail "the summary does not say what is missing"
expect 1 scan broken.tif broken --resume
says out "5 done before"
expect 2 scan s.tif broken --resume
says err "another scan"
head -c $(($(stat -c %s s.tif) / 2)) s.tif > half.tif
expect 2 scan half.tif half
says err "half.tif"

# A header that promises four billion pixels.
python3 - << 'EOF'
import struct
tags = [(256, 4, 65536), (257, 4, 65536), (258, 3, 8), (259, 3, 1), (262, 3, 1),
        (273, 4, 8), (277, 3, 1), (278, 4, 65536), (279, 4, 100)]
entries = b''.join (struct.pack ('<HHII', t, k, 1, v) for t, k, v in tags)
open ('huge.tif', 'wb').write (b'II*\0\x08\0\0\0' + struct.pack ('<H', len (tags)) + entries + b'\0\0\0\0')
EOF
expect 2 scan huge.tif huge
says err "huge.tif"

# Names that need care.
odd=$'a "b" c\'d\nü.tif'
cp other.tif "$odd"
expect 0 scan "$odd" "$odd.out"
python3 - "$odd" << 'EOF' || fail "the name is not in the summary"
import json, sys
assert json.load (open (sys.argv[1] + '.out/summary.json'))['scan'] == sys.argv[1]
EOF

# The file is changed under a sweep that has done a tile, held still meanwhile: taken away, cut off,
# lengthened.
changed () { # FOLDER COMMAND…
  local folder=$1 pid
  shift
  cp s.tif under.tif
  "$smearscope" scan under.tif --output "$folder" --model cell.safetensors --jobs 1 > out 2> err &
  pid=$!
  while kill -0 $pid 2> /dev/null && [ "$(wc -l 2> /dev/null < "$folder/tiles.journal" || echo 0)" -lt 2 ]; do :; done
  kill -STOP $pid || fail "the sweep was over before the file could be changed"
  "$@"
  kill -CONT $pid
  wait $pid
  status=$?
}
changed gone rm under.tif
[ $status = 0 ] || fail "a file removed meanwhile: $(tail -n 1 err)"
cmp good/cells.csv gone/cells.csv || fail "cells differ when the file is removed"
changed cut truncate -s $(($(stat -c %s s.tif) / 2)) under.tif
[ $status = 1 ] || fail "status $status for a file cut off meanwhile: $(tail -n 1 err)"
says err "could not be read"
says err "was changed"
grep -q '"why"' cut/summary.json || fail "the summary does not say which tiles are missing"
# Whole again, the rest is done, and nothing tells of the accident.
cp s.tif under.tif
expect 0 scan under.tif cut --resume
for name in cells.csv cells.geojson heat-map.tif class-map.tif; do
  cmp "good/$name" "cut/$name" || fail "$name differs after the file was cut off and whole again"
done
changed grown dd if=/dev/zero of=under.tif bs=4096 count=9 oflag=append conv=notrunc status=none
[ $status = 1 ] || fail "status $status for a file that grew"
says err "was changed"
cmp good/cells.csv grown/cells.csv || fail "cells differ when the file grows"
