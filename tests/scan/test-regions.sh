#!/bin/bash
# Areas drawn elsewhere: counted as a sweep of all counts them, and judged as their pixels are
# judged alone, to the last digit.
# timeout: 300
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/../cli/support.sh"

make_cell_model
"$smearscope" synthesise --scan --width 2000 --height 1500 --um-per-pixel 0.44 \
  --output s.tif > /dev/null || fail "synthesise"
scan () { "$smearscope" scan s.tif --output "$1" --model cell.safetensors "${@:2}"; }

cat > areas.geojson << 'END'
{"type": "FeatureCollection", "features": [
 {"type": "Feature", "id": "1", "properties": {"objectType": "annotation", "name": "a \"box\", ü"},
  "geometry": {"type": "Polygon", "coordinates": [[[700, 400], [1300, 400], [1300, 900], [700, 900], [700, 400]]]}},
 {"type": "Feature", "properties": {},
  "geometry": {"type": "Polygon", "coordinates": [
    [[100.5, 900], [600, 700.25], [650, 1300], [200, 1400], [100.5, 900]],
    [[300, 900], [450, 900], [450, 1100], [300, 1100], [300, 900]]]}},
 {"type": "Feature", "properties": {"name": "two pieces, one over the edge"},
  "geometry": {"type": "MultiPolygon", "coordinates": [
    [[[1500, 100], [1800, 100], [1650, 400], [1500, 100]]],
    [[[1700, 1200], [2400, 1200], [2400, 1600], [1700, 1600], [1700, 1200]]]]}}]}
END
expect 0 scan whole
expect 0 scan parts --regions areas.geojson
expect 0 scan again --regions areas.geojson --jobs 1
cp -r whole swept
expect 0 scan swept --regions areas.geojson --resume
for name in regions.csv regions.jsonl cells.csv cells.geojson summary.json heat-map.tif; do
  cmp "parts/$name" "again/$name" || fail "$name differs with one worker"
  cmp "parts/$name" "swept/$name" || fail "$name differs from the swept"
done
[ ! -e whole/regions.csv ] || fail "a sweep without areas has a table of areas"

# Every area's pixels as images of their own, which state their scale as the scan does.
python3 - << 'END' || fail "the areas cannot be cut out"
import struct
# The deflate tiles of s.tif, by hand: nothing here reads them as the program does.
import json, zlib
data = open ('s.tif', 'rb').read ()
n = struct.unpack ('<H', data[struct.unpack ('<I', data[4:8])[0]:][:2])[0]
at = struct.unpack ('<I', data[4:8])[0] + 2
tags = {}
for i in range (n):
    tag, kind, count, value = struct.unpack ('<HHII', data[at + 12 * i:at + 12 * i + 12])
    size = {3: 2, 4: 4}.get (kind)
    if size:
        raw = data[value:value + count * size] if count * size > 4 else data[at + 12 * i + 8:][:4]
        tags[tag] = struct.unpack (f'<{count}{"H" if kind == 3 else "I"}', raw[:count * size])
width, height, side = tags[256][0], tags[257][0], tags[322][0]
image = bytearray (width * height * 3)
across = -(-width // side)
for index, (offset, length) in enumerate (zip (tags[324], tags[325])):
    tile = bytearray (zlib.decompress (data[offset:offset + length]))
    x0, y0 = index % across * side, index // across * side
    for y in range (min (side, height - y0)):
        row = tile[y * side * 3:(y + 1) * side * 3]
        for i in range (3, len (row)):
            row[i] = (row[i] + row[i - 3]) & 255
        w = min (side, width - x0) * 3
        start = ((y0 + y) * width + x0) * 3
        image[start:start + w] = row[:w]

def inside (rings, x, y):
    odd = False
    for ring in rings:
        for (ax, ay), (bx, by) in zip (ring, ring[1:]):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                odd = not odd
    return odd

def png (path, w, h, rows):
    def chunk (name, body):
        return struct.pack ('>I', len (body)) + name + body + struct.pack ('>I', zlib.crc32 (name + body))
    open (path, 'wb').write (b'\x89PNG\r\n\x1a\n' + chunk (b'IHDR', struct.pack ('>IIBBBBB', w, h, 8, 2, 0, 0, 0))
        + chunk (b'pHYs', struct.pack ('>IIB', round (1e6 / 0.44), round (1e6 / 0.44), 1))
        + chunk (b'IDAT', zlib.compress (b''.join (b'\0' + bytes (row) for row in rows), 1)) + chunk (b'IEND', b''))

found = [json.loads (line) for line in open ('parts/regions.jsonl')]
for i, feature in enumerate (json.load (open ('areas.geojson'))['features']):
    rings = feature['geometry']['coordinates']
    if feature['geometry']['type'] == 'MultiPolygon':
        rings = [ring for polygon in rings for ring in polygon]
    x0, y0, w, h = found[i]['region']
    rows = []
    for y in range (y0, y0 + h):
        row = bytearray (image[(y * width + x0) * 3:(y * width + x0 + w) * 3])
        for x in range (w):
            if not inside (rings, x0 + x + 0.5, y + 0.5):
                row[3 * x:3 * x + 3] = b'\xff\xff\xff'
        rows.append (row)
    png (f'area{i}.png', w, h, rows)
END
"$smearscope" classify --json --model cell.safetensors area0.png area1.png area2.png > alone ||
  fail "the areas cannot be classified"
"$smearscope" classify --json --model cell.safetensors --region 700,400,600,500 s.tif > region
python3 - << 'END' || fail "areas are not counted or judged as they are alone"
import csv, json
areas = json.load (open ('areas.geojson'))['features']
found = [json.loads (line) for line in open ('parts/regions.jsonl')]
alone = [json.loads (line) for line in open ('alone')]
region = json.loads (open ('region').read ())
rows = list (csv.DictReader (open ('parts/regions.csv')))
whole = list (csv.DictReader (open ('whole/cells.csv')))
assert [f['region'] for f in found][0] == [700, 400, 600, 500]
assert found[2]['region'][2:] == [500, 1400], found[2]['region']
assert [row['name'] for row in rows] == ['a "box", ü', '', 'two pieces, one over the edge']
assert found[0]['cells'] == region['cells'] and len (region['cells']) > 5
def inside (rings, x, y):
    odd = False
    for ring in rings:
        for (ax, ay), (bx, by) in zip (ring, ring[1:]):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                odd = not odd
    return odd
union = set ()
for area, f, a, row in zip (areas, found, alone, rows):
    for key in 'class', 'probabilities', 'confidence', 'malignant', 'verdict', 'quality':
        assert f[key] == a[key], (key, f[key], a[key])
    x, y = f['region'][:2]
    assert len (f['cells']) == len (a['cells'])
    for c, b in zip (f['cells'], a['cells']):
        assert c['box'] == [b['box'][0] + x, b['box'][1] + y] + b['box'][2:]
        assert c['probabilities'] == b['probabilities'] and c['area'] == b['area']
    rings = area['geometry']['coordinates']
    if area['geometry']['type'] == 'MultiPolygon':
        rings = [ring for polygon in rings for ring in polygon]
    mine = [i for i, c in enumerate (whole) if inside (rings, float (c['x']), float (c['y']))]
    union |= set (mine)
    assert len (mine) == f['counted']['cells'] == int (row['cells']) > 3
    for name in 'Benign', 'Early', 'Pre', 'Pro':
        assert sum (whole[i]['class'] == name for i in mine) == f['counted'][name] == int (row[name])
assert [whole[i] for i in sorted (union)] == list (csv.DictReader (open ('parts/cells.csv')))
features = json.load (open ('parts/cells.geojson'))['features']
outlines = [f for f in features if 'Leukocytes' in f['properties'].get ('measurements', {})]
assert [f['geometry'] for f in outlines] == [f['geometry'] for f in areas]
END

# A single feature, a list, a bare geometry; and what is none.
try () { printf '%s' "$1" > one.geojson; expect "$2" scan one --regions one.geojson; }
box='{"type": "Polygon", "coordinates": [[[0, 0], [200, 0], [200, 200], [0, 200], [0, 0]]]}'
try "$box" 0
try "[{\"type\": \"Feature\", \"geometry\": $box}]" 0
try '{"type": "Point", "coordinates": [1, 2]}' 2
says err "one.geojson"
try '{"type": "FeatureCollection", "features": []}' 2
try "[{\"type\": \"Feature\", \"geometry\": $box}, {\"type\": \"Feature\"}]" 2
says err "feature 2"
try '{"type": "Polygon", "coordinates": [[[5000, 0], [6000, 0], [6000, 200]]]}' 2
says err "encloses no pixel"
try '{"type": "Polygon", "coordinates": [[["a", 0], [60, 0], [60, 200]]]}' 2
try '{"type": "Polygon", "coordinates": [[[1e300, 0], [60, 0], [60, 200]]]}' 2
try 'no JSON' 2
try '' 2
expect 2 scan one --regions missing.geojson
says err "missing.geojson"
expect 2 scan one --regions areas.geojson --region 0,0,100,100
