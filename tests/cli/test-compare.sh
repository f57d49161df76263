#!/bin/bash
# timeout: 600
# “compare” from end to end under a budget of one epoch, on drawn smears: every cell of the table,
# what is cached, what is refused.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
/usr/bin/python3 -c 'import sklearn' 2> /dev/null || skip "no scikit-learn"
make_smears smears 4
{
  echo "path,class,smear,fold"
  for class in Benign Early Pre Pro; do
    for i in 1 2 3 4; do echo "smears/$class/$class-000$i.jpg,$class,$class-$i,$((i % 2))"; done
  done
} > folds.csv
sed 's/-\([12]\),[01]$/-\1,0/; s/-\([34]\),[01]$/-\1,1/' folds.csv > looks.csv

models=cell,published-cnn,svm,forest,background-forest
compare () {
  expect 0 "$smearscope" compare --folds folds.csv --looks looks.csv --output table --epochs 1 \
    --input-size 32 --audit 4 "$@"
}
compare --models "$models"
says out "random 80:20"
says out "One budget for all networks: 1 epochs"
says out "For research use only"

/usr/bin/python3 - "$models" <<'PY' || fail "the table"
import csv, sys
rows = {r["model"]: r for r in csv.DictReader(open("table/comparison.csv"))}
assert ",".join(rows) == sys.argv[1]
names = ["Benign", "Early", "Pre", "Pro"]
folds = {"random": [0], "smears": [0, 1], "looks": [0, 1]}
for name, row in rows.items():
    for protocol, held in folds.items():
        kept = []
        for fold in held:
            part = list(csv.DictReader(open(f"table/cells/{name}-{protocol}-seed1-fold{fold}.csv")))
            assert {r["fold"] for r in part} == {str(fold)}
            kept += part
        # The folds are wholly answered, each image once; of the random split one of four a class.
        assert len(kept) == (4 if protocol == "random" else 16), (name, protocol, len(kept))
        assert len({r["file"] for r in kept}) == len(kept)
        right = sum(max(names, key=lambda c: float(r[c])) == r["class"] for r in kept)
        assert abs(float(row[protocol + "_accuracy"]) - right / len(kept)) < 1e-5
        assert float(row[protocol + "_low"]) <= right / len(kept) <= float(row[protocol + "_high"])
    for key in ["background_swapped_same", "stain_swapped_same", "leukocytes_removed_named"]:
        assert 0 <= float(row[key]) <= 1
    assert float(row["inference_ms"]) > 0 and float(row["train_seconds"]) > 0
    assert int(row["parameters"]) > 1000
    assert bool(row["heat_map_in_leukocytes"]) == (name in ["cell", "published-cnn"])
assert float(rows["cell"]["leukocytes_removed_named"]) == 0
assert float(rows["forest"]["leukocytes_removed_named"]) == 1
# Drawn smears differ by their cells alone: without them there is nothing to learn.
assert float(rows["forest"]["smears_accuracy"]) > float(rows["background-forest"]["smears_accuracy"])
PY
if command -v gnuplot > /dev/null; then
  [[ -s table/comparison.svg && $(head -c 4 table/comparison.png | tail -c 3) == PNG ]] || fail "no picture"
fi
[[ -z $(find table -name '*.checkpoint*' -o -name '*.part') ]] || fail "something was left behind"

# Begun again nothing is done twice; one piece that is missing is made again, to the same bits
# where time does not enter.
cp table/cells/published-cnn-smears-seed1-fold1.csv before.csv
cp table/comparison.csv before-table.csv
find table/cells -type f -printf '%p %T@\n' | sort > at-first
compare --models "$models"
find table/cells -type f -printf '%p %T@\n' | sort > at-last
cmp -s at-first at-last || fail "work was done twice"
cmp -s before-table.csv table/comparison.csv || fail "the table changed"
rm table/cells/published-cnn-smears-seed1-fold1.csv table/cells/svm-looks-seed1-fold0.csv
compare --models "$models"
cmp -s before.csv table/cells/published-cnn-smears-seed1-fold1.csv || fail "another training, other answers"

# Fewer models take what is there; another budget, other images and nonsense are refused.
compare --models forest,published-cnn
[[ $(wc -l < table/comparison.csv) == 3 ]] || fail "not the models that were asked for"
expect 2 "$smearscope" compare --folds folds.csv --looks looks.csv --output table --epochs 2 \
  --input-size 32 --audit 4 --models forest
says err "another comparison"
expect 2 "$smearscope" compare --folds folds.csv --output table --epochs 1 --models forest
says err "another comparison"
expect 2 "$smearscope" compare --folds folds.csv --output other --models purple
says err "purple"
expect 2 "$smearscope" compare --folds folds.csv --output other --input-size 60
says err "inception-v3"
head -n 9 looks.csv > few.csv
expect 2 "$smearscope" compare --folds folds.csv --looks few.csv --output other --models forest
says err "look-out folds"
expect 2 "$smearscope" compare --output other

# Killed again and again, it ends as if nothing had happened.
killed () {
  "${@:2}" "$smearscope" compare --folds folds.csv --output "$1" --epochs 3 --input-size 32 --audit 4 \
    --models published-cnn --quiet > /dev/null 2> err
}
killed whole || fail "three epochs"
for seconds in 0.4 0.8 1.6 3.2; do killed broken timeout -s KILL "$seconds"; done
killed broken || fail "cannot go on where it was killed"
for file in whole/cells/*.csv; do
  cmp "$file" "broken/${file#whole/}" || fail "a kill changes ${file#whole/}"
  [ "$(wc -l < "broken/${file#whole/}.curves")" -ge 4 ] || fail "an epoch is missing in the curves"
done
