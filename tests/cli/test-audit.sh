#!/bin/bash
# “audit” on drawn smears: every probe has its line, the sheet its pictures, the numbers
# their bounds; a model of whole fields and one of cells.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
make_smears smears 2
for kind in published-cnn cell; do
  expect 0 "$smearscope" train --data smears --architecture "$kind" --epochs 2 --quiet \
    --output "$kind.safetensors"
done

for kind in published-cnn cell; do
  expect 0 "$smearscope" audit --model "$kind.safetensors" --data smears --sheet "$kind" --json
  /usr/bin/python3 - "$kind" <<'PY' || fail "the audit of $kind"
import json, os, sys
a = json.load(open("out"))
p = a["probes"]
wanted = """untouched scale_bar_erased redder bluer greener less_green saturation_0.6 saturation_1.4
    gamma_0.8 gamma_1.25 grey blur jpeg_50 smooth_colour noise middle_only half_magnification double_magnification
    mirrored upside_down quarter_turn half_turn leukocytes_removed background_swapped stain_swapped""".split()
assert list(p) == wanted, list(p)
assert a["n"] == 8 and all(s["n"] == 8 for s in p.values()), p
assert all(0 <= s[k] <= 1 for s in p.values() for k in ["accuracy", "same_answer", "named_a_class"])
assert all(s["named_surely"] <= s["named_a_class"] for s in p.values())
assert a["smears"] == 8  # a folder does not tell: each image is its own
for s in p.values():
    low, high = s["same_answer_smears_95"]
    assert 0 <= low <= s["same_answer"] <= high <= 1, s
assert p["untouched"]["same_answer_smears_95"] == [1, 1]
assert p["untouched"]["same_answer"] == 1 and "follows_background" in p["background_swapped"]
assert 0 <= p["stain_swapped"]["follows_stain"] <= 1
e = a["energy"]
assert abs(e["leukocytes"] + e["scale_bar"] + e["elsewhere"] - 1) < 1e-6, e
c = a["randomisation_cascade"]
cells = sys.argv[1] == "cell"
assert c["within_leukocytes_only"] == cells
assert all(-1 <= c[k] <= 1 for k in ["output_layer", "upper_half", "all_layers"])
assert a["randomised_weights_rank_correlation"] == c["all_layers"]
if cells:
    assert e["leukocytes"] > 0.999 and p["leukocytes_removed"]["named_a_class"] == 0, (e, p)
else:
    assert p["leukocytes_removed"]["named_a_class"] == 1  # it names a class whatever it is shown
for words in ["leukocyte", "background", "scale bar", "colour and light", "magnification",
              "JPEG", "turning", "random weights"]:
    assert words in a["verdict"], words
pictures = os.listdir(sys.argv[1])
assert len(pictures) == 4 * len(wanted) + 1, pictures
data = open(sys.argv[1] + "/sheet.png", "rb").read()
assert data[:4] == b"\x89PNG" and int.from_bytes(data[16:20], "big") > 1000
PY
done

# Models of folds: each is asked about what it has not learnt from, and the counts are added.
{
  echo "path,class,smear,fold"
  for class in Benign Early Pre Pro; do
    for i in 1 2; do echo "smears/$class/$class-000$i.jpg,$class,$class-$i,$i"; done
  done
} > folds.csv
expect 0 "$smearscope" train --folds folds.csv --cross-validate --architecture cell --epochs 1 --quiet \
  --output of
for fold in 1 2; do
  expect 0 "$smearscope" audit --model "of.fold$fold.safetensors" --folds folds.csv --fold "$fold" --json
  mv out "fold$fold.json"
done
expect 0 "$smearscope" audit --model 'of.fold*.safetensors' --folds folds.csv --json
/usr/bin/python3 - <<'PY' || fail "the audit of both folds is not the sum of theirs"
import json
one, two, both = (json.load(open(name)) for name in ["fold1.json", "fold2.json", "out"])
assert both["n"] == 8 and both["smears"] == 8 and both["model_sha256"] is None
for name, probe in both["probes"].items():
    a, b = one["probes"][name], two["probes"][name]
    assert probe["n"] == a["n"] + b["n"]
    for key in ["accuracy", "same_answer", "named_a_class", "named_surely"]:
        total = sum(part[key] * part["n"] for part in (a, b) if part["n"])
        assert abs(probe[key] * probe["n"] - total) < 1e-9, (name, key)
PY
expect 2 "$smearscope" audit --model 'of.fold*.safetensors' --data smears
expect 2 "$smearscope" audit --model 'none.fold*.safetensors' --folds folds.csv
says err "none.fold1.safetensors"

# Images of one class have no other to swap with, and nothing is said of what was not asked.
expect 0 "$smearscope" audit --model cell.safetensors --data smears/Pre
says out "Not asked: the cells when the background changes."
expect 0 "$smearscope" audit --model cell.safetensors --data smears/Pre --json
says out '"background_swapped":{"n":0.0,"accuracy":null,'

expect 0 "$smearscope" audit --model cell.safetensors --data smears --limit 4
says out "on 4 images"
says out "For research use only"
expect 2 "$smearscope" audit --model cell.safetensors
expect 2 "$smearscope" audit --model cell.safetensors --data smears --fold 1
echo x > blocked
expect 2 "$smearscope" audit --model cell.safetensors --data smears --sheet blocked
says err "blocked"
