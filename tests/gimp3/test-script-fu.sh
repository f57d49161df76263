#!/bin/bash
# Script-Fu in GIMP 3: arguments by name, their ranges, results, and the batch over a folder.
# timeout: 900
. "$(dirname "$0")/support.sh"
failures=0
fail () { echo "FAILED: $*"; failures=$((failures + 1)); }
draw_smear
cp scripts/gimp3/smearscope-batch.scm scripts/smearscope-batch-menu.scm "$GIMP3_DIRECTORY/scripts/"
open="(car (gimp-file-load RUN-NONINTERACTIVE \"$WORK/smear.png\"))"

# classify ARGUMENTS: what the call returns, written by Scheme.
classify () {
  script_fu "(let* ((image $open)
                    (results (plug-in-smearscope-classify #:run-mode RUN-NONINTERACTIVE #:image image
                               #:drawables (car (gimp-image-get-layers image)) $1))
                    (port (open-output-file \"$WORK/results\")))
               (write results port)
               (close-output-port port))"
}

rm -f "$WORK/results"
classify '#:opacity 40 #:colour-map "turbo" #:heat-map FALSE' || { fail "classify"; said_by_gimp; }
"$BUILD/smearscope" classify --json "$WORK/smear.png" >"$WORK/reference"
python3 - "$WORK" <<'END' || fail "the results are not the command's: $(cat "$WORK/results")"
import json, re, sys
text = open (sys.argv[1] + '/results').read ()
wanted = json.loads (open (sys.argv[1] + '/reference').readline ())
assert text.startswith ('("%s" ' % wanted['class']), text
numbers = [float (n) for n in re.search (r'#\(([^)]*)\)', text).group (1).split ()]
assert all (abs (a - b) < 1e-6 for a, b in zip (numbers, wanted['probabilities'].values ())), numbers
END

# A wrong value: the call has to fail, GIMP's exit status has to say so, and why.
rm -f "$WORK/results"
if classify '#:opacity 101'; then fail "opacity 101 was taken"; fi
[ ! -e "$WORK/results" ] || fail "opacity 101 gave results"
grep -q opacity "$WORK/gimp.log" || { fail "nothing says opacity"; said_by_gimp; }

# All others in one go: what is not caught was taken.
refused=('#:opacity -1' '#:threshold 2' '#:class "Late"' '#:colour-map "rainbow"' '#:earlier "burn"'
         '#:no-such-argument 1')
calls=
for argument in "${refused[@]}"; do
  calls+="(catch 0 (plug-in-smearscope-classify #:run-mode RUN-NONINTERACTIVE #:image image
            #:drawables (car (gimp-image-get-layers image)) $argument)
            (display \"TAKEN: ${argument//\"/}\" port))"
done
script_fu "(let* ((image $open) (port (open-output-file \"$WORK/taken\"))) $calls
             (display \"end\" port) (close-output-port port))" || { fail "refusals"; said_by_gimp; }
[ "$(cat "$WORK/taken")" = end ] || fail "$(cat "$WORK/taken")"
# What GIMP refuses itself it keeps quiet about where it is caught.
for word in Late rainbow burn; do
  grep -q -- "$word" "$WORK/gimp.log" || { fail "nothing says $word"; said_by_gimp; }
done

# A folder: table, heat maps, going on where it was stopped.
mkdir "$WORK/in"
for n in 1 2 3; do
  "$BUILD/smearscope" synthesise --seed $n --width 320 --height 240 --output "$WORK/in/$n.png"
done
script_fu "(smearscope-batch \"$WORK/in\" \"$WORK/out\")" || { fail "the batch"; said_by_gimp; }
[ "$(wc -l <"$WORK/out/results.csv")" = 4 ] || fail "the table has not four lines"
[ "$(find "$WORK/out/heat-maps" -name '*.png' | wc -l)" = 3 ] || fail "there are not three heat maps"
if script_fu '(smearscope-batch "" "'"$WORK"'/out")'; then fail "nothing named, and no failure"; fi

# The wrapper finds this GIMP and tells the truth.
wrapper () { scripts/smearscope-batch --gimp "$(command -v gimp-console)" "$@" >"$WORK/wrapped" 2>&1; }
cut=$(mktemp -d -p "$WORK")
cp "$WORK"/in/* "$cut"
wrapper "$cut" "$WORK/wrapped-out" || fail "the wrapper: $(cat "$WORK/wrapped")"
cmp <(cut -d, -f2-8 "$WORK/out/results.csv") <(cut -d, -f2-8 "$WORK/wrapped-out/results.csv") ||
  fail "wrapper and script differ"
head -c 2000 "$WORK/in/1.png" >"$cut/cut.png"
convert "$WORK/in/2.png" "$cut/other.bmp"
status=0
wrapper "$cut" "$WORK/wrapped-out" || status=$?
[ $status = 1 ] || fail "a broken file, but status $status: $(cat "$WORK/wrapped")"
grep -q '3 finished before' "$WORK/wrapped" || fail "did not go on: $(cat "$WORK/wrapped")"
grep 'other.bmp' "$WORK/wrapped-out/results.csv" | grep -q -E 'Benign|Early|Pre|Pro' ||
  fail "GIMP's loader was not asked for the BMP"
status=0
wrapper --colour-map rainbow "$cut" "$WORK/never" || status=$?
[ $status = 2 ] || fail "a wrong colour map, but status $status"
grep -q rainbow "$WORK/wrapped" || fail "nothing says which colour map: $(cat "$WORK/wrapped")"

[ $failures = 0 ] && echo "all as expected"
exit $((failures > 0))
