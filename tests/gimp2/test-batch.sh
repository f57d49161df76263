#!/bin/bash
# GIMP 2.10: a folder through scripts/smearscope-batch, without display: one row a file, errors in
# their rows, an exit status to trust, and going on after a kill.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh
unset DISPLAY WAYLAND_DISPLAY
export TMPDIR=$WORK/tmp
mkdir -p "$TMPDIR" "$WORK/in"

batch () { scripts/smearscope-batch --gimp gimp-console-2.10 "$@"; }
rows () { # FILE: names of the files in it, as often as they stand there
  python3 -c 'import csv, os, sys
for row in csv.DictReader (open (sys.argv[1], newline="")): print (os.path.basename (row["file"]))' "$1"
}
column () { # FILE NAME COLUMN
  python3 -c 'import csv, os, sys
for row in csv.DictReader (open (sys.argv[1], newline="")):
  if os.path.basename (row["file"]) == sys.argv[2]: print (row[sys.argv[3]])' "$@"
}

for n in 1 2 3 4 5 6; do smear "in/smear-$n.jpg" --seed "$n"; done
smear "in/with space, 'quote' and \"comma\".png" --seed 7
smear smear.png
cat > "$WORK/save.scm" <<'END'
; As an XCF that GIMP alone reads: with a layer that hides half, and one of our own overlays.
(let* ((image (load-image "smear.png")) (layer (active image))
       (cover (car (gimp-layer-new image 320 480 RGB-IMAGE "cover" 100 LAYER-MODE-NORMAL))))
  (classify image layer)
  (gimp-context-set-foreground '(250 250 250))
  (gimp-drawable-fill cover FILL-FOREGROUND)
  (gimp-image-insert-layer image cover 0 1)
  (gimp-xcf-save 0 image layer (file "in/layers.xcf") "layers.xcf")
  (for-each (lambda (item) (if (starts? (name-of item) "Smearscope") (gimp-image-remove-layer image item)))
            (layers image))
  (save-png image "layers.png"))
END
run_script "$WORK/save.scm" > /dev/null || fail "no XCF was saved"

# All is well: exit status 0, a row and a heat map for each, nothing but our own in the output.
batch "$WORK/in" "$WORK/out" > "$WORK/log" 2>&1 || fail "exit status $? though all is well: $(cat "$WORK/log")"
[ "$(rows "$WORK/out/results.csv" | sort)" = "$(find "$WORK/in" -type f -printf '%f\n' | sort)" ] ||
  fail "the rows are not the files: $(rows "$WORK/out/results.csv")"
[ "$(find "$WORK/out/heat-maps" -name '*.png' | wc -l)" = 8 ] || fail "not one heat map a file"
reference=$("$BUILD/smearscope" classify --json "$WORK/layers.png" | grep -o '"confidence": [0-9.]*' | grep -o '[0-9.]*$')
[ "$(column "$WORK/out/results.csv" layers.xcf confidence)" = "$reference" ] ||
  fail "what is visible in the XCF is judged otherwise than as a PNG"
reference=$("$BUILD/smearscope" classify --json "$WORK/in/smear-1.jpg" | grep -o '"confidence": [0-9.]*' | grep -o '[0-9.]*$')
[ "$(column "$WORK/out/results.csv" smear-1.jpg confidence)" = "$reference" ] ||
  fail "a JPEG is judged otherwise than on the command line"
compgen -G "$TMPDIR/smearscope-batch.*" && fail "the temporary profile is left behind"

# Again: nothing is done twice.
before=$(sha256sum "$WORK/out/results.csv"; stat -c '%n %Y' "$WORK"/out/heat-maps/*)
batch "$WORK/in" "$WORK/out" > "$WORK/log" 2>&1 || fail "exit status $? on a finished run"
grep -q '8 finished before' "$WORK/log" || fail "a rerun says: $(cat "$WORK/log")"
[ "$(sha256sum "$WORK/out/results.csv"; stat -c '%n %Y' "$WORK"/out/heat-maps/*)" = "$before" ] ||
  fail "a rerun changed the output"

# A report of a finished run is of all of it.
batch --report "$WORK/later.html" "$WORK/in" "$WORK/out" > "$WORK/log" 2>&1 || fail "a report later: $(cat "$WORK/log")"
[ "$(grep -o 'data:image/jpeg' "$WORK/later.html" | wc -l)" = 16 ] || fail "the later report lacks pictures"
[ "$(sha256sum < "$WORK/out/results.csv")" = "$(echo "$before" | head -n 1 | cut -d' ' -f1)  -" ] ||
  fail "a report later changed the table"

# Broken ones: their rows say so, the others are done, exit status 1.
echo "no image at all" > "$WORK/in/broken.jpg"
head -c 3000 "$WORK/in/smear-1.jpg" > "$WORK/in/truncated.jpg"
: > "$WORK/in/empty.xcf"
batch "$WORK/in" "$WORK/out2" > "$WORK/log" 2>&1
[ $? = 1 ] || fail "exit status with broken files is not 1"
for name in broken.jpg truncated.jpg empty.xcf; do
  [ -n "$(column "$WORK/out2/results.csv" $name error)" ] || fail "$name has no error in its row"
  grep -q "$name" "$WORK/log" || fail "$name is not named on stderr"
done
[ "$(rows "$WORK/out2/results.csv" | wc -l)" = 11 ] || fail "not one row a file with broken ones"
rm "$WORK"/in/{broken.jpg,truncated.jpg,empty.xcf}

# Cannot run at all: exit status 2 and a reason.
expect_2 () { # WORDS ARGUMENT…
  local words=$1 status
  shift
  batch "$@" > "$WORK/log" 2>&1
  status=$?
  [ $status = 2 ] || fail "exit status $status, not 2: $*"
  grep -q "$words" "$WORK/log" || fail "$*: says $(cat "$WORK/log")"
}
mkdir "$WORK/nothing"
expect_2 "no images" "$WORK/nothing" "$WORK/out3"
expect_2 "nowhere.safetensors" --model /nowhere.safetensors "$WORK/in" "$WORK/out3"
expect_2 "rainbow" --colour-map rainbow "$WORK/in" "$WORK/out3"
expect_2 "one IN and one OUT" "$WORK/in"
expect_2 "no such folder" "$WORK/inn" "$WORK/out3"
expect_2 "taken for images" "$WORK/in" "$WORK/in"
expect_2 "colour map viridis" --colour-map magma "$WORK/in" "$WORK/out"
[ ! -e "$WORK/out3/results.csv" ] || fail "a table although there was nothing to judge"
touch "$WORK/file"
expect_2 "cannot be made" "$WORK/in" "$WORK/file/out"

# A pattern; other options.
batch --no-heat-maps --record --report "$WORK/out4.html" "$WORK/in/smear-[12].jpg" "$WORK/out4" > "$WORK/log" 2>&1 || fail "a pattern: $(cat "$WORK/log")"
[ "$(rows "$WORK/out4/results.csv" | tr '\n' ' ')" = "smear-1.jpg smear-2.jpg " ] || fail "pattern: wrong files"
[ "$(grep -o 'data:image/jpeg' "$WORK/out4.html" | wc -l)" = 4 ] || fail "the report lacks pictures"
[ "$("$BUILD/smearscope" history list | grep -c 'smear-[12].jpg')" = 2 ] || fail "the batch was not recorded"
[ ! -e "$WORK/out4/heat-maps" ] || fail "heat maps that nobody wanted"

# Killed in the middle and started again: as if nothing had been.
for n in $(seq 10 30); do cp "$WORK/in/smear-$((n % 6 + 1)).jpg" "$WORK/in/copy-$n.jpg"; done
batch "$WORK/in" "$WORK/whole" > /dev/null 2>&1 || fail "the undisturbed run"
batch "$WORK/in" "$WORK/killed" > /dev/null 2>&1 &
child=$!
for _ in $(seq 1200); do
  [ -e "$WORK/killed/results.csv" ] && [ "$(wc -l < "$WORK/killed/results.csv")" -gt 3 ] && break
  sleep 0.05
done
kill -KILL $child
wait $child 2>/dev/null
# Nobody is left who would hold the output: those of this run have its temporary folder.
left () {
  grep -lzxsF "TMPDIR=$TMPDIR" /proc/[0-9]*/environ | while read -r process; do
    basename "$(readlink -f "${process%/environ}/exe")"
  done | grep '^smearscope$\|^gimp\|^script-fu'
}
for _ in $(seq 50); do [ -z "$(left)" ] && break; sleep 0.2; done
[ -z "$(left)" ] || fail "these outlive the script that was killed: $(left | tr '\n' ' ')"
partial=$(rows "$WORK/killed/results.csv" | wc -l)
[ "$partial" -gt 0 ] || fail "killed before there was a row"
batch "$WORK/in" "$WORK/killed" > "$WORK/log" 2>&1 || fail "the run that goes on: $(cat "$WORK/log")"
cmp "$WORK/whole/results.csv" "$WORK/killed/results.csv" || fail "killed after $partial rows, the table is another"
diff -r "$WORK/whole/heat-maps" "$WORK/killed/heat-maps" || fail "killed, the heat maps are others"

# From Script-Fu itself.
cat > "$WORK/script.scm" <<END
(load "$PWD/scripts/gimp2/smearscope-batch.scm")
(load "$PWD/scripts/smearscope-batch-menu.scm")
(let ((result (smearscope-batch "$WORK/in/smear-1.jpg" "$WORK/out5")))
  (check-equal "files, skipped, failed" result '(1 0 0)))
(let ((result (smearscope-batch "$WORK/in/smear-*.jpg" "$WORK/out5" "" "winner" "viridis" 60 TRUE FALSE "" "")))
  (check-equal "files, skipped, failed after the first" result '(6 1 0)))
(let ((result (smearscope-batch-of-folder "$WORK/in/smear-1.jpg" "$WORK/out6" "" 2 1 80 TRUE FALSE "")))
  (check-equal "what the menu's choices make" result '(1 0 0)))
END
check_script "$WORK/script.scm"
grep -q "^class Early, colour map magma" "$WORK/out6/heat-maps/.settings" || fail "the menu's choices are others"
grep -q "6 files: .* 1 finished before" "$WORK/gimp.err" "$WORK/gimp.out" || fail "nobody is told how it went"

# Folders below, filters, workers, and what is said meanwhile.
mkdir -p "$WORK/deep/a" "$WORK/deep/b"
cp "$WORK/in/smear-1.jpg" "$WORK/deep/a/one.jpg"
cp "$WORK/in/smear-1.jpg" "$WORK/deep/b/two.jpg"
cp "$WORK/in/smear-1.jpg" "$WORK/deep/b/left-out.jpg"
echo notes > "$WORK/deep/b/notes.txt"
batch --recursive --include '*.jpg' --exclude 'left*' --jobs 1 --progress "$WORK/deep" "$WORK/deep-out" \
  > "$WORK/log" 2>&1 || fail "--recursive: $(cat "$WORK/log")"
[ "$(rows "$WORK/deep-out/results.csv" | tr '\n' ' ')" = "one.jpg two.jpg " ] ||
  fail "--recursive takes $(rows "$WORK/deep-out/results.csv")"
[ -s "$WORK/deep-out/heat-maps/b/two.jpg.png" ] || fail "heat maps of folders below"
grep -q 'of 2 · .* images/s · 0:00:00 left' "$WORK/log" || fail "no progress: $(cat "$WORK/log")"
finish
