#!/bin/bash
# The history, feedback, reports and reproducing from the command line, end to end.
# timeout: 300
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"
need_model

export XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data LC_ALL=C.UTF-8 TZ=UTC
unset SMEARSCOPE_HISTORY
db=$XDG_DATA_HOME/smearscope/history.sqlite
make_smears "$work/ward-nine" 1

# Nothing is recorded unless asked for.
expect 0 "$smearscope" classify ward-nine -r
[ ! -e "$db" ] || fail "a history was made without being asked for"
expect 2 "$smearscope" history list
says err "no history yet"

expect 0 "$smearscope" classify --record ward-nine -r
[ "$(stat -c %a "$db")" = 600 ] || fail "others can read the history"
expect 0 "$smearscope" history list
says out "Pro-0001.jpg"
says out "research use only"
[ "$(grep -c '^ *[0-9]' out)" = 4 ] || fail "not four findings"
expect 0 "$smearscope" history list --name PRO-0 --limit 1
[ "$(grep -c '^ *[0-9]' out)" = 1 ] || fail "the name was not found by part of it"
expect 0 "$smearscope" history show 3
says out "ward-nine/Pre/Pre-0001.jpg"
says out "pixels SHA-256"
expect 2 "$smearscope" history show 99
says err "there is no entry 99"
expect 2 "$smearscope" history show three
says err "three"
expect 0 "$smearscope" history compare 3 4
says out "* image"
says out "Pro-0001.jpg"
grep -q "^  model SHA-256" out || fail "one model is taken for two"
expect 2 "$smearscope" history compare 3
expect 2 "$smearscope" history compare 3 99

# The setting alone records too, and “off” wins over --record.
expect 0 "$smearscope" history settings record=on
expect 0 "$smearscope" classify ward-nine/Pre/Pre-0001.jpg
expect 0 "$smearscope" history settings record=off
expect 0 "$smearscope" classify --record ward-nine/Pre/Pre-0001.jpg
says err "switched off"
expect 0 "$smearscope" history settings record=ask
expect 2 "$smearscope" history settings record=maybe
expect 0 "$smearscope" history list --limit 0
[ "$(grep -c '^ *[0-9]' out)" = 5 ] || fail "the settings were not followed"

# The same bits again; a changed image and a lost one are told.
expect 0 "$smearscope" reproduce 2
says out "the same to the bit"
cp ward-nine/Pre/Pre-0001.jpg moved.jpg
expect 0 "$smearscope" reproduce 3 --image moved.jpg
expect 1 "$smearscope" reproduce 3 --image ward-nine/Pro/Pro-0001.jpg
says out "pixels of the region"
mv ward-nine/Pre/Pre-0001.jpg elsewhere.jpg
expect 2 "$smearscope" reproduce 3
says err "Pre-0001.jpg"
mv elsewhere.jpg ward-nine/Pre/Pre-0001.jpg

# A region of an image is judged again where it was.
expect 0 "$smearscope" classify --record --region 40,30,150,120 ward-nine/Pre/Pre-0001.jpg
region=$("$smearscope" history list --limit 1 | awk 'NR == 1 { print $1 }')
expect 0 "$smearscope" history show "$region"
says out "40, 30, 150 × 120"
expect 0 "$smearscope" reproduce "$region"
says out "the same to the bit"
command -v convert > /dev/null && {
  expect 0 convert ward-nine/Pre/Pre-0001.jpg -fill black -draw 'point 100,100' dotted.png
  expect 1 "$smearscope" reproduce "$region" --image dotted.png
  says out "pixels of the region"
}

# Feedback, agreement and the list to train from.
class_of () { "$smearscope" history show "$1" | awk '/^  .*%/{gsub ("%", ""); p = $NF
  name = $1; if (p > most) { most = p; best = name } } END { print best }'; }
other () { [ "$(class_of "$1")" = Pro-B ] && echo Benign || echo Pro; }
for id in 1 2 3; do expect 0 "$smearscope" feedback agree $id --who lind; done
expect 0 "$smearscope" feedback correct 4 "$(other 4)" --who lind --note "smudge cells"
expect 0 "$smearscope" feedback flag 5 --who osei
expect 2 "$smearscope" feedback correct 4 Burkitt
says err "choose Benign, Early, Pre or Pro"
expect 2 "$smearscope" feedback agree 77
# Where the model left the answer open there is nothing to agree on.
answered=$("$smearscope" history list --verdict answered | grep -c '^ *[1-4]  ')
expect 0 "$smearscope" feedback statistics --by-month
[ "$answered" = 0 ] || says out "$answered opinions, agreement"
says out "1 flagged"
says out "$(date +%Y-%m)"
expect 0 "$smearscope" feedback export list.csv
[ "$(wc -l < list.csv)" = 5 ] || fail "the list does not hold four images"
says list.csv "$work/ward-nine/Pro/Pro-0001.jpg,$(other 4)"
expect 2 "$smearscope" feedback export list.csv --crops crops
says err "not allowed"
expect 0 "$smearscope" train --from list.csv --epochs 1 --quiet --output trained.safetensors

# Exports tell no folders; a whole chain, then a broken one.
for table in list.jsonl findings.csv; do
  expect 0 "$smearscope" history export $table
  says $table Pro-0001.jpg
  ! grep -q ward-nine $table || fail "$table tells a folder"
done
expect 0 "$smearscope" history verify
head=$(sed -n 's/^head //p' out)
expect 2 "$smearscope" history purge
says err "say what to erase"
# A limit before all time erases nothing, an empty name not everything.
expect 0 "$smearscope" history purge --older-than 30000
[ "$(cat out)" = "0 erased" ] || fail "erased: $(cat out)"
expect 0 "$smearscope" history purge --until 1960-01-01
[ "$(cat out)" = "0 erased" ] || fail "erased: $(cat out)"
expect 2 "$smearscope" history purge --name ""
says err "name is empty"
expect 0 "$smearscope" history purge 4 --reason "asked for"
says out "1 erased"
! grep -qa Pro-0001 "$db" "$db"-wal 2> /dev/null || fail "an erased name is still there"
! grep -qa "smudge cells" "$db" "$db"-wal 2> /dev/null || fail "an erased note is still there"
expect 0 "$smearscope" history verify --head "$head"
says out "2 with their personal part erased"
expect 1 "$smearscope" history verify --head "$(printf '%064d' 7)"

# Reports of images and of findings.
expect 0 "$smearscope" report ward-nine -r -o images.html --laboratory "St Elsewhere"
says images.html "St Elsewhere"
! grep -q ward-nine images.html || fail "the report tells a folder"
# Unrecorded, its hash is one that anybody can compute.
(cd ward-nine/Pre && "$smearscope" classify --json Pre-0001.jpg) | head -n 1 | tr -d '\n' | sha256sum > sum
says images.html "$(cut -d ' ' -f 1 sum)"
expect 0 "$smearscope" report --id 1-3,4 -o findings.html
says err "finding 4 goes without pictures"
says findings.html "smearscope reproduce 2"
# Pictures of the three that are still there, each with the heat map that nobody had asked for then.
[ "$(grep -o 'data:image/jpeg' findings.html | wc -l)" = 6 ] || fail "not every finding has its heat map"
! grep -q ward-nine findings.html || fail "the report tells a folder"
expect 0 "$smearscope" classify ward-nine/Pre/Pre-0001.jpg --report one.pdf
expect 2 "$smearscope" classify ward-nine --report one.doc
expect 2 "$smearscope" report ward-nine -o one.doc
if command -v pdftotext > /dev/null; then
  expect 0 "$smearscope" report --id 2 -o one.pdf --paper letter
  pdftotext -layout one.pdf one.txt
  says one.txt "For research use only"
  says one.txt "Early-0001.jpg"
  says one.txt "TO REPRODUCE"
  says one.txt "$("$smearscope" history show 2 | sed -n 's/^hash *//p')"
  pdfinfo one.pdf > info
  says info "letter"
  pdfinfo -meta one.pdf > info
  says info "<pdfaid:conformance>B"
  pdffonts one.pdf | awk 'NR > 2 { print $(NF - 4) }' | grep -q no && fail "a font is not embedded"
fi

# What the weights say of themselves: not measured, then measured.
weights=$("$smearscope" info --json | sed 's/.*"path": "\([^"]*\)".*/\1/')
echo '{ "reliability": null, "metrics": null, "audit": null }' > unknown.json
expect 0 "$smearscope" info --set-metadata unknown.json --output silent.safetensors --model "$weights"
expect 0 "$smearscope" report ward-nine -r -o plain.html --model silent.safetensors
says plain.html "Not measured"
cat > known.json <<'END'
{ "reliability": [[0, 0.5, 10, 4], [0.5, 1, 200, 150]],
  "metrics": { "look_out": { "accuracy": 0.887, "images": 2613 } },
  "audit": "Ignores the scale bar.", "notes": null }
END
expect 2 "$smearscope" info --set-metadata known.json
says err "--output"
expect 0 "$smearscope" info --set-metadata known.json --output told.safetensors --model "$weights"
expect 0 "$smearscope" report ward-nine -r -o told.html --model told.safetensors
says told.html "look out:"
expect 0 "$smearscope" report ward-nine -r -o LOUD.PDF --model told.safetensors
[ "$(head -c 4 LOUD.PDF)" = %PDF ] || fail "an ending in capitals is another ending"
says told.html "accuracy: 0.887"
says told.html "Ignores the scale bar."
grep -qE "gave (10|200) answers" told.html || fail "the reliability is not told"
grep -q "interval 68.6 to 80.5" told.html || grep -q "interval 16.8 to 68.7" told.html ||
  fail "not Wilson's interval of the bin: $(grep -o 'interval [0-9.]* to [0-9.]*' told.html)"
"$smearscope" classify --model told.safetensors ward-nine/Pre/Pre-0001.jpg > told
"$smearscope" classify --model "$weights" ward-nine/Pre/Pre-0001.jpg | cmp - told || fail "another answer"
echo '[1]' > known.json
expect 2 "$smearscope" info --set-metadata known.json --output told.safetensors
says err "no JSON object"

# A million brackets are told, and do not overflow the stack.
brackets=$(printf '%01000000d' 0 | tr 0 '[')
{ printf '\x40\x42\x0f\0\0\0\0\0'; printf %s "$brackets"; } > deep.safetensors
expect 2 "$smearscope" classify --model "$work/deep.safetensors" ward-nine -r
says err "nested too deep"

# A scan is one finding: the shares of its leukocytes.
if "$smearscope" info --model cell > /dev/null 2>&1; then
  expect 0 "$smearscope" synthesise --scan --output slide.tif --width 1500 --height 1000 \
    --um-per-pixel 0.15 --class Pre
  printf %s "$brackets" > deep.geojson
  expect 2 "$smearscope" scan slide.tif --model cell --output swept --regions deep.geojson
  says err "nested more than 64 deep"
  expect 0 "$smearscope" scan slide.tif --model cell --output swept --record --report slide.html
  expect 0 "$smearscope" history list --name slide.tif
  [ "$(grep -c '^ *[0-9]' out)" = 1 ] || fail "the scan was not recorded"
  scan=$(awk 'NR == 1 { print $1 }' out)
  expect 0 "$smearscope" reproduce "$scan"
  says out "the same leukocytes, class by class"
  expect 0 "$smearscope" synthesise --scan --output other.tif --width 1500 --height 1000 \
    --um-per-pixel 0.15 --class Benign --seed 9
  # Outlines are not on record: such a sweep is not taken for one of the whole.
  cat > areas.geojson <<'END'
[{"type": "Feature", "properties": {"name": "=1+1"}, "geometry":
  {"type": "Polygon", "coordinates": [[[100, 50], [400, 50], [400, 350], [100, 350], [100, 50]]]}},
 {"type": "Polygon", "coordinates": [[[300, 200], [700, 200], [700, 900], [300, 900], [300, 200]]]}]
END
  expect 0 "$smearscope" scan slide.tif --model cell --output outlined --regions areas.geojson \
    --record --report outlined.html
  says outlined/regions.csv "'=1+1,100,50"
  ! grep -q "smearscope reproduce" outlined.html || fail "the report offers what cannot be reproduced"
  expect 0 "$smearscope" history list --name slide.tif --limit 1
  outlined=$(awk 'NR == 1 { print $1 }' out)
  expect 0 "$smearscope" history show "$outlined"
  says out "100, 50, 600 × 850"
  says out "outlined areas of a scan"
  expect 2 "$smearscope" reproduce "$outlined"
  says err "nothing can be compared"
  expect 1 "$smearscope" reproduce "$scan" --image other.tif
  says out "leukocytes:"
  says slide.html "leukaemic of"
  says slide.html "smearscope reproduce $scan"
  [ "$(grep -o 'data:image/jpeg' slide.html | wc -l)" = 6 ] || fail "not the scan, its map and one a class"
  says slide.html "interval (Wilson)"
fi

if command -v qpdf > /dev/null; then
  expect 0 qpdf --check one.pdf
  says out "No syntax or stream encoding errors"
fi

# Encryption: the key's place on the command line, never the key.
expect 0 "$smearscope" history key "$work/keys/history.key"
[ "$(stat -c %a keys/history.key)" = 600 ] || fail "others can read the key"
expect 2 "$smearscope" history key "$work/keys/history.key"
says err "never overwritten"
expect 0 "$smearscope" history encrypt --key-file "$work/keys/history.key"
! grep -qaE 'Pre-0001|ward-nine' "$db" "$db"-wal 2> /dev/null || fail "readable although encrypted"
expect 2 "$smearscope" history list
says err "is encrypted: no key is named"
expect 0 "$smearscope" classify --record ward-nine/Pre/Pre-0001.jpg
says err "not recorded"
expect 0 "$smearscope" history settings key-file=keys/history.key
expect 0 "$smearscope" classify --record ward-nine/Pre/Pre-0001.jpg
expect 0 "$smearscope" history list --name pre-0001
expect 0 "$smearscope" history verify --head "$head"
expect 0 "$smearscope" history decrypt
expect 0 "$smearscope" history settings key-file=
expect 0 "$smearscope" history list --name pre-0001

# What an action does not take is not passed over.
for action in list verify encrypt decrypt; do
  expect 2 "$smearscope" history $action "$head"
  grep -qE -e '--(head|history|name) ' err || fail "$action does not say what it takes"
done
expect 2 "$smearscope" feedback statistics lind
says err "--who"

# Settings that cannot be read may have asked for recording.
cp config/smearscope/history.ini whole.ini
echo "record" >> config/smearscope/history.ini
expect 0 "$smearscope" classify ward-nine/Pre/Pre-0001.jpg
says err "not recorded"
says err "history.ini"
cp whole.ini config/smearscope/history.ini

# Pseudonyms, from the first finding on.
export SMEARSCOPE_HISTORY=$work/second.sqlite
expect 0 "$smearscope" history settings pseudonyms=yes
expect 0 "$smearscope" classify --record --report pseudonymous.html ward-nine -r
! grep -qaE 'ward-nine|-0001' second.sqlite second.sqlite-wal 2> /dev/null ||
  fail "a name is in the pseudonymous history"
! grep -qE 'ward-nine|-0001' pseudonymous.html || fail "a name is in the pseudonymous report"
expect 0 "$smearscope" history list --name Pro-0001.jpg
[ "$(grep -c '^ *[0-9]' out)" = 1 ] || fail "the name does not lead to its pseudonym"
echo ok
