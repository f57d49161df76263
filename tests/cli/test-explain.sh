#!/bin/bash
# Heat maps from the command line; what a model says of itself.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
need_model
make_smears smears 1
one=smears/Pro/Pro-0001.jpg

# size FILE: "width height colour-type" of a PNG.
size () { python3 -c 'import struct,sys; d=open(sys.argv[1],"rb").read(); print(*struct.unpack(">II",d[16:24]), d[25])' "$1"; }

expect 0 "$smearscope" explain "$one"
says out "For research use only"
[ "$(size Pro-0001-heat-map.png)" = "256 192 6" ] || fail "not of the image's size, with alpha"
expect 0 "$smearscope" explain --overlay --colour-map magma --output blend.png "$one"
[ "$(size blend.png)" = "256 192 2" ] || fail "not a blend of the image's size"
expect 0 "$smearscope" explain --region 16,16,128,96 --output part.png "$one"
[ "$(size part.png)" = "128 96 6" ] || fail "not of the region's size"

# Every class can be asked about; asking changes the map.
for class in Benign Early Pre Pro; do
  expect 0 "$smearscope" explain --class "$class" --output "$class.png" "$one"
done
[ "$(sha256sum Benign.png Early.png Pre.png Pro.png | cut -c 1-64 | sort -u | wc -l)" -gt 1 ] ||
  fail "the class makes no difference"
expect 0 "$smearscope" classify --maps maps "$one"
cmp maps/Pro-0001.jpg.png Pro-0001-heat-map.png || fail "classify draws another map"

expect 1 "$smearscope" explain --output x.png gone.jpg
says err "gone.jpg"
expect 1 "$smearscope" explain --output "$one/x.png" "$one"
says err "$one"
expect 2 "$smearscope" explain
expect 2 "$smearscope" explain "$one" "$one"
expect 2 "$smearscope" explain --class Mauve "$one"
expect 2 "$smearscope" explain --model no-such-model "$one"

expect 0 "$smearscope" info
says out "instruction set"
says out "For research use only"
expect 0 "$smearscope" info --json
python3 - <<'PY' || fail "info --json"
import hashlib, json
said = json.load(open("out"))
assert said["parameters"] > 1000 and said["model"] in said["models"], said
assert hashlib.sha256(open(said["path"], "rb").read()).hexdigest() == said["sha256"]
PY
expect 2 "$smearscope" info --model no-such-model
says err "no-such-model"
