#!/bin/bash
# From feedback to new weights: what reviewers say, not what the model said, is what is learnt.
# timeout: 300
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"
need_model

export XDG_CONFIG_HOME=$work/config SMEARSCOPE_HISTORY=$work/history.sqlite LC_ALL=C.UTF-8
make_smears ward 6
expect 0 "$smearscope" classify --record -r ward

# A reviewer whose opinion no model of these smears would come to by itself: each class is called
# by another one's name.
other () { case $1 in Benign) echo Pro ;; Pro) echo Benign ;; Early) echo Pre ;; Pre) echo Early ;; esac; }
"$smearscope" history list --limit 0 | awk '/-00/ { print $1, $NF }' > recorded
[ "$(wc -l < recorded)" = 24 ] || fail "not 24 findings"
while read -r id name; do
  expect 0 "$smearscope" feedback correct "$id" "$(other "${name%%-*}")" --who lind
done < recorded
expect 0 "$smearscope" feedback export list.csv
[ "$(wc -l < list.csv)" = 25 ] || fail "the list does not hold all images"
expect 0 "$smearscope" train --from list.csv --epochs 12 --no-augmentation --input-size 64 \
  --batch 8 --quiet --name reviewed --output reviewed.safetensors
"$smearscope" info --model reviewed.safetensors --json > told
grep -q '"training_samples": "24"' told || fail "not trained from the 24 images of the list"

# Judged by the new weights, most smears are called what the reviewer called them.
"$smearscope" classify --csv judged.csv -r --model reviewed.safetensors ward > /dev/null || fail "classify"
agreed=0
for class in Benign Early Pre Pro; do
  n=$(grep -c "$class-00.*,$(other $class)," judged.csv)
  agreed=$((agreed + n))
done
[ "$agreed" -ge 18 ] || { cat judged.csv >&2; fail "only $agreed of 24 follow the reviewer"; }

# Regions and cells cut out, where that is allowed, serve as well.
expect 0 "$smearscope" history settings pixels=yes
n=24
for class in Benign Early Pre Pro; do
  for region in 0,0,160,120 64,48,160,120; do
    expect 0 "$smearscope" classify --record --region $region ward/$class/$class-0001.jpg
    n=$(("$("$smearscope" history list --limit 1 | awk 'NR == 1 { print $1 }')"))
    expect 0 "$smearscope" feedback correct $n $class --who lind
  done
done
expect 0 "$smearscope" feedback export cut.csv --crops crops
[ "$(find crops -type f | wc -l)" = 8 ] || fail "not eight regions were cut out"
grep crops/ cut.csv > rows
{ head -n 1 cut.csv; cat rows; } > only.csv
expect 0 "$smearscope" train --from only.csv --epochs 1 --input-size 64 --batch 4 --quiet --output cut.safetensors
"$smearscope" info --model cut.safetensors --json | grep -q '"training_samples": "8"' ||
  fail "not trained from the eight regions"

# Agreement over all and month by month: some opinions moved into another month, each month has its
# own table.
expect 0 "$smearscope" feedback statistics --by-month
[ "$(grep -c '^reviewer ' out)" = 2 ] || fail "not one table for all and one for the month"
if command -v sqlite3 > /dev/null; then
  sqlite3 history.sqlite "DROP TRIGGER entries_update;
    UPDATE entries SET time = time - 62 * 86400000000 WHERE kind = 1 AND about <= 12"
  expect 0 "$smearscope" feedback statistics --by-month
  [ "$(grep -c '^20[0-9][0-9]-[01][0-9]  [0-9]* opinions' out)" = 2 ] || { cat out; fail "not two months"; }
  [ "$(grep -c '^reviewer ' out)" = 3 ] || fail "not a table a month"
fi
echo ok
