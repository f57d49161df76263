#!/bin/bash
# Figures of “evaluate” against the same figures worked out from its own table of answers.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
need_model
make_smears smears 4
echo "no picture" > smears/Early/broken.png

check () {
  python3 - "$1" "$2" <<'PY' || fail "figures are not those of the answers: $1"
import csv, json, math, sys
said = json.load(open("out"))
truth = [r for r in csv.DictReader(open(sys.argv[2]))] if sys.argv[2] else None
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
names = ["Benign", "Early", "Pre", "Pro"]
right_class = [t["class"] for t in truth] if truth else [r["file"].split("/")[-2] for r in rows]
n, k = len(rows), sum(r["class"] == t for r, t in zip(rows, right_class))
assert said["n"] == n and said["correct"] == k, (n, k)
assert abs(said["accuracy"] - k / n) < 1e-6
z = 1.959964
centre, half = (k / n + z * z / 2 / n) / (1 + z * z / n), \
    z / (1 + z * z / n) * math.sqrt(k / n * (1 - k / n) / n + z * z / 4 / n / n)
low, high = said["accuracy_wilson_95"]
assert abs(low - max(0, centre - half)) < 1e-5 and abs(high - min(1, centre + half)) < 1e-5
f1 = []
for i, t in enumerate(names):
    row = said["confusion_matrix"][i]
    assert row == [sum(r["class"] == c and x == t for r, x in zip(rows, right_class)) for c in names]
    tp = row[i]
    given = sum(r["class"] == t for r in rows)
    there = right_class.count(t)
    one = said["per_class"][t]
    assert abs(one["precision"] - (tp / given if given else 0)) < 1e-6
    assert abs(one["recall"] - (tp / there if there else 0)) < 1e-6
    if given + there:
        f1.append(2 * tp / (given + there))
assert abs(said["macro_f1"] - sum(f1) / len(f1)) < 1e-6
assert said["errors"] == sum(bool(r["error"]) for r in rows)
assert len(said["not_judged"]) == sum(not r["class"] for r in rows)
PY
}

expect 1 "$smearscope" evaluate --data smears --json --csv answers.csv
says err "broken.png"
says out '"note"'
check answers.csv ""
rm smears/Early/broken.png
expect 0 "$smearscope" evaluate --data smears
says out "Wilson"
says out "For research use only"

# A table: paths start at the table; smears give intervals; a fold is a part of it.
{
  echo "path,class,number,smear,fold"
  for class in Benign Early Pre Pro; do
    for i in 1 2 3 4; do
      echo "smears/$class/$class-000$i.jpg,$class,$i,$class-$((i % 2)),$((i % 2))"
    done
  done
} > folds.csv
expect 0 "$smearscope" evaluate --folds folds.csv --json --csv answers.csv
check answers.csv folds.csv
python3 - <<'PY' || fail "smears or folds are not told apart"
import json
said = json.load(open("out"))
assert said["smears"] == 8 and set(said["per_fold"]) == {"0", "1"}
low, high = said["accuracy_smears_95"]
assert 0 <= low <= said["accuracy"] <= high <= 1
assert sum(f["n"] for f in said["per_fold"].values()) == said["n"] == 16
PY
expect 0 "$smearscope" evaluate --folds folds.csv --fold 1 --json
says out '"n": 8'
mkdir elsewhere && cp folds.csv elsewhere/
expect 0 "$smearscope" evaluate --folds elsewhere/folds.csv --data . --json
says out '"n": 16'

# What cannot run.
expect 2 "$smearscope" evaluate
expect 2 "$smearscope" evaluate --data elsewhere
says err "elsewhere"
expect 2 "$smearscope" evaluate --data smears --fold 1
expect 2 "$smearscope" evaluate --folds folds.csv --fold 7
expect 2 "$smearscope" evaluate --data smears --model no-such-model
printf 'path,class\nx.jpg,Purple\n' > wrong.csv
expect 2 "$smearscope" evaluate --folds wrong.csv
says err "record 2"
