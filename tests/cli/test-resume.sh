#!/bin/bash
# Killed at any moment and started again, a run ends as if nothing had happened.
# timeout: 600
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
need_model
make_smears smears 12
echo "no picture" > smears/Pre/broken.jpg
run () {
  "$smearscope" classify -r smears --csv "$1/t.csv" --jsonl "$1/t.jsonl" --maps "$1/maps" \
    --summary "$1/s.html" --resume "${@:2}"
}
same () {
  for name in t.csv t.jsonl s.html; do
    cmp "good/$name" "$1/$name" || fail "$name differs $2"
  done
  diff -r good/maps "$1/maps" > /dev/null || fail "heat maps differ $2"
  [ "$(find "$1" -name '*.lock' -o -name '*.part' -o -name '*.new' | wc -l)" = 0 ] ||
    fail "something is left behind $2"
}

mkdir good bad
started=$(date +%s%N)
expect 1 run good
whole=$((($(date +%s%N) - started) / 1000000))
[ "$(wc -l < good/t.jsonl)" = 49 ] || fail "not one row a file"

# Kill -9 at KILLS moments (make test-long: 100), spread over the time that a run takes undisturbed.
for turn in $(seq "${KILLS:-20}"); do
  # Begun anew now and then, so that not only its end is hit.
  [ $((turn % 12)) != 1 ] || { rm -rf bad; mkdir bad; }
  run bad > /dev/null 2>&1 &
  pid=$!
  sleep "$(printf '0.%03d' $((whole * (turn % 5 + 1) / 8 % 1000)))"
  # The program is the child of a subshell; killing that alone would let it run on.
  # shellcheck disable=SC2046
  kill -9 $(pgrep -P $pid) $pid 2> /dev/null
  wait $pid 2> /dev/null
done
expect 1 run bad
same bad "after kill -9"

# A finished run has nothing to do but try the broken file again.
expect 1 run bad
says out "48 done before"
same bad "when there was nothing to do"

# A report is of all that was asked for, not of what was left to do; the tables stay.
expect 1 run bad --report all.html
[ "$(grep -o 'data:image/jpeg' all.html | wc -l)" = 96 ] ||
  fail "the report of a finished run has $(grep -o 'data:image/jpeg' all.html | wc -l) pictures"
same bad "after a report of it"

# Heat maps drawn otherwise are not taken for those that were asked for.
expect 2 run bad --colour-map magma
says err "colour map viridis"
same bad "when other heat maps were asked for"

# Content counts, not name or time: what changed is judged again, in its place.
cp smears/Pro/Pro-0001.jpg kept.jpg
cp smears/Benign/Benign-0001.jpg smears/Pro/Pro-0001.jpg
touch smears/Pro/*.jpg
expect 1 run bad
says out "47 done before"
cmp -s good/t.csv bad/t.csv && fail "a changed file kept its old row"
[ "$(wc -l < bad/t.csv)" = "$(wc -l < good/t.csv)" ] || fail "a changed file has two rows"
mv kept.jpg smears/Pro/Pro-0001.jpg
expect 1 run bad
same bad "after a file was changed and changed back"

# A heat map that is gone is made again.
rm bad/maps/Early/Early-0003.jpg.png
expect 1 run bad
says out "47 done before"
same bad "after a heat map was deleted"

# Two runs cannot write into one output. A lock is held here as a run would hold it.
exec 9> bad/t.csv.lock
flock -n 9 || fail "flock"
expect 2 run bad
says err "another run"
exec 9>&-
rm -f bad/t.csv.lock
same bad "after a run was refused"

# A disk that fills up ends the run with a word about it; with room again it goes on.
mkdir full
"$smearscope" classify -r smears --csv good/u.csv --jsonl good/u.jsonl > /dev/null 2>&1
(
  trap '' XFSZ
  ulimit -f 8
  expect 2 "$smearscope" classify -r smears --csv full/u.csv --jsonl full/u.jsonl
) || exit
says err "full/u."
expect 1 "$smearscope" classify -r smears --csv full/u.csv --jsonl full/u.jsonl --resume
for name in u.csv u.jsonl; do
  cmp "good/$name" "full/$name" || fail "$name differs after the disk was full"
done
