#!/bin/bash
# What a sweep leaves, held against itself: cells, areas refused and why, interval, maps.
# timeout: 300
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"

make_cell_model
"$smearscope" synthesise --scan --width 4096 --height 2048 --um-per-pixel 0.3 \
  --output whole.tif > /dev/null || fail "synthesise"

# The right of it is empty glass, the lower left is noise: the same tiles' numbers, other contents.
export PYTHONPATH=$top/tests/scan PYTHONDONTWRITEBYTECODE=1
python3 - << 'END' || fail "no scan with areas to refuse"
import random, struct, zlib
from plain_tiff import pages
data, (tags,), big = pages ('whole.tif')
side = tags[322][0]
assert not big and 256 % side == 0 or side in (256, 512), side
glass = zlib.compress ((b'\xf0\xf0\xf0' + bytes (3 * side - 3)) * side)
noise = zlib.compress (random.Random (1).randbytes (side * side * 3))
offsets, lengths = list (tags[324]), list (tags[325])
across = -(-4096 // side)
for i in range (len (offsets)):
    x, y = i % across * side, i // across * side
    if x >= 2560:
        offsets[i], lengths[i] = len (data), len (glass)
    elif y >= 1024:
        offsets[i], lengths[i] = len (data) + len (glass), len (noise)
data = bytearray (data + glass + noise)
at, = struct.unpack_from ('<I', data, 4)
for i in range (struct.unpack_from ('<H', data, at)[0]):
    tag, kind, count, place = struct.unpack_from ('<HHII', data, at + 2 + 12 * i)
    if tag in (324, 325):
        assert kind == 4 or (kind == 3 and max (lengths) < 65536 and tag == 325), kind
        struct.pack_into (f'<{count}{"I" if kind == 4 else "H"}', data, place, *(offsets if tag == 324 else lengths))
open ('s.tif', 'wb').write (data)
END
expect 0 "$smearscope" scan s.tif --output swept --model cell.safetensors --progress
grep -qE '^sweeping · [0-9.]+ % · [0-9.]+ megapixels/s · [0-9]+:[0-9]{2}:[0-9]{2} left$' err ||
  fail "no progress with rate and time left: $(cat err)"
says out "swept: cells.csv"
python3 - << 'END' || fail "the outputs do not agree"
import csv, json
from plain_tiff import pages, pixel
summary = json.load (open ('swept/summary.json'))
rows = list (csv.DictReader (open ('swept/cells.csv')))
features = json.load (open ('swept/cells.geojson'))['features']

# Counts, and Wilson's interval by what defines it.
n = len (rows)
assert summary['cells'] == n > 50
for name, count in summary['by_class'].items ():
    assert count == sum (row['class'] == name for row in rows)
assert summary['uncertain'] == sum (row['uncertain'] == 'yes' for row in rows)
share = sum (row['class'] != 'Benign' for row in rows) / n
assert abs (summary['blast_fraction'] - share) < 1e-6
low, high = summary['blast_fraction_95']
assert 0 <= low <= share <= high <= 1 and low < high
for p in low, high:
    assert p in (0, 1) or abs ((share - p) ** 2 - 1.959963984540054 ** 2 * p * (1 - p) / n) < 1e-5, p

# Areas refused: the glass and the noise, each with its reason, as large as the outlines drawn of it.
print (summary['refused'])
reasons = {entry['why']: entry for entry in summary['refused']}
assert 'nothing but one colour' in reasons and len (reasons) >= 2, reasons
outlines = {}
def area (feature):
    ring = feature['geometry']['coordinates'][0]
    return abs (sum (a[0] * b[1] - b[0] * a[1] for a, b in zip (ring, ring[1:]))) / 2
for feature in features:
    if (feature['properties'].get ('classification') or {}).get ('name') == 'Refused':
        why = feature['properties']['name']
        outlines[why] = outlines.get (why, 0) + area (feature)
assert set (outlines) == set (reasons), outlines
for why, pixels in outlines.items ():
    assert abs (pixels * 0.3 ** 2 * 1e-6 - reasons[why]['mm2']) < 1e-6, why
assert 0.2 < sum (entry['mm2'] for entry in reasons.values ()) / summary['region_mm2'] < 0.8
assert not any (float (row['x']) > 2600 for row in rows), 'cells on empty glass'

# The maps: tiled BigTIFFs, each level half the one before, grey where nothing was judged.
for name, finest, least in ('heat-map', 4, 1), ('class-map', 2, 2):
    data, levels, big = pages (f'swept/{name}.tif')
    assert big and all (322 in tags for tags in levels), name
    assert len (levels) >= least and levels[-1][256][0] <= levels[-1][322][0], name
    factor = round (4096 / levels[0][256][0])
    assert factor * 0.3 >= finest > factor * 0.3 / 2, (name, factor)
    for level, tags in enumerate (levels):
        assert tags[256][0] == -(-4096 // (factor << level)) and tags[257][0] == -(-2048 // (factor << level))
        assert pixel (data, tags, tags[256][0] - 2, tags[257][0] // 4) == (176, 176, 176), (name, level)
    for row in rows[::7]:
        at = int (float (row['x']) / factor), int (float (row['y']) / factor)
        if at[0] < levels[0][256][0] and at[1] < levels[0][257][0]:
            r, g, b = pixel (data, levels[0], *at)
            assert not r == g == b, (name, row)
END
