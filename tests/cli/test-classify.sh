#!/bin/bash
# What “classify” prints, and its exit status.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
need_model
make_smears smears 2

# One object a line with what was promised, in the order of the arguments.
expect 0 "$smearscope" classify --json smears/Pro/*.jpg smears/Benign/*.jpg
python3 - smears/Pro/*.jpg smears/Benign/*.jpg <<'PY' || fail "the JSON is not as promised"
import json, sys
rows = [json.loads(line) for line in open("out")]
assert [row["file"] for row in rows] == sys.argv[1:], rows
for row in rows:
    p = row["probabilities"]
    assert set(p) == {"Benign", "Early", "Pre", "Pro"}, p
    assert row["class"] in p or row["class"] is None
    if row["class"]:
        assert abs(sum(p.values()) - 1) < 1e-4, p
        assert row["class"] == max(p, key=p.get), row
        assert abs(row["confidence"] - p[row["class"]]) < 1e-6
        assert abs(row["malignant"] - (p["Early"] + p["Pre"] + p["Pro"])) < 1e-4
    assert isinstance(row["model"], str) and row["research_use_only"] is True
    assert row["region"] == [0, 0, 256, 192], row["region"]
PY

# The same for any number of jobs and threads.
"$smearscope" classify --json -r smears > all
for how in "--jobs 1" "--jobs 3" "--jobs 8 --threads 2"; do
  # shellcheck disable=SC2086 # options are split on purpose
  "$smearscope" classify --json $how -r smears | cmp - all || fail "$how changes the answer"
done
[ "$(wc -l < all)" = 8 ] || fail "not every file has its line"

# A bad file among good ones: all others are judged, the status tells.
echo "no picture" > text.jpg
head -c 2000 smears/Pre/Pre-0001.jpg > cut.jpg
expect 1 "$smearscope" classify --json smears/Pre/Pre-0001.jpg text.jpg gone.jpg cut.jpg \
  smears/Pre/Pre-0002.jpg
[ "$(wc -l < out)" = 5 ] || fail "not every file has its object"
[ "$(grep -c '"error"' out)" = 3 ] || fail "not every bad file has its error"
for name in text.jpg gone.jpg cut.jpg; do says err "$name"; done

# A table for people.
expect 0 "$smearscope" classify smears/Early
says out "For research use only"
says out "Early-0002.jpg"

# A region is judged as if it were an image of its own.
expect 0 "$smearscope" classify --json --region 32,16,128,96 smears/Pre/Pre-0001.jpg
says out '"region": [32, 16, 128, 96]'
expect 1 "$smearscope" classify --json --region 200,16,128,96 smears/Pre/Pre-0001.jpg
says err "Pre-0001.jpg"

# How sure an answer is hangs on how many cells it rests on: a field's outputs are the mean of
# its cells', and each is divided by the temperature of its number of cells.
echo '{"temperature": "0.4", "few_cells": "12", "one_cell_temperature": "2.5"}' > facts.json
expect 0 "$smearscope" info --model cell --set-metadata facts.json --output counting.safetensors
expect 0 "$smearscope" classify --json --model counting.safetensors smears/Pre
/usr/bin/python3 - <<'PY' || fail "a field's temperature"
import json
import numpy as np
names = ["Benign", "Early", "Pre", "Pro"]
log = lambda p: np.log([p[n] for n in names])
temperature = lambda n: 2.5 if n == 1 else 0.4 * (1 + 12 / n) ** 0.5
seen = 0
for field in map(json.loads, open("out")):
    cells = field["cells"]
    expected = sum(log(c["probabilities"]) for c in cells) * temperature(1) / len(cells)
    difference = log(field["probabilities"]) * temperature(len(cells)) - expected
    assert np.ptp(difference) < 2e-3, difference
    seen += len(cells) > 1
assert seen
PY

# A temperature that is none, and one so low that outputs divided by it would run over.
echo '{"one_cell_temperature": "warm"}' > facts.json
expect 0 "$smearscope" info --model cell --set-metadata facts.json --output warm.safetensors
expect 2 "$smearscope" classify --model warm.safetensors smears/Pre
says err 'its one_cell_temperature is no number: “warm”'
echo '{"one_cell_temperature": "1e-44"}' > facts.json
expect 0 "$smearscope" info --model cell --set-metadata facts.json --output cold.safetensors
expect 0 "$smearscope" classify --json --model cold.safetensors smears/Pre
! grep -qi ': *\(-\?nan\|null\|inf\)' out || fail "probabilities that are no numbers: $(cat out)"

# Weights that learnt cells prepared otherwise would answer, and wrongly: they are refused.
make_cell_model
LC_ALL=C sed 's/leukocytes at 0.40 um/leukocytes at 0.35 um/' cell.safetensors > other.safetensors
cmp -s cell.safetensors other.safetensors && fail "the weights do not say how cells are prepared"
expect 2 "$smearscope" classify --model other.safetensors smears/Pre
says err "other.safetensors: trained on images prepared otherwise"
expect 0 "$smearscope" classify --model cell.safetensors smears/Pre

# What cannot run at all.
expect 2 "$smearscope" classify
expect 2 "$smearscope" classify --model no-such-model smears/Pre/Pre-0001.jpg
says err "no-such-model"
expect 2 "$smearscope" classify smears
says err "--recursive"
expect 2 "$smearscope" classify --region 1,2,3 smears/Pre
expect 2 "$smearscope" classify --region 1,2,0,5 smears/Pre
expect 2 "$smearscope" classify --colour-map mauve smears/Pre
says err "viridis"
expect 2 "$smearscope" classify --class Mauve smears/Pre
expect 2 "$smearscope" classify --opacity 2 smears/Pre
expect 2 "$smearscope" classify --jobs -1 smears/Pre
expect 2 "$smearscope" classify --resume smears/Pre
expect 2 "$smearscope" classify --csv no/such/folder.csv smears/Pre
says err "no/such/folder.csv"
