#!/bin/bash
# A real smear with hardly a leukocyte and much debris: debris is not called leukaemia.
# shellcheck source=tests/cli/support.sh
scan=$(realpath "${SMEARSCOPE_DATA:-../shared/data}/smear-scan/scan1_crop4096x3072.jpg" 2> /dev/null)
. "$(dirname "$0")/../cli/support.sh"
[ -r "$scan" ] || skip "no real scan is here; SMEARSCOPE_DATA says where"
[ -r "$top/weights/cell.safetensors" ] || skip "there are no weights of the model cell"
export SMEARSCOPE_WEIGHTS=$top/weights

expect 0 "$smearscope" scan --output real --model cell "$scan"
python3 - << 'END' || fail "not what is in the scan: $(head -n 2 out)"
import csv, json
summary = json.load (open ('real/summary.json'))
cells = list (csv.DictReader (open ('real/cells.csv')))
print (summary['by_class'])
# One lymphocyte, which is plain to see, lies about here; the rest is red cells, platelets, debris.
assert any (abs (float (c['x']) - 1134) < 20 and abs (float (c['y']) - 1297) < 20 and c['class'] == 'Benign'
            for c in cells)
assert len (cells) <= 5
assert all (c['class'] == 'Benign' or c['uncertain'] == 'yes' for c in cells)
END
