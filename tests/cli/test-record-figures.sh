#!/bin/bash
# scripts/record-figures: figures in the metadata are those of “evaluate” and “audit”, and the
# model answers as before.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
record=("$top/scripts/record-figures" --smearscope "$smearscope")
make_smears smears 2
{
  echo "path,class,smear,fold"
  for class in Benign Early Pre Pro; do
    for i in 1 2; do echo "smears/$class/$class-000$i.jpg,$class,$class-$i,$((i - 1))"; done
  done
} > folds.csv
expect 0 "$smearscope" train --folds folds.csv --cross-validate --epochs 1 --quiet --output m \
  --predictions looks.csv
expect 0 "$smearscope" train --data smears --epochs 1 --quiet --temperature 2 --output model.safetensors
cp looks.csv random.csv
cp model.safetensors before.safetensors
expect 0 "$smearscope" classify --model model.safetensors --json smears/Pre/Pre-0001.jpg
cp out answer-before
cp model.safetensors twice.safetensors
expect 0 "$smearscope" audit --model model.safetensors --data smears --limit 4 --json
cp out audit.json
expect 0 "$smearscope" evaluate --protocol random=random.csv --protocol looks=looks.csv \
  --temperature 2 --json
cp out evaluated.json

expect 0 "${record[@]}" model.safetensors --protocol random=random.csv --protocol looks=looks.csv \
  --audit audit.json
expect 0 "$smearscope" info --model model.safetensors --json
/usr/bin/python3 - <<'PY' || fail "the metadata"
import json, struct
said = json.load(open("out"))["metadata"]
evaluated = json.load(open("evaluated.json"))["protocols"]
audit = json.load(open("audit.json"))
assert json.loads(said["reliability"]) == evaluated["looks"]["reliability"]
assert all(len(b) == 4 and b[0] < b[1] and b[3] <= b[2] for b in json.loads(said["reliability"]))
m = json.loads(said["metrics"])
looks = m["look-out folds"]
assert set(m) == {"random 80:20", "look-out folds", "reliability of"}
assert m["reliability of"] == "look-out folds"
for key, words in [("accuracy", "accuracy"), ("macro_f1", "macro F1"), ("n", "images"),
                   ("ece", "calibration error (ECE)")]:
    assert looks[words] == round(evaluated["looks"][key], 4), key
low, high = evaluated["looks"]["accuracy_smears_95"]
assert looks["accuracy, 95 % over smears"] == f"{low:.4f} to {high:.4f}"
a = json.loads(said["audit"])
assert a["images"] == 4 and a["verdict"] == audit["verdict"].strip()
for probe in ["background_swapped", "stain_swapped"]:
    assert a[probe + "_same"] == audit["probes"][probe]["same_answer"]
    low, high = audit["probes"][probe]["same_answer_smears_95"]
    assert a[probe + "_same, 95 % over smears"] == f"{low:.4f} to {high:.4f}"
assert a["smears"] == audit["smears"] >= 2
def tensors(path):
    data = open(path, "rb").read()
    n = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:8 + n]), data[8 + n:]
(old, a), (new, b) = tensors("before.safetensors"), tensors("model.safetensors")
assert a == b
before = old.pop("__metadata__")
after = new.pop("__metadata__")
assert old == new and all(after[k] == v for k, v in before.items())
PY

# Two trainings that answer the same images are no twice as many answers.
expect 0 "${record[@]}" twice.safetensors --protocol random=random.csv --protocol looks=looks.csv \
  --protocol looks=looks.csv
for of in model twice; do
  expect 0 "$smearscope" info --model $of.safetensors --json
  grep -o '"reliability": "[^"]*"' out > $of.reliability
done
cmp model.reliability twice.reliability || fail "answers to the same image are counted twice"
expect 0 "$smearscope" classify --model model.safetensors --json smears/Pre/Pre-0001.jpg
diff <(sed 's/"model_sha256": "[^"]*"//' answer-before) <(sed 's/"model_sha256": "[^"]*"//' out) ||
  fail "the model answers otherwise"

# The audit alone leaves the rest; what cannot run leaves the file.
expect 0 "${record[@]}" model.safetensors --audit audit.json
cp model.safetensors kept.safetensors
expect 1 "${record[@]}" model.safetensors --protocol looks=nowhere.csv
says err "nowhere.csv"
expect 2 "${record[@]}" model.safetensors --protocol looks=looks.csv --reliability smears
cmp -s kept.safetensors model.safetensors || fail "a failed run changed the model"
expect 1 "${record[@]}" looks.csv --audit audit.json
says err "looks.csv"
