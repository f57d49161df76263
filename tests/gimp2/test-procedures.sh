#!/bin/bash
# GIMP 2.10: finding cells, exporting, the self-test, large images, another language.
# timeout: 900
cd "$(dirname "$0")/../.." || exit 1
. tests/gimp2/support.sh

smear smear.png
# As a person has it who left out a cell of another image.
new_profile "$WORK/profile"
mkdir -p "$WORK/profile/smearscope"
printf '[plug-in-smearscope-find-cells]\nleave-out='"'1'"'\n' > "$WORK/profile/smearscope/last-values.ini"
check_script tests/gimp2/procedures.scm
compare_said
python3 - "$WORK" <<'END' || fail "what was exported is not right"
import csv, json, sys
folder = sys.argv[1]
for stem in 'findings', 'kept':
    with open (f'{folder}/{stem}.csv', newline='') as file:
        rows = list (csv.DictReader (file))
    with open (f'{folder}/{stem}.jsonl') as file:
        findings = [json.loads (line) for line in file]
    with open (f'{folder}/{stem}.geojson') as file:
        features = json.load (file)['features']
    assert len (rows) == len (findings) == 3
    for row, finding in zip (rows, findings):
        assert row['class'] == (finding['class'] or ''), (row, finding)
        assert abs (float (row['confidence']) - finding['confidence']) < 1e-6
        assert [int (row[key]) for key in ('x', 'y', 'width', 'height')] == finding['region']
        assert int (row['cells']) == len (finding['cells'])
        assert finding['research_use_only'] is True
    assert len (features) == 3 + sum (len (finding['cells']) for finding in findings)
    for feature in features:
        ring = feature['geometry']['coordinates'][0]
        assert ring[0] == ring[-1] and len (ring) == 5
        assert feature['properties']['objectType'] in ('annotation', 'detection')
    assert findings[2]['region'] == [100, 60, 320, 240]
END
cells=$(sed -n 's/^cells\t//p' "$WORK/said")
[ "${cells:-0}" -ge 3 ] || fail "only ${cells:-no} cells were found in a smear with many"

# German, where the catalogue stands beside the program.
if [ -d "$PLUGINS/smearscope/locale" ]; then
  cat > "$WORK/german.scm" <<'END'
(let ((image (load-image "smear.png")))
  (classify image (active image))
  (check "the caption layer has a German name"
         (contains? (apply string-append (map name-of (children (car (layers image))))) "Beschriftung")))
END
  "$BUILD/smearscope" synthesise --width 64 --height 48 --output "$WORK/small.png" || fail "no small one"
  convert "$WORK/small.png" -fill "#4080c0" -colorize 100 "$WORK/flat.png"
  cat >> "$WORK/german.scm" <<'END'
(let ((image (load-image "flat.png")))
  (classify image (active image))
  (check (string-append "what is no smear is told in German: " (name-of (car (layers image))))
         (contains? (name-of (car (layers image))) "kein gef"))
  (gimp-image-delete image))
END
  LANGUAGE=de check_script "$WORK/german.scm"
  # Nothing of the plug-in's own, nor of what the engine says of a finding, has been forgotten.
  xgettext --from-code=UTF-8 -k_ -kN_ -ksmear_text_n:1,2 -o "$WORK/all.pot" plugin/*/*.[ch] &&
    msgcmp plugin/po/de.po "$WORK/all.pot" || fail "the German catalogue lacks something"
  { sed -n '/^smear_finding_warnings/,/^}/p' engine/pipeline/finding.c | grep -o '"[A-Z][^"%]*\."'
    sed -n '/^why_not/,/^}/p' engine/image/quality.c | grep -o '"[^"]*"'; } > "$WORK/engine-says"
  [ "$(wc -l < "$WORK/engine-says")" -ge 13 ] || fail "where are the engine's words?"
  while read -r text; do
    grep -qF "msgid $text" "$WORK/all.pot" || fail "the plug-in does not know that the engine says $text"
  done < "$WORK/engine-says"
else
  fail "there are no translations beside the program"
fi
finish
