#!/bin/bash
# “evaluate --protocol”: every figure against scikit-learn's; seeds, calibration, refusals.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
/usr/bin/python3 -c 'import sklearn' 2> /dev/null || skip "no scikit-learn"

# Answers of a rival that knows something, and is too sure of it; some images unjudged.
/usr/bin/python3 - <<'PY' || fail "tables"
import csv, math, random
random.seed(5)
names = ["Benign", "Early", "Pre", "Pro"]
def table(path, n, folds, unjudged, skill):
    with open(path, "w", newline="") as out:
        w = csv.writer(out)
        w.writerow(["file", "smear", "fold", "class", "predicted"] + names
                   + ["logit_" + c for c in names])
        for i in range(n):
            t = random.randrange(4)
            smear = f"{names[t]}-{random.randrange(6)}"
            logits = [random.gauss(skill if c == t else 0, 2) for c in range(4)]
            total = sum(math.exp(l) for l in logits)
            p = [round(math.exp(l) / total, 6) for l in logits]
            if i < unjudged:
                logits, p = [0] * 4, [0] * 4
            w.writerow([f"{i}.jpg", smear, i % folds, names[t],
                        names[p.index(max(p))] if any(p) else ""] + p
                       + [round(l, 5) for l in logits])
table("random.csv", 300, 1, 0, 4)
table("smears.csv", 900, 5, 3, 3)
table("looks.csv", 800, 3, 0, 2)
table("looks-2.csv", 800, 3, 0, 2.2)
PY

expect 0 "$smearscope" evaluate --protocol random=random.csv --protocol smears=smears.csv \
  --protocol looks=looks.csv --json
cp out first.json
/usr/bin/python3 - <<'PY' || fail "figures are not scikit-learn's"
import csv, json
import numpy as np
from sklearn import metrics
said = json.load(open("first.json"))
names = ["Benign", "Early", "Pre", "Pro"]
assert list(said["protocols"]) == ["random", "smears", "looks"]
assert said["protocols"]["looks"]["title"] == "look-out folds"
def near(a, b, what):
    assert abs(a - b) < 2e-6, (what, a, b)
for name, m in said["protocols"].items():
    rows = list(csv.DictReader(open(name + ".csv")))
    truth = np.array([names.index(r["class"]) for r in rows])
    p = np.array([[float(r[c]) for c in names] for r in rows])
    judged = p.sum(1) > 0
    answer = np.where(judged, p.argmax(1), 4)
    assert m["n"] == len(rows) and m["correct"] == (truth == answer).sum()
    near(m["accuracy"], metrics.accuracy_score(truth, answer), "accuracy")
    near(m["macro_f1"], metrics.f1_score(truth, answer, labels=range(4), average="macro"), "F1")
    full = metrics.confusion_matrix(truth, answer, labels=range(5))
    assert m["confusion_matrix"] == full[:4, :4].tolist() and m["unjudged"] == full[:4, 4].tolist()
    t, q = truth[judged], p[judged]
    bad = 1 - q[:, 0]
    near(m["auc_malignant"], metrics.roc_auc_score(t > 0, q[:, 1:].sum(1)), "AUC")
    fpr, tpr, _ = metrics.roc_curve(t > 0, q[:, 1:].sum(1), drop_intermediate=False)
    near(m["sensitivity_at_95_specificity"], tpr[fpr <= 0.05].max(), "sensitivity")
    near(m["brier"], ((q - np.eye(4)[t]) ** 2).sum(1).mean(), "Brier")
    top, right = q.max(1), q.argmax(1) == t
    bins = np.clip(np.ceil(np.float32(top).astype(float) * 15) - 1, 0, 14)
    near(m["ece"], sum(abs(top[bins == b].sum() - right[bins == b].sum()) for b in range(15))
         / len(t), "ECE")
    kept = np.argsort(-p.max(1), kind="stable")[: round(0.8 * len(rows))]
    near(m["accuracy_of_80_percent_most_confident"], (truth == answer)[kept].mean(), "confident")
    tenth = np.clip(np.ceil(np.float32(top).astype(float) * 10) - 1, 0, 9).astype(int)
    assert [b[2:] for b in m["reliability"]] == [
        [int((tenth == b).sum()), int(right[tenth == b].sum())] for b in sorted(set(tenth))]
    assert sum(b[2] for b in m["reliability"]) == judged.sum()
    assert m["smears"] == len({r["smear"] for r in rows})
    low, high = m["accuracy_smears_95"]
    assert low < m["accuracy"] < high and low < m["accuracy_wilson_95"][1]
PY

# The same again to the last digit; two seeds: means, with their deviation.
expect 0 "$smearscope" evaluate --protocol random=random.csv --protocol smears=smears.csv \
  --protocol looks=looks.csv --json
cmp -s out first.json || fail "another run gives other figures"
expect 0 "$smearscope" evaluate --protocol looks=looks.csv --protocol looks=looks-2.csv --json
cp out two.json
expect 0 "$smearscope" evaluate --protocol looks=looks-2.csv --json
/usr/bin/python3 - <<'PY' || fail "two seeds"
import json
a = json.load(open("first.json"))["protocols"]["looks"]
b = json.load(open("out"))["protocols"]["looks"]
both = json.load(open("two.json"))["protocols"]["looks"]
assert both["runs"] == 2 and both["n"] == 1600
for key in ["accuracy", "macro_f1", "ece", "brier", "auc_malignant"]:
    assert abs(both[key] - (a[key] + b[key]) / 2) < 2e-6, key
assert abs(both["accuracy_deviation"] - abs(a["accuracy"] - b["accuracy"]) / 2 ** 0.5) < 2e-6
width = lambda i: i[1] - i[0]
assert width(both["accuracy_wilson_95"]) > 0.98 * min(width(a["accuracy_wilson_95"]),
                                                      width(b["accuracy_wilson_95"]))
PY

# Calibration: by a given temperature the mean confidence is softmax (logits / T); by the
# other folds the error shrinks, and the order of the classes stays.
expect 0 "$smearscope" evaluate --protocol looks=looks.csv --calibrate --json
/usr/bin/python3 - <<'PY' || fail "calibration by the other folds"
import json
before = json.load(open("first.json"))["protocols"]["looks"]
after = json.load(open("out"))["protocols"]["looks"]
assert after["accuracy"] == before["accuracy"]
assert after["ece"] < before["ece"] / 2, (after["ece"], before["ece"])
PY
expect 0 "$smearscope" evaluate --protocol looks=looks.csv --temperature 3 --json
/usr/bin/python3 - <<'PY' || fail "a given temperature"
import csv, json
import numpy as np
rows = list(csv.DictReader(open("looks.csv")))
names = ["Benign", "Early", "Pre", "Pro"]
l = np.array([[float(r["logit_" + c]) for c in names] for r in rows]) / 3
p = np.exp(l) / np.exp(l).sum(1, keepdims=True)
t = np.array([names.index(r["class"]) for r in rows])
assert abs(json.load(open("out"))["protocols"]["looks"]["brier"]
           - ((p - np.eye(4)[t]) ** 2).sum(1).mean()) < 1e-5
PY

# The fewer cells, the higher the temperature; and where few cells err more, to know their
# number makes better probabilities.
/usr/bin/python3 - <<'PY'
import csv
import numpy as np
random = np.random.default_rng(7)
names = ["Benign", "Early", "Pre", "Pro"]
with open("cells.csv", "w", newline="") as cells, open("uncounted.csv", "w", newline="") as plain:
    head = ["fold", "class", *names, *("logit_" + n for n in names)]
    cells, plain = csv.writer(cells), csv.writer(plain)
    cells.writerow(head + ["cells"])
    plain.writerow(head)
    for i in range(1200):
        n, truth = int(random.choice([1, 2, 5, 20, 40])), int(random.integers(4))
        logits = random.normal(0, (0.25 + 4 / n) ** 0.5, 4) + 1.5 * np.eye(4)[truth]
        p = np.exp(logits) / np.exp(logits).sum()
        row = [i % 3, names[truth], *(f"{x:.6f}" for x in p), *(f"{x:.5f}" for x in logits)]
        cells.writerow(row + [n])
        plain.writerow(row)
PY
expect 0 "$smearscope" evaluate --protocol looks=cells.csv --temperature 0.5 --few-cells 8 --one-cell 3 \
  --json
/usr/bin/python3 - <<'PY' || fail "a given temperature for few cells"
import csv, json
import numpy as np
rows = list(csv.DictReader(open("cells.csv")))
names = ["Benign", "Early", "Pre", "Pro"]
t = np.array([3 if r["cells"] == "1" else 0.5 * (1 + 8 / int(r["cells"])) ** 0.5 for r in rows])
assert 3 in t
l = np.array([[float(r["logit_" + c]) for c in names] for r in rows]) / t[:, None]
p = np.exp(l) / np.exp(l).sum(1, keepdims=True)
truth = np.array([names.index(r["class"]) for r in rows])
assert abs(json.load(open("out"))["protocols"]["looks"]["brier"]
           - ((p - np.eye(4)[truth]) ** 2).sum(1).mean()) < 1e-5
PY
expect 0 "$smearscope" evaluate --protocol looks=cells.csv --protocol smears=uncounted.csv \
  --calibrate --json
/usr/bin/python3 - <<'PY' || fail "calibration by the number of cells"
import json
found = json.load(open("out"))["protocols"]
with_count, without = found["looks"], found["smears"]
assert with_count["accuracy"] == without["accuracy"]
assert with_count["brier"] < without["brier"] - 0.005, (with_count["brier"], without["brier"])
assert with_count["accuracy_of_80_percent_most_confident"] \
       > without["accuracy_of_80_percent_most_confident"]
PY

expect 0 "$smearscope" evaluate --protocol random=random.csv --protocol smears=smears.csv
says out "random 80:20"
says out "smear-wise folds"
says out "For research use only"

# What cannot run.
expect 2 "$smearscope" evaluate --protocol looks.csv
says err "NAME=TABLE.csv"
expect 2 "$smearscope" evaluate --protocol looks=nowhere.csv
says err "nowhere.csv"
expect 2 "$smearscope" evaluate --protocol looks=looks.csv --data .
for option in --few-cells --one-cell; do
  expect 2 "$smearscope" evaluate --protocol looks=looks.csv $option 8
  says err "--temperature"
done
sed '3s/,0[.][0-9]*/,x/' looks.csv > broken.csv
expect 2 "$smearscope" evaluate --protocol looks=broken.csv
says err "record 3"
cut -d, -f1-4 looks.csv > short.csv
expect 2 "$smearscope" evaluate --protocol looks=short.csv
says err "columns"

# Models of folds: each judges what it has not learnt from.
make_smears smears 2
{
  echo "path,class,smear,fold"
  for class in Benign Early Pre Pro; do
    for i in 1 2; do echo "smears/$class/$class-000$i.jpg,$class,$class-$i,$((i - 1))"; done
  done
} > folds.csv
expect 0 "$smearscope" train --folds folds.csv --cross-validate --epochs 1 --quiet --output model \
  --predictions trained.csv
expect 0 "$smearscope" evaluate --folds folds.csv --model 'model.fold*.safetensors' --json \
  --predictions judged.csv
says out '"n": 8'
expect 0 "$smearscope" evaluate --protocol smears=judged.csv --protocol looks=trained.csv --json
/usr/bin/python3 - <<'PY' || fail "models of folds do not answer as at the end of their training"
import csv
trained, judged = (list(csv.DictReader(open(f))) for f in ["trained.csv", "judged.csv"])
assert len(trained) == len(judged) == 8
judged = {r["file"]: r for r in judged}
for r in trained:
    for c in ["Benign", "Early", "Pre", "Pro"]:
        assert abs(float(r[c]) - float(judged[r["file"]][c])) < 1e-4, (r, judged[r["file"]])
PY
# What a calibrated model writes are its outputs before that: calibrated the same way they are its
# probabilities again.
expect 0 "$smearscope" train --folds folds.csv --fold 1 --epochs 1 --quiet --architecture cell \
  --output calibrated.safetensors --temperature 0.5 --few-cells 8
expect 0 "$smearscope" evaluate --folds folds.csv --model calibrated.safetensors --json \
  --predictions calibrated.csv
cp out calibrated.json
expect 0 "$smearscope" evaluate --protocol smears=calibrated.csv --temperature 0.5 --few-cells 8 --json
/usr/bin/python3 - <<'PY' || fail "answers of a calibrated model are not those before its calibration"
import csv, json
own, again = json.load(open("calibrated.json")), json.load(open("out"))["protocols"]["smears"]
assert abs(own["brier"] - again["brier"]) < 1e-4, (own["brier"], again["brier"])
assert all(int(row["cells"]) > 0 for row in csv.DictReader(open("calibrated.csv")))
PY
rm model.fold1.safetensors
expect 2 "$smearscope" evaluate --folds folds.csv --model 'model.fold*.safetensors'
says err "model.fold1.safetensors"
expect 2 "$smearscope" evaluate --data smears --model 'model.fold*.safetensors'

# Several seeds together: with the mean of their outputs, worked out by hand. The second image
# neither seed could judge.
head='file,smear,fold,class,predicted,Benign,Early,Pre,Pro,logit_Benign,logit_Early,logit_Pre,logit_Pro,cells'
printf '%s\n' "$head" a,s,0,Pre,Early,0,0,0,0,0,2,1,0,3 b,s,0,Pre,,0,0,0,0,0,0,0,0,0 > one.csv
printf '%s\n' "$head" a,s,0,Pre,Pre,0,0,0,0,0,0,2,-1,3 b,s,0,Pre,,0,0,0,0,0,0,0,0,0 > two.csv
expect 0 "$top/scripts/mean-of-seeds" both.csv one.csv two.csv
says both.csv "a,s,0,Pre,Pre,0.113552,0.308668,0.508907,0.068873,0.00000,1.00000,1.50000,-0.50000,3"
says both.csv "b,s,0,Pre,,0,0,0,0,0,0,0,0,0"
sed 's/^b,/c,/' two.csv > other.csv
expect 1 "$top/scripts/mean-of-seeds" both.csv one.csv other.csv
says err "not of the same images"

# Where they go wrong, and how sure they are by a model's calibration: the same outputs are 98.0 %
# for 32 cells (temperature 0.267 √2.25) and 52 %, less than the threshold, for one (0.267 √41).
expect 0 "$smearscope" train --data smears --epochs 1 --quiet --architecture cell \
  --output sure.safetensors --temperature 0.267 --few-cells 40 --threshold 0.6
printf '%s\n' "$head" a,s,0,Pre,Early,0,0,0,0,0,2,0,0,32 b,s,0,Pre,Early,0,0,0,0,0,2,0,0,1 \
  c,t,0,Pre,Early,0,0,0,0,0,2,0,0,32 d,t,0,Pro,Pro,0,0,0,0,0,0,0,2,32 \
  e,t,0,Pro,,0,0,0,0,0,0,0,0,0 > counted.csv
expect 0 env SMEARSCOPE="$smearscope" "$top/scripts/count-answers" \
  --model sure.safetensors counted.csv
says out "counted.csv: right 1 of 5 (20.0%)"
says out "uncertain 1 of 4 (25.0%)"
says out "above 90 %, right 1 of 3 (33.3%)"
says out "80 % most confident, right 1 of 4 (25.0%)"
says out "2 of the 3 wrong are of s; without it right 1 of 2 (50.0%)"
says out "Pre taken for Early: 3, of them 2 of s, which has 2; without it right 1 of 3 (33.3%)"
